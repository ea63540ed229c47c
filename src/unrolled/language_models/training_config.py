"""How a window model is trained: every setting, its limits and its default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from unrolled.settings import Count, Interval, Proportion


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """Settings of a training run."""

    validation_fraction: Annotated[Proportion, "share of the lines held out to stop by; 0: none"] = 0.1
    max_epochs: Annotated[Count, "most passes over the lines"] = 30
    patience: Annotated[Count, "epochs without a better held-out perplexity before stopping"] = 3
    batch_size: Annotated[Count, "words in a step"] = 64
    learning_rate: Annotated[float, Interval(0, 1000, closed="right"), "AdamW's step size"] = 3e-3
    weight_decay: Annotated[float, Interval(0, 1000), "AdamW's decay"] = 0.01
    dropout: Annotated[Proportion, "on the hidden layer"] = 0.0
    threads: Annotated[int, Interval(1, 256), "threads to compute with; another number gives other last bits"] = 1
    random_state: Annotated[int, Interval(0), "seed of everything drawn"] = 0
