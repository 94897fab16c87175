"""How a request becomes an answer, whatever it is about."""
