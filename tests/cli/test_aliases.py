"""Words of fastText's, scikit-learn's and Keras's users → ours; values and what stands behind -- are left alone."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer
from hypothesis import given
from hypothesis import strategies as st

from tests.each import each
from unrolled.cli.aliases import ALIASES, expand_aliases
from unrolled.cli.app import application
from unrolled.cli.commands import train

COMMAND: Any = typer.main.get_command(application).get_command(None, "train")  # type: ignore[attr-defined]
OPTIONS = [option for option in COMMAND.params if option.param_type_name == "option"]
NAMES = {name for option in OPTIONS for name in (*option.opts, *option.secondary_opts)}
FLAGS = {name for option in OPTIONS if option.is_flag for name in (*option.opts, *option.secondary_opts)}


def ours(*words: str) -> list[str]:
    return expand_aliases(words, NAMES, FLAGS)


def parsed(*words: str) -> dict[str, str]:
    found = COMMAND.make_context("train", ["data.csv", "-o", "out", *words]).params
    return {name: str(value) for name, value in found.items()}


@each("habit", ALIASES)
def test_no_habit_is_stale_and_none_hides_an_option(habit: str) -> None:
    """Typed in every way it is the option that it means, parsed by the real command."""
    name, before = ALIASES[habit]
    assert name in NAMES - FLAGS
    value = "0.5" if name in ("--learning-rate", "--validation-fraction") else "2"
    expected = parsed(name, before + value)
    assert expected != parsed()
    for typed in {f"--{habit}", f"-{habit}", f"--{habit.replace('-', '_')}"}:
        assert typed not in NAMES
        assert parsed(typed, value) == parsed(f"{typed}={value}") == expected


@each("name", sorted(name for name in NAMES if "-" in name.lstrip("-")))
def test_underscores_do_for_dashes_in_every_option(name: str) -> None:
    typed = "--" + name.removeprefix("--").replace("-", "_")
    assert ours(typed) == [name]
    assert ours(f"{typed}=a_b") == [f"{name}=a_b"]


CASES: dict[str, tuple[list[str], list[str]]] = {
    "fastText's manner": (["-lr", "0.5", "-wordNgrams", "2"], ["--learning-rate", "0.5", "--ngram-range", "1,2"]),
    "with an equals sign": (["--wordNgrams=3"], ["--ngram-range=1,3"]),
    "a value like a habit": (["--text-column", "--lr", "--lr", "1"], ["--text-column", "--lr", "--learning-rate", "1"]),
    "a value of a habit like a habit": (["--lr", "--dim"], ["--learning-rate", "--dim"]),
    "a value with underscores": (["--text_column", "--my_text"], ["--text-column", "--my_text"]),
    "a negative value": (["--forget-gate-bias", "-0.5"], ["--forget-gate-bias", "-0.5"]),
    "behind --": (["--lr", "1", "--", "--lr", "-dim"], ["--learning-rate", "1", "--", "--lr", "-dim"]),
    "behind a flag": (["--force", "--lr", "1"], ["--force", "--learning-rate", "1"]),
    "a short option's value": (["-o", "-lr", "-lr", "1"], ["-o", "-lr", "--learning-rate", "1"]),
    "a value glued to a short option": (["-odim", "-outfile"], ["-odim", "-outfile"]),
    "our own names with one dash": (["-output", "a", "-seed", "3"], ["--output", "a", "--seed", "3"]),
    "a file": (["lr", "./-lr", "-"], ["lr", "./-lr", "-"]),
    "nobody's option": (["--frob_nicate", "-frob", "--loss"], ["--frob_nicate", "-frob", "--loss"]),
    "a value that is missing": (["--lr"], ["--learning-rate"]),
    "a value that is empty": (["--lr="], ["--learning-rate="]),
}


@each("case", CASES)
def test_names_are_translated_and_nothing_else(case: str) -> None:
    typed, expected = CASES[case]
    assert ours(*typed) == expected


@given(st.lists(st.sampled_from([*sorted(NAMES), "--", "-", "a_b", "--a=b_c", "-x", "--x_y", "", "1"])))
def test_our_own_words_stay_as_they_are(words: list[str]) -> None:
    assert ours(*words) == words


def test_the_help_names_the_habits_and_each_that_it_names_is_one() -> None:
    told = (inspect.getdoc(train.command) or "").split("accepted as aliases:")[1]
    named = {word.lstrip("-").replace("_", "-") for word in re.findall(r"(?<!\w)--?\w+", told)}
    assert named == {habit for habit in ALIASES if habit != "lr"} | {"lr"}


def test_a_model_is_trained_in_fasttexts_words(unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path) -> None:
    habits = ["-wordNgrams", "2", "-epoch", "1", "-dim", "4", "-lr", "0.01", "--random_state", "3", "-bucket", "50"]
    ours = ["--ngram-range", "1,2", "--max-epochs", "1", "--embedding-dim", "4", "--learning-rate", "0.01"]
    for folder, words in (("a", habits), ("b", [*ours, "--seed", "3", "--buckets", "50"])):
        done = unrolled("train", train_csv, "--encoder", "ngrams", *words, "-o", tmp_path / folder)
        assert done.code == 0, done.err
    assert (tmp_path / "a" / "config.json").read_bytes() == (tmp_path / "b" / "config.json").read_bytes()
    assert (tmp_path / "a" / "model.safetensors").read_bytes() == (tmp_path / "b" / "model.safetensors").read_bytes()
