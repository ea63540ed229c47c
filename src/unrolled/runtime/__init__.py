"""The saved folder, and prediction without torch."""
