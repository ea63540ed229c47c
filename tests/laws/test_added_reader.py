"""A file in a folder that is searched → a format like all others."""

from __future__ import annotations

from pathlib import Path

import pytest

from unrolled.data import read_labelled, read_rows, readers

MINE = '''"""Lines `label | text` → rows."""

from unrolled.data.rows import Row
from unrolled.data.lines import Lines

FORMATS = {"bars": (".bars",)}
TITLE = "lines with bars"
LABELS = True


def read(source, options, **_):
    """Return a row a line."""
    for number, (line, _) in enumerate(Lines(source, newline="\\n", options=options).rows(), start=1):
        label, text = line.strip().split(" | ")
        yield Row(number, f"{source}, line {number}", text, label if options.label_column else None, {})
'''


def test_adding_a_reader_is_adding_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "added").mkdir()
    (tmp_path / "added" / "bars.py").write_text(MINE)
    (tmp_path / "texts.bars").write_text("pos | a fine film\nneg | a dull one\n")
    monkeypatch.setattr(readers, "__path__", [*readers.__path__, str(tmp_path / "added")])
    found = read_labelled(str(tmp_path / "texts.bars"))
    assert (found.texts, found.labels) == (["a fine film", "a dull one"], ["pos", "neg"])
    (tmp_path / "texts").write_text("pos | fine\n")
    (row,) = read_rows(str(tmp_path / "texts"), format="bars", label_column=None)
    assert (getattr(row, "text", None), getattr(row, "label", "")) == ("fine", None)
