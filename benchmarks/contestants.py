"""The encoders that are measured: our settings, and the same network in torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.torch_networks import BagNetwork, Network, Recurrent, TextCNN
from unrolled.model.registry import make_encoder
from unrolled.model.text_network import TextNetwork


@dataclass(frozen=True)
class Size:
    """How large texts, batches and vectors are."""

    batch_size: int
    embedding_dim: int
    filter_sizes: tuple[int, ...]


SIZES = {"reference": Size(64, 300, (3, 4, 5)), "defaults": Size(32, 100, (2, 3, 4))}


@dataclass(frozen=True)
class Contest:
    """An encoder with options; `least` is the ratio that is asked for, by data set."""

    encoder: str
    least: Mapping[str, float]
    options: Mapping[str, Any] = field(default_factory=dict)

    def ours(self, size: Size, words: int, classes: int) -> TextNetwork:
        """Make our network."""
        more = {"filter_sizes": size.filter_sizes} if self.encoder == "cnn" else {}
        encoder = make_encoder(self.encoder, size.embedding_dim, {**self.options, **more})
        return TextNetwork(words, size.embedding_dim, "tuned", encoder, classes)

    def layer(self, size: Size) -> Recurrent | TextCNN | None:
        """Make torch's layer, or none where there is nothing but a mean."""
        if self.encoder == "cnn":
            return TextCNN(size.embedding_dim, size.filter_sizes, 100)
        if self.encoder in ("average", "ngrams"):
            return None
        layers, both = self.options.get("num_layers", 1), self.options.get("bidirectional", False)
        return Recurrent(self.encoder.upper(), size.embedding_dim, 128, layers, both)

    def torch(self, size: Size, rows: int, classes: int) -> Network | BagNetwork:
        """Make torch's network, of as many rows of embeddings as ours."""
        layer = self.layer(size)
        if layer is None:
            return BagNetwork(rows, size.embedding_dim, 100, classes)
        return Network(rows, size.embedding_dim, layer, classes)


LAST = {"pooling": "last"}  # what torch's users take
TWO_LAYERS = {"num_layers": 2, "bidirectional": True, **LAST}
CONTESTS = {
    "rnn": Contest("rnn", {"mr": 1.7, "imdb": 2.5}, LAST),
    "gru": Contest("gru", {"mr": 2.5, "imdb": 3.0}, LAST),
    "lstm": Contest("lstm", {"mr": 1.8, "imdb": 2.0}, LAST),
    "bilstm2": Contest("lstm", {"mr": 1.3, "imdb": 1.3}, TWO_LAYERS),
    "cnn": Contest("cnn", {"mr": 3.0, "imdb": 6.0}),
    "average": Contest("average", {"mr": 5.0, "imdb": 5.0}),
    "ngrams": Contest("ngrams", {"mr": 5.0, "imdb": 5.0}, {"num_layers": 1}),
}
