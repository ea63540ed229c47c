"""Files → rows, labelled texts, and a split, each in a file of its own: who predicts needs no labels."""
