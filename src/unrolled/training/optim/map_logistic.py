"""A matrix (texts, n-grams), labels, coefficients to stay near → one step of Newton's method to those that fit best.

    C sum_i w_i (-log softmax(x_i W + b)_{y_i}) + (|W - W₀|² + |b - b₀|²) / 2        least for the new texts

Where the new texts say nothing, W and b stay at the older model's W₀ and b₀: maximum a posteriori adaptation (Chelba
and Acero 2004). A fit from the beginning doesn't hold b; here that of a class without new texts would fall for ever.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import hstack
from scipy.sparse.linalg import LinearOperator, cg

from unrolled.arrays import Float64Array, IntArray
from unrolled.model.classifier import log_softmax

HALVINGS = 40  # of a step that leads to no better point, until it is given up


class MapLogistic:
    """Takes a step at each `fit`, from the coefficients of the one before, as scikit-learn's with max_iter=1 does."""

    def __init__(self, W: Float64Array, b: Float64Array, *, C: float, tol: float, balanced: bool) -> None:
        """Begin with W (n-grams, classes) and b (classes,), and stay near them; `tol` is of the gradient."""
        self.coef_, self.intercept_ = W.T, b
        self.anchor, self.C, self.tol, self.balanced = self._together(), C, tol, balanced
        self.n_iter_ = [0]

    def fit(self, x: Any, labels: IntArray) -> MapLogistic:
        """Take a step, or none where no better point is found."""
        self.x, self.labels = hstack([x, np.ones((x.shape[0], 1))], format="csr"), labels
        self._weigh()
        here = self._together()
        logs = log_softmax(self.x @ here.T)
        loss, gradient = self._loss(logs, here), self._gradient(np.exp(logs), here)
        self.n_iter_ = [0]
        if np.abs(gradient).max() > self.tol:
            direction = self._direction(np.exp(logs), gradient)
            slope = float(direction.ravel() @ gradient.ravel())
            for size in 0.5 ** np.arange(HALVINGS):
                there = here + size * direction
                if self._loss(log_softmax(self.x @ there.T), there) <= loss + 1e-4 * size * slope:
                    self.n_iter_ = [int((there != here).any())]
                    self.coef_, self.intercept_ = there[:, :-1], there[:, -1]
                    break
        return self

    def _together(self) -> Float64Array:
        """Append b to W, as the coefficient of a number that is 1 in every text: (classes, n-grams + 1)."""
        return np.column_stack([self.coef_, self.intercept_])

    def _weigh(self) -> None:
        """Weigh the texts so that their weights sum to 1, and the penalty accordingly."""
        counts = np.bincount(self.labels, minlength=len(self.anchor))
        weight = (1 / counts.clip(1))[self.labels] if self.balanced else np.ones(len(self.labels))
        self.weight = weight / weight.sum()
        # as scikit-learn: balanced weights, too, sum to the texts; of two classes the columns' difference is penalised
        self.penalty = (2 if len(self.anchor) == 2 else 1) / (self.C * len(self.labels))

    def _loss(self, logs: Float64Array, here: Float64Array) -> float:
        own = logs[np.arange(len(self.labels)), self.labels]
        return float(-self.weight @ own + self.penalty * ((here - self.anchor) ** 2).sum() / 2)

    def _gradient(self, probabilities: Float64Array, here: Float64Array) -> Float64Array:
        error = probabilities * self.weight[:, None]
        error[np.arange(len(self.labels)), self.labels] -= self.weight
        gradient: Float64Array = (self.x.T @ error).T + self.penalty * (here - self.anchor)
        return gradient

    def _direction(self, probabilities: Float64Array, gradient: Float64Array) -> Float64Array:
        """Solve H d = -g by conjugate gradients, the nearer the optimum the more exactly: (classes, n-grams + 1)."""

        def curvature(flat: Float64Array) -> Float64Array:
            d = flat.reshape(gradient.shape)
            moved = probabilities * (self.x @ d.T)
            moved = self.weight[:, None] * (moved - probabilities * moved.sum(axis=1, keepdims=True))
            return ((self.x.T @ moved).T + self.penalty * d).ravel()  # type: ignore[no-any-return]

        H = LinearOperator((gradient.size, gradient.size), matvec=curvature, dtype=np.float64)
        exactly = min(0.1, float(np.sqrt(np.abs(gradient).sum())))
        found, _ = cg(H, -gradient.ravel(), rtol=exactly, maxiter=500)
        return np.asarray(found, np.float64).reshape(gradient.shape)
