"""The words cpu, cuda and auto → the device, with and without a GPU that torch can use."""

from __future__ import annotations

import pytest
import torch

from unrolled.errors.kinds import SettingError
from unrolled.training.device import find_device


@pytest.mark.parametrize("there", [True, False])
def test_cpu_is_the_cpu_whatever_else_there_is(monkeypatch: pytest.MonkeyPatch, there: bool) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: there)
    assert find_device("cpu") == torch.device("cpu")


@pytest.mark.parametrize(("there", "wanted"), [(True, "cuda"), (False, "cpu")])
def test_auto_takes_a_gpu_exactly_where_torch_can_use_one(
    monkeypatch: pytest.MonkeyPatch, there: bool, wanted: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: there)
    assert find_device("auto").type == wanted


def test_cuda_is_taken_where_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert find_device("cuda").type == "cuda"


def test_cuda_that_is_not_there_is_an_error_with_a_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(SettingError, match=r"device.*'cuda'") as caught:
        find_device("cuda")
    assert "cpu" in caught.value.advice
