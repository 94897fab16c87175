/** What every page may say. */
export const words = {
  choose: "Choose…",
  suggestions: "Show suggestions",
  openCalendar: "Open calendar",
  previousMonth: "Previous month",
  nextMonth: "Next month",
  required: "This field is required.",
  notAnEmail: "Enter a valid email address, such as ada@example.com.",
  notANumber: "Enter a number.",
  atLeast: (least: string) => `Enter ${least} or more.`,
  tooShort: (characters: number) => `Use at least ${characters} characters.`,
};
