"""Word vectors and a layer's weights with gradients → the states of every word, by torch's own recurrent kernels.

Ours                                       torch's
U (d, blocks x hidden)                     weight_ih (blocks x hidden, d)
W (hidden, blocks x hidden)                weight_hh (blocks x hidden, hidden)
b, inside no gate                          bias_ih
c, inside the reset of gru's candidate     bias_hh of that block; it is 0 elsewhere
i, f, o, c of lstm                         i, f, g, o
z of gru                                   1 - z, the logistic function of the negated sum
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch

from unrolled.kernels.cudnn import CudnnSpec


def scan(
    network: CudnnSpec, vectors: torch.Tensor, active: Sequence[int], weights: Sequence[Mapping[str, torch.Tensor]]
) -> torch.Tensor:
    """Walk all directions: packed vectors (words, d) → states (words, directions x hidden)."""
    hidden, directions = len(weights[0]["W"]), len(weights)
    if not len(active):
        return vectors.new_zeros((0, directions * hidden))
    first = vectors.new_zeros((directions, active[0], hidden))
    states: torch.Tensor = getattr(torch, network.function)(
        vectors,
        torch.tensor(active),  # on the CPU, as cuDNN wants them
        (first, first) if network.function == "lstm" else first,
        parameters(network, weights),
        True,  # it has biases
        1,  # layer
        0.0,  # dropout
        torch.is_grad_enabled(),  # else cuDNN keeps nothing for the way back
        directions == 2,
    )[0]
    return states


def parameters(network: CudnnSpec, weights: Sequence[Mapping[str, torch.Tensor]]) -> list[torch.Tensor]:
    """Bring weights to torch's form: weight_ih, weight_hh, bias_ih and bias_hh of each direction.

    They lie in one piece of memory, all matrices before all biases, so that cuDNN need not copy them at every call.
    """
    ours = [{name: _blocks(network, array) for name, array in own.items() if name != "c"} for own in weights]
    matrices = [side[name].T for side in ours for name in ("U", "W")]
    biases = [bias for side, own in zip(ours, weights, strict=True) for bias in (side["b"], _inside(side["b"], own))]
    together = [*matrices, *biases]
    flat = torch.cat([array.reshape(-1) for array in together])
    pieces = torch.split(flat, [array.numel() for array in together])
    found = [piece.view(array.shape) for piece, array in zip(pieces, together, strict=True)]
    pairs = [found[at : at + 2] for at in range(0, len(found), 2)]
    return [array for side in range(len(weights)) for array in (*pairs[side], *pairs[len(weights) + side])]


def _blocks(network: CudnnSpec, array: torch.Tensor) -> torch.Tensor:
    """Reorder the blocks of columns (…, blocks x hidden) as torch does, with its signs."""
    blocks = array.chunk(len(network.order), dim=-1)
    return torch.cat([-blocks[at] if at in network.negated else blocks[at] for at in network.order], dim=-1)


def _inside(b: torch.Tensor, own: Mapping[str, torch.Tensor]) -> torch.Tensor:
    """Make the bias that is added to W h: c in the last block, which is the candidate's."""
    if "c" not in own:
        return torch.zeros_like(b)
    return torch.cat([b.new_zeros(len(b) - len(own["c"])), own["c"]])
