"""What both channels share: the connector, sending, turns, commands and the events that they write."""
