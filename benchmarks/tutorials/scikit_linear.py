"""Texts → linear models of tf-idf, as scikit-learn's "Classification of text documents using sparse features" has them.

`logistic`, `svm`                  the tutorial's words (English stop words left out, in 5 texts at least and in half of
                                   them at most), LogisticRegression(C=5), LinearSVC(C=0.1)
`logistic bigrams`, `svm bigrams`  TfidfVectorizer of all uni- and bigrams and the classifiers' own defaults: the
                                   tutorial's stop words are what tells questions and sentiments apart

They stop at their optimum, so they need no dev texts and train on all texts. Nothing in them is left to chance.
Install: scikit-learn.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from benchmarks.tutorials.curve import Curve, Task, main

TUTORIAL: dict[str, Any] = {"sublinear_tf": True, "max_df": 0.5, "min_df": 5, "stop_words": "english"}
BIGRAMS: dict[str, Any] = {"ngram_range": (1, 2)}
MODELS = {
    "logistic": lambda: (TfidfVectorizer(**TUTORIAL), LogisticRegression(C=5, max_iter=1000)),
    "svm": lambda: (TfidfVectorizer(**TUTORIAL), LinearSVC(C=0.1, dual=False, max_iter=1000)),
    "logistic bigrams": lambda: (TfidfVectorizer(**BIGRAMS), LogisticRegression(max_iter=1000)),
    "svm bigrams": lambda: (TfidfVectorizer(**BIGRAMS), LinearSVC()),
}


def learn(task: Task, curve: Curve) -> None:
    """Train on all texts."""
    vectorizer, model = MODELS[task.kind]()
    if task.kind.startswith("svm"):
        model.set_params(random_state=task.seed)
    model.fit(vectorizer.fit_transform(task.whole.texts), task.whole.labels)
    curve.answer(task, lambda texts: np.asarray(model.predict(vectorizer.transform(texts))), task.whole.texts, 1)


if __name__ == "__main__":
    main(list(MODELS), learn)
