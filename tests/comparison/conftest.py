"""The fixtures of models of known accuracy are those of the tests of evaluation."""

from tests.evaluation.conftest import one_thread, synthetic

__all__ = ["one_thread", "synthetic"]
