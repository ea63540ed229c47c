"""Values → strings for people: numbers with their units, shortened texts, escaped control characters."""
