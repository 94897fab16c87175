/** What stands beside the messages of a conversation. */
export const words = {
  transcript: "Transcript",
  humanAgent: "Human agent",
  aiAgent: "AI agent",
  sending: "Sending…",
  tryAgain: "Try again",
  picture: "Picture",
  openPicture: "Open picture in a new tab",
  attachment: "Attachment",
  unsafe: "This attachment can’t be shown",
};
