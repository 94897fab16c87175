"""A local carrier that speaks Twilio's REST shape, and simulated phones."""
