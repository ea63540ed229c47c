"""Labels and probabilities → an evaluation: scores with their uncertainty, by class, confusion, calibration."""

from unrolled.evaluation.evaluation import Evaluation, evaluate

__all__ = ["Evaluation", "evaluate"]
