"""What typer says of a command's words → the same in our parts; what is no error stays what it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.each import each
from tests.laws.commands.found import NAMES, made

# The words, and the line that they end with.
WRONG: dict[str, tuple[str, str]] = {
    "a command": ("trian", "`unrolled` has no command 'trian'. Did you mean 'train'?"),
    "a command of a group": ("lm nextt", "`unrolled lm` has no command 'nextt'. Did you mean 'next'?"),
    "an option": (
        "train --encodr",
        "`unrolled train` has no option '--encodr'. Did you mean '--encoder'?",
    ),
    "a short option": ("train -z", "`unrolled train` has no option '-z'. See `unrolled train --help`."),
    "an option with one dash": (
        "train -minn=3",
        "`unrolled train` has no option '-minn'. Did you mean '--min-count'?",
    ),
    "a habit's value": (
        "train data.csv -wordNgrams x",
        "option '-wordNgrams': must be an integer of at least 1, got 'x'. Choose an allowed value.",
    ),
    "an option before the command": (
        "--frob",
        "`unrolled` has no option '--frob'. See `unrolled --help`.",
    ),
    "no value": (
        "train data.csv --lr",
        "option '--learning-rate': a value is missing. See `unrolled train --help`.",
    ),
    "a value for a flag": (
        "predict --force=3",
        "option '--force': it takes no value. See `unrolled predict --help`.",
    ),
    "no data": (
        "evaluate model",
        "`unrolled evaluate`: DATA is missing (Labelled texts: a folder by class, CSV, TSV, fastText lines, JSON "
        "Lines, Parquet). See `unrolled evaluate --help`.",
    ),
    "no output": (
        "train data.csv",
        "`unrolled train`: option '--output' is missing (Model folder to write). See `unrolled train --help`.",
    ),
    "too many words": (
        "predict a b c d",
        "`unrolled predict`: unexpected argument 'c d'. See `unrolled predict --help`.",
    ),
    "a choice": (
        "predict model --output-format xml",
        "option '--output-format': expected one of jsonl, csv, tsv, got 'xml'. Choose an allowed value.",
    ),
    "a range": (
        "predict model --top-k 0",
        "option '--top-k': expected an integer at least 1, got '0'. Choose an allowed value.",
    ),
}


@each("case", WRONG)
def test_wrong_words_are_told_in_one_line(unrolled: Callable[..., Any], case: str) -> None:
    words, told = WRONG[case]
    assert unrolled(*words.split(" ")).error(2) == f"Error: {told}"


@each("word", ["a is not b", "is not one of 'csv'", " is not ", "it is not.", ""])
def test_a_choice_is_told_as_it_was_typed(unrolled: Callable[..., Any], word: str) -> None:
    told = unrolled("predict", "model", "--output-format", word).error(2)
    assert told == (
        f"Error: option '--output-format': expected one of jsonl, csv, tsv, got {word!r}. Choose an allowed value."
    )


def test_a_word_that_a_terminal_would_obey_is_shown_by_its_code(unrolled: Callable[..., Any]) -> None:
    assert "\x1b" not in unrolled("train", "a", "\x1b[31m").error(2)
    assert "\\x1b[31m" in unrolled("\x1b[31m").error(2)


@pytest.mark.parametrize("words", [[], ["lm"]])
def test_a_group_alone_is_no_error(unrolled: Callable[..., Any], words: list[str]) -> None:
    done = unrolled(*words)
    assert done.code == 2
    assert "Usage: unrolled" in done.out + done.err
    assert "Error" not in done.err


def test_every_option_is_read_by_a_parser_of_ours_or_is_any_text() -> None:
    """So that typer refuses no value in its own words."""
    types = {type(parameter.type).__name__ for name in NAMES for parameter in made(name).params}
    assert types <= {"FuncParamType", "StringParamType", "BoolParamType", "TyperPath"}
