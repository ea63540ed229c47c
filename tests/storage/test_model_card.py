"""A config, a record, metrics → a card whose front matter is simple YAML and whose every claim is the record's."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.each import each
from unrolled.calibration.abstention import Abstention
from unrolled.model.registry import encoder_names
from unrolled.storage.config import Config
from unrolled.storage.model_card import model_card
from unrolled.text.text_config import TextConfig

LABELS = ("bad", "good")
TRAINING: dict[str, Any] = {
    "seed": 7,
    "rows": {"train": 120_000, "dev": 1_234},
    "stopped": "patience",
    "steps": 9_876,
    "best_step": 5_432,
}


def config(encoder: str = "cnn", labels: tuple[str, ...] = LABELS, **options: Any) -> Config:
    return Config(encoder, options, TextConfig(), labels)


def scores(rows: int, accuracy: float, f1: float) -> dict[str, Any]:
    def spread(value: float) -> dict[str, float]:
        return {"value": value, "low": value - 0.01, "high": value + 0.01}

    return {"rows": rows, "accuracy": spread(accuracy), "macro_f1": spread(f1)}


METRICS = {"dev": scores(1_234, 0.8765, 0.5), "test": scores(7_600, 0.25, 0.333)}


def test_the_front_matter_is_lines_of_a_plain_key_and_a_plain_value() -> None:
    _, front, rest = model_card(config(), TRAINING, METRICS).split("---\n", 2)
    pairs = [re.fullmatch(r"([a-z_]+): ([a-z-]+)", line) for line in front.splitlines()]
    assert {pair[1]: pair[2] for pair in pairs if pair} == {
        "library_name": "unrolled",
        "pipeline_tag": "text-classification",
    }
    assert all(pairs)
    assert model_card(config(), TRAINING, METRICS).startswith("---\n")
    assert rest.startswith("\n# ")


@each("encoder", encoder_names())
def test_the_encoder_and_each_of_its_options_are_told(encoder: str) -> None:
    card = model_card(config(encoder), {}, {})
    told = re.search(r"the encoder `(\w+)` \((.*)\) and names one of", card)
    assert told is not None
    assert told[1] == encoder
    options = config(encoder).as_json()["encoder_options"]
    assert told[2] == ", ".join(f"{name} {value}" for name, value in options.items())


@pytest.mark.parametrize("count", [2, 20, 21, 1000])
def test_the_labels_are_counted_and_the_first_twenty_named(count: int) -> None:
    labels = tuple(f"label {number}" for number in range(count))
    card = model_card(config(labels=labels), {}, {})
    told = re.search(r"one of (\S+) labels: (.*)\.\n", card)
    assert told is not None
    assert int(told[1].replace(",", "")) == count
    assert re.findall(r"`([^`]*)`", told[2]) == list(labels[:20])
    assert told[2].endswith(", …") == (count > 20)


whole = st.integers(0, 10**9)


@settings(deadline=None)
@given(train=whole, dev=whole, steps=whole, best=whole, seed=whole, stopped=st.sampled_from(["budget", "max_epochs"]))
def test_each_number_told_of_the_training_is_the_records(
    train: int, dev: int, steps: int, best: int, seed: int, stopped: str
) -> None:
    record = {"rows": {"train": train, "dev": dev}, "steps": steps, "best_step": best, "seed": seed, "stopped": stopped}
    form = (
        r"Trained on (\S+) texts; (\S+) other texts \(dev\) chose which step is kept\. (\S+) steps, "
        r"of which step (\S+) is kept; stopped by (\w+); seed (\d+)\."
    )
    told = re.search(form, model_card(config(), record, {}))
    assert told is not None
    assert told[5] == stopped
    assert [int(told[k].replace(",", "")) for k in (1, 2, 3, 4, 6)] == [train, dev, steps, best, seed]


@settings(deadline=None)
@given(rows=whole, accuracy=st.floats(0.01, 0.99), f1=st.floats(0.01, 0.99))
def test_each_number_of_the_table_is_the_metrics_to_a_tenth_of_a_percent(rows: int, accuracy: float, f1: float) -> None:
    metrics = {"dev": scores(rows, accuracy, f1), "test": scores(1, f1, accuracy)}
    table = [line for line in model_card(config(), TRAINING, metrics).splitlines() if line.startswith("|")]
    assert [line.split("|")[1].strip() for line in table] == ["texts", "---", "dev", "test"]
    _, _, counted, *told, _ = table[2].split("|")
    assert int(counted.replace(",", "")) == rows
    for cell, score in zip(told, (accuracy, f1), strict=True):
        number = re.fullmatch(r" (\S+) % \[(\S+), (\S+)\] ", cell)
        assert number is not None
        for text, value in zip(number.groups(), (score, score - 0.01, score + 0.01), strict=True):
            assert float(text) == pytest.approx(100 * value, abs=0.05001)


def test_scores_on_texts_that_chose_the_step_are_called_optimistic() -> None:
    dev, test = ({part: METRICS[part]} for part in METRICS)
    assert "optimistic" in model_card(config(), TRAINING, dev)
    assert "optimistic" not in model_card(config(), TRAINING, test)
    assert "chose nothing" in model_card(config("logistic"), TRAINING, dev)
    assert "optimistic" not in model_card(config("logistic"), TRAINING, dev)


def test_nothing_is_claimed_that_is_not_known() -> None:
    card = model_card(config(), {}, {})
    assert "Trained on" not in card
    assert "|" not in card
    assert "None" not in card
    assert "Trained on" in model_card(config(), TRAINING, {})
    assert "|" not in model_card(config(), TRAINING, {})


@each("label", ["a\nb", "a\n\n---\n# Another card", "a\r\n| x |", "a\u2028b", "{0}", "`", "`` ` ``"])
def test_a_label_never_changes_the_structure_of_the_card(label: str) -> None:
    plain = model_card(config(), TRAINING, METRICS)
    card = model_card(config(labels=("bad", label)), TRAINING, METRICS)
    assert len(card.splitlines()) == len(plain.splitlines())
    (line,) = (one for one in card.splitlines() if "names one of" in one)
    # CommonMark: code ends at the next run of as many backticks as began it
    spans = re.findall(r"(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)", line)
    assert len(spans) == 3


def test_the_uses_that_the_card_shows_are_of_this_package() -> None:
    card = model_card(config(), TRAINING, METRICS)
    assert "    unrolled predict THIS_FOLDER texts.csv\n" in card
    assert '    TextClassifier.from_pretrained("THIS_FOLDER").predict(["a text"])\n' in card


def test_the_card_says_when_the_model_answers() -> None:
    kept, broken = (Abstention(target_precision=0.95, threshold=least) for least in (0.8312345, None))
    card = model_card(replace(config(), abstention=kept), TRAINING, METRICS)
    assert (
        "\n\nAnswers where its probability is 0.8312 or higher, chosen so that 95 % of answers are correct.\n\n|"
        in card
    )
    by_label = Abstention(target_precision={"pos": 0.9, "neg": 0.8}, threshold={"pos": 0.7, "neg": None})
    lines = model_card(replace(config(), abstention=by_label), TRAINING, METRICS).splitlines()
    assert [line.split(":")[0] for line in lines if line.startswith("- ")] == ["- `pos`", "- `neg`"]
    assert "No threshold reached a precision of 95 %" in model_card(replace(config(), abstention=broken), TRAINING, {})
    assert "precision" not in model_card(config(), TRAINING, METRICS)
