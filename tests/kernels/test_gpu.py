"""Arrays of every kind, in rehearsal or not → whether they count as lying on a GPU."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from tests.kernels.gpu_rehearsal import rehearsal
from unrolled.kernels import gpu


@pytest.mark.parametrize("array", [np.zeros(2), torch.zeros(2), torch.zeros(2, device="meta")])
def test_nothing_here_lies_on_a_gpu(array: object) -> None:
    assert not gpu.on_gpu(array)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU that torch can use")
def test_what_lies_on_a_gpu_does() -> None:
    assert gpu.on_gpu(torch.zeros(2, device="cuda"))


@pytest.mark.parametrize("error", [None, ValueError, KeyboardInterrupt])
def test_in_rehearsal_all_of_torch_s_tensors_do_and_afterwards_none(error: type[BaseException] | None) -> None:
    tensor = torch.zeros(2)
    try:
        with rehearsal():
            assert gpu.on_gpu(tensor)
            assert not gpu.on_gpu(np.zeros(2))
            if error:
                raise error
    except (ValueError, KeyboardInterrupt):
        assert error
    assert not gpu.on_gpu(tensor)


def test_a_rehearsal_begins_with_nothing_used_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu, "USED", {"plain"})
    with rehearsal():
        assert not gpu.USED
        gpu.USED.add("torch's kernels")
    assert sorted(gpu.USED) == ["plain"]
