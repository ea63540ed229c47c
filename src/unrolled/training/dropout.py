"""A rate and a random stream → dropout: each number is zeroed with that probability, the others scaled to make up."""

from __future__ import annotations

import torch

from unrolled.model.encoder import Drop, keep


def dropout(rate: float, generator: torch.Generator) -> Drop:
    """Make dropout (Srivastava et al. 2014) that draws from the given generator."""
    if not rate:
        return keep

    def drop(x: torch.Tensor) -> torch.Tensor:
        kept = torch.empty_like(x, requires_grad=False).bernoulli_(1 - rate, generator=generator)
        return x * kept.div_(1 - rate)

    return drop
