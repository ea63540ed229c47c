"""The results of all trainings → a summary of each model, statistics against the selected one, the recommendation."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from unrolled.arrays import IntArray
from unrolled.comparison.candidate import Candidate
from unrolled.comparison.pairwise_tests import AgainstSelected, against_selected
from unrolled.comparison.reason import reason
from unrolled.comparison.recommendation import MeasuredModel, recommend
from unrolled.comparison.result import ComparisonResult, Disagreement, Epoch, Model, Recommendation, Run
from unrolled.comparison.result_store import ResultStore
from unrolled.comparison.run import RunRecord, RunSpec
from unrolled.comparison.run_results import ModelResult, model_results, selected_on_validation
from unrolled.comparison.runner import RunResults
from unrolled.comparison.speed import Speed, speeds
from unrolled.comparison.split import Split
from unrolled.evaluation.by_length import by_length
from unrolled.evaluation.coverage import curve
from unrolled.evaluation.disagreement import most_disputed
from unrolled.formatting import quantities as write
from unrolled.formatting.truncate import truncate
from unrolled.prediction import saved_model
from unrolled.training.deadline import monotonic

POINTS = 20  # of a curve of coverage
SHOWN = 50  # texts that models read differently
SPEED, SPEED_SHARE = 1.0, 0.02  # seconds to measure a model's speed, and the share of a budget for all of them


@dataclass(frozen=True)
class Conditions:
    """Under which a comparison is made, as the page tells them."""

    train: str
    test: str
    margin: float  # a share
    seeds: int
    budget: float | None  # seconds
    machine: str
    versions: Mapping[str, str]
    started: float


def summarize(
    candidates: Sequence[Candidate], results: RunResults, split: Split, store: ResultStore, conditions: Conditions
) -> ComparisonResult:
    """Measure speeds, compare what is finished with the selected of it, and tell the rest as it is."""
    models = model_results(candidates, results, split, conditions.seeds)
    selected, truth = selected_on_validation(models), split.truth[split.tested]
    found = against_selected(models, selected, truth) if selected else AgainstSelected()
    measured = _speeds(models, split, store, conditions.budget)
    described = [_describe(model, found, measured.get(model), split, store, truth) for model in models]
    disagreements, disagreeing = _disagreements(split, [model for model in models if model.records])
    return ComparisonResult(
        train=conditions.train,
        test=conditions.test,
        train_rows=len(split.parts[0].train) if len(split.parts) == 1 else len(split.texts),
        test_rows=len(truth),
        parts=len(split.parts),
        validation_rows=_validation_texts(models),
        labels=split.classes,
        margin=conditions.margin,
        seeds=conditions.seeds,
        budget=conditions.budget,
        seconds=monotonic() - conditions.started,
        machine=conditions.machine,
        versions=conditions.versions,
        selected=selected.candidate.name if selected else "",
        recommendation=_recommended(models, described, found, selected, conditions.margin, split),
        models=described,
        disagreements=disagreements,
        disagreeing=disagreeing,
        notes=[
            *_notes(found, selected, len(split.parts)),
            *_notes_on_seeds(models, conditions.seeds, known=found.seeds_known),
            *notes_on_labels(split),
            *notes_on_texts(split),
        ],
    )


def _speeds(
    models: Iterable[ModelResult], split: Split, store: ResultStore, budget: float | None
) -> dict[ModelResult, Speed]:
    loaded = {model: saved_model.load(store.model(_first(model))) for model in models if model.records}
    seconds = SPEED if budget is None else min(SPEED, SPEED_SHARE * budget / max(1, len(loaded)))
    return speeds(loaded, [split.texts[row] for row in split.tested[:2000].tolist()], seconds=seconds)


def _first(model: ModelResult) -> RunSpec:
    return RunSpec(model.candidate, next(iter(model.records)))


def _describe(
    model: ModelResult, found: AgainstSelected, speed: Speed | None, split: Split, store: ResultStore, truth: IntArray
) -> Model:
    """Summarize a model."""
    own = model.candidate
    if speed is None:
        return Model(own.name, own.encoder, own.settings, model.state, model.reason)
    scores, right = found.scores[model], model.predictions == truth
    difference = scores.difference
    return Model(
        own.name,
        own.encoder,
        own.settings,
        model.state,
        model.reason,
        parameters=next(iter(model.records.values()))[0].parameters,
        size=store.size(_first(model)),
        training_seconds=statistics.mean(record.seconds for parts in model.records.values() for record in parts),
        texts_per_second=speed.texts_per_second,
        milliseconds_alone=speed.milliseconds_alone,
        validation_accuracy=model.validation_accuracy,
        accuracy=scores.accuracy,
        macro_f1=scores.macro_f1,
        difference=difference.interval if difference else None,
        surely_above=difference.surely_above if difference else None,
        mcnemar=found.mcnemar.get(model, ()),
        runs=[
            _run(seed, parts, float(own.mean()))
            for (seed, parts), own in zip(model.records.items(), right, strict=True)
        ],
        by_length=by_length(split.lengths, right),
        coverage=curve(model.confidences.ravel(), right.ravel(), POINTS),
        confusion=_confusion(model.predictions, truth, len(split.classes)),
    )


def _validation_texts(models: Sequence[ModelResult]) -> int | None:
    """Count the validation texts; None where models have different numbers of them."""
    counts = {next(iter(model.records.values()))[0].validation_texts for model in models if model.records}
    return counts.pop() or None if len(counts) == 1 else None


def _run(seed: int, parts: Sequence[RunRecord], accuracy: float) -> Run:
    """Summarize one seed; of several parts the learning curve of the first, and what stopped that."""
    history = [
        Epoch(line["epoch"], line["seconds"], line["loss"], line["dev_loss"], line["dev_accuracy"])
        for line in parts[0].history
    ]
    validation_accuracy = statistics.mean(record.dev_accuracy for record in parts)
    return Run(seed, accuracy, validation_accuracy, sum(record.seconds for record in parts), parts[0].stopped, history)


def _confusion(predictions: IntArray, truth: IntArray, classes: int) -> list[list[int]]:
    pairs = np.bincount((truth * classes + predictions).ravel(), minlength=classes**2)
    table: list[list[int]] = pairs.reshape(classes, classes).tolist()
    return table


def _recommended(
    models: Sequence[ModelResult],
    described: Sequence[Model],
    found: AgainstSelected,
    selected: ModelResult | None,
    margin: float,
    split: Split,
) -> Recommendation | None:
    """Choose among the finished models; where none is, nothing can be recommended."""
    if selected is None or selected.state != "finished":
        return None
    candidates = [
        MeasuredModel(
            one.name,
            one.size,
            one.milliseconds_alone,
            found.scores[model].difference,
            found.scores[model].accuracy.value,
            model.validation_accuracy,
        )
        for model, one in zip(models, described, strict=True)
        if model.state == "finished" and one.size is not None and one.milliseconds_alone is not None
    ]
    unfinished = [model for model in models if model.state in ("unfinished", "not_run")]
    reached = selected.validation_accuracy
    ahead = [model for model in unfinished if model.records and model.validation_accuracy > reached]
    names, names_ahead = ([model.candidate.name for model in own] for own in (unfinished, ahead))
    texts = len(split.tested)
    choice = recommend(candidates, margin=margin, texts=texts)
    why = reason(choice, margin=margin, texts=texts, unfinished=names, ahead=names_ahead, seen=split.seen)
    return Recommendation(choice.taken.name, why, choice.texts_needed)


def _disagreements(split: Split, trained: Sequence[ModelResult]) -> tuple[list[Disagreement], int]:
    if not trained:
        return [], 0
    found = most_disputed([model.predictions for model in trained], SHOWN)
    disputed = []
    for place, answers in zip(found.rows.tolist(), found.answers.tolist(), strict=True):
        row = int(split.tested[place])
        predicted = {model.candidate.name: split.classes[one] for model, one in zip(trained, answers, strict=True)}
        disputed.append(Disagreement(split.number_of(row), split.texts[row], split.labels[row], predicted))
    return disputed, found.count


def _notes(found: AgainstSelected, selected: ModelResult | None, parts: int) -> list[str]:
    notes = []
    if selected is None or selected.state != "finished":
        notes.append("No model was finished, so none is recommended: give more --budget.")
    if selected and not found.seeds_known:
        notes.append(
            "Each model was trained with one seed: the intervals are of the texts alone and don't say how much "
            "another training of the same model would differ."
        )
    if selected and parts > 1:
        others = "other" if parts == 2 else f"other {parts - 1}"
        notes.append(f"Each text was judged by models that were trained on the {others} of {parts} folds.")
    return notes


def _notes_on_seeds(models: Sequence[ModelResult], seeds: int, *, known: bool) -> Iterator[str]:
    """Describe which finished models are known by fewer seeds than were asked for."""
    for count in range(1, seeds):
        names = [one.candidate.name for one in models if one.state == "finished" and len(one.records) == count]
        taken = ": chance in such a training is taken to be that in the others'" if count == 1 and known else ""
        if names:
            yield f"Of {seeds} seeds there was time for {count} of {write.join_names(names)}{taken}."


def notes_on_labels(split: Split) -> Iterator[str]:
    """Describe how many of the texts no model could get right."""
    texts = len(split.tested)
    if split.unknown:
        count, names = sum(split.unknown.values()), [truncate(label, 20) for label in sorted(split.unknown)]
        share = f"{count:,} of {write.plural(texts, 'test text')} ({write.join_names(names[:3])})"
        yield f"{share} have labels that training lacks: wrong for all."


def notes_on_texts(split: Split) -> Iterator[str]:
    """Describe how many of the texts are trained on too."""
    texts = len(split.tested)
    if split.seen:
        share = f"{split.seen:,} of {write.plural(texts, 'test text')} ({100 * split.seen / texts:.1f} %)"
        yield f"{share} are in training too: what was learnt by heart is counted as right."
