"""Work that is under way: sends, commands, inbound messages, and the carrier's receipts."""
