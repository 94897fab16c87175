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

/** Asked before a page with unsaved changes is left. */
export const leaving = {
  title: "Leave without saving?",
  text: "Your changes will be lost.",
  stay: "Keep editing",
  leave: "Leave page",
};

/** The frame around every page, and what happens to whoever is signed in. */
export const shell = {
  product: "Proactive",
  menu: "Menu",
  closeMenu: "Close menu",
  pages: "Pages",
  skip: "Skip to main content",
  chats: "Proactive chats",
  conversations: "Conversations",
  inbox: "Inbox",
  metrics: "Metrics",
  recipients: "Recipients",
  workspace: "Workspace",
  settings: "Settings",
  keys: "API keys",
  users: "Users",
  sandbox: "Sandbox",
  phone: "Phone",
  waiting: (count: number) => `${count} waiting`,
  sessionEnded: "Your session has expired",
  sessionEndedText: "Sign in again to continue. Everything on this page stays as it is.",
  light: "Light",
  dark: "Dark",
  system: "System",
  theme: (name: string) => `Theme: ${name}`,
  account: "Account",
  accountOf: "Account of ",
  changePassword: "Change password",
  signOut: "Sign out",
  signOutEverywhere: "Sign out on all devices",
  signOutFailed: "Couldn’t sign you out: the server isn’t responding. Try again.",
  currentPassword: "Current password",
  newPassword: "New password",
  passwordHint: "At least 12 characters.",
  passwordChanged: "Password changed. Your other devices are signed out.",
  brokenPage: "This page couldn’t be shown",
  brokenPageText: "Reload it. If that doesn’t help, contact your administrator.",
};

/** What buttons and notices everywhere say. */
export const actions = {
  tryAgain: "Try again",
  cancel: "Cancel",
  close: "Close",
  dismiss: "Dismiss",
  copy: "Copy",
  copied: "Copied",
  loading: "Loading",
  slow: "This is taking longer than usual. Still waiting for the server…",
};

/** What went wrong with a request. */
export const problems = {
  offline: "Can’t reach the server",
  offlineText: "Check your connection. Nothing you typed is lost.",
  slow: "The server is taking too long",
  slowText: "It didn’t respond in time. Nothing you typed is lost, and it’s safe to try again.",
  unauthorized: "You’re signed out",
  forbidden: "You don’t have permission",
  notFound: "Not found",
  conflict: "That didn’t work",
  invalid: "Check the highlighted fields",
  throttled: "Too many attempts",
  broken: "Something went wrong on our side",
  brokenText: (text: string) => `${text} Nothing you typed is lost.`,
  brokenDefault: "The server couldn’t complete this.",
  unusable: "This value isn’t valid.",
  wait: (time: string) => `Please wait ${time}, then try again.`,
  moment: "a moment",
  seconds: (count: number) => `${count} second${count === 1 ? "" : "s"}`,
  minutes: (count: number) => `${count} minutes`,
};

/** A page that is not there. */
export const notFound = {
  title: "Not found",
  heading: "Page not found",
  text: "Check the address, or go back to your chats.",
  link: "Proactive chats",
};

/** How times and people are called. */
export const naming = {
  anonymous: "Anonymous visitor",
  justNow: "just now",
  inAMoment: "in a moment",
  ago: (span: string) => `${span} ago`,
  in: (span: string) => `in ${span}`,
  yours: (time: string) => `(${time} your time)`,
};
