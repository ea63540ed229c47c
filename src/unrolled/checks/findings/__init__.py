"""What checks found: their type, all of them for a data set, and the rows they are about."""
