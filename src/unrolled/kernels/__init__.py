"""The arithmetic of the encoders: array in, array out, NumPy or torch alike."""
