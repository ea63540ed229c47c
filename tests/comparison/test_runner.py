"""Models, seeds, parts → records: each training once, one that fails stops no other, what is kept is taken again."""

from __future__ import annotations

import json
import math
import re
import shlex
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from unrolled import TextClassifier
from unrolled.comparison import run as trial_module
from unrolled.comparison import runner
from unrolled.comparison.candidate import Candidate
from unrolled.comparison.result_store import ResultStore
from unrolled.comparison.run import RunSpec, run
from unrolled.comparison.run_results import model_results, selected_on_validation
from unrolled.comparison.runner import RunResults, run_all, run_specs
from unrolled.comparison.split import Split, by_folds, by_fraction
from unrolled.comparison.time_budget import TimeBudget
from unrolled.data.labelled import Labelled
from unrolled.errors import FolderError
from unrolled.prediction import saved_model
from unrolled.prediction.text_model import TextModel
from unrolled.training.callback import no_callback
from unrolled.training.deadline import Deadline, DeadlineExceeded, monotonic
from unrolled.training.run_context import RunContext

TEXTS = [f"{('a dull', 'a fine')[n % 2]} film number {n}" for n in range(60)]
LABELS = [("neg", "pos")[n % 2] for n in range(60)]
SMALL: dict[str, Any] = {"embedding_dim": 6, "max_epochs": 2}
AVERAGE = Candidate("average", "average", SMALL)
LSTM = Candidate("lstm", "lstm", {**SMALL, "hidden_size": 4})
LOGISTIC = Candidate("logistic", "logistic")
HOPELESS = Candidate("ngrams", "ngrams", {**SMALL, "ngram_range": (9, 9)})  # no text is that long


def split() -> Split:
    return by_fraction(Labelled(TEXTS, LABELS))


def tried(
    folder: Path,
    wanted: list[RunSpec],
    parts: Split | None = None,
    said: list[str] | None = None,
    budget: float | None = None,
) -> RunResults:
    log = ([] if said is None else said).append
    started = 0.0 if budget is None else monotonic()
    return run_all(
        wanted, parts or split(), ResultStore(folder), TimeBudget(started, budget), report=no_callback, log=log
    )


def test_what_is_kept_without_its_model_is_trained_anew(tmp_path: Path) -> None:
    wanted = run_specs([AVERAGE, LOGISTIC], 1, 1, threads=1)
    before, model = tried(tmp_path, wanted), ResultStore(tmp_path).model(wanted[0])
    shutil.rmtree(model)
    said: list[str] = []
    again = tried(tmp_path, wanted, said=said)
    assert [record.predictions for record in again.records.values()] == [r.predictions for r in before.records.values()]
    assert "1 of 2 trainings are kept from before." in said
    assert saved_model.load(model)


def test_every_model_is_trained_once_before_any_a_second_time() -> None:
    wanted = run_specs([AVERAGE, LSTM], 2, 3, threads=1)
    assert len(set(wanted)) == 12
    assert [(one.seed, one.part, one.candidate.name) for one in wanted] == [
        (seed, part, name) for seed in range(2) for name in ("average", "lstm") for part in range(3)
    ]


def test_a_training_is_what_the_classifier_would_do_by_itself(tmp_path: Path) -> None:
    parts = split()
    (part,) = parts.parts
    wanted = run_specs([AVERAGE, LOGISTIC], 2, 1, threads=1)
    found = tried(tmp_path, wanted, parts)
    assert list(found.records) == wanted
    for trial, record in found.records.items():
        own = TextClassifier(trial.candidate.encoder, random_state=trial.seed, **trial.candidate.settings)
        own.fit([TEXTS[n] for n in part.train], [LABELS[n] for n in part.train])
        expected = own.predict([TEXTS[n] for n in part.test])
        assert [parts.classes[k] for k in record.predictions] == expected.tolist()
        assert record.parameters == sum(weight.size for weight in own.model_.weights.values())
        assert record.dev_accuracy == own.score(*own.validation_data_)
        kept = saved_model.load(ResultStore(tmp_path).model(trial))
        assert kept.config == own.model_.config


def test_a_model_that_fails_is_named_with_the_reason_and_the_others_go_on(tmp_path: Path) -> None:
    said: list[str] = []
    found = tried(tmp_path, run_specs([HOPELESS, AVERAGE], 2, 1, threads=1), said=said)
    assert {trial.candidate for trial in found.records} == {AVERAGE}
    assert list(found.failures) == [HOPELESS]
    assert "Choose shorter n-grams." in found.failures[HOPELESS]
    assert len([line for line in said if "failed" in line]) == 1, "it isn't tried again with another seed"


def test_what_ended_is_kept_and_what_is_of_other_texts_or_settings_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = run_specs([AVERAGE, LOGISTIC], 2, 1, threads=1)
    before = tried(tmp_path, wanted)
    trained: list[RunSpec] = []

    def noted(trial: RunSpec, *a: Any, **b: Any) -> Any:
        trained.append(trial)
        return run(trial, *a, **b)

    monkeypatch.setattr(runner, "run", noted)
    assert tried(tmp_path, wanted).records == before.records
    assert trained == []
    more = run_specs([AVERAGE, LOGISTIC, LSTM], 2, 1, threads=1)
    tried(tmp_path, more)
    assert [trial.candidate for trial in trained] == [LSTM, LSTM]
    trained.clear()
    other = by_fraction(Labelled(["another film", *TEXTS[1:]], LABELS))
    tried(tmp_path, wanted, other)
    assert trained == wanted
    trained.clear()
    tried(tmp_path, run_specs([Candidate("average", "average", {**SMALL, "hidden_size": 3})], 2, 1, threads=1))
    assert len(trained) == 2


@pytest.mark.parametrize("damage", ["{", "[]", "{}", "none", "other keys"])
def test_a_damaged_record_is_none(tmp_path: Path, damage: str) -> None:
    wanted = run_specs([AVERAGE], 1, 1, threads=1)
    before = tried(tmp_path, wanted)
    (path,) = (tmp_path / "runs").iterdir()
    told = json.loads(path.read_text())
    told.pop("seconds")
    content = {"none": "", "other keys": json.dumps(told)}.get(damage, damage)
    path.write_text(content)
    again = tried(tmp_path, wanted).records[wanted[0]]
    assert again.predictions == before.records[wanted[0]].predictions


@pytest.mark.parametrize("full", ["models", "runs"])
def test_a_disk_that_is_full_costs_no_training_that_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full: str
) -> None:
    wanted, elsewhere, folder = run_specs([AVERAGE], 1, 1, threads=1), tmp_path / "elsewhere", tmp_path / "c"
    folder.mkdir()
    (folder / full).write_text("")  # nothing can be written below, as if there were no room
    monkeypatch.setattr("unrolled.storage.rescue._places", lambda: [tmp_path / "nowhere"])
    with pytest.raises(FolderError, match=r"average\.seed-0\.part-0 is lost"):
        tried(folder, wanted)
    elsewhere.mkdir()
    monkeypatch.setattr("unrolled.storage.rescue._places", lambda: [tmp_path / "nowhere", elsewhere])
    with pytest.raises(FolderError, match="is kept in") as raised:
        tried(folder, wanted)
    (folder / full).unlink()
    subprocess.run(shlex.split(re.findall(r"copy it with (cp -r .*);", str(raised.value))[0]), check=True)
    said: list[str] = []
    assert len(tried(folder, wanted, said=said).records) == 1
    assert "1 of 1 trainings are kept from before." in said


def test_ctrl_c_ends_all_and_what_ended_before_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = run_specs([AVERAGE, LOGISTIC], 1, 1, threads=1)

    def stopped(trial: RunSpec, *a: Any, **b: Any) -> Any:
        if trial.candidate is LOGISTIC:
            raise KeyboardInterrupt
        return run(trial, *a, **b)

    monkeypatch.setattr(runner, "run", stopped)
    with pytest.raises(KeyboardInterrupt):
        tried(tmp_path, wanted)
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["average.seed-0.part-0.json"]


@pytest.mark.torture
def test_a_training_that_the_clock_ends_is_unfinished_and_begins_anew(tmp_path: Path) -> None:
    long = Candidate("lstm", "lstm", {"max_epochs": 10**6, "patience": 10**6, "hidden_size": 4})
    (trial,) = run_specs([long], 1, 1, threads=1)
    record = tried(tmp_path, [trial], budget=6.0).records[trial]
    assert not record.is_finished
    assert ResultStore(tmp_path).has(trial)
    assert ResultStore(tmp_path).record(trial, record.run_sha256) is None


def test_without_time_nothing_is_begun(tmp_path: Path) -> None:
    said: list[str] = []
    assert tried(tmp_path, run_specs([AVERAGE], 1, 1, threads=1), said=said, budget=0.1) == RunResults()
    assert "The time is over" in said[-1]


def test_a_model_without_time_to_read_the_texts_is_given_up_once_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    moments = iter([monotonic()])  # the first training has none, the others have all the time they want
    monkeypatch.setattr(TimeBudget, "last", lambda *_: next(moments, math.inf))
    parts, wanted = split(), run_specs([AVERAGE, LOGISTIC], 2, 1, threads=1)
    found = run_all(wanted, parts, ResultStore(tmp_path), TimeBudget(0.0), report=no_callback, log=said.append)
    assert found.given_up == {AVERAGE}
    assert [trial.candidate for trial in found.records] == [LOGISTIC, LOGISTIC]
    assert len([line for line in said if "given up" in line]) == 1
    average, logistic = model_results([AVERAGE, LOGISTIC], found, parts, seeds=2)
    assert (average.state, logistic.state) == ("unfinished", "finished")
    assert "before it had read the texts" in average.reason
    assert selected_on_validation([average, logistic]) is logistic


def test_another_seed_is_not_begun_of_a_model_that_would_not_end_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, asked = list[str](), list[int]()

    def share(_: TimeBudget, trainings: int) -> float:
        asked.append(trainings)
        return 3600.0 if len(asked) <= 2 else 1e-9

    monkeypatch.setattr(TimeBudget, "of_next", share)
    parts, wanted = split(), run_specs([AVERAGE, LOGISTIC], 3, 1, threads=1)
    found = run_all(wanted, parts, ResultStore(tmp_path), TimeBudget(0.0), report=no_callback, log=said.append)
    assert [(trial.candidate, trial.seed) for trial in found.records] == [(AVERAGE, 0), (LOGISTIC, 0)]
    assert asked == [2, 1, 2, 1], "those of one seed share the time"
    assert len([line for line in said if "not begun, for it would not end" in line]) == 2
    models = model_results([AVERAGE, LOGISTIC], found, parts, seeds=3)
    assert [(model.state, list(model.records)) for model in models] == [("finished", [0])] * 2


def test_test_texts_are_read_piece_by_piece_until_the_last_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = split()
    (trial,) = run_specs([AVERAGE], 1, 1, threads=1)
    (_, whole), read, real = run(trial, parts, RunContext()), [], TextModel.probabilities_of_words

    def noted(self: TextModel, texts: Any) -> Any:
        read.append(len(texts))
        return real(self, texts)

    monkeypatch.setattr(trial_module, "TOGETHER", 5)
    monkeypatch.setattr(TextModel, "probabilities_of_words", noted)
    _, in_pieces = run(trial, parts, RunContext())
    assert read == [5, 5, 2]
    assert (in_pieces.predictions, in_pieces.confidences) == (whole.predictions, whole.confidences)
    read.clear()
    with pytest.raises(DeadlineExceeded):  # each piece takes a second
        run(trial, parts, RunContext(deadline=Deadline(last=1.5, clock=lambda: float(len(read)))))
    assert read == [5, 5]


@pytest.mark.parametrize("encoder", ["average", "logistic"])
def test_dev_texts_are_given_up_too(encoder: str) -> None:
    parts = split()
    (trial,) = run_specs([Candidate(encoder, encoder)], 1, 1, threads=1)
    with pytest.raises(DeadlineExceeded):
        run(trial, parts, RunContext(deadline=Deadline(last=monotonic())))


def test_the_texts_that_all_share_are_read_at_no_ones_expense(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts, took = split(), 0.4
    real = Split.corpora

    def slow(self: Split, part: Any, reading: Any, seed: int) -> Any:
        if seed not in seen:
            time.sleep(took)
        seen.add(seed)
        return real(self, part, reading, seed)

    seen: set[int] = set()
    monkeypatch.setattr(Split, "corpora", slow)
    found = tried(tmp_path, run_specs([LOGISTIC, AVERAGE], 2, 1, threads=1), parts)
    assert seen == {0, 1}
    assert all(record.history[0]["seconds"] < took for record in found.records.values())


def test_when_the_time_is_over_no_text_is_read_any_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Split, "corpora", lambda *_: pytest.fail("read"))
    assert tried(tmp_path, run_specs([AVERAGE], 1, 1, threads=1), budget=0.1) == RunResults()


def test_folds_are_trained_one_by_one(tmp_path: Path) -> None:
    parts = by_folds(Labelled(TEXTS, LABELS), 3)
    found = tried(tmp_path, run_specs([AVERAGE], 1, 3, threads=1), parts)
    assert [len(record.predictions) for record in found.records.values()] == [len(part.test) for part in parts.parts]
