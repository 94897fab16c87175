"""Who may do what: keys, users, sessions, and requests that were answered already."""
