"""The package's files and help → each name and each sentence that is written in words which the field doesn't use.

`python -m tests.laws.words.house [ROOM …]` lists them: file, name, word.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Set
from pathlib import Path

from tests.laws.words.names import docstrings_of, names_of, prose_words, words_of

FOLDER, ROOT = Path(__file__).parent, Path(__file__).parents[3] / "src" / "unrolled"
FIELD_NAMES, FIELD_PROSE = ({*(FOLDER / f"field_{kind}.txt").read_text().split()} for kind in ("names", "prose"))
BANNED = tomllib.loads((FOLDER / "banned.toml").read_text("utf-8"))
GROUPS = tomllib.loads((FOLDER / "argued.toml").read_text("utf-8"))
ARGUED = {word for group in GROUPS.values() for word in group["words"]}


def files(*rooms: str) -> Iterator[Path]:
    """List the package's files, or those of some rooms."""
    yield from sorted(file for room in rooms or ("",) for file in (ROOT / room).rglob("*.py"))


def banned_names(file: Path) -> set[str]:
    """List the names with a word that no name may have."""
    words = {*BANNED["names"]}
    return {name for name in names_of(file.read_text("utf-8")) if words & {*words_of(name)} or name in BANNED["whole"]}


def banned_sentences(file: Path) -> list[str]:
    """List docstrings that begin with a verb that they may not, and what has a phrase of our old dialect."""
    source = file.read_text("utf-8")
    began = [text for text in docstrings_of(source) if text.split()[0] in BANNED["verbs"]]
    phrases = re.compile(rf"\b(?:{'|'.join(map(re.escape, BANNED['phrases']))})\b", re.IGNORECASE)
    return [*began, *(text for text in _strings(source) if phrases.search(text))]


def _strings(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.value


def unknown_names(file: Path, known: Set[str] = FIELD_NAMES | ARGUED) -> dict[str, str]:
    """Map names that others see to each word in them which isn't known: `name: word` → word."""
    names = (file.stem, *names_of(file.read_text("utf-8"), variables=False))
    return {f"{name}: {word}": word for name in names for word in words_of(name) if len(word) > 2 and word not in known}


def unknown_words(text: str, known: Set[str] = FIELD_PROSE | FIELD_NAMES | ARGUED) -> set[str]:
    """List the words of a help text that aren't known; `fifth's` is known where `fifth` is."""
    words = {word.removesuffix("'s") for word in prose_words(text)}
    return {word for word in words if len(word) > 2 and word not in known}


if __name__ == "__main__":
    for one in files(*sys.argv[1:]):
        for name in sorted(banned_names(one)):
            print(f"{one}: banned name: {name}")
        for name in sorted(unknown_names(one)):
            print(f"{one}: unknown word: {name}")
        for text in banned_sentences(one):
            print(f"{one}: banned words: {' '.join(text.split())[:90]}")
