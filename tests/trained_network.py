"""A network, its first weights, examples and a plan → what the session finds, without a file or a vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unrolled.model.text_network import TextNetwork
from unrolled.training.callback import Callback, no_callback
from unrolled.training.checkpoints import Checkpoints
from unrolled.training.deadline import Deadline
from unrolled.training.examples import Examples
from unrolled.training.learners.network import NetworkLearner
from unrolled.training.result import TrainingResult
from unrolled.training.run_context import RunContext
from unrolled.training.session import train
from unrolled.training.training_config import TrainingConfig


def train_network(
    network: TextNetwork,
    weights: Mapping[str, Any],
    examples: Examples,
    dev: Examples,
    plan: TrainingConfig,
    *,
    report: Callback = no_callback,
    deadline: Deadline | None = None,
    checkpoints: Checkpoints | None = None,
) -> TrainingResult:
    context = RunContext(
        callback=report, deadline=deadline or Deadline(plan.budget), checkpoints=checkpoints or Checkpoints()
    )
    return train(NetworkLearner(network, weights, examples, dev, plan), context)
