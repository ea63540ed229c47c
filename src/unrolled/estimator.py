"""Texts and labels → a trained classifier: what a Python user imports, in the manner of a scikit-learn estimator."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from unrolled.arrays import AnyArray, FloatArray
from unrolled.data.labelled_corpus import LabelledCorpus
from unrolled.environment.packages import SCIKIT_LEARN
from unrolled.errors import texts as errors
from unrolled.errors.config import no_class
from unrolled.errors.evaluation import no_rows
from unrolled.kernels.run_parallel import threads
from unrolled.model.encoder import Encoder
from unrolled.prediction import saved_model
from unrolled.prediction.projection_cache import MEMORY
from unrolled.prediction.text_model import TextModel
from unrolled.storage import training_record
from unrolled.storage.overwriting import reject_overwriting
from unrolled.training.callback import Callback, no_callback
from unrolled.training.find_learner import reject_missing_package
from unrolled.training.fit import FitResult, fit, gather_for
from unrolled.training.parameters import Parameters
from unrolled.training.resolve_config import SETTINGS
from unrolled.training.run_config import RunConfig
from unrolled.training.run_context import RunContext
from unrolled.validation import check_texts, check_X_y, unique_labels


class TextClassifier(Parameters):
    """Classifies texts with one of the lecture's networks.

    `encoder` names a file of `unrolled.model.encoders`, or is `logistic`; its options are settings too
    (`hidden_size`, `filter_sizes`, …). It may also be the class of an encoder of yours, or an object of it with its
    options. `vectors` are given word vectors, each (embedding_dim,). `base_model` is a model's folder to go on
    from, with new words and labels, all of which are strings then; what is left at its default is as that model has
    it. With a `target_precision`, probabilities are calibrated and `predict_or_abstain` answers None where the
    model isn't sure enough to keep it; `predict` and `score` answer all texts, as scikit-learn has it. After `fit`:
    `classes_` (labels, as they were given, sorted), `model_` (the trained function), `history_` (a record an
    epoch), `training_` (how it went), `validation_data_` (the dev texts and their labels, as strings; after
    `fit_corpus` their words).
    """

    def fit(
        self,
        X: Sequence[str],
        y: Sequence[Any],
        *,
        validation_data: tuple[Sequence[str], Sequence[Any]] | None = None,
        report: Callback = no_callback,
    ) -> TextClassifier:
        """Train on texts X with labels y; dev texts are split off unless given.

        `report` gets a message for each step and each evaluation.

        Raises SettingError and DataError for what can't be trained, and TrainingError when the loss stops being finite;
        the best model until then is kept.
        """
        context = RunContext(callback=report)
        run_config = self._ready()
        labelled, classes = check_X_y(X, y), unique_labels(y)
        if run_config.start:
            classes = np.array(run_config.start.labels(map(str, classes)), object)
        dev = None if validation_data is None else check_X_y(*_pair(validation_data))
        corpora = (gather_for(run_config, *labelled), gather_for(run_config, *dev) if dev else None)
        names = [str(label) for label in classes]
        fitted = fit(run_config, *corpora, names, context)
        rows = fitted.dev_rows
        own = dev if rows is None else tuple([part[row] for row in rows] for part in dev or labelled)
        return self._keep(fitted, classes, own)

    def fit_corpus(
        self,
        labelled: LabelledCorpus,
        *,
        validation_corpus: LabelledCorpus | None = None,
        context: RunContext | None = None,
        run_config: RunConfig | None = None,
    ) -> TextClassifier:
        """Train as `fit` does on texts that `unrolled.data.gather` read, of which there may be more than memory holds.

        They must be gathered with `run_config().reading`, and with the random state as seed; validation texts need no
        seed. The `context` says what hears of the run, when it must end, and where its states are saved, from the last
        of which it resumes. Raises DeadlineExceeded if its last moment comes before the dev texts are evaluated.
        `run_config` is this classifier's, where it is known: a base model is then not loaded again.
        """
        run_config = self._ready(run_config)
        readings = {part.reading for part in (labelled, validation_corpus) if part}
        if readings != {run_config.reading} or labelled.seed != run_config.plan.random_state:
            raise errors.corpus_of_other_reading()
        names = run_config.start.labels(labelled.labels) if run_config.start else sorted(set(labelled.labels))
        fitted = fit(run_config, labelled, validation_corpus, names, context or RunContext())
        return self._keep(fitted, np.array(names, object), fitted.dev)

    def _ready(self, known: RunConfig | None = None) -> RunConfig:
        """Check the settings, and that what trains is installed."""
        run_config = known or self.run_config()
        reject_missing_package(run_config)
        return run_config

    def _keep(self, fitted: FitResult, classes: AnyArray, dev: Any) -> TextClassifier:
        """Take over the best model, then raise what ended the run badly."""
        if fitted.error and not fitted.history:
            raise fitted.error
        self.model_, self.classes_ = fitted.model, classes
        self.history_, self.training_, self.validation_data_ = fitted.history, fitted.training, dev
        if fitted.error:
            raise fitted.error
        return self

    def predict_proba(self, X: Sequence[str]) -> FloatArray:
        """Compute the probability of each class: (texts, classes), in the order of `classes_`."""
        return self._read(check_texts(X))

    def predict(self, X: Sequence[str]) -> AnyArray:
        """Name the likeliest class of each text: (texts,)."""
        probabilities = self.predict_proba(X)
        return np.asarray(self.classes_[probabilities.argmax(axis=1)])

    def predict_or_abstain(self, X: Sequence[str]) -> AnyArray:
        """Name the likeliest class of each text, or None where the model isn't sure enough: (texts,).

        A model without a `target_precision` answers every text.
        """
        probabilities = self.predict_proba(X)
        best = probabilities.argmax(axis=1)
        sure = probabilities.max(axis=1, initial=0.0) >= self._model().config.lowest_probabilities[best]
        answers = self.classes_[best].astype(object)
        return np.where(sure, answers, np.array(None, object))

    def score(self, X: Sequence[str], y: Sequence[Any]) -> float:
        """Compute the accuracy."""
        model = self._model()
        texts, labels = check_X_y(X, y)
        if not texts:
            raise no_rows()
        predicted = self._read(texts).argmax(axis=1)
        return float(np.mean([model.config.labels[k] == label for k, label in zip(predicted, labels, strict=True)]))

    def save_pretrained(self, folder: str | os.PathLike[str], *, force: bool = False) -> None:
        """Write the model folder, whole or not at all; an existing one is replaced only by `force`.

        The model that this one went on from is never replaced.
        """
        reject_overwriting({"setting 'base_model'": self.base_model}, folder)
        files = training_record.files(
            self._model().config, getattr(self, "training_", {}), getattr(self, "history_", [])
        )
        saved_model.save(Path(folder), self._model(), files, force=force)

    @classmethod
    def from_pretrained(
        cls,
        folder: str | os.PathLike[str],
        *,
        encoder: type[Encoder] | None = None,
        threads: int = 1,
        cache_memory: int = MEMORY,
    ) -> TextClassifier:
        """Load a model folder; needs no torch and runs no code from it. Raises FolderError. Its labels are strings.

        The class of an encoder from outside the package must be passed as `encoder`. Read with this many threads, and
        keep at most `cache_memory` bytes of words that were projected once.
        """
        if not isinstance(encoder, type | None):
            raise no_class(type(encoder).__name__)
        model = saved_model.load(Path(folder), encoder=encoder, cache_memory=cache_memory, fingerprints=True)
        config = model.config
        claim = {"target_precision": config.abstention.target_precision} if config.abstention else {}
        options = {**config.encoder_options, **vars(config.reading), **claim}
        classifier = cls(config.encoder, threads=threads, **options)
        classifier.model_, classifier.classes_ = model, np.array(config.labels, dtype=object)
        return classifier

    def _read(self, texts: Sequence[str]) -> FloatArray:
        """Compute probabilities with as many threads as the classifier has."""
        model, number = self._model(), SETTINGS["threads"].check(getattr(self, "threads", 1))
        with threads(number):
            return model.probabilities(texts)

    def _model(self) -> TextModel:
        if not self.__sklearn_is_fitted__():
            raise errors.not_fitted()
        return self.model_

    def __sklearn_is_fitted__(self) -> bool:
        """Return whether `fit` was called, for scikit-learn."""
        return hasattr(self, "model_")

    def __sklearn_tags__(self) -> Any:
        """Return scikit-learn's tags of a classifier of strings."""
        SCIKIT_LEARN.require("pipelines and searches of scikit-learn")
        from sklearn.utils import ClassifierTags, InputTags, Tags, TargetTags

        strings = InputTags(one_d_array=True, two_d_array=False, string=True)
        target = TargetTags(required=True)
        return Tags(
            estimator_type="classifier", target_tags=target, classifier_tags=ClassifierTags(), input_tags=strings
        )


def _pair(given: Any) -> tuple[Any, Any]:
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise errors.no_pair(type(given).__name__)
    return given[0], given[1]
