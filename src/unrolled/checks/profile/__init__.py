"""Files of labelled texts → what checks need to know of every row, read once."""
