"""gzip and zstd: told by their bytes, unpacked whole in small pieces, and never ended quietly."""

from __future__ import annotations

import gzip
import io
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from unrolled.data.compressed import SUFFIXES, unpacked, without_packing
from unrolled.data.source import pieces
from unrolled.errors import DataError, MissingExtraError

PACK: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.compress, ".zst": zstandard.compress}


def read(path: Path) -> bytes:
    return b"".join(pieces(str(path)))


def test_every_suffix_is_tested_here_and_leaves_what_tells_the_format() -> None:
    assert set(PACK) == set(SUFFIXES)
    assert [without_packing(name) for name in ("a.csv.gz", "a.csv.ZST", "a.csv", ".gz")] == [
        "a.csv",
        "a.csv",
        "a.csv",
        ".gz",
    ]


@pytest.mark.parametrize("suffix", PACK)
@given(st.lists(st.binary(max_size=5000) | st.just(b"x" * 100_000), min_size=1, max_size=3), st.integers(0, 2000))
def test_members_come_back_as_they_were_packed_whatever_the_name(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, contents: list[bytes], zeros: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "packed.csv"
    path.write_bytes(b"".join(map(PACK[suffix], contents)) + bytes(zeros))
    assert read(path) == b"".join(contents)


@pytest.mark.parametrize("suffix", PACK)
def test_a_packed_file_cut_anywhere_is_refused_and_says_how_far_it_went(tmp_path: Path, suffix: str) -> None:
    content = "".join(f"line {n}\n" for n in range(300)).encode()
    packed, path = PACK[suffix](content), tmp_path / f"a.csv{suffix}"
    for length in range(len(packed)):
        path.write_bytes(packed[:length])
        found: list[bytes] = []
        with pytest.raises(DataError) as caught:
            found.extend(pieces(str(path)))
        assert content.startswith(b"".join(found))
        if length >= 4:
            done = len(b"".join(found))
            assert f"the {SUFFIXES[suffix]} data ends in the middle, after {done:,} unpacked bytes." in str(
                caught.value
            )


@pytest.mark.parametrize("suffix", PACK)
def test_a_flipped_bit_is_an_error_or_changes_nothing(tmp_path: Path, suffix: str) -> None:
    """gzip has a checksum always; zstd where it was asked for, as its command line does."""
    content = "".join(f"line {n * n}\n" for n in range(100)).encode()
    checked = zstandard.ZstdCompressor(write_checksum=True).compress
    packed, path = (checked if suffix == ".zst" else PACK[suffix])(content), tmp_path / "a.csv"
    for place in range(4, len(packed)):
        path.write_bytes(packed[:place] + bytes([packed[place] ^ 4]) + packed[place + 1 :])
        try:
            found = read(path)
        except DataError:
            continue
        assert found == content  # of gzip the time and the system may change


def test_what_follows_a_member_and_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(gzip.compress(b"fine") + b"more")
    with pytest.raises(DataError, match=r"gzip data is damaged after 4 unpacked bytes \(.*incorrect header"):
        read(tmp_path / "a")


@pytest.mark.parametrize("suffix", PACK)
@pytest.mark.parametrize("content", [b"", b"a", b"text,label\n", b"PK\3\5"])
def test_a_name_that_promises_too_much_is_refused(tmp_path: Path, suffix: str, content: bytes) -> None:
    (tmp_path / f"a{suffix}").write_bytes(content)
    promised = SUFFIXES[suffix]
    with pytest.raises(DataError) as caught:
        read(tmp_path / f"a{suffix}")
    got = f"something that isn't {promised}" if content else "an empty file"
    assert f"by its name this is {promised}, but it is {got}. Rename" in str(caught.value)
    (other,) = set(PACK) - {suffix}
    (tmp_path / f"b{suffix}").write_bytes(PACK[other](b"fine"))
    with pytest.raises(DataError, match=f"by its name this is .*, but it is {SUFFIXES[other]}"):
        read(tmp_path / f"b{suffix}")


@pytest.mark.parametrize("suffix", PACK)
def test_memory_is_flat_however_well_it_was_packed(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "zeros"
    path.write_bytes(PACK[suffix](bytes(100_000_000)))
    tracemalloc.start()
    count = sum(map(len, pieces(str(path))))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 100_000_000
    assert peak < 80_000_000


def test_a_reader_that_gives_a_byte_at_a_time_is_told_too() -> None:
    packed = gzip.compress(b"fine")
    assert b"".join(unpacked(packed[:4], iter(bytes([byte]) for byte in packed[4:]), "standard input")) == b"fine"


def test_zstd_without_its_package_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_bytes(zstandard.compress(b"fine"))
    monkeypatch.setattr("unrolled.environment.packages.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'unrolled\[files\]'"):
        read(tmp_path / "a.csv")


def test_standard_input_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(b"fine"))))
    assert b"".join(pieces("-")) == b"fine"


@pytest.mark.parametrize("low", range(0x50, 0x60))
def test_frames_to_skip_are_skipped_wherever_they_stand(tmp_path: Path, low: int) -> None:
    skipped = bytes([low]) + b"\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"\0any\n"
    path, fine = tmp_path / "a.csv.zst", zstandard.compress(b"fine")
    path.write_bytes(skipped + fine + skipped + skipped + fine)
    assert read(path) == b"finefine"


def test_a_window_that_takes_too_much_memory_is_told_as_such(tmp_path: Path) -> None:
    """A frame's header alone, for a window of 2 GiB: descriptor without a size, then the exponent."""
    path = tmp_path / "a.csv.zst"
    path.write_bytes(b"\x28\xb5\x2f\xfd\x00" + bytes([(31 - 10) << 3]) + bytes(20))
    with pytest.raises(DataError, match=r"128 MiB of memory\. Compress it again"):
        read(path)
