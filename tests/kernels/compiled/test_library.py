"""The compiled library, missing, broken or there → which arithmetic is used, and what is told of it."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.kernels.gpu_rehearsal import rehearsal
from unrolled.kernels import gpu
from unrolled.kernels.compiled import library
from unrolled.kernels.compiled.library import Library, find_library, plain, source_digest
from unrolled.model.layers.pooling import mean_of_rows


@pytest.fixture(autouse=True)
def no_gpu_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu, "USED", set())


def test_the_library_is_made_of_the_source_that_stands_beside_it(compiled: Library) -> None:
    assert compiled.digest == source_digest()


def test_a_library_of_other_source_is_not_used(
    compiled: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for path in library.SOURCE.glob("*.[ch]"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(library, "SOURCE", tmp_path)
    assert isinstance(find_library.__wrapped__(), Library)
    source = tmp_path / "walk.h"
    source.write_text(source.read_text().replace("variant;", "variant, more;"))
    assert find_library.__wrapped__() == "the kernels were compiled from other source: reinstall"


def test_only_float32_on_the_cpu_is_computed_by_kernels(compiled: Library) -> None:
    single, double = np.zeros(3, "f4"), np.zeros(3)
    assert library.compiled(single) is library.compiled(torch.zeros(3)) is library.compiled(single, single) is compiled
    for other in (double, torch.zeros(3).double(), torch.zeros(3, device="meta"), np.zeros(3, ">f4")):
        assert library.compiled(single, other) is None


def test_inside_plain_nothing_is_compiled(compiled: Library) -> None:
    with plain():
        assert library.compiled(np.zeros(3, "f4")) is None
    assert library.compiled(np.zeros(3, "f4")) is compiled


def test_without_a_library_the_reason_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(library, "PATH", tmp_path / "unrolled.so")
    assert "no C compiler" in str(find_library.__wrapped__())
    (tmp_path / "unrolled.so").write_bytes(b"no library")
    assert "can't be loaded" in str(find_library.__wrapped__())
    monkeypatch.setattr(library, "PATH", Path(sys.modules["_ctypes"].__file__ or ""))
    assert "can't be loaded" in str(find_library.__wrapped__())


def test_without_a_library_the_plain_arithmetic_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "find_library", lambda: "there are none")
    assert library.compiled(np.zeros(3, "f4")) is None
    assert library.backends_used() == "NumPy or torch, without compiled kernels (there are none)"


def test_what_has_been_used_is_told(compiled: Library) -> None:
    plain_told = "NumPy or torch (this model needs no compiled kernel)"
    assert library.backends_used() == plain_told
    compiled.call("pack", np.zeros((1, 1), "f4"), 1, 1, 1, 1, np.zeros(16, "f4"))
    assert library.backends_used() == plain_told  # a kernel around the network makes no compiled network
    mean_of_rows(np.zeros((1, 1), "f4"), np.zeros((1, 1), int), np.ones(1, int))
    assert library.backends_used() == f"compiled kernels ({compiled.level})"


def test_torch_s_kernels_take_what_lies_on_a_gpu_and_nothing_else() -> None:
    single, double = torch.zeros(3), torch.zeros(3).double()
    assert not library.count_cudnn(single)
    with rehearsal():
        assert library.count_cudnn(single)
        assert library.count_cudnn(single, double)
        assert not library.count_cudnn(single, np.zeros(3, "f4"))
        with plain():
            assert not library.count_cudnn(single)


def test_nothing_is_compiled_for_a_gpu_but_what_stays_with_numpy(compiled: Library) -> None:
    with rehearsal():
        assert library.compiled(torch.zeros(3)) is None
        assert library.compiled(np.zeros(3, "f4"), torch.zeros(3)) is None
        assert library.compiled(np.zeros(3, "f4")) is library.compiled() is compiled
    assert library.compiled(torch.zeros(3)) is compiled


def test_what_a_gpu_has_used_is_told(compiled: Library) -> None:
    compiled.used.add("lstm_forward")
    with rehearsal():
        library.compiled(torch.zeros(3))
        assert library.backends_used() == "torch on the GPU, without a kernel for this network"
        library.count_cudnn(torch.zeros(3))
        assert library.backends_used() == "torch's recurrent kernels on the GPU"
    assert library.backends_used() == f"compiled kernels ({compiled.level})"


def test_a_kernel_without_memory_is_a_memory_error(compiled: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    class OutOfMemory:
        def __getattr__(self, name: str) -> object:
            return lambda *_: 1

    monkeypatch.setattr(compiled, "functions", OutOfMemory())
    with pytest.raises(MemoryError, match="pack"):
        compiled.call("pack")
