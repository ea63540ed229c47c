"""A saved model and texts → answers, without torch: in memory, as a stream, or into a file."""
