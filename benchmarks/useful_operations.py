"""An encoder and a batch → the floating-point operations that its matrix products need, and none besides.

With U distinct words and N words in all (padding not counted), d inputs, H states and g gates (blocks of U and W):

    recurrent    2 U d gH  once for every distinct word, 2 N H gH for the walk, once for each direction; a layer above
                 has 2 N (directions H) gH for its inputs instead
    cnn          2 U d (sizes summed) filters: a product for every tap of every distinct word; the rest are additions
    average      2 texts d H: the hidden layer alone

A training step needs three times as many: forward, to the inputs, to the weights.
"""

from __future__ import annotations

from benchmarks.real_texts import Batch
from unrolled.model.encoders.cnn import CNN
from unrolled.model.layers.averaging import Averaging
from unrolled.model.layers.recurrent import Recurrent
from unrolled.model.text_network import TextNetwork
from unrolled.text.vocabulary import distinct

TRAINING = 3


def forward_operations(network: TextNetwork, batch: Batch) -> int:
    """Count what reading a batch needs."""
    encoder, words = network.encoder, int(batch.lengths.sum())
    kinds = len(distinct(batch.ids, batch.lengths)[0])
    if isinstance(encoder, Recurrent):
        return _recurrent(encoder, kinds, words)
    if isinstance(encoder, CNN):
        return 2 * kinds * encoder.input_size * sum(encoder.filter_sizes) * encoder.num_filters
    if isinstance(encoder, Averaging):
        return 2 * len(batch.lengths) * encoder.input_size * encoder.hidden_size
    raise TypeError(f"nothing is known of {type(encoder).__name__}")


def _recurrent(encoder: Recurrent, kinds: int, words: int) -> int:
    columns, directions = len(encoder.blocks) * encoder.hidden_size, 1 + encoder.bidirectional
    inputs = 2 * kinds * encoder.input_size + (encoder.num_layers - 1) * 2 * words * encoder.output_size
    return directions * columns * (inputs + encoder.num_layers * 2 * words * encoder.hidden_size)
