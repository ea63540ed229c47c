"""Every file one format: a file → its rows."""
