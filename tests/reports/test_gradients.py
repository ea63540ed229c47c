"""What was measured → sentences, tables and figures that say the same."""

from __future__ import annotations

import math
from typing import Any

from tests.each import each
from unrolled.reports.gradients import Layer, Measured, Reached, figures, layer_table, number, reach_table, sentence


def reached(half_life: float = 1.0, name: str = "rnn", steps: int = 60, **more: Any) -> Reached:
    values = [2 ** (-k / half_life) for k in range(steps)]
    return Reached(name, values, values, values, half_life, **more)


def measured(**more: Any) -> Measured:
    terms = {"0.forward.W": [1.0, 0.1, 0.0], "0.forward.U": [1.0, 0.1, 0.01], "0.forward.b": [1.0, 0.2, 0.1]}
    gates = {"0.forward.W(i)": [0.5, 0.1, 0.0]}
    lines = [reached(), reached(4.0, "rnn, C", state="C")]
    return Measured("rnn", lines, {**terms, **gates}, {"0.forward.W": 0.93}, **more)


@each(
    ("found", "said"),
    [
        (reached(1.0), "rnn: halves every 1 words; 20 words back 9.5e-07 of it is left."),
        (reached(3.66), "rnn: halves every 3.7 words; 20 words back 0.023 of it is left."),
        (reached(1.0, steps=2), "rnn: halves every 1 words; 1 word back 0.5 of it is left."),
        (
            Reached("rnn", [1, 2.0] * 15, [], [], math.inf),
            "rnn: does not shrink; 20 words back it is 1 times as large.",
        ),
        (Reached("rnn", [1, 0.0, 0.0], [], [], 0.0), "rnn: nothing arrives even one word back."),
    ],
)
def test_a_sentence_says_how_far_it_reaches(found: Reached, said: str) -> None:
    assert sentence(found) == said


def test_only_0_is_written_as_0() -> None:
    assert [number(value) for value in (0.0, 1e-300, 1e-3, 0.25, 1.0, 12345.0)] == [
        "0", "1.0e-300", "0.001", "0.25", "1", "1.2e+04",
    ]  # fmt: skip


def test_the_table_has_a_row_for_every_state_and_the_share_once() -> None:
    table = reach_table([measured()])
    assert table.heading == ["gradient of h", "half-life", *(f"{k} back" for k in (1, 5, 10, 20, 50)), "dL/dW, last 5"]
    assert table.rows[0] == ["rnn", "1.0", "0.5", "0.031", "9.8e-04", "9.5e-07", "8.9e-16", "93 %"]
    assert [row[-1] for row in table.rows] == ["93 %", ""]
    assert reach_table([Measured("x", [reached(steps=7)], {}, {"W": 1.0})]).rows[0][4:7] == ["–", "–", "–"]


def test_the_zero_term_is_said_where_there_is_one() -> None:
    _, terms = figures([measured()], "first weights")
    assert "h_0, is 0" in " ".join(terms.findings)
    _, without = figures([Measured("rnn", [reached()], {"0.forward.W": [1.0, 0.1]}, {"0.forward.W": 1.0})], "trained")
    assert "h_0" not in " ".join(without.findings)


def test_every_figure_has_its_numbers_its_finding_and_room(look: Any) -> None:
    layers = [
        Layer("words", 0.1, None),
        *(Layer(f"layer {n}", 10.0**n, 1.0) for n in (1, 2)),
        Layer("classifier", 1, 1),
    ]
    reach, terms, layered = figures([measured(layers=layers)], "first weights")
    for figure in (reach, terms, layered):
        assert figure.findings
        assert "first weights" in figure.drawing.title
        look(figure.drawing)
    assert sentence(reached()) in reach.findings
    assert len(reach.table.rows) == 60
    assert terms.table.heading[1:] == [f"rnn 0.forward.{name}" for name in ("W", "U", "b", "W(i)")]
    assert "rnn: |dL/dh| of layer 1 is 0.1 times the last's." in layered.findings
    assert layered.table == layer_table([measured(layers=layers)])
    assert [row[0] for row in layered.table.rows] == [f"rnn, {layer.name}" for layer in layers]


def test_what_has_no_time_has_no_picture_of_it() -> None:
    (only,) = figures([Measured("average", layers=[Layer("words", 1, None), Layer("classifier", 1, 1)])], "trained")
    assert "layers" in only.drawing.title


def test_many_layers_and_directions_are_drawn(look: Any) -> None:
    layers = [Layer("words", 0.1, None), *(Layer(f"layer {n}", 10.0**-n, 1.0) for n in range(1, 30))]
    sides = {f"{n}.{way}.W": [1.0, 0.1] for n in (0, 1) for way in ("forward", "backward")}
    for figure in figures([Measured("gru", [reached()], sides, dict.fromkeys(sides, 0.5), layers)], "trained"):
        look(figure.drawing)
