"""The walk step by step, each step with weights of its own, against the encoders' own fast path."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from unrolled.errors import SettingError
from unrolled.inspection import replay


def test_gives_the_logits_of_the_fast_path(case: Any) -> None:
    found = replay(case.network, case.weights, case.ids, case.lengths)
    assert found.logits.detach().numpy() == pytest.approx(case.autograd()[0], abs=1e-12, rel=0)


def test_following_fewer_steps_changes_no_answer(case: Any) -> None:
    whole, near = (replay(case.network, case.weights, case.ids, case.lengths, steps=k).logits for k in (None, 2))
    assert whole.detach().numpy() == pytest.approx(near.detach().numpy(), abs=1e-14, rel=0)


def test_weights_of_any_kind_are_read_in_float64_and_left_alone(one_text: Any) -> None:
    case = one_text("gru")
    weights = {name: value.astype("f4") for name, value in case.weights.items()}
    before = {name: value.copy() for name, value in weights.items()}
    for value in weights.values():
        value.setflags(write=False)  # as those of a loaded model may be
    found = replay(case.network, weights, case.ids, case.lengths)
    assert str(found.logits.dtype) == "torch.float64"
    assert all(np.array_equal(before[name], value) for name, value in weights.items())


def test_every_step_has_weights_of_its_own_and_the_states_go_back_in_time(one_text: Any) -> None:
    case = one_text("lstm")
    (side,) = replay(case.network, case.weights, case.ids, case.lengths).sides
    assert (side.name, side.symbols, len(side.found), len(side.copies)) == ("0.forward", ("h", "C"), 7, 7)
    assert len({id(own["W"]) for own in side.copies}) == 7
    assert len(side.found[0]) == 6
    (shorter,) = replay(case.network, case.weights, case.ids, np.array([6])).sides
    assert np.array_equal(side.found[1][0].detach(), shorter.found[0][0].detach())


def test_an_encoder_without_time_is_refused_by_name(one_text: Any) -> None:
    case = one_text("cnn")
    with pytest.raises(SettingError, match=r"'cnn' isn't recurrent.*gru, lstm, rnn"):
        replay(case.network, case.weights, case.ids, case.lengths)
