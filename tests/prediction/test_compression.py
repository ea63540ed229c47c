"""Text written member by member → what gzip and zstd unpack to the same text; the bytes are of the members alone."""

from __future__ import annotations

import gzip
import io
import subprocess
from pathlib import Path

import pytest
import zstandard

from unrolled.data.compressed import Packing, unpacked
from unrolled.prediction.answer_file import opened
from unrolled.prediction.compression import end_member, packer, text_file

MEMBERS = [["a,b\n" * 5000, "é\r\n"], ["", "x" * 200_000], [], ["日本\n"]]
PACKINGS: tuple[Packing, ...] = ("gzip", "zstd")


def write(path: Path, packing: Packing | None, members: list[list[str]], mode: str = "wb") -> Path:
    with text_file(io.FileIO(path, mode), packing) as file:
        for texts in members:
            for text in texts:
                file.write(text)
            end_member(file)
        end_member(file, last=True)
    return path


def unpack(content: bytes, packing: Packing | None) -> str:
    if packing == "gzip":
        return gzip.decompress(content).decode()
    if packing == "zstd":
        with zstandard.ZstdDecompressor().stream_reader(content, read_across_frames=True) as reader:
            return reader.read().decode()
    return content.decode()


@pytest.mark.parametrize("packing", [None, *PACKINGS])
def test_what_is_unpacked_is_what_was_written(packing: Packing | None, tmp_path: Path) -> None:
    content = write(tmp_path / "a", packing, MEMBERS).read_bytes()
    assert unpack(content, packing) == "".join(text for texts in MEMBERS for text in texts)
    assert packing is None or len(content) < 5000


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_file_gone_on_with_has_the_bytes_of_one_written_at_once(packing: Packing, tmp_path: Path) -> None:
    whole = write(tmp_path / "whole", packing, MEMBERS).read_bytes()
    for count in range(len(MEMBERS) + 1):
        part = write(tmp_path / "part", packing, MEMBERS[:count])
        if not count:
            part.write_bytes(b"")
        write(part, packing, MEMBERS[count:], "ab")
        assert part.read_bytes() == whole


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_file_of_nothing_is_a_whole_packed_one(packing: Packing, tmp_path: Path) -> None:
    content = write(tmp_path / "empty", packing, []).read_bytes()
    assert content
    assert unpack(content, packing) == ""
    assert (
        b"".join(unpacked(content[:10], iter([content[10:]]), f"empty.{'gz' if packing == 'gzip' else 'zst'}")) == b""
    )


@pytest.mark.parametrize(("name", "packing"), [("a.csv.gz", "gzip"), ("a.zst", "zstd"), ("a.csv", None)])
def test_every_output_is_packed_as_its_name_says(name: str, packing: Packing | None, tmp_path: Path) -> None:
    with opened(tmp_path / name, force=False) as file:
        file.write("é,\n")
    assert unpack((tmp_path / name).read_bytes(), packing) == "é,\n"
    assert packer(packing).split()[0] == {"gzip": "zlib", "zstd": "zstandard", None: "none"}[packing]


def test_the_systems_gzip_agrees_if_there_is_one(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gz", "gzip", MEMBERS)
    try:
        done = subprocess.run(["gzip", "-dc", path], capture_output=True, check=True)
    except FileNotFoundError:
        pytest.skip("there is no gzip")
    assert done.stdout.decode() == "".join(text for texts in MEMBERS for text in texts)
