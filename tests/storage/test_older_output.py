"""A file that an output is to replace by force → replaced where it is of the same kind, else named and left alone."""

from __future__ import annotations

import errno
import gzip
import itertools
import os
from pathlib import Path

import pytest

from tests.storage.struck import Operation, struck
from unrolled.errors import DataError
from unrolled.prediction.answer_file import OF_ANSWERS, opened
from unrolled.storage.older_output import free_name, has_valid_checksum, reject_other, with_checksum

PAGE = with_checksum("<!doctype html>\n<p>ä</p><!-- sha256 of all above: nothing -->\n")
OWN: dict[str, bytes] = {
    "answers": b'{"row": 1, "label": "good"}\n',
    "a table": b"row,label,probability\n",
    "a table of tabs": b"row\tlabel\n1\tgood\n",
    "packed answers": gzip.compress(b'{"row": 1, "label": "good"}\n' * 9999),
}
OTHERS: dict[str, bytes] = {
    "notes": b"years of work",
    "another table": b"rowing,label\n",
    "an answer of others": b'{"label": "good"}\n',
    "settings": b'{\n  "row": 1}',
    "bytes": bytes(range(128, 256)),
    "a workbook": b"PK\x03\x04 row,",
    "a packed page": gzip.compress(PAGE.encode()),
    "a damaged archive": gzip.compress(b"row,label\n")[:9] + b"\xff" * 9,
    "a page": PAGE.encode(),
}


@pytest.mark.parametrize("kind", OWN)
def test_older_answers_may_be_replaced(tmp_path: Path, kind: str) -> None:
    (tmp_path / "out").write_bytes(OWN[kind])
    reject_other(tmp_path / "out", OF_ANSWERS)


@pytest.mark.parametrize("kind", OTHERS)
def test_anything_else_is_named_and_left_alone(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "out"
    place.write_bytes(OTHERS[kind])
    with pytest.raises(DataError, match=f"{place}: .*isn't an output of this command"), opened(place, force=True):
        pytest.fail("it was opened")
    assert place.read_bytes() == OTHERS[kind]


def test_a_page_is_known_by_its_hash(tmp_path: Path) -> None:
    place = tmp_path / "page.html"
    place.write_text(PAGE, "utf-8")
    reject_other(place, has_valid_checksum)
    others = [PAGE.replace("<p>", "<b>"), f"{PAGE}\n", PAGE[:-1], PAGE[1:], "", "mine"]
    for other in [*(one.encode() for one in others), PAGE.encode("utf-16"), *OWN.values()]:
        place.write_bytes(other)
        with pytest.raises(DataError, match="isn't an output of this command"):
            reject_other(place, has_valid_checksum)


def test_a_free_name_is_one_that_nothing_has(tmp_path: Path) -> None:
    (tmp_path / "list.1.csv").touch()
    (tmp_path / "list.2.csv").symlink_to("nowhere")
    assert free_name(tmp_path / "list.csv") == tmp_path / "list.3.csv"


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES], ids=errno.errorcode.get)
def test_whatever_fails_what_is_said_of_the_file_is_true(tmp_path: Path, number: int, lasting: bool) -> None:
    def fail() -> None:
        raise OSError(number, os.strerror(number))

    def write() -> None:
        with opened(place, force=True, copy_to=aside) as file:
            file.write("row,new\n" * 5000)

    operations: list[Operation] = [(os, name) for name in ("fsync", "replace", "unlink", "rename")]
    operations += [(Path, name) for name in ("open", "replace", "unlink", "read_bytes")]
    told: list[str] = []
    for count in itertools.count(1):
        place, aside = tmp_path / f"{count}.csv", tmp_path / f"{count}.1.csv"
        place.write_text("row,old\n")
        try:
            if not struck(write, operations, count, fail, lasting=lasting):
                break
        except DataError as error:
            told.append(str(error))
            assert place.read_text() == "row,old\n"
        else:
            assert place.read_text().startswith("row,new\n")
            assert aside.read_text() == "row,old\n"
    assert len(told) > 4
    assert all("nothing of that name was changed" in line for line in told)
