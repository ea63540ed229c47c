"""What was measured of back-propagation, as plain numbers → sentences, tables and figures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from unrolled.reports.charts.bar_grid import Bars, Row, bar_grid
from unrolled.reports.charts.line_chart import Line, line_chart
from unrolled.reports.page import Figure
from unrolled.reports.table import Table

DISTANCES = (1, 5, 10, 20, 50)
NEAR = 5  # steps whose share of dL/dW is told


@dataclass(frozen=True)
class Reached:
    """What is left of one gradient by steps back: the middle text, the band from 10 to 90 %, the half-life in words."""

    name: str
    values: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    half_life: float
    state: str = "h"


@dataclass(frozen=True)
class Layer:
    """The norms of dL/dh and dL/dW of one layer; W is None where there is none."""

    name: str
    h: float
    W: float | None


@dataclass(frozen=True)
class Measured:
    """One network at one moment; what it has no time or no layers for is empty."""

    name: str
    reached: Sequence[Reached] = ()
    terms: Mapping[str, Sequence[float]] = field(default_factory=dict)  # a weight's name → |G_k|
    near: Mapping[str, float] = field(default_factory=dict)  # a weight's name → the last steps' share of the sum
    layers: Sequence[Layer] = ()


def sentence(reached: Reached) -> str:
    """Describe how far a gradient reaches: `rnn: halves every 1.4 words; 20 words back 3.3e-05 of it is left.`"""
    far = min(20, len(reached.values) - 1)
    left = reached.values[far]
    back = f"{far} word{'s' if far > 1 else ''} back"
    if reached.half_life == 0:
        return f"{reached.name}: nothing arrives even one word back."
    if math.isinf(reached.half_life):
        return f"{reached.name}: does not shrink; {back} it is {number(left)} times as large."
    return f"{reached.name}: halves every {reached.half_life:.2g} words; {back} {number(left)} of it is left."


def half_life(words: float) -> str:
    """Write a half-life in words."""
    return "none" if math.isinf(words) else f"{words:.1f}"


def number(value: float) -> str:
    """Write a ratio or a norm with two digits; 0 only if it is 0."""
    return "0" if value == 0 else f"{value:.2g}" if 1e-3 <= value < 1e4 else f"{value:.1e}"


def reach_table(measured: Sequence[Measured]) -> Table:
    """Lay out half-life, what is left at some distances, and the last steps' share of dL/dW."""
    heading = ["gradient of h", "half-life", *(f"{k} back" for k in DISTANCES), f"dL/dW, last {NEAR}"]
    rows = []
    for network in measured:
        shares = iter(network.near.values())
        for reached in network.reached:
            at = (number(reached.values[k]) if k < len(reached.values) else "–" for k in DISTANCES)
            share = f"{100 * next(shares):.0f} %" if reached.state == "h" else ""
            rows.append([reached.name, half_life(reached.half_life), *at, share])
    return Table(heading, rows)


def layer_table(measured: Sequence[Measured]) -> Table:
    """Lay out the norms layer by layer."""
    rows = [
        [f"{network.name}, {layer.name}", number(layer.h), "–" if layer.W is None else number(layer.W)]
        for network in measured
        for layer in network.layers
    ]
    return Table(["network, layer", "|dL/dh|", "|dL/dW|"], rows)


def figures(measured: Sequence[Measured], moment: str) -> list[Figure]:
    """Draw what there is: the reach by distance, the terms of dL/dW, the layers."""
    through_time = [network for network in measured if network.reached]
    layered = [network for network in measured if network.layers]
    found = [_reach(through_time, moment), _terms(through_time, moment)] if through_time else []
    return [*found, *([_layers(layered, moment)] if layered else [])]


def _reach(measured: Sequence[Measured], moment: str) -> Figure:
    lines = [
        Line(
            f"{reached.name}: {half_life(reached.half_life)}",
            reached.values,
            reached.low,
            reached.high,
            colour,
            reached.state != "h",
        )
        for colour, network in enumerate(measured)
        for reached in network.reached
    ]
    title = f"What is left of the gradient, |dL/dh(T-k)| / |dL/dh(T)|, and its half-life in words ({moment})"
    explained = (
        "Each line is the middle one of the texts, its band holds those between 10 and 90 %. "
        "A dashed line is the gradient of an lstm's cell C. Who reads from the right counts from the first word. In "
        "lower layers that read both ways, states near either end are near to the loss."
    )
    findings = [sentence(reached) for network in measured for reached in network.reached]
    return Figure(line_chart(title, "words back from the end, k", lines), [*findings, explained], _by_step(measured))


def _by_step(measured: Sequence[Measured]) -> Table:
    every = [reached for network in measured for reached in network.reached]
    steps = max(len(reached.values) for reached in every)
    rows = [[str(k), *(number(r.values[k]) if k < len(r.values) else "–" for r in every)] for k in range(steps)]
    return Table(["words back", *(reached.name for reached in every)], rows)


def _terms(measured: Sequence[Measured], moment: str) -> Figure:
    rows = []
    for colour, network in enumerate(measured):
        sides = dict.fromkeys(name.rpartition(".")[0] for name in network.terms)
        for side in sides:
            own = {name.rpartition(".")[2]: norms for name, norms in network.terms.items() if _on(side, name)}
            charts = [Bars(f"dL/d{symbol}", norms, _ticks(len(norms))) for symbol, norms in sorted(own.items())]
            rows.append(Row(f"{network.name}{f', {_in_words(side)}' if len(sides) > 1 else ''}", charts, colour))
    title = f"dL/dW as a sum, one term per number of steps back: the terms' norms ({moment})"
    drawing = bar_grid(title, "words back, k; one scale for all", rows)
    return Figure(drawing, _about_terms(measured), _term_table(measured))


def _in_words(side: str) -> str:
    layer, direction = side.split(".")
    return f"layer {int(layer) + 1}, {direction}"


def _on(side: str, name: str) -> bool:
    return name.rpartition(".")[0] == side and "(" not in name


def _about_terms(measured: Sequence[Measured]) -> list[str]:
    caption = [
        f"{network.name}: the last {NEAR} steps make {100 * share:.0f} % of dL/dW{f' ({name})' if more else ''}."
        for network in measured
        for more in [len(network.near) > 1]
        for name, share in network.near.items()
    ]
    recurrent = [norms for network in measured for name, norms in network.terms.items() if name.endswith(".W")]
    if any(norms[-1] == 0 for norms in recurrent):
        caption.append(
            "The furthest term of W is exactly 0, and drawn as 0: the state before the first word, h_0, is 0. "
            "Those of U and b are not."
        )
    return [*caption, "A share is that of <G_k, G> in |G|²: shares add up to 100 %, and one of them may be negative."]


def _term_table(measured: Sequence[Measured]) -> Table:
    every = {f"{network.name} {name}": norms for network in measured for name, norms in network.terms.items()}
    steps = max(len(norms) for norms in every.values())
    rows = [[str(k), *(number(norms[k]) if k < len(norms) else "–" for norms in every.values())] for k in range(steps)]
    return Table(["words back", *every], rows)


def _layers(measured: Sequence[Measured], moment: str) -> Figure:
    rows = []
    for colour, network in enumerate(measured):
        with_W = [layer for layer in network.layers if layer.W is not None]
        charts = [
            Bars("|dL/dh|", [layer.h for layer in network.layers], _named([layer.name for layer in network.layers])),
            Bars("|dL/dW|", [layer.W or 0.0 for layer in with_W], _named([layer.name for layer in with_W])),
        ]
        rows.append(Row(network.name, charts, colour))
    findings = [
        f"{network.name}: |dL/dh| of layer 1 is {number(network.layers[1].h / network.layers[-2].h)} times the last's."
        for network in measured
        if len(network.layers) > 3 and network.layers[-2].h
    ]
    findings.append(
        "h of the words are their vectors, of the last layer the text's vector, of the classifier the logits."
    )
    title = f"Back-propagation through layers: the norms of dL/dh and dL/dW ({moment})"
    return Figure(bar_grid(title, "from the words to the classifier", rows), findings, layer_table(measured))


def _named(names: Sequence[str]) -> list[tuple[int, str]]:
    """Name few layers in full, many by their number alone."""
    short = len(names) > 5
    return [
        (n, name.removeprefix("layer ") if short else name) for n, name in enumerate(names) if _is_shown(n, len(names))
    ]


def _is_shown(place: int, count: int) -> bool:
    return count <= 12 or place % math.ceil(count / 12) == 0


def _ticks(count: int) -> list[tuple[int, str]]:
    step = next(size for size in (1, 2, 5, 10, 20, 50, 100, 200, 500, count) if count / size <= 6)
    return [(k, str(k)) for k in range(0, count, step)]
