"""Results of all data sets → benchmarks/results.md: a table each, and what is missing, cut off or died."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.accuracy_records import Record, versions
from benchmarks.accuracy_results import REFERENCE, Result, above_median
from benchmarks.judged_models import MODELS
from benchmarks.judged_texts import FOLDS, in_folds, judged, part
from benchmarks.side_by_side import table
from unrolled.formatting import quantities as write

COLUMNS = (
    *("model", "accuracy, % [95 %]", "macro F1, % [95 %]", f"less our {REFERENCE}, points [95 %]"),
    *("training, s", "of the processor, s", "trained, words/s", "labelled, words/s", "runs"),
)
HEAD = f"""# Accuracy, time and speed

Written by `make bench`, in pieces if need be. **Ours are bold**; the others are trained as their tutorials write them
(`benchmarks/tutorials`), without the searches that some of them end in; `Keras kim` and `skorch cnn` have none and are
written in the same manner. No pretrained vectors; defaults throughout. One thread each, every run in a process of its
own.

- Intervals are of 95 %, over texts and seeds together; differences from our {REFERENCE}, the default, are paired: an
  interval without 0 tells the two apart, uncorrected for how many are looked at. A model of one seed is taken to vary
  by its seeds as the others with chance in them do on average.
- mr and sms_spam have no test part: each text is tested in one of {FOLDS} folds, equal texts in the same one, the same
  folds for all. What one training gets wrong is shared by the texts of its fold, which intervals over texts don't know:
  by the spread of the folds those of mr and sms_spam should be some 1.2 to 1.4 times as wide, differences of mr most of
  all. With one seed each, their intervals are of the texts alone.
- Dev texts are a tenth of the training texts, split off by the seed. scikit-learn, fastText, `Keras kim` and `bilstm`
  stop by none and train on those too; skorch holds out a fifth by itself. sst2 has dev texts of its own, on which
  nobody trains.
- skorch's tutorial is of long reviews: its lstm reads 50 words, padding last, and of short texts it learns nothing.
  spaCy's `--optimize accuracy` learns nothing within the limit (`whole_training.md`) and is left out, as is the default
  of its component, an ensemble (trec 88.2 in 146 s of the processor, sst2 77.8 in 132).
- The tutorial's tf-idf of scikit-learn leaves English stop words out, questions' and negations among them; `bigrams` is
  with its classes' own defaults on words and bigrams.
- Our defaults were chosen on training texts of all sets but sms_spam (`docs/experiments.md`); those of mr are among
  the texts that its folds test. fastText's tuned settings are `benchmarks/bench_hogwild.py`'s on ag_news and
  imdb, and on the smaller sets bigrams, a rate of 0.5 and 25 epochs, the best of four rates on dev texts.
- Seconds are from texts in memory to a trained model, of the clock and of the processor; other work on the machine
  stretches the first. `>` marks what a limit of processor seconds cut off; it is judged as it stood.
- words/s are of the processor's seconds. Words trained count once for each pass, and once for linear models, which pass
  over a matrix from then on. Words labelled are those of all test texts, again and again for half a second at least;
  Keras and skorch are credited with words that they cut away, and half of fastText's seconds go to splitting into words
  in Python.
"""


def report(found: Mapping[str, Sequence[Result]], records: Sequence[Record], passed_over: int) -> str:
    """Lay all out."""
    limits = write.join_names([f"{limit:g}" for limit in sorted({record.limit for record in records})] or ["no"])
    said = [f"{versions(records)} The limit was {limits} processor seconds a run." if records else "Nothing measured."]
    if passed_over:
        said.append(f"{write.plural(passed_over, 'run')} of models or defaults that are no longer these left out.")
    unmeasured = [data for data, results in found.items() if not results]
    if unmeasured:
        said.append(f"Not measured yet: {write.join_names(unmeasured)}.")
    sections = [section(data, results) for data, results in found.items() if results]
    picture = "![Accuracies with intervals](results.svg)" if sections else ""
    overview = [summary(found)] if sections else []
    return "\n\n".join(filter(None, [HEAD.rstrip(), "\n".join(said), picture, *overview, *sections])) + "\n"


def summary(found: Mapping[str, Sequence[Result]]) -> str:
    """Lay out every model's accuracy on every data set, in the picture's order; the highest of each set is bold."""
    shown = [
        {r.model.name: r.scores.accuracy.value for r in results if r.scores and not r.missing_folds}
        for results in found.values()
    ]
    rows = []
    for name, above in above_median(found).items():
        cells = [_bold(write.percent(own.get(name)), own.get(name) == max(own.values(), default=None)) for own in shown]
        rows.append([_bold(name, MODELS[name].is_ours), *cells, write.points(above)])
    return (
        "## All data sets\n\nThe highest of a set is bold; what was cut off is marked in the tables below.\n\n"
        + table(("accuracy, %", *found, "above a set's median on average, points"), rows)
    )


def _bold(text: str, it_is: bool) -> str:
    return f"**{text}**" if it_is else text


def section(data: str, results: Sequence[Result]) -> str:
    """Lay a data set out."""
    train, test = part(data, "train"), judged(data)
    texts = f"{write.exact_count(len(train))} texts"
    texts += f", {FOLDS} folds" if in_folds(data) else f" to train on, {write.exact_count(len(test))} to test"
    rows = [row(result) for result in results if result.scores]
    said = [f"## {data}", f"{texts}.", table(COLUMNS, rows), *_missing(results)]
    return "\n\n".join(said)


def row(result: Result) -> list[str]:
    """Lay a model out."""
    scores = result.scores
    if scores is None:
        return []
    compared = None if result.missing_folds or scores.difference is None else scores.difference.interval
    more = "> " if result.is_cut_off else ""
    seconds = [f"{more}{result.mean(clock):.1f}" for clock in ("seconds", "processor_seconds")]
    speeds = [result.speed("words", "processor_seconds"), result.speed("test_words", "labelling_seconds")]
    told = [write.interval(scores.accuracy), write.interval(scores.macro_f1), write.interval(compared, signed=True)]
    return [
        _bold(result.model.name, result.model.is_ours),
        *told,
        *seconds,
        *(f"{speed:,.0f}" for speed in speeds),
        _runs(result),
    ]


def _runs(result: Result) -> str:
    told = [write.plural(result.seeds, "seed") if result.model.by_chance else "no chance in it"]
    done = len(result.runs) // max(1, result.seeds)
    if result.missing_folds:
        told = [f"{done} of {done + result.missing_folds} folds"]
    cut_off = sum(run.cut_off for run in result.runs)
    told += [f"{cut_off} of {len(result.runs)} cut off"] if cut_off else []
    return ", ".join([*told, *([f"{len(result.failed)} died"] if result.failed else [])])


def _missing(results: Sequence[Result]) -> list[str]:
    """Say what was not measured, and what died of what."""
    there = {result.model.name for result in results}
    missing = [name for name in MODELS if name not in there]
    said = [f"Not measured yet: {write.join_names(missing)}."] if missing else []
    for result in results:
        for record in result.failed:
            place = f"seed {record.seed}" + (f", fold {record.fold}" if record.fold is not None else "")
            said.append(f"{result.model.name}, {place}: {record.failed}.")
    return said
