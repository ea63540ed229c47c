"""Weights in any layout → the same numbers, packed; again only where nobody can have changed them."""

from __future__ import annotations

import gc

import numpy as np

from tests.each import each
from unrolled.kernels.compiled import packing
from unrolled.kernels.compiled.library import Library
from unrolled.kernels.compiled.packing import packed_parts

LANES = {"baseline": 4, "avx2": 8, "avx512": 16}


@each(("depth", "columns", "cut"), [(1, 1, 1), (5, 7, 7), (3, 21, 14), (17, 200, 200), (4, 65, 64)])
@each("transposed", [False, True])
def test_panels_of_four_registers_hold_the_weights_and_zeros(
    depth: int, columns: int, cut: int, transposed: bool, compiled: Library
) -> None:
    W = np.random.default_rng(0).normal(size=(depth, columns)).astype("f4")
    for view in (W, np.asfortranarray(W), np.repeat(W, 2, axis=1)[:, ::2]):
        parts = packed_parts(compiled, view, cut, transposed=transposed)
        wanted = [part.T if transposed else part for part in (W[:, :cut], W[:, cut:]) if part.size]
        for packed, part in zip(parts, wanted, strict=True):
            width, lanes = 4 * LANES[compiled.level], LANES[compiled.level]
            panels = [part[:, start : start + width] for start in range(0, part.shape[1], width)]
            panels = [np.pad(panel, ((0, 0), (0, -panel.shape[1] % lanes))) for panel in panels]
            expected = np.concatenate([panel.ravel() for panel in panels])
            np.testing.assert_array_equal(packed.ravel()[: len(expected)], expected)


def test_only_weights_that_nobody_can_write_to_are_packed_once(compiled: Library, called: list[str]) -> None:
    W = np.ones((3, 4), "f4")
    for _ in range(2):
        packed_parts(compiled, W, 4, transposed=False)
    assert len(called) == 2
    W.flags.writeable = False
    found = [packed_parts(compiled, W, 4, transposed=False) for _ in range(2)]
    assert len(called) == 3
    assert found[0] is found[1]
    packed_parts(compiled, W, 4, transposed=True)
    packed_parts(compiled, W, 2, transposed=False)
    assert len(called) == 6


def test_what_was_cached_goes_with_its_weights(compiled: Library) -> None:
    before = len(packing._cache)
    W = np.ones((3, 4), "f4")
    W.flags.writeable = False
    packed_parts(compiled, W, 4, transposed=False)
    assert len(packing._cache) == before + 1
    del W
    gc.collect()
    assert len(packing._cache) == before
