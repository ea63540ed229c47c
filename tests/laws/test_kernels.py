"""Every encoder with each option alone, trained and asked → which kernels ran, and that the plain arithmetic agrees."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from tests.each import each
from unrolled.encoder_laws.case import Case
from unrolled.encoder_laws.cases import cases
from unrolled.kernels import run_parallel
from unrolled.kernels.compiled import adamw, conv_max_pool, recurrent, rows
from unrolled.kernels.compiled.library import Library, find_library, plain
from unrolled.model.encoder import HasHashedNgrams, is_compiled
from unrolled.model.layers.averaging import Averaging
from unrolled.model.layers.recurrent import Recurrent
from unrolled.model.registry import encoder_names
from unrolled.model.weights import initialize
from unrolled.prediction.text_model import TextModel
from unrolled.storage.config import Config
from unrolled.text.text_config import TextConfig
from unrolled.text.vocabulary import Vocabulary
from unrolled.training.state import StepState
from unrolled.training.threads import threads
from unrolled.training.training_config import TrainingConfig

VOCABULARY = Vocabulary(["<unk>", *(f"word{number}" for number in range(1, 23))])
TEXTS = ["word3 word7 word1", "", "word9 what word9 word4", "word8 word12 word1 word1 word6 word19 word2", "unheard of"]


CASES = [case for encoder in encoder_names() for case in cases(encoder)]


@pytest.fixture(autouse=True)
def _needs_kernels() -> None:
    if isinstance(library := find_library(), str):
        pytest.skip(library)


def used_afresh() -> set[str]:
    """Forget which kernels have run, and return the set that those to come are added to."""
    library = find_library()
    assert isinstance(library, Library)
    library.used.clear()
    return library.used


def kernels_of(case: Case) -> set[str]:
    """Name the kernels of an encoder that go both ways; none where it says that it isn't compiled."""
    encoder = case.encoder
    if not is_compiled(encoder):
        return set()
    if isinstance(encoder, Recurrent):
        assert encoder.cell is not None
        pooling = {"mean": "mean", "max": "windows"}.get(encoder.pooling, encoder.cell.function)
        return {encoder.cell.function, pooling}
    return {"mean"} if isinstance(encoder, Averaging) else {"windows"}


def model_of(case: Case) -> TextModel:
    config, random = (
        Config(case.name, case.options, TextConfig(embedding_dim=6), ("no", "yes")),
        np.random.default_rng(0),
    )
    first = initialize(config.network(len(VOCABULARY)).weights(), 0)
    weights = {name: (value + random.normal(0, 0.1, value.shape)).astype("f4") for name, value in first.items()}
    return TextModel(config, VOCABULARY, weights)


def state_of(case: Case) -> StepState:
    network = case.network("tuned")
    return StepState(network, initialize(network.weights(), 0), TrainingConfig(dropout=0.3, embedding_dropout=0.1))


def directions(used: set[str], way: str) -> set[str]:
    return {name.removesuffix(way) for name in used if name.endswith(way)}


@each("plain_case", CASES)
def test_training_takes_each_encoders_kernels_both_ways(plain_case: Case) -> None:
    used = used_afresh()
    ids, lengths = plain_case.batch
    state_of(plain_case).step(0, ids, lengths, np.arange(len(lengths)) % 2, 0.01, None)
    assert directions(used, "_forward") == directions(used, "_backward") == kernels_of(plain_case)
    assert {"settled_rows", "adamw_rows", "adamw_numbers"} <= used


@each("plain_case", CASES)
def test_prediction_takes_each_encoders_kernels(plain_case: Case) -> None:
    used = used_afresh()
    model_of(plain_case).logits(TEXTS)
    assert directions(used, "_forward") == kernels_of(plain_case)
    assert directions(used, "_backward") == set()
    encoder = plain_case.encoder
    assert ("rows_of_ngrams" in used) == (isinstance(encoder, HasHashedNgrams) and encoder.ngram_range != (1, 1))


@each("plain_case", CASES)
def test_prediction_is_that_of_the_plain_arithmetic(plain_case: Case) -> None:
    used = used_afresh()
    model = model_of(plain_case)
    found = model.logits(TEXTS)
    used.clear()
    with plain():
        expected = model_of(plain_case).logits(TEXTS)
        np.testing.assert_allclose(model.logits(TEXTS), expected, atol=1e-5)
    assert not used
    np.testing.assert_allclose(found, expected, atol=1e-5)


def gradients(case: Case) -> dict[str, Any]:
    ids, lengths = case.batch
    first = initialize(case.network().weights(), 1)
    leaves = {name: case.array(value).requires_grad_() for name, value in first.items()}
    logits = case.network().logits(leaves, ids, lengths)
    loss = torch.nn.functional.cross_entropy(logits, torch.arange(len(lengths)) % 2)
    found = torch.autograd.grad(loss, list(leaves.values()), materialize_grads=True)
    return dict(zip(leaves, map(np.asarray, found), strict=True))


@each("plain_case", CASES)
def test_gradients_are_those_of_the_plain_arithmetic(plain_case: Case) -> None:
    used = used_afresh()
    case = replace(plain_case, kind="torch")
    found = gradients(case)
    assert directions(used, "_backward") == kernels_of(case)
    used.clear()
    with plain():
        expected = gradients(case)
    assert not used
    exact = gradients(replace(case, dtype="f8"))
    for name, array in found.items():
        np.testing.assert_allclose(array, expected[name], atol=1e-5, err_msg=name)
        np.testing.assert_allclose(array, exact[name], atol=1e-5, err_msg=name)


def trained(case: Case, number: int, kernels: int) -> list[bytes]:
    """Take some steps and read, torch and the kernels with so many threads → losses, logits and weights."""
    random = np.random.default_rng(0)
    state, losses = state_of(case), []
    with threads(number), run_parallel.threads(kernels):
        for step in range(2):
            lengths, ids = random.integers(0, 12, 16), random.integers(0, case.words, (16, 12))
            losses.append(state.step(step, ids, lengths, np.arange(16) % 2, 0.01, None))
        read = state.logits(ids, lengths)
    return [array.tobytes() for array in (np.array(losses), read, *state.copy().values())]


@pytest.mark.parametrize("encoder", encoder_names())
def test_the_same_seed_and_threads_give_the_same_bits(encoder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    used = used_afresh()
    defaults = Case(encoder, {})
    for kernel in (adamw, recurrent, rows, conv_max_pool):
        monkeypatch.setattr(kernel, "WORTH_A_THREAD", 0)
    alone, shared = trained(defaults, 1, 1), trained(defaults, 2, 2)
    assert directions(used, "_backward") == kernels_of(defaults)
    assert trained(defaults, 1, 1) == alone
    assert trained(defaults, 2, 2) == shared
    assert trained(defaults, 1, 2) == alone  # threads of torch's products alone may change bits
