"""Lengths and encoders → percentiles as NumPy's, and exactly the texts that an encoder cuts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.checks.conftest import Pair
from unrolled.checks.lengths import check
from unrolled.checks.profile.dataset_profile import DatasetProfile
from unrolled.checks.profile.encoder_limits import encoder_limits, percentiles
from unrolled.model.registry import encoder_names, encoder_options


@given(st.lists(st.integers(0, 1000), min_size=1))
def test_a_percentile_is_the_least_length_that_so_many_do_not_exceed(counts: list[int]) -> None:
    found = percentiles(np.array(counts))
    for rank, length in found.items():
        assert length in counts
        assert sum(count <= length for count in counts) >= int(rank) / 100 * len(counts) - 1e-9
        assert sum(count < length for count in counts) <= int(rank) / 100 * len(counts) + 1e-9


def test_every_encoder_is_asked_and_a_limit_is_the_option_of_that_name() -> None:
    assert [read.encoder for read in encoder_limits()] == encoder_names()
    for read in encoder_limits():
        option = encoder_options(read.encoder).get("max_length")
        assert read.max_length == (option.default if option else None)


def test_exactly_the_texts_beyond_the_limit_are_counted(profile: Callable[..., DatasetProfile]) -> None:
    (limit,) = [read.max_length for read in encoder_limits() if read.max_length]
    rows: list[Pair] = [(" ".join(["word"] * count), "a") for count in (limit - 1, limit, limit + 1, 2 * limit)]
    (finding,) = check(profile(rows))
    assert (finding.count, finding.of) == (2, 4)
    assert list(check(profile(rows[:2]))) == []
