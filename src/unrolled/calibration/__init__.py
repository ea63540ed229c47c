"""Logits and labels → calibrated probabilities, and thresholds below which a model abstains."""
