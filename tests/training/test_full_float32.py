"""torch's switches for the precision of recurrent kernels → all bits within the block, as before after it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch

from tests.each import each
from unrolled.training.full_float32 import full_float32

GPU, CPU = torch.device("cuda"), torch.device("cpu")


def found() -> str:
    return str(torch.backends.cudnn.rnn.fp32_precision)  # type: ignore[attr-defined]


@pytest.fixture(params=["tf32", "ieee", "none"])
def before(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the user has chosen."""
    if not hasattr(torch.backends.cudnn.rnn, "fp32_precision"):
        pytest.skip("this torch has no switch for recurrent kernels alone")
    monkeypatch.setattr(torch.backends.cudnn.rnn, "fp32_precision", request.param)
    assert found() == request.param
    return str(request.param)


@each("error", [ValueError, KeyboardInterrupt, None])
def test_all_bits_hold_within_the_block_alone(before: str, error: type[BaseException] | None) -> None:
    try:
        with full_float32(GPU):
            assert found() == "ieee"
            if error:
                raise error
    except (ValueError, KeyboardInterrupt):
        assert error
    assert found() == before


def test_on_a_cpu_nothing_is_set(before: str) -> None:
    with full_float32(CPU):
        assert found() == before


@pytest.mark.parametrize("allowed", [True, False])
def test_an_older_torch_has_one_switch_for_all_of_cudnn(allowed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    old = SimpleNamespace(rnn=SimpleNamespace(), allow_tf32=allowed)
    monkeypatch.setattr(torch.backends, "cudnn", old)
    with full_float32(GPU):
        assert old.allow_tf32 is False
    assert old.allow_tf32 is allowed
    with full_float32(CPU):
        assert old.allow_tf32 is allowed
