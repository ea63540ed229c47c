"""Lines of fastText: what was written comes back equal; a line without exactly one label in front is reported."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.data.readers.fasttext import read_fasttext_lines
from unrolled.data.rows import BadRow, Row

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\n\r") | st.sampled_from(" \t\u2028é_"))

LABELS = st.text(st.characters(exclude_categories=["Cs", "Zs", "Cc"]), min_size=1).filter(lambda t: t.strip() != "")


@given(st.lists(st.tuples(LABELS, TEXTS)), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\ufeff"]))
def test_labels_and_texts_come_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], end: str, mark: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "round.txt"
    path.write_bytes((mark + "".join(f"__label__{label} {text}{end}" for label, text in rows)).encode())
    for with_labels in (True, False):
        assert list(read_fasttext_lines(str(path), with_labels=with_labels)) == [
            Row(n, f"{path}, row {n} (line {n})", text, label if with_labels else None, {})
            for n, (label, text) in enumerate(rows, start=1)
        ]


NONE, LATER, SEVERAL = (
    "no __label__ at its beginning",
    "a __label__ that isn't at its beginning",
    "more than one __label__",
)
CASES: dict[str, tuple[bytes, tuple[str, str] | str, str]] = {  # line, (label, text) or reason, text for prediction
    "one label": (b"__label__a fine film", ("a", "fine film"), "fine film"),
    "no text": (b"__label__a", ("a", ""), ""),
    "a tab": (b"__label__a\tfine", ("a", "fine"), "fine"),
    "two blanks": (b"__label__a  fine", ("a", " fine"), " fine"),
    "part of a word": (b"__label__a my__label__b", ("a", "my__label__b"), "my__label__b"),
    "no label": (b"fine film", NONE, "fine film"),
    "an empty line": (b"", NONE, ""),
    "an empty label": (b"__label__ fine", "the label is empty (in '__label__')", "fine"),
    "two labels": (b"__label__a __label__b fine", SEVERAL, "fine"),
    "one later, too": (b"__label__a fine __label__b", SEVERAL, "fine __label__b"),
    "only later": (b"fine __label__b", LATER, "fine __label__b"),
    "a blank in front": (b" __label__a fine", LATER, " __label__a fine"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_line_is_used_or_reported(tmp_path: Path, case: str) -> None:
    line, expected, text = CASES[case]
    path = tmp_path / "reviews.txt"
    path.write_bytes(b"__label__a one\n" + line + b"\n")
    where = f"{path}, row 2 (line 2)"
    (_, row) = read_fasttext_lines(str(path), with_labels=True)
    used = Row(2, where, expected[1], expected[0], {})
    assert row == (BadRow(2, where, expected) if isinstance(expected, str) else used)
    (_, row) = read_fasttext_lines(str(path), with_labels=False)
    assert row == Row(2, where, text, None, {})
