"""The same networks as a user of torch writes them: what `unrolled` is measured against.

Each layer offers variants that compute the same from padded word vectors (texts, length, d); the better one counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

from benchmarks.real_texts import Batch

Variant = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
LEAST = 5  # words that a padded batch has at least: the widest filter
DROPOUT, MAX_NORM = 0.5, 5.0


@dataclass(frozen=True)
class TorchBatch:
    """A batch in every form that a variant wants: padded with lengths, and flat with offsets."""

    ids: torch.Tensor
    lengths: torch.Tensor
    labels: torch.Tensor
    flat: torch.Tensor
    offsets: torch.Tensor

    @classmethod
    def of(cls, batch: Batch) -> TorchBatch:
        """Convert a batch; this is no part of any timing."""
        ids, lengths = torch.from_numpy(batch.ids), torch.from_numpy(batch.lengths)
        ids = nn.functional.pad(ids, (0, max(0, LEAST - ids.shape[1])))
        flat = ids[torch.arange(ids.shape[1]) < lengths[:, None]]
        return cls(ids, lengths, torch.from_numpy(batch.labels), flat, lengths.cumsum(0) - lengths)

    def on(self, device: str) -> TorchBatch:
        """Copy a batch to a device, as every step has to; lengths stay, where `pack_padded_sequence` wants them."""
        moved = {name: tensor.to(device) for name, tensor in vars(self).items() if name != "lengths"}
        return replace(self, **moved)


class Recurrent(nn.Module):
    """nn.RNN, nn.GRU or nn.LSTM, and the last state of each direction."""

    def __init__(self, kind: str, input_size: int, hidden_size: int, num_layers: int, bidirectional: bool) -> None:
        """Make the network of the given kind: "RNN", "GRU" or "LSTM"."""
        super().__init__()
        between = DROPOUT if num_layers > 1 else 0.0
        options = {"num_layers": num_layers, "bidirectional": bidirectional, "dropout": between}
        self.network = getattr(nn, kind)(input_size, hidden_size, batch_first=True, **options)
        self.hidden_size, self.output_size = hidden_size, hidden_size * (1 + bidirectional)

    def variants(self) -> Mapping[str, Variant]:
        """Offer padded and packed input."""
        return {"padded": self.padded, "packed": self.packed}

    def padded(self, vectors: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Run over the padding too."""
        states = self.network(vectors)[0]
        ends = (lengths.clamp(min=1) - 1).to(states.device)
        last = states[torch.arange(len(states), device=states.device), ends, : self.hidden_size]
        return torch.cat([last, states[:, 0, self.hidden_size :]], 1)

    def packed(self, vectors: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Run over the words alone."""
        packed = pack_padded_sequence(vectors, lengths.clamp(min=1), batch_first=True, enforce_sorted=False)
        final = self.network(packed)[1]
        h = final[0] if isinstance(final, tuple) else final
        return torch.cat(list(h[-(self.output_size // self.hidden_size) :]), 1)


class TextCNN(nn.Module):
    """Kim's CNN: a Conv1d for each filter size on a contiguous (texts, d, length), and the maximum over time."""

    def __init__(self, input_size: int, filter_sizes: Sequence[int], num_filters: int) -> None:
        """Make the convolutions."""
        super().__init__()
        self.convolutions = nn.ModuleList(nn.Conv1d(input_size, num_filters, size) for size in filter_sizes)
        self.output_size = len(filter_sizes) * num_filters

    def variants(self) -> Mapping[str, Variant]:
        """Offer padded input alone."""
        return {"padded": self.padded}

    def padded(self, vectors: torch.Tensor, _: torch.Tensor) -> torch.Tensor:
        """Slide over the padding too, as is custom."""
        x = vectors.transpose(1, 2).contiguous()
        return torch.cat([torch.relu(convolution(x).max(2).values) for convolution in self.convolutions], 1)


class Network(nn.Module):
    """Embedding, layer, dropout, Linear."""

    def __init__(self, rows: int, embedding_dim: int, layer: Recurrent | TextCNN, classes: int) -> None:
        """Make the chain around a layer."""
        super().__init__()
        self.embedding, self.layer = nn.Embedding(rows, embedding_dim), layer
        self.dropout, self.classifier = nn.Dropout(DROPOUT), nn.Linear(layer.output_size, classes)

    def variants(self) -> list[str]:
        """Name the ways to compute the same."""
        return list(self.layer.variants())

    def forward(self, batch: TorchBatch, variant: str) -> torch.Tensor:
        """Compute the logits (texts, classes)."""
        encoding = self.layer.variants()[variant](self.embedding(batch.ids), batch.lengths)
        logits: torch.Tensor = self.classifier(self.dropout(encoding))
        return logits


class BagNetwork(nn.Module):
    """EmbeddingBag, a hidden layer, dropout, Linear."""

    def __init__(self, rows: int, embedding_dim: int, hidden_size: int, classes: int) -> None:
        """Make the chain."""
        super().__init__()
        self.bag, self.hidden = nn.EmbeddingBag(rows, embedding_dim, mode="mean"), nn.Linear(embedding_dim, hidden_size)
        self.dropout, self.classifier = nn.Dropout(DROPOUT), nn.Linear(hidden_size, classes)

    def variants(self) -> list[str]:
        """Name the only way to compute it."""
        return ["EmbeddingBag"]

    def forward(self, batch: TorchBatch, _: str) -> torch.Tensor:
        """Compute the logits (texts, classes)."""
        encoding = torch.relu(self.hidden(self.bag(batch.flat, batch.offsets)))
        logits: torch.Tensor = self.classifier(self.dropout(encoding))
        return logits


class Training:
    """A network with torch's fused AdamW."""

    def __init__(self, network: Network | BagNetwork) -> None:
        """Take the network; all its variants share its weights."""
        self.network, self.parameters = network, list(network.parameters())
        self.optimizer = torch.optim.AdamW(self.parameters, lr=1e-3, fused=True)

    def step(self, batch: TorchBatch, variant: str) -> float:
        """Take one step and return the loss before it."""
        self.optimizer.zero_grad()
        loss = nn.functional.cross_entropy(self.network(batch, variant), batch.labels)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.parameters, MAX_NORM)
        self.optimizer.step()
        return loss.item()


def forward_and_backward(
    variant: Variant, layer: nn.Module, vectors: torch.Tensor, lengths: torch.Tensor, gradient: torch.Tensor
) -> tuple[torch.Tensor, ...]:
    """Run a layer alone on word vectors, and back to them and to its weights."""
    wanted: list[Any] = [vectors, *layer.parameters()]
    return torch.autograd.grad(variant(vectors, lengths), wanted, gradient)
