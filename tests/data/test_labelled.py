"""All texts and labels of a source; bad rows are refused with the first five told, or skipped and listed."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from unrolled.data.labelled import read_labelled
from unrolled.data.rows import BadRow
from unrolled.data.split import split_off
from unrolled.errors import DataError

_SMS = Path(__file__).parents[3] / "shared" / "data" / "sms_spam" / "all.csv.gz"


def _file(folder: Path, *lines: str) -> str:
    path = folder / "reviews.csv"
    path.write_text("text,label\n" + "".join(f"{line}\n" for line in lines))
    return str(path)


def test_texts_and_labels_come_in_order(tmp_path: Path) -> None:
    data = read_labelled(_file(tmp_path, "fine,pos", ",neg", "fine,pos"))
    assert (data.texts, data.labels, data.bad_rows) == (["fine", "", "fine"], ["pos", "neg", "pos"], [])
    assert data.rows_in == 3


def test_bad_rows_are_refused_with_the_first_five_and_their_count(tmp_path: Path) -> None:
    source = _file(tmp_path, "fine,pos", "bad", "a,", *["bad"] * 4, "worse,neg")
    with pytest.raises(DataError) as caught:
        read_labelled(source)
    width = "expected 2 fields, got 1"
    assert str(caught.value) == (
        f"{source}: 6 of 8 rows can't be used: row 2 (line 3): {width}; "
        f"row 3 (line 4): the label is empty (in 'label'); row 4 (line 5): {width}; row 5 (line 6): {width}; "
        f"row 6 (line 7): {width}; and 1 more. Fix them, or pass --skip-bad-rows."
    )


def test_skipped_bad_rows_are_listed_and_all_rows_accounted_for(tmp_path: Path) -> None:
    source = _file(tmp_path, "fine,pos", "bad", "worse,neg")
    data = read_labelled(source, skip_bad_rows=True)
    assert (data.texts, data.labels) == (["fine", "worse"], ["pos", "neg"])
    assert data.bad_rows == [BadRow(2, f"{source}, row 2 (line 3)", "expected 2 fields, got 1")]
    assert data.rows_in == 3


def test_no_usable_row_and_one_class_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no row with a text and a label"):
        read_labelled(_file(tmp_path))
    with pytest.raises(DataError, match="; 1 bad"):
        read_labelled(_file(tmp_path, "bad"), skip_bad_rows=True)
    source = _file(tmp_path, "fine,pos", "nice,pos")
    with pytest.raises(DataError, match=r"at least 2 different labels .* 1: 'pos'"):
        read_labelled(source)
    assert read_labelled(source, minimum_classes=1).labels == ["pos", "pos"]


def test_every_row_of_sms_spam_is_read_and_split_by_class_without_a_shared_text(tmp_path: Path) -> None:
    if not _SMS.exists():
        pytest.skip("needs ../shared/data/sms_spam, which is not part of the project")
    path = tmp_path / "sms.csv"
    path.write_bytes(gzip.decompress(_SMS.read_bytes()))
    data = read_labelled(str(path))
    assert len(data.texts) == data.rows_in == 5_574
    train, held_out = split_off(data.texts, data.labels, fraction=0.1, seed=0)
    assert sorted(train + held_out) == list(range(5_574))
    assert not {data.texts[row] for row in train} & {data.texts[row] for row in held_out}
    for label in ("ham", "spam"):
        count = data.labels.count(label)
        assert abs(sum(data.labels[row] == label for row in held_out) - 0.1 * count) <= 0.5
