"""The sources of scikit-learn, PyTorch and Hugging Face → the words of their public names, and those of their docs.

Each argument is a package's folder, as it lies in a wheel that was unpacked: python -m tests.laws.words.field sklearn …
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.laws.words.names import docstrings_of, names_of, prose_words, words_of

NAMES, PROSE = (Path(__file__).with_name(name) for name in ("field_names.txt", "field_prose.txt"))
LEAST = 2, 3  # places: a word of one place alone may be a slip


def collect(packages: Iterator[Path]) -> tuple[set[str], set[str]]:
    """Collect the words of two or more public names, and of three or more docstrings, but for the packages' tests."""
    names, prose = Counter[str](), Counter[str]()
    for file in (file for package in packages for file in package.rglob("*.py") if "tests" not in file.parts):
        source = file.read_text("utf-8")
        if not _parses(source):  # as it is written for a newer Python
            continue
        public = (name for name in (*names_of(source, variables=False), file.stem) if not name.startswith("_"))
        names.update(word for name in public for word in words_of(name))
        prose.update(word for text in docstrings_of(source) for word in set(prose_words(text)))
    return _frequent(names, LEAST[0]), _frequent(prose, LEAST[1])


def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def _frequent(words: Counter[str], least: int) -> set[str]:
    return {word for word, count in words.items() if count >= least and len(word) > 1}


if __name__ == "__main__":
    for path, words in zip((NAMES, PROSE), collect(map(Path, sys.argv[1:])), strict=True):
        path.write_text("\n".join(sorted(words)) + "\n", "utf-8")
