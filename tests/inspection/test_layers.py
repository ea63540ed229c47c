"""Norms layer by layer, against the chain rule written out and against autograd's gradients of the weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.each import each
from unrolled.errors import SettingError
from unrolled.inspection import layer_norms


@each(
    ("name", "options", "layers"),
    [
        ("average", {"num_layers": 3, "hidden_size": 20}, 3),
        ("average", {"num_layers": 0}, 0),
        ("concatenate", {"num_layers": 2, "max_length": 3, "hidden_size": 20}, 2),
        ("ngrams", {"num_layers": 2, "buckets": 5, "hidden_size": 20}, 2),
        ("cnn", {"num_layers": 3, "filter_sizes": (2, 3), "num_filters": 20}, 3),
        ("cnn", {"num_filters": 2}, 1),
        ("rnn", {"num_layers": 2, "bidirectional": True}, 2),
        ("lstm", {"num_layers": 3}, 3),
        ("gru", {}, 1),
    ],
)
def test_every_layer_is_named_in_order_with_autograd_s_norms(
    one_text: Any, name: str, options: Any, layers: int
) -> None:
    case = one_text(name, **options)
    found = layer_norms(case.network, case.weights, np.minimum(case.ids, 12), case.lengths, case.labels)
    assert [row.name for row in found] == ["words", *(f"layer {n + 1}" for n in range(layers)), "classifier"]
    _, gradients = case.autograd()
    for number, row in enumerate(found[1:-1]):
        own = {n.split(".", 2)[2]: g for n, g in gradients.items() if n.startswith(f"encoder.{number}.")}
        assert row.weights == pytest.approx({n: np.linalg.norm(g) for n, g in own.items()}, abs=1e-14)
        W = [(g**2).sum() for n, g in own.items() if n.split(".")[-1] == "W"]
        assert pytest.approx(np.sqrt(sum(W)), abs=1e-14) == row.W
        assert row.h > 0
    assert found[0].h == pytest.approx(np.linalg.norm(gradients["embeddings.tuned"]))
    assert pytest.approx(np.linalg.norm(gradients["classifier.W"])) == found[-1].W


def test_of_a_feed_forward_network_it_is_the_lecture_s_chain(one_text: Any) -> None:
    """dL/dh(1) = dL/dh(2) dh(2)/dh(1), dL/dW(1) = dL/dh(1) dh(1)/dW(1)."""
    case = one_text("average", num_layers=2, hidden_size=5)
    w = case.weights
    h = [w["embeddings.tuned"][case.ids[0]].mean(axis=0)]
    for layer in range(2):
        h.append(np.maximum(h[-1] @ w[f"encoder.{layer}.W"] + w[f"encoder.{layer}.b"], 0))
    logits = h[2] @ w["classifier.W"] + w["classifier.b"]
    p = np.exp(logits) / np.exp(logits).sum() - np.eye(3)[case.labels[0]]
    of_h = {2: w["classifier.W"] @ p}
    of_h[1] = w["encoder.1.W"] @ (of_h[2] * (h[2] > 0))
    _, first, second, classifier = layer_norms(case.network, w, *case.texts)
    assert [first.h, second.h, classifier.h] == pytest.approx([np.linalg.norm(g) for g in (of_h[1], of_h[2], p)])
    for row, layer in ((first, 1), (second, 2)):
        assert pytest.approx(np.linalg.norm(np.outer(h[layer - 1], of_h[layer] * (h[layer] > 0)))) == row.W


def test_an_encoder_that_hands_out_no_layers_is_refused(one_text: Any) -> None:
    case = one_text("transformer", hidden_size=4)
    with pytest.raises(SettingError, match=r"'transformer' .*layers"):
        layer_norms(case.network, case.weights, *case.texts)
