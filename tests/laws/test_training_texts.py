"""Models trained further on files that grow → no precision is claimed by texts that any of their ancestors has seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from unrolled import TextClassifier
from unrolled.data.labelled_corpus import gather
from unrolled.errors import SettingError
from unrolled.storage.training_texts import FINGERPRINTS
from unrolled.text.fingerprints import TextFingerprints
from unrolled.training.fit import gather_for
from unrolled.training.split_dataset import DatasetSplit, split_dataset

Pairs = tuple[list[str], list[str]]
LEARNERS: dict[str, dict[str, Any]] = {
    "logistic": {"encoder": "logistic", "C": 100.0},
    "network": {"encoder": "average", "embedding_dim": 4, "hidden_size": 3, "max_epochs": 1},
    "hogwild": {"encoder": "ngrams", "optimizer": "hogwild", "embedding_dim": 4, "buckets": 20, "max_epochs": 2},
}


def made(count: int, seed: int) -> Pairs:
    """Opinions, one in five under the wrong label, each with two words of its own: easily learnt by heart."""
    chance, words = np.random.default_rng(seed), (("poor", "dull"), ("fine", "lovely"))
    truth = chance.integers(0, 2, count).tolist()
    texts = [f"{words[own][n % 2]} film w{seed}x{n} v{seed}x{n}" for n, own in enumerate(truth)]
    wrong = chance.random(count) < 0.2
    return texts, [("bad", "good")[own ^ int(change)] for own, change in zip(truth, wrong, strict=True)]


def both(*parts: Pairs) -> Pairs:
    return [text for texts, _ in parts for text in texts], [label for _, labels in parts for label in labels]


def shouted(pairs: Pairs) -> Pairs:
    return [f" {text.upper().replace(' ', '  ')}" for text in pairs[0]], pairs[1]


OLD, NEW, NEWER, TEST = made(600, 1), made(80, 2), made(80, 3), made(3000, 4)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that has learnt its 600 texts by heart, dev texts apart."""
    folder = tmp_path_factory.mktemp("base") / "model"
    model = TextClassifier(**LEARNERS["logistic"]).fit(*OLD)
    assert model.score(*OLD) > 0.95
    assert model.score(*TEST) < 0.85
    model.save_pretrained(folder)
    return folder


def parts_of(base: Path, texts: Pairs, dev: Pairs | None = None, **more: Any) -> DatasetSplit:
    own = TextClassifier(base_model=base, target_precision=0.9, **more).run_config()
    return split_dataset(gather_for(own, *texts), gather_for(own, *dev) if dev else None, own)


def proving(parts: DatasetSplit) -> set[str]:
    """The texts that are held out in some fold."""
    rows = np.empty(0, np.int64) if parts.folds is None else np.flatnonzero(parts.folds >= 0)
    return {" ".join(words).lower() for words in parts.training[0].take(rows)}


@pytest.mark.parametrize("seed", range(3))
def test_what_was_learnt_by_heart_proves_nothing(base: Path, seed: int) -> None:
    """The failure of issue 17: with OLD among the deciding texts 97 % seem right, of TEST 80 % are."""
    model = TextClassifier(base_model=base, target_precision=0.9, random_state=seed).fit(*both(OLD, NEW))
    assert model.training_["abstention"]["threshold"] is None
    assert model.predict_or_abstain(TEST[0]).tolist() == [None] * len(TEST[0])
    less = TextClassifier(base_model=base, target_precision=0.6, random_state=seed).fit(*both(OLD, made(400, 5)))
    told = less.training_["abstention"]["evidence"][0]
    answers = less.predict_or_abstain(TEST[0])
    right = [answer == label for answer, label in zip(answers, TEST[1], strict=True) if answer is not None]
    assert told["right"] / told["answered"] < 0.9
    assert len(right) > 300
    assert np.mean(right) > 0.6


def test_every_new_text_that_is_trained_on_proves_something(base: Path) -> None:
    parts = parts_of(base, both(shouted(OLD), NEW))
    trained = {" ".join(words).lower() for words in parts.training[0]}
    assert proving(parts) == trained & set(NEW[0])
    assert len(proving(parts)) > 60


def test_training_texts_that_are_dev_texts_too_prove_nothing(base: Path) -> None:
    parts = parts_of(base, both(NEW, NEWER), dev=both(OLD, shouted(NEWER)))
    assert proving(parts) == set(NEW[0])
    seen = parts_of(base, NEWER, dev=both(OLD, NEWER))
    assert (seen.folds, seen.unproved, len(seen.dev[1])) == (None, "no_new_texts", 680)


def test_copies_that_differ_in_case_and_blanks_count_once() -> None:
    model = TextClassifier("logistic", target_precision=0.9).fit(*both(OLD, shouted(OLD), shouted(OLD)))
    own = model.run_config()
    parts = split_dataset(gather_for(own, *both(OLD, shouted(OLD), shouted(OLD))), None, own)
    assert not proving(parts) & {" ".join(words).lower() for words in parts.dev[0]}
    assert model.training_["abstention"]["texts"] == len(proving(parts)) > 400


@pytest.mark.parametrize("learner", LEARNERS)
def test_what_any_ancestor_has_seen_is_remembered(learner: str, tmp_path: Path) -> None:
    dev = made(40, 6)
    first = TextClassifier(**LEARNERS[learner]).fit(*OLD, validation_data=dev)
    first.save_pretrained(tmp_path / "1")
    TextClassifier.from_pretrained(tmp_path / "1").save_pretrained(tmp_path / "2")
    assert (tmp_path / "1" / FINGERPRINTS).read_bytes() == (tmp_path / "2" / FINGERPRINTS).read_bytes()
    hogwild: dict[str, Any] = {"optimizer": "hogwild"} if learner == "hogwild" else {}
    TextClassifier(base_model=tmp_path / "2", **hogwild).fit(*NEW).save_pretrained(tmp_path / "3")
    last = TextClassifier(base_model=tmp_path / "3", target_precision=0.9, **hogwild)
    own = last.run_config()
    for texts, teaching in ((both(OLD, NEW), None), (NEW, NEWER), (dev, None)):
        parts = split_dataset(gather_for(own, *texts), gather_for(own, *teaching) if teaching else None, own)
        assert (parts.folds, parts.unproved) == (None, "no_new_texts")
    model = last.fit(*both(OLD, NEWER))
    assert 60 < model.training_["abstention"]["texts"] <= 80
    counts = model.training_["fingerprints"]
    assert counts["train"] + counts["selection"] == 600 + 40 + 80 + 80
    assert known(model).known(own_fingerprints(model, both(OLD, dev, NEW, NEWER)[0])).all()
    assert not known(model).known(own_fingerprints(model, TEST[0])).any()


def known(model: TextClassifier) -> TextFingerprints:
    found = model.model_.fingerprints
    assert found is not None
    return found


def own_fingerprints(model: TextClassifier, texts: list[str]) -> Any:
    pairs = ((text, "") for text in texts)
    return gather(pairs, model.model_.config.reading).fingerprints(model.model_.words_read)


def test_without_new_texts_a_model_is_trained_and_claims_nothing(base: Path, tmp_path: Path) -> None:
    model = TextClassifier(base_model=base, target_precision=0.9).fit(*shouted(OLD))
    assert model.training_["abstention"] == {
        "target_precision": 0.9,
        "temperature": 1.0,
        "threshold": None,
        "unproved": "no_new_texts",
    }
    model.save_pretrained(tmp_path / "more")
    assert "has seen every text" in (tmp_path / "more" / "README.md").read_text()
    assert set(TextClassifier.from_pretrained(tmp_path / "more").predict(TEST[0])) == {"bad", "good"}


def test_nothing_can_be_claimed_after_a_model_that_has_no_fingerprints(tmp_path: Path) -> None:
    small: dict[str, Any] = {"encoder": "logistic", "fingerprints": False}
    TextClassifier(**small).fit(*NEW).save_pretrained(tmp_path / "1")
    assert not (tmp_path / "1" / FINGERPRINTS).exists()
    child = TextClassifier(base_model=tmp_path / "1", target_precision=0.6).fit(*OLD)
    child.save_pretrained(tmp_path / "2")
    grandchild = TextClassifier(base_model=tmp_path / "2").fit(*NEWER)
    for model in (child, grandchild):
        assert model.training_["abstention"]["unproved"] == "base_without_fingerprints"
        assert model.training_["fingerprints"] is model.model_.fingerprints is None
        assert min(model.model_.config.lowest_probabilities) > 1
    assert "has no fingerprints" in (tmp_path / "2" / "README.md").read_text()
    assert "abstention" not in TextClassifier(base_model=tmp_path / "1").fit(*OLD).training_


def test_no_precision_can_be_claimed_without_fingerprints(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="no precision can be claimed"):
        TextClassifier("logistic", target_precision=0.6, fingerprints=False).run_config()
    TextClassifier("logistic", target_precision=0.6).fit(*OLD).save_pretrained(tmp_path / "m")
    with pytest.raises(SettingError, match="no precision can be claimed"):
        TextClassifier(base_model=tmp_path / "m", fingerprints=False).run_config()


def test_neither_order_nor_counts_of_the_texts_are_kept() -> None:
    one, other = both(OLD, NEW, NEW), [part[::-1] for part in both(NEW, OLD, OLD)]
    kept = [known(TextClassifier("logistic").fit(*pairs, validation_data=NEWER)) for pairs in (one, other)]
    for name in ("train", "selection"):
        np.testing.assert_array_equal(getattr(kept[0], name), getattr(kept[1], name))
    assert kept[0].counts == {"train": 680, "selection": 80}


@pytest.mark.torture
def test_the_command_says_why_nothing_is_claimed_and_a_resumed_run_remembers_the_same(
    unrolled: Callable[..., Any], write: Callable[..., Path], tmp_path: Path, sigterm_in_second_step: Callable[..., Any]
) -> None:
    def file(name: str, pairs: Pairs) -> Path:
        rows = [{"text": text, "label": label} for text, label in zip(*pairs, strict=True)]
        return write(tmp_path / name, rows)

    small = ["--encoder", "average", "--embedding-dim", 4, "--hidden-size", 3, "--max-epochs", 2]
    old, grown = file("old.csv", OLD), file("grown.csv", both(OLD, NEW))
    assert unrolled("train", old, "-o", tmp_path / "m", *small).code == 0
    go_on = ["--base-model", tmp_path / "m", "-o", tmp_path / "more", "--target-precision", 0.9]
    done = unrolled("train", old, *go_on)
    assert done.code == 0, done.err
    assert "No precision is claimed" in done.err
    assert "Add new texts" in done.err
    assert unrolled("train", grown, *go_on, "--force").code == 0
    files = {path.name: path.read_bytes() for path in (tmp_path / "more").iterdir()}
    with sigterm_in_second_step():
        assert unrolled("train", grown, *go_on, "--force").code == 143
    assert unrolled("train", grown, *go_on, "--resume").code == 0
    for name in (FINGERPRINTS, "model.safetensors", "config.json"):
        assert (tmp_path / "more" / name).read_bytes() == files[name]
    assert "no precision can be claimed" in unrolled("train", grown, *go_on, "--force", "--no-fingerprints").error(2)
