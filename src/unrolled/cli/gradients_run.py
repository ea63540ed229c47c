"""Networks to compare, random texts or a file → how far back their gradients reach, printed and drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from unrolled.arrays import IntArray
from unrolled.cli.console import info, print_json, print_result
from unrolled.cli.model_spec import parse_networks
from unrolled.cli.progress_bar import ProgressBar
from unrolled.cli.sources import Sources
from unrolled.comparison.candidate import Candidate
from unrolled.data.labelled import Labelled
from unrolled.environment.packages import TORCH
from unrolled.errors import inspection as errors
from unrolled.estimator import TextClassifier
from unrolled.model.layers.recurrent import Recurrent
from unrolled.model.registry import make_encoder
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import Weights, initialize
from unrolled.prediction.answer_file import opened
from unrolled.reports import gradients as report
from unrolled.reports.charts.svg import picture, stacked
from unrolled.reports.page import Figure, page
from unrolled.storage.older_output import has_valid_checksum, with_checksum
from unrolled.text.corpus import split_block
from unrolled.training.data_config import examples

WORDS, CLASSES = 1000, 2  # of random texts
FIRST = "first weights"
LIMITS = (
    "Gradient reach says what training can reach, not which words matter for an answer. "
    "It is the whole derivative dL/dh, in float64, without dropout, from each text's true end. "
    "The loss is of the last state, as in the lecture, unless told, as in 'lstm --pooling mean'. "
    "With mean or max pooling every state also touches the loss directly, so that its gradient need not shrink. "
    "At a distance only texts that are longer count."
)


@dataclass(frozen=True)
class Request:
    """What to measure: networks as they were spelled, and on what."""

    models: Sequence[str]
    data: str | None
    length: int
    texts: int
    hidden_size: int
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Batch:
    """Labelled texts as numbers: ids (texts, length), lengths (texts,), labels (texts,)."""

    ids: IntArray
    lengths: IntArray
    labels: IntArray


Moments = dict[str, list[report.Measured]]


def show_gradients(request: Request, sources: Sources, output: Path | None, *, force: bool, as_json: bool) -> None:
    """Refuse early what can't work, measure, print, draw."""
    TORCH.require("measuring gradients")
    # the lecture's gradient comes from the last state
    chosen = parse_networks(request.models, {"hidden_size": request.hidden_size, "pooling": "last"})
    for variant in chosen:
        _reject_early(variant)
    if output is None:
        _print(_measured(chosen, request, sources), request, as_json=as_json)
        return
    if str(output) == "-":
        raise errors.not_a_picture(output)
    with opened(output, force=force, own=has_valid_checksum) as file:
        if output.suffix.lower() not in (".svg", ".html"):
            raise errors.not_a_picture(output)
        moments = _measured(chosen, request, sources)
        file.write(with_checksum(_drawn(moments, request, as_page=output.suffix.lower() == ".html")))
    _print(moments, request, as_json=as_json)
    info(f"Wrote {output}.")


def _reject_early(variant: Candidate) -> None:
    """Look at a text of two words, before a file is read, through an encoder that may not show its layers."""
    from unrolled.inspection import layer_norms

    encoder = make_encoder(variant.encoder, 4, variant.settings)
    if not isinstance(encoder, Recurrent):
        network = TextNetwork(2, 4, "tuned", encoder, CLASSES)
        layer_norms(network, initialize(network.weights(), 0), np.ones((1, 2), np.int64), np.array([2]), np.array([0]))


def _measured(chosen: Sequence[Candidate], request: Request, sources: Sources) -> Moments:
    """Measure every network at each moment."""
    moments: Moments = {}
    labelled = sources.read(request.data, minimum_classes=2) if request.data else None
    for variant in chosen:
        found = _on_file(variant, request, labelled) if labelled else _on_random_texts(variant, request)
        for moment, network, weights, batch in found:
            moments.setdefault(moment, []).append(_measure(variant.name, network, weights, batch, request.length))
    return moments


def _on_random_texts(variant: Candidate, request: Request) -> Iterator[tuple[str, TextNetwork, Weights, Batch]]:
    random, size = np.random.default_rng(request.settings["random_state"]), request.settings["embedding_dim"]
    network = TextNetwork(WORDS, size, "tuned", make_encoder(variant.encoder, size, variant.settings), CLASSES)
    shape, longest = (request.texts, request.length), np.full(request.texts, request.length)
    batch = Batch(random.integers(1, WORDS, shape), longest, random.integers(0, CLASSES, request.texts))
    yield FIRST, network, initialize(network.weights(), request.settings["random_state"]), batch


def _on_file(
    variant: Candidate, request: Request, labelled: Labelled
) -> Iterator[tuple[str, TextNetwork, Weights, Batch]]:
    """Train first, as that decides the vocabulary; the first weights are those that training began with."""
    classifier = TextClassifier(variant.encoder, **variant.settings, **request.settings)
    info(f"Training {variant.name}.")
    with ProgressBar() as bar:
        classifier.fit(labelled.texts, labelled.labels, report=bar)
    model = classifier.model_
    rows = np.random.default_rng(request.settings["random_state"]).permutation(len(labelled.texts))[: request.texts]
    network = model.config.text_network(len(model.vocabulary))
    texts = split_block([labelled.texts[row] for row in rows], model.config.reading)
    numbered = examples(texts, [labelled.labels[row] for row in rows], network, model.vocabulary, model.config.labels)
    batch = Batch(*numbered.batch(np.arange(len(rows))))
    yield FIRST, network, initialize(network.weights(), request.settings["random_state"]), batch
    yield "trained", network, model.weights, batch


def _measure(name: str, network: TextNetwork, weights: Weights, batch: Batch, steps: int) -> report.Measured:
    """Measure through time what has time, and through layers what has several or no time."""
    from unrolled.inspection import blocks, layer_norms, norms, reach, shares, terms_through_time
    from unrolled.training.threads import threads

    texts = (batch.ids, batch.lengths, batch.labels)
    with threads(1):
        if not isinstance(network.encoder, Recurrent):
            return report.Measured(name, layers=_layers(layer_norms(network, weights, *texts)))
        found = [_reached(name, network.encoder, one) for one in reach(network, weights, *texts, steps=steps)]
        terms = terms_through_time(network, weights, *texts, steps=steps)
        near = {n: float(shares(term)[: report.NEAR].sum()) for n, term in terms.items() if n.endswith(".W")}
        norms_of_terms = {n: norms(term).tolist() for n, term in {**terms, **blocks(network, terms)}.items()}
        layers = _layers(layer_norms(network, weights, *texts)) if network.encoder.num_layers > 1 else []
    return report.Measured(name, found, _short(norms_of_terms), _short(near), layers)


def _short(named: Mapping[str, Any]) -> dict[str, Any]:
    return {name.removeprefix("encoder."): value for name, value in named.items()}


def _layers(found: Sequence[Any]) -> list[report.Layer]:
    return [report.Layer(row.name, row.h, row.W if row.weights else None) for row in found]


def _reached(name: str, encoder: Recurrent, reach: Any) -> report.Reached:
    layer, direction = reach.side.split(".")
    parts = [name]
    if encoder.num_layers > 1:
        parts.append(f"layer {int(layer) + 1}")
    if encoder.bidirectional:
        parts.append(direction)
    if reach.symbol != "h":
        parts.append(reach.symbol)
    values, low, high = (reach.quantile(share).tolist() for share in (0.5, 0.1, 0.9))
    return report.Reached(", ".join(parts), values, low, high, reach.half_life, reach.symbol)


def _print(moments: Moments, request: Request, *, as_json: bool) -> None:
    if as_json:
        record = {moment: [_as_json(network) for network in measured] for moment, measured in moments.items()}
        print_json({**_conditions(request), "moments": record})
        return
    for moment, measured in moments.items():
        print_result(f"{_measured_on(request)}, {moment}")
        if any(network.reached for network in measured):
            print_result(report.reach_table(measured).as_text())
            for network in measured:
                for reached in network.reached:
                    print_result(report.sentence(reached))
        if any(network.layers for network in measured):
            print_result(report.layer_table(measured).as_text())
        print_result("")


def _conditions(request: Request) -> dict[str, Any]:
    own = {"data": request.data, "texts": request.texts, "length": request.length, "hidden_size": request.hidden_size}
    return {**own, "seed": request.settings["random_state"], "embedding_dim": request.settings["embedding_dim"]}


def _as_json(network: report.Measured) -> dict[str, Any]:
    record = asdict(network)
    for reached in record["reached"]:
        reached["half_life"] = None if math.isinf(reached["half_life"]) else reached["half_life"]
    return record


def _measured_on(request: Request) -> str:
    kind = f"texts of {request.data}" if request.data else f"random texts of {request.length} words"
    back = f", at most {request.length} words back" if request.data else ""
    return f"At most {request.texts} {kind}{back}" if request.data else f"{request.texts} {kind}"


def _drawn(moments: Moments, request: Request, *, as_page: bool) -> str:
    figures: list[Figure] = []
    for moment, measured in moments.items():
        figures += report.figures(measured, moment)
    if not as_page:
        return picture(stacked([figure.drawing for figure in figures]), styled=True)
    return page("How far back gradients reach", [f"{_measured_on(request)}.", LIMITS], figures)
