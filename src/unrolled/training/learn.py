"""Words of labelled texts, a run config and its context → a trained model, and how it was found."""

from __future__ import annotations

from collections.abc import Sequence

from unrolled.prediction.text_model import TextModel
from unrolled.training.find_learner import learner_of
from unrolled.training.result import TrainingResult
from unrolled.training.run_config import RunConfig
from unrolled.training.run_context import RunContext
from unrolled.training.session import train
from unrolled.training.split_dataset import Words


def learn(
    run_config: RunConfig, training: Words, dev: Words, classes: Sequence[str], context: RunContext
) -> tuple[TextModel, TrainingResult]:
    """Train with the learner of the run, and keep the best; `classes` are the labels in the order of the logits."""
    learner, config, vocabulary = learner_of(run_config).prepare(run_config, training, dev, classes, context.deadline)
    result = train(learner, context)
    return TextModel(config, vocabulary, result.weights), result
