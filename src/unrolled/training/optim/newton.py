"""Counted n-grams of texts, labels → logistic regression, one iteration of Newton's method at a time.

The solver is scikit-learn's, with conjugate gradients (`newton-cg`): an iteration begins with the coefficients of the
one before and with nothing else, so stopping between two and going on changes nothing. From an older model
`MapLogistic` does the same, staying near that model's coefficients.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

from unrolled.arrays import AnyArray, Float64Array
from unrolled.model.logistic import Logistic
from unrolled.model.weights import initialize
from unrolled.training.examples import Examples
from unrolled.training.optim.map_logistic import MapLogistic

TOLERANCE = 1e-10  # of the gradient of the mean loss; scikit-learn's 1e-4 leaves probabilities that are 0.01 off


class Newton:
    """The coefficients, the n-grams of training and dev texts as they are read, and the solver."""

    def __init__(self, network: Logistic, texts: Examples, dev: Examples, *, class_weight: str) -> None:
        """Begin with coefficients of 0."""
        self.network, self.labels, self.balanced = network, texts.labels, class_weight == "balanced"
        self.x, self.x_dev = self.counts = tuple(_matrix(part, network.words) for part in (texts, dev))
        self.weights: dict[str, AnyArray] = {
            name: weight.astype("f8") for name, weight in initialize(network.weights(), 0).items()
        }
        if network.features == "tfidf":
            self.weights["idf"] = TfidfTransformer().fit(self.x).idf_
            self._weigh()
        self.solver: LogisticRegression | MapLogistic = LogisticRegression(
            C=network.C,
            class_weight="balanced" if self.balanced else None,
            max_iter=1,
            solver="newton-cg",
            tol=TOLERANCE,
            warm_start=True,
        )

    def _weigh(self) -> None:
        """Turn counts to tf-idf."""
        transformer = TfidfTransformer()
        transformer.idf_ = self.weights["idf"]
        self.x, self.x_dev = (transformer.transform(counts) for counts in self.counts)

    def begin(self, weights: Mapping[str, AnyArray]) -> None:
        """Begin with an older model's coefficients and stay near them; how rare it found an n-gram to be stays."""
        self.weights = {name: weight.astype("f8") for name, weight in weights.items()}
        if self.network.features == "tfidf":
            self._weigh()
        W, b = self.weights["W"], self.weights["b"]
        self.solver = MapLogistic(W, b, C=self.network.C, tol=TOLERANCE, balanced=self.balanced)

    def resume(self, W: Float64Array, b: Float64Array) -> None:
        """Go on with the coefficients after an iteration."""
        self.weights |= {"W": W, "b": b}
        # of two classes scikit-learn keeps the difference
        halved = len(b) == 2 and isinstance(self.solver, LogisticRegression)
        self.solver.coef_, self.solver.intercept_ = (2 * W[:, 1:].T, 2 * b[1:]) if halved else (W.T, b)

    def step(self) -> bool:
        """Take an iteration; return whether one was left to take."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that one iteration didn't converge, or that no better point was found
            self.solver.fit(self.x, self.labels)
        if not self.solver.n_iter_[0]:
            return False
        W, b = self.solver.coef_, self.solver.intercept_
        if len(b) == 1:  # of two classes scikit-learn keeps z = z_1 - z_0 alone
            W, b = np.concatenate([-W, W]) / 2, np.concatenate([-b, b]) / 2
        self.weights |= {"W": W.T, "b": b}
        return True

    @property
    def logits(self) -> AnyArray:
        """Read the training texts: (texts, classes)."""
        return np.asarray(self.x @ self.weights["W"] + self.weights["b"])

    @property
    def dev_logits(self) -> AnyArray:
        """Read the dev texts: (texts, classes)."""
        return np.asarray(self.x_dev @ self.weights["W"] + self.weights["b"])


def _matrix(examples: Examples, words: int) -> Any:
    """Count the numbers of texts: a sparse (texts, words)."""
    ones = np.ones(len(examples.ids))
    matrix = csr_array((ones, np.array(examples.ids), examples.starts), shape=(len(examples), words))
    matrix.sum_duplicates()
    return matrix
