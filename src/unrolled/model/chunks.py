"""Texts → what their chunks, which spaces part, are read as; a chunk that was met before isn't read again.

No rule of `tokens` looks past a space, so a text's words are those of its chunks, one chunk after the other. A few
chunks make up most of a text: to remember what they are read as is many times faster than to read them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import Any, TypeVar

from unrolled.model.reading import Reading
from unrolled.model.tokens import words

Read = TypeVar("Read")
MOST, LONGEST = 1 << 17, 32  # chunks to remember, some 30 MB; and characters of one


class Chunks(dict[str, Read]):
    """Chunks and what `read` makes of each, forgotten once they are too many; several threads may ask at once."""

    def __init__(self, read: Callable[[str], Read]) -> None:
        """Remember nothing yet."""
        super().__init__()
        self.read = read

    def of(self, text: str) -> Iterator[Read]:
        """Read a text's chunks, in their order."""
        return map(self.__getitem__, text.split())

    def __missing__(self, chunk: str) -> Read:
        """Read a chunk, and remember it unless it is long."""
        found = self.read(chunk)
        if len(chunk) <= LONGEST:
            if len(self) >= MOST:
                self.clear()
            self[chunk] = found
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy without what is remembered."""
        return type(self), (self.read,)


class Splitter:
    """Splits many texts into words."""

    def __init__(self, reading: Reading) -> None:
        """Take the settings of `tokens.words`."""
        self.words_of_chunk = partial(words, tokens=reading.tokens, lowercase=reading.lowercase)
        self.chunks = Chunks(self.words_of_chunk)

    def words(self, text: str) -> list[str]:
        """Split a text as `tokens.words` does."""
        return list(chain.from_iterable(self.chunks.of(text)))
