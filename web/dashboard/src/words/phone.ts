/** The sandbox's simulated phones. */
export const words = {
  title: "Phone",
  lead: "Simulated phones in the sandbox. No real phone is reached.",
  phones: "Phones",
  noMessages: "No messages yet",
  none: "No phone has messages yet",
  noneText: "Send a proactive chat to any number, such as +14155550123, or add a phone to text first.",
  number: "Phone number",
  add: "Add phone",
  wrong: "Enter the number with its country code, such as +14155550123.",
  phone: (number: string) => `Phone ${number}`,
  business: "Your business",
  on: (number: string) => `on ${number}`,
  screen: "Messages on this phone",
  nothing: "No messages yet.",
  text: "Text message",
  send: "Send",
};
