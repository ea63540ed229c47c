"""How a window model is trained: every setting, its limits and its default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from unrolled.settings import Count, Interval, Proportion


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """Settings of a training run."""

    validation_fraction: Annotated[Proportion, "share of the lines split off for validation; 0: none"] = 0.1
    max_epochs: Annotated[Count, "maximum number of epochs"] = 30
    patience: Annotated[Count, "epochs without a better validation perplexity before stopping"] = 3
    batch_size: Annotated[Count, "words per step"] = 64
    learning_rate: Annotated[float, Interval(0, 1000, closed="right"), "learning rate of AdamW"] = 3e-3
    weight_decay: Annotated[float, Interval(0, 1000), "weight decay of AdamW"] = 0.01
    dropout: Annotated[Proportion, "dropout on the hidden layer"] = 0.0
    threads: Annotated[
        int, Interval(1, 256), "number of threads; another number changes the last bits of the weights"
    ] = 1
    random_state: Annotated[int, Interval(0), "random seed"] = 0
