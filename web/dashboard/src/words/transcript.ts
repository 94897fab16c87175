/** What stands beside the messages of a conversation. */
export const words = {
  picture: "Picture",
  openPicture: "Open picture in a new tab",
  attachment: "Attachment",
  unsafe: "This attachment can’t be shown",
};
