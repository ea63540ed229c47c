"""Names, docstrings, messages and help → written in the words of the field, and none of our old dialect.

What the field says is collected from scikit-learn, PyTorch and Hugging Face's libraries: see `tests/laws/words`.
"""

from __future__ import annotations

from pathlib import Path

from tests.laws.commands.found import NAMES, made
from tests.laws.words.house import (
    ARGUED,
    FIELD_NAMES,
    FIELD_PROSE,
    GROUPS,
    ROOT,
    banned_names,
    banned_sentences,
    files,
    unknown_names,
    unknown_words,
)

PROJECT = Path(__file__).parents[2]
# Words that are still to be replaced or argued: the list may only become shorter.
LEFT = {*(Path(__file__).parent / "words" / "left.txt").read_text("utf-8").split()}


def helps() -> dict[str, str]:
    """Map commands to their help and that of their options."""
    commands = {name: made(name) for name in NAMES}
    return {
        name: " ".join(filter(None, [command.help, *(getattr(p, "help", "") for p in command.params)]))
        for name, command in commands.items()
    }


def test_no_name_has_a_banned_word() -> None:
    assert {str(file): names for file in files() if (names := banned_names(file))} == {}


def test_no_docstring_and_no_message_has_a_banned_phrase_or_verb() -> None:
    assert {str(file): found for file in files() if (found := banned_sentences(file))} == {}


def test_names_are_of_the_field_s_words_or_argued() -> None:
    unknown = {word for file in files() for word in unknown_names(file).values()}
    assert unknown - LEFT == set(), "argue for them in tests/laws/words/argued.toml, or use the field's word"


def test_help_is_in_the_words_of_the_field_s_docs_or_argued() -> None:
    assert {name: found for name, text in helps().items() if (found := unknown_words(text) - LEFT)} == {}


def test_every_word_that_is_argued_or_left_is_in_use() -> None:
    names = {word for file in files() for word in unknown_names(file, known=FIELD_NAMES).values()}
    used = names | {word for text in helps().values() for word in unknown_words(text, known=FIELD_PROSE | FIELD_NAMES)}
    assert (ARGUED | LEFT) - used == set()
    assert not ARGUED & LEFT
    assert all(group["why"] for group in GROUPS.values())


def test_the_files_are_found() -> None:
    assert len([*files()]) > 250
    assert ROOT.resolve() == PROJECT / "src" / "unrolled"
