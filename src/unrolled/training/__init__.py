"""The training loop and its parts: texts as ids and labels in, the best weights and their history out."""
