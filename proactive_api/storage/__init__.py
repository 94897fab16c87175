"""Tables and queries, a folder for each thing that is stored."""
