"""A case → laws of what an encoder computes: padding, company, shape, emptiness, order, memory and runtime."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import safetensors.numpy

from unrolled.arrays import AnyArray, IntArray
from unrolled.encoder_laws.case import Case, require
from unrolled.model.weights import initialize, merge

JUNK_IDS = np.array([-1, -7, 10**9, 2, 0])
JUNK_NUMBERS = np.array([np.nan, np.inf, -np.inf, 1e30, -3.0])


def padding(case: Case) -> None:
    """More padding changes nothing, whatever ids are in it."""
    ids, lengths = case.batch
    expected = case.encode(ids, lengths)
    for columns in (0, 1, 9):
        found = case.encode(_with_arbitrary_ids(ids, lengths, columns), lengths)
        case.require_equal(
            found, expected, f"{columns} more columns of padding, with any ids in it, change an encoding"
        )


def _with_arbitrary_ids(ids: IntArray, lengths: IntArray, columns: int) -> IntArray:
    wide = np.pad(ids, ((0, 0), (0, columns)))
    padding = np.arange(wide.shape[1]) >= lengths[:, None]
    wide[padding] = np.resize(JUNK_IDS, padding.sum())
    return wide


def padding_vectors(case: Case) -> None:
    """Vectors in the padding change nothing, whether NaN, infinite or large."""
    ids, lengths = case.batch
    for columns in (0, 4):
        vectors = case.table[np.pad(ids, ((0, 0), (0, columns)))]
        padding = np.arange(vectors.shape[1]) >= lengths[:, None]
        vectors[padding] = np.resize(JUNK_NUMBERS, (padding.sum(), vectors.shape[2]))
        found = case.encode_vectors(vectors, lengths)
        case.require_equal(found, case.encode(ids, lengths), "vectors such as NaN in the padding change an encoding")


def company(case: Case) -> None:
    """A text alone equals the same text in any batch and order."""
    ids, lengths = case.batch
    together = case.encode(ids, lengths)
    alone = [replace(case, texts=(text,)).batch for text in case.texts]
    separate = np.concatenate([case.encode(*text) for text in alone])
    case.require_equal(separate, together, "texts alone differ from the same texts in a batch")
    order = np.random.default_rng(1).permutation(len(lengths))
    found = case.encode(ids[order], lengths[order])
    case.require_equal(found, together[order], "texts in another order differ from the same texts before")


def shape(case: Case) -> None:
    """The encoding is (texts, output_size), also of no texts."""
    ids, lengths = case.batch
    for texts in (0, 1, len(lengths)):
        found, expected = case.encode(ids[:texts], lengths[:texts]).shape, (texts, case.encoder.output_size)
        require(found == expected, f"the encoding of {texts} texts has the shape {found}, expected {expected}")


def precision(case: Case) -> None:
    """The encoding has the precision of the weights and vectors."""
    found = case.encode(*case.batch).dtype
    require(found == case.dtype, f"the encoding is {found}, though weights and vectors are {np.dtype(case.dtype)}")


def emptiness(case: Case) -> None:
    """A text without words gives the finite vector that `empty_encoding` states."""
    weights = {name: np.asarray(value, np.float64) for name, value in case.weights.items()}
    expected = np.asarray(case.encoder.empty_encoding(weights), case.dtype)
    only_empty = case.encode(np.zeros((3, 4), np.int64), np.zeros(3, np.int64))
    mixed = replace(case, texts=((), *case.texts, ())).batch
    case.require_equal(only_empty, np.stack([expected] * 3), "texts without words differ from empty_encoding")
    among = case.encode(*mixed)[[0, -1]]
    case.require_equal(among, np.stack([expected] * 2), "texts without words among others differ from empty_encoding")


def order(case: Case) -> None:
    """Shuffling the words changes the encoding exactly if `order_sensitive`."""
    random = np.random.default_rng(2)
    texts = np.stack([random.permutation(case.words)[:7] for _ in range(20)])
    shuffled = random.permuted(texts, axis=1)

    def is_same(seed: int) -> bool:
        both = (replace(case, texts=tuple(map(tuple, some)), seed=seed) for some in (texts, shuffled))
        before, after = (one.encode(*one.batch) for one in both)
        require(np.isfinite([before, after]).all(), "the encoding of a shuffled text is not finite")
        return not case.difference(after, before)

    declared = case.encoder.order_sensitive
    # layers of a single rectified unit are dead with most weights; order matters if it does with any
    unchanged = all(is_same(seed) for seed in range(100 if declared else 5))
    does = "changes no encoding" if unchanged else "changes an encoding"
    require(unchanged != declared, f"order_sensitive is {declared}, but shuffling the words {does}")


def saved(case: Case) -> None:
    """Saved and loaded it is the same function, to the last bit."""
    network, batch = case.network(), case.batch
    arrays = {name: value.astype(case.dtype) for name, value in initialize(network.weights(), 3).items()}
    loaded = safetensors.numpy.load(safetensors.numpy.save(arrays))
    before, after = (
        np.asarray(network.logits({name: case.array(value) for name, value in weights.items()}, *batch))
        for weights in (arrays, loaded)
    )
    require(before.tobytes() == after.tobytes(), "saved and loaded, the network's logits differ")


def initialization(case: Case) -> None:
    """The same seed draws the same first weights, another seed others; each has the declared shape."""
    declared = merge(encoder=case.encoder.weights(), again=case.network().weights())
    first, second, other = (initialize(declared, seed) for seed in (1, 1, 2))
    require(_bytes(first) == _bytes(second), "the same seed draws other first weights")
    require(any(not np.array_equal(first[name], other[name]) for name in first), "another seed draws the same weights")
    for name, weight in declared.items():
        found = first[name].shape
        require(found == weight.shape, f"{name} is declared as {weight.shape} and drawn as {found}")


def _bytes(arrays: dict[str, AnyArray]) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in arrays.items()}


def runtime(case: Case) -> None:
    """NumPy and torch agree."""
    other = replace(case, kind="numpy" if case.kind == "torch" else "torch")
    case.require_equal(other.encode(*case.batch), case.encode(*case.batch), f"{other.kind} and {case.kind} differ")
