"""Recipients, their consent, and visitors of the messenger."""
