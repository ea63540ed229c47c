"""Every encoder trained on a GPU, in rehearsal of one, and on a pretended device → what the CPU finds, and stays there.

Where there is no GPU the rehearsal goes its ways on the CPU, and torch's fake tensors, which have a device and no
numbers, tell where anything would be mixed with the CPU or read back in silence.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
import torch
from torch.utils import backend_registration

from tests.each import each
from tests.kernels.gpu_rehearsal import rehearsal
from unrolled.model.registry import encoder_names, encoder_options, make_encoder
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import initialize
from unrolled.text.text_config import Channels
from unrolled.text.vocabulary import pad
from unrolled.training.state import StepState
from unrolled.training.training_config import TrainingConfig

Where = Literal["cpu", "rehearsal", "cuda"]
WORDS, SIZE, STEPS, NEAR = 30, 12, 4, 1e-4
ON_GPU = pytest.param("cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU for torch"))


def small(name: str) -> dict[str, Any]:
    sizes = {"hidden_size": 8, "num_filters": 4, "buckets": 9, "dim_feedforward": 8, "max_length": 5}
    return {key: value for key, value in sizes.items() if key in encoder_options(name)}


def cases() -> list[tuple[str, dict[str, Any]]]:
    """List every encoder, with each choice and switch alone, and with two layers both ways where it has them."""
    found = []
    for name in encoder_names():
        options = encoder_options(name)
        found.append((name, small(name)))
        for key, option in options.items():
            others = option.choices or ([not option.default] if option.kind is bool else [])
            found += [(name, {**small(name), key: value}) for value in others if value != option.default]
        deep = {key: value for key, value in {"num_layers": 2, "bidirectional": True}.items() if key in options}
        found += [(name, {**small(name), **deep, **more}) for more in ({}, {"reset": "after"}) if {*more} <= {*options}]
    return found


def batch_of(seed: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    random = np.random.default_rng(seed)
    ids, lengths = pad([random.integers(0, WORDS, length) for length in (0, 1, 9, 4, 2, 6)])
    return ids, lengths, random.integers(0, 2, len(ids))


def trained(name: str, options: dict[str, Any], where: Where, channels: Channels, **plan: Any) -> tuple[Any, Any, Any]:
    """Take some steps → their losses, what the device reads afterwards, and what NumPy reads with the same weights."""
    encoder = make_encoder(name, SIZE * len(channels.split("+")), options)
    network = TextNetwork(WORDS, SIZE, channels, encoder, 2)
    with rehearsal() if where == "rehearsal" else nullcontext():
        given = TrainingConfig(
            device="cuda" if where == "cuda" else "cpu", max_grad_norm=0.5, label_smoothing=0.1, **plan
        )
        state = StepState(network, initialize(network.weights(), 1), given)
        losses = [state.step(n, *batch_of(n), 3e-3, np.array([0.7, 1.5])) for n in range(STEPS)]
        ids, lengths, _ = batch_of(99)
        weights = state.copy()
        return np.array(losses), state.logits(ids, lengths), network.read(weights, ids, lengths)


@each("where", ["rehearsal", ON_GPU])
@each(("name", "options"), cases())
def test_training_finds_what_the_cpu_finds(name: str, options: dict[str, Any], where: Where) -> None:
    exact = {"dropout": 0.0, "embedding_dropout": 0.0}
    found = trained(name, options, where, "static+tuned", **exact)
    expected = trained(name, options, "cpu", "static+tuned", **exact)
    assert np.ptp(expected[0]) > 10 * NEAR
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=NEAR)
    np.testing.assert_allclose(found[1], found[2], atol=NEAR)


@each("where", ["rehearsal", ON_GPU])
@each("name", encoder_names())
def test_what_is_dropped_depends_on_the_step_alone(name: str, where: Where) -> None:
    dropping = {"dropout": 0.5, "embedding_dropout": 0.3}
    first, again = (trained(name, small(name), where, "tuned", **dropping) for _ in range(2))
    np.testing.assert_allclose(first[0], again[0], atol=NEAR)
    other = trained(name, small(name), where, "tuned", **dropping, random_state=1)
    assert np.abs(first[0] - other[0]).max() > 10 * NEAR


@pytest.mark.skipif(torch.cuda.is_available(), reason="here is a GPU, which would be measured")
def test_the_benchmark_of_gpus_says_in_a_line_that_there_is_none() -> None:
    root = Path(__file__).parents[2]
    words = [sys.executable, "-m", "benchmarks.bench_gpu"]
    done = subprocess.run(words, cwd=root, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "bench_gpu needs a GPU that torch can use, and torch finds none here.\n"


# One step of every encoder on a device that has no numbers: whatever mixes devices, or looks at a number, raises.
PRETENDED = """
import numpy as np, torch
from torch._subclasses.fake_tensor import FakeTensor, FakeTensorMode
from torch.utils import backend_registration
from tests.kernels.gpu_rehearsal import rehearsal
from unrolled.kernels import gpu
from unrolled.model.registry import make_encoder
from unrolled.model.text_network import TextNetwork
from unrolled.text.vocabulary import pad
from unrolled.model.weights import initialize
from unrolled.training import state
from unrolled.training.training_config import TrainingConfig

backend_registration._setup_privateuseone_for_python_backend("pretended")
looks = []

class Stream:
    def __init__(self, device):
        assert device.type == "pretended"
    def manual_seed(self, seed):
        return None

def network_of_torch(vectors, sizes, first, parameters, *_):  # torch's own needs the numbers of `sizes`
    assert sizes.device.type == "cpu"
    start = first[0] if isinstance(first, tuple) else first
    sides = [parameters[at : at + 4] for at in range(0, len(parameters), 4)]
    hidden = [(vectors @ U.T + b + c)[:, : start.shape[2]] + 0 * W.sum() + start.sum() for U, W, b, c in sides]
    return (torch.cat(hidden, 1),)

def look(self):
    looks.append(tuple(self.shape))
    return [1.0, 9.0]

FakeTensor.tolist, torch.Generator = look, Stream
for function in ("lstm", "gru", "rnn_tanh", "rnn_relu"):
    setattr(torch, function, network_of_torch)
state.find_device = lambda _: torch.device("pretended:0")
for name, options in CASES:
    encoder = make_encoder(name, 24, options)
    network = TextNetwork(WORDS, 12, "static+tuned", encoder, 2)
    ids, lengths = pad([np.arange(length) % WORDS for length in (0, 1, 9, 4, 2)])
    looks.clear()
    with rehearsal(), FakeTensorMode():
        training = state.StepState(network, initialize(network.weights(), 0), TrainingConfig())
        training.step(0, ids, lengths, np.arange(5) % 2, 0.01, np.ones(2))
        with torch.no_grad():
            logits = network.read(training.weights, ids, lengths)
        training.optimizer.settle()
        assert {tensor.device.type for tensor in (logits, *training.weights.values())} == {"pretended"}
        same = getattr(encoder, "of_torch", None) is not None
        assert gpu.USED == {"plain", *["torch's kernels"] * same}, (name, options)
    assert looks == [(2,)], (name, looks)  # loss and norm, once a step
print("all", len(CASES))
"""


@pytest.mark.torture
@pytest.mark.skipif(
    not hasattr(backend_registration, "_setup_privateuseone_for_python_backend"), reason="this torch can't pretend"
)
def test_a_step_mixes_no_devices_and_waits_for_them_once() -> None:
    every = cases()
    code = f"CASES, WORDS = {every!r}, {WORDS}\n{PRETENDED}"
    words, root = [sys.executable, "-c", code], Path(__file__).parents[2]
    done = subprocess.run(words, cwd=root, capture_output=True, text=True, timeout=600, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, f"all {len(every)}"), done.stderr
