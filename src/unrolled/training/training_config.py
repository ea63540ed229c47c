"""How a network is trained: every setting of the loop, its limits and its default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from unrolled.settings import Count, Interval, Positive, Proportion, seconds
from unrolled.training.optim.schedule import Schedule


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """Settings of a training run."""

    max_epochs: Annotated[Count, "maximum number of epochs"] = 40
    patience: Annotated[Count, "epochs without a better validation score before stopping"] = 5
    batch_size: Annotated[Count, "texts per step"] = 32
    optimizer: Annotated[
        Literal["adamw", "hogwild"],
        "hogwild: fastText's SGD for average and ngrams, with num_layers 0; not repeatable with several threads",
    ] = "adamw"
    learning_rate: Annotated[Positive, "learning rate"] = 3e-3
    schedule: Annotated[Schedule, "learning-rate schedule"] = "constant"
    ema_decay: Annotated[
        Proportion, "decay of the exponential moving average of the weights, updated once per epoch"
    ] = 0.75
    weight_decay: Annotated[float, Interval(0), "weight decay of AdamW"] = 0.01
    max_grad_norm: Annotated[Positive, "maximum norm of the gradients, which are clipped to it"] = 5.0
    dropout: Annotated[Proportion, "dropout on the encoding and between layers"] = 0.5
    embedding_dropout: Annotated[
        Proportion, "dropout on the vectors of a batch's word types; hogwild: on the n-grams of long texts"
    ] = 0.5
    label_smoothing: Annotated[Proportion, "label smoothing"] = 0.0
    class_weight: Annotated[Literal["none", "balanced"], "class weights in the loss"] = "none"
    max_steps: Annotated[int | None, Interval(0), "maximum number of steps; repeats a run with a budget"] = None
    budget: Annotated[Positive | None, seconds, "time limit (60s, 10m), counted from the start of the command"] = None
    device: Annotated[Literal["cpu", "cuda", "auto"], "device to train on"] = "cpu"
    threads: Annotated[
        int, Interval(1, 256), "number of threads; another number changes the last bits of the weights"
    ] = 1
    random_state: Annotated[int, Interval(0), "random seed"] = 0
