"""A folder by class: every visible file is a row, by label and then by name, used or reported."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from unrolled.data.readers.class_folder import read_class_folder
from unrolled.data.rows import BadRow, Row
from unrolled.data.source import ReadOptions
from unrolled.errors import DataError


def _lay_out(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def test_files_come_by_label_then_name_with_their_whole_content(tmp_path: Path) -> None:
    files = {
        "pos/b.txt": b"two\r\nlines\n",
        "pos/a.TXT": b"\xef\xbb\xbfB",
        "neg/z.txt": b"",
        "neg/10.txt": b"10",
        "neg/9.txt": b"9",
    }
    _lay_out(tmp_path, files)
    texts = {"neg/10.txt": "10", "neg/9.txt": "9", "neg/z.txt": "", "pos/a.TXT": "B", "pos/b.txt": "two\r\nlines\n"}
    assert list(read_class_folder(str(tmp_path), with_labels=True)) == [
        Row(number, f"{name}, row {number}", text, name[:3], {"file": name})
        for number, (name, text) in enumerate(texts.items(), start=1)
    ]


def test_without_labels_the_file_still_says_where_a_text_came_from(tmp_path: Path) -> None:
    _lay_out(tmp_path, {"pos/a.txt": b"A"})
    (row,) = read_class_folder(str(tmp_path), with_labels=False)
    assert row == Row(1, "pos/a.txt, row 1", "A", None, {"file": "pos/a.txt"})


def test_what_is_no_text_is_reported_and_hidden_names_are_ignored(tmp_path: Path) -> None:
    _lay_out(
        tmp_path,
        {
            "README": b"",
            "pos/a.txt": b"caf\xe9",
            "pos/b.txt": b"a\0",
            "pos/c.md": b"",
            "pos/d/e.txt": b"",
            "pos/.hidden.txt": b"",
            ".git/x.txt": b"",
        },
    )
    os.mkfifo(tmp_path / "pos" / "pipe.txt")
    (tmp_path / "pos" / "gone.txt").symlink_to("nowhere")
    (tmp_path / "pos" / "link.txt").symlink_to(tmp_path / "README")
    no_text = "not a regular file whose name ends in .txt"
    assert list(read_class_folder(str(tmp_path), with_labels=True)) == [
        BadRow(1, f"{tmp_path}, row 1", "README: not in the folder of a class"),
        BadRow(
            2,
            f"{tmp_path}, row 2",
            "pos/a.txt: line 1, byte 4: 0xe9 is not UTF-8 (another encoding? --encoding latin-1)",
        ),
        BadRow(3, f"{tmp_path}, row 3", "pos/b.txt: line 1, byte 2: a NUL byte"),
        BadRow(4, f"{tmp_path}, row 4", f"pos/c.md: {no_text}"),
        BadRow(5, f"{tmp_path}, row 5", f"pos/d: {no_text}"),
        BadRow(6, f"{tmp_path}, row 6", f"pos/gone.txt: {no_text}"),
        Row(7, "pos/link.txt, row 7", "", "pos", {"file": "pos/link.txt"}),
        BadRow(8, f"{tmp_path}, row 8", f"pos/pipe.txt: {no_text}"),
    ]


def test_a_label_that_is_not_utf8_is_reported(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/caf\xe9"
    try:
        os.mkdir(folder)
    except OSError:
        pytest.skip("this file system takes only names in UTF-8")
    with open(folder + b"/a.txt", "wb"):
        pass
    (row,) = read_class_folder(str(tmp_path), with_labels=True)
    assert row == BadRow(1, f"{tmp_path}, row 1", "caf\\xe9/a.txt: its name is not UTF-8")


def test_a_class_folder_without_files_is_told(tmp_path: Path) -> None:
    _lay_out(tmp_path, {"pos/a.txt": b"A", "meh/.hidden": b""})
    told: list[str] = []
    (row,) = read_class_folder(str(tmp_path), with_labels=True, options=ReadOptions(on_warning=told.append))
    assert row.number == 1
    assert told == [
        f"{tmp_path}: the class folder 'meh' has no files",
        f"{tmp_path}: 1 name with a dot in front passed over, the first: meh/.hidden",
    ]


def test_hidden_names_are_counted_and_a_blank_label_is_reported(tmp_path: Path) -> None:
    _lay_out(tmp_path, {".net/a.txt": b"A", "c/a.txt": b"A", "c/.b.txt": b"B", " /c.txt": b"C"})
    told: list[str] = []
    rows = list(read_class_folder(str(tmp_path), with_labels=True, options=ReadOptions(on_warning=told.append)))
    assert rows == [
        BadRow(1, f"{tmp_path}, row 1", " /c.txt: the label is empty (in ' ')"),
        Row(2, "c/a.txt, row 2", "A", "c", {"file": "c/a.txt"}),
    ]
    assert told == [f"{tmp_path}: 2 names with a dot in front passed over, the first: .net"]
    assert all(isinstance(row, Row) for row in read_class_folder(str(tmp_path), with_labels=False))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_mark_that_is_missing_or_not_asked_for_is_told_of_its_file_alone(tmp_path: Path, encoding: str) -> None:
    _lay_out(tmp_path, {"a/1.txt": "fine".encode(encoding), "a/2.txt": b"plain text in ASCII.", "a/3.txt": b""})
    name = encoding.upper()
    marked, plain, empty = read_class_folder(str(tmp_path), with_labels=True, options=ReadOptions(encoding))
    assert isinstance(marked, Row)
    assert marked.text == "fine"
    assert isinstance(plain, BadRow)
    reason = f"{name} stream does not start with BOM"
    assert plain.reason == f"a/2.txt: the file can't be decoded as {encoding} ({reason})"
    assert isinstance(empty, Row)
    marked, plain, _ = read_class_folder(str(tmp_path), with_labels=True)
    told = f"a/1.txt: expected text in UTF-8, got {name} (--encoding {encoding})"
    assert marked == BadRow(1, f"{tmp_path}, row 1", told)
    assert isinstance(plain, Row)


def test_a_folder_without_classes_and_what_is_no_folder_are_refused_at_the_call(tmp_path: Path) -> None:
    _lay_out(tmp_path, {"a.txt": b"A"})
    for source, message in [
        (tmp_path, "there is no class folder in it"),
        (tmp_path / "a.txt", "not a folder with one folder for each class"),
        (tmp_path / "gone", "no such file or folder"),
    ]:
        with pytest.raises(DataError, match=message):
            read_class_folder(str(source), with_labels=True)


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    """A folder by class with links: within it, and out of it to a file, to a folder, and by a detour."""
    _lay_out(tmp_path, {"in/a/1.txt": b"A", "in/b/1.txt": b"B", "out/s.txt": b"secret", "in2/x.txt": b"secret"})
    folder = tmp_path / "in"
    (folder / "a" / "2.txt").symlink_to("../b/1.txt")
    (folder / "a" / "3.txt").symlink_to("../../out/s.txt")
    (folder / "a" / "4.txt").symlink_to(tmp_path / "in2" / "x.txt")  # whose path begins as the folder's
    (folder / "detour").symlink_to("c/up")
    (folder / "c").mkdir()
    (folder / "c" / "up").symlink_to(tmp_path / "out")
    (folder / "d").symlink_to("b")
    (tmp_path / "way").symlink_to("in")
    return folder


@pytest.mark.parametrize("name", ["in", "way", "in/../way", "in/"])
def test_a_link_out_of_the_folder_is_reported_and_one_within_it_is_followed(linked: Path, name: str) -> None:
    rows = list(read_class_folder(str(linked.parent / name), with_labels=True))
    used = {row.fields["file"]: row.text for row in rows if isinstance(row, Row)}
    assert used == {"a/1.txt": "A", "a/2.txt": "B", "b/1.txt": "B", "d/1.txt": "B"}
    out = [row.reason for row in rows if isinstance(row, BadRow)]
    assert out == [f"{link}: a link that leads out of the folder" for link in ("a/3.txt", "a/4.txt", "c/up", "detour")]


def test_a_folder_whose_classes_are_all_links_out_names_them(tmp_path: Path) -> None:
    _lay_out(tmp_path, {"out/a/1.txt": b"A"})
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a").symlink_to(tmp_path / "out" / "a")
    (row,) = read_class_folder(str(tmp_path / "in"), with_labels=False)
    assert row == BadRow(1, f"{tmp_path / 'in'}, row 1", "a: a link that leads out of the folder")
