"""How a network is trained: every setting of the loop, its limits and its default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from unrolled.settings import Count, Interval, Positive, Proportion, seconds
from unrolled.training.optim.schedule import Schedule


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """Settings of a training run."""

    max_epochs: Annotated[Count, "most passes over the texts"] = 40
    patience: Annotated[Count, "epochs without a better dev score before stopping"] = 5
    batch_size: Annotated[Count, "texts in a step"] = 32
    optimizer: Annotated[
        Literal["adamw", "hogwild"],
        "hogwild: fastText's SGD for average and ngrams, with num_layers 0; not repeatable with several threads",
    ] = "adamw"
    learning_rate: Annotated[Positive, "the optimizer's step size"] = 3e-3
    schedule: Annotated[Schedule, "how the learning rate falls"] = "constant"
    ema_decay: Annotated[
        Proportion, "share of earlier evaluations in the mean of the weights that is judged and kept"
    ] = 0.75
    weight_decay: Annotated[float, Interval(0), "AdamW's decay"] = 0.01
    max_grad_norm: Annotated[Positive, "gradients are clipped to this norm"] = 5.0
    dropout: Annotated[Proportion, "on the encoding and between layers"] = 0.5
    embedding_dropout: Annotated[
        Proportion, "on the vectors of a batch's word types; hogwild: on a long text's n-grams"
    ] = 0.5
    label_smoothing: Annotated[Proportion, "share of the target spread over all classes"] = 0.0
    class_weight: Annotated[Literal["none", "balanced"], "weight of each class in the loss"] = "none"
    max_steps: Annotated[int | None, Interval(0), "stop after so many steps, repeating a budgeted run"] = None
    budget: Annotated[Positive | None, seconds, "time (60s, 10m) from the start of the command to stop in"] = None
    device: Annotated[Literal["cpu", "cuda", "auto"], "where to train"] = "cpu"
    threads: Annotated[int, Interval(1, 256), "threads to compute with; another number gives other last bits"] = 1
    random_state: Annotated[int, Interval(0), "seed of everything drawn"] = 0
