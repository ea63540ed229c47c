"""Labelled texts in, a trained text classifier out: every network of the lecture, on an ordinary CPU."""
