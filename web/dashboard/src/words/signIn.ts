/** Signing in, and the first user. */
export const words = {
  signIn: "Sign in",
  email: "Email",
  password: "Password",
  failed: "Couldn’t sign you in",
  noUsers: "No users yet",
  noUsersText: ["To create the first account, open the one-time link that ", " printed in the terminal."] as const,
  incomplete: "This link is incomplete",
  incompleteText: "Copy the whole link, including everything after the question mark.",
  createAccount: "Create account",
  choosePassword: "Choose a password",
  firstText: "This account is an admin and can invite others.",
  invitedText: "You’ve been invited to Proactive.",
  name: "Your name",
  passwordHint: "At least 12 characters.",
};
