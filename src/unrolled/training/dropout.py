"""A rate and a stream of chance → dropout: each number is zeroed with that probability, the others are scaled up."""

from __future__ import annotations

import numpy as np
import torch

from unrolled.model.encoder import Dropout, no_dropout

DRAWS = 1 << 16  # one of this many is drawn for a number: the rate is kept to within half of one


class Stream:
    """Chance that is a pure function of its seed; NumPy's on a CPU, where torch's takes some ten times as long."""

    def __init__(self, seed: int, device: torch.device) -> None:
        """Begin the stream of a device; the same seed gives other numbers on another device."""
        self.on_cpu = device.type == "cpu"
        self.numbers = np.random.SFC64(seed)
        self.generator = None if self.on_cpu else torch.Generator(device).manual_seed(seed)

    def mask(self, x: torch.Tensor, rate: float) -> torch.Tensor:
        """Draw 0 with the probability `rate`, else what keeps the mean, for each number of x."""
        if not self.on_cpu:
            return (
                torch.empty_like(x, requires_grad=False).bernoulli_(1 - rate, generator=self.generator).div_(1 - rate)
            )
        drawn = self.numbers.random_raw(-(-x.numel() // 4)).view(np.uint16)[: x.numel()]
        dropped = round(rate * DRAWS)
        scale = torch.from_numpy(drawn >= dropped).to(x.dtype).mul_(DRAWS / max(1, DRAWS - dropped))
        return scale.reshape(x.shape)


def dropout(rate: float, stream: Stream) -> Dropout:
    """Make dropout (Srivastava et al. 2014) that draws from the given stream."""
    if not rate:
        return no_dropout

    def drop(x: torch.Tensor) -> torch.Tensor:
        return x * stream.mask(x, rate)

    return drop
