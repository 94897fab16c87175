"""The database itself: engines, tables, and how rows are written and paged."""
