"""A kind of model, a number of mutations and a seed → each mutated folder loaded and asked; run as a script.

Of the manifest as it was, a mutation may leave the answers bit for bit, or end in an error of ours. Where the attacker
has recomputed it, the answers may be others, if they are probabilities. Anything else ends the process: another
exception, a warning, a crash, twenty seconds, two gigabytes.
"""

from __future__ import annotations

import faulthandler
import json
import random
import resource
import shutil
import struct
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.folders.valid import CONFIG, COUNTS, VOCABULARY, WEIGHTS, answers, seal, write_valid
from unrolled.errors import UnrolledError
from unrolled.storage.manifest import MANIFEST
from unrolled.storage.training_texts import FINGERPRINTS

MEMORY, SECONDS = 2 * 2**30, 20
Files = dict[str, bytes]
VALUES: list[Any] = [
    *(None, True, False, 0, 1, 2, 3, 4, 7, -1, 100, 1000, 2**31, 2**31 - 1, 2**63, 10**400, 10**6, 10**9),
    *(1e308, -0.0, 0.5, 1.0, 5e-324, "", "a", "\0", "\ud800", "../x", "tuned", "static", "max", "mean", "space", "cnn"),
    *([], [1], [1, 2], [2, 2], {}, {"a": 1}, ["<unk>"], "0" * 64),
]
NESTED: Any = 0
for _ in range(60):
    NESTED = [NESTED]
FLOATS = struct.pack("<8f", float("nan"), float("inf"), -3e38, 3e38, 1e30, -0.0, 1e-45, 1.0)


def flip(content: bytes, chance: random.Random, files: Files) -> bytes:
    """Flip some bits."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 3))):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def cut(content: bytes, chance: random.Random, files: Files) -> bytes:
    """Take off an end, or take out a middle."""
    start, end = sorted(chance.randrange(len(content) + 1) for _ in range(2))
    return content[:start] + (content[end:] if chance.random() < 0.5 else b"")


def spliced(content: bytes, chance: random.Random, files: Files) -> bytes:
    """Put a piece of a file, this or another, into it or over it."""
    other = files[chance.choice(sorted(files))]
    start, end = sorted(chance.randrange(len(other) + 1) for _ in range(2))
    place = chance.randrange(len(content) + 1)
    over = (end - start) * chance.randrange(2)
    return content[:place] + other[start:end] + content[place + over :]


def swapped(content: bytes, chance: random.Random, files: Files) -> bytes:
    """Take another file's content."""
    return files[chance.choice(sorted(files))]


def as_json(content: bytes, chance: random.Random, files: Files) -> bytes:
    """Delete, double, rename or exchange something in a JSON text."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return flip(content, chance, files)
    if chance.random() < 0.1:
        return doubled(content, chance)
    holder, key = place_in(value, chance)
    if holder is None:
        return json.dumps(chance.choice(VALUES)).encode()
    chosen = chance.randrange(6)
    if chosen == 0:
        del holder[key]
    elif chosen == 1:
        holder[key] = NESTED
    elif chosen == 2 and isinstance(holder, list):
        chance.shuffle(holder)
    elif chosen == 3 and isinstance(holder[key], int | float) and abs(holder[key]) < 2**70:
        holder[key] = near(holder[key], chance)
    elif chosen == 4 and isinstance(holder, dict):
        holder[f"{key}{chance.choice(('', ' ', 'x'))}"] = chance.choice(VALUES)
    else:
        holder[key] = chance.choice(VALUES)
    return json.dumps(value).encode()


def doubled(content: bytes, chance: random.Random) -> bytes:
    """Write something between two commas twice."""
    parts = content.split(b",")
    place = chance.randrange(len(parts))
    return b",".join([*parts[:place], parts[place], *parts[place:]])


def near(value: float, chance: random.Random) -> float:
    """Take a number near another."""
    return chance.choice((value + 1, value - 1, value * 2, -value, value * 1000, float(value), value // 2))


def place_in(value: Any, chance: random.Random) -> tuple[Any, Any]:
    """Walk down to any place."""
    holder, key = None, None
    while isinstance(value, dict | list) and value and (holder is None or chance.random() < 0.7):
        holder = value
        key = chance.choice(sorted(value)) if isinstance(value, dict) else chance.randrange(len(value))
        value = holder[key]
    return holder, key


def in_header(content: bytes, chance: random.Random, files: Files) -> bytes:
    """Change the header of the weights, whose length stays true."""
    length = int.from_bytes(content[:8], "little")
    text = as_json(content[8 : 8 + length], chance, files)
    return struct.pack("<Q", len(text)) + text + content[8 + length :]


def in_numbers(content: bytes, chance: random.Random, files: Files) -> bytes:
    """Change some weights."""
    start = 8 + int.from_bytes(content[:8], "little")
    changed = bytearray(content)
    for _ in range(chance.choice((1, 3, 200))):
        place = start + 4 * chance.randrange(max(1, (len(content) - start) // 4))
        number = 4 * chance.randrange(2 if chance.random() < 0.1 else 8)
        changed[place : place + 4] = FLOATS[number : number + 4] if chance.random() < 0.7 else chance.randbytes(4)
    return bytes(changed)


def in_counts(content: bytes, chance: random.Random, files: Files) -> bytes:
    """Change a number of the counts."""
    words = content.split(b" ")
    values = (b"0", b"1", b"2", b"-1", b"99", b"9007199254740992", b"9223372036854775808", b"01", b"1e3")
    words[chance.randrange(len(words))] = chance.choice(values)
    return b" ".join(words)


NEEDED = {CONFIG, VOCABULARY, WEIGHTS, COUNTS, FINGERPRINTS, MANIFEST}
Mutation = Callable[[bytes, random.Random, Files], bytes]
ANY: tuple[Mutation, ...] = (flip, cut, spliced, swapped)


def mutations_of(name: str) -> tuple[Mutation, ...]:
    """List what can be done to a file, what keeps its form more often."""
    if name.endswith(".json"):
        return (*ANY, *[as_json] * 12)
    own = {WEIGHTS: [in_header, in_numbers] * 4, FINGERPRINTS: [in_header] * 4, COUNTS: [in_counts] * 8}
    return (*ANY, *own.get(name, []))


def mutated(files: Files, chance: random.Random, *, keep_manifest: bool) -> Files:
    """Change one file or some, or their names."""
    found = dict(files)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        names = [name for name in sorted(found) if not (keep_manifest and name == MANIFEST)]
        name = chance.choice([name for name in names if name in NEEDED and chance.random() < 0.9] or names)
        if chance.random() < 0.05:
            other = chance.choice([*sorted(files), name.upper(), f"{name} ", f".{name}", f"{name}.bak", "model.PT"])
            found[other] = found.pop(name)
        elif chance.random() < 0.02:
            del found[name]
        else:
            found[name] = chance.choice(mutations_of(name))(found[name], chance, files)
        if set(found) <= {MANIFEST}:
            break
    return found


def write(folder: Path, former: Files, files: Files) -> None:
    """Bring a folder to these files; those that stay as they are aren't written."""
    for name in former.keys() - files.keys():
        (folder / name).unlink()
    for name, content in files.items():
        if former.get(name) is not content:
            (folder / name).write_bytes(content)


def try_all(kind: str, count: int, seed: int, *, with_checksum: bool) -> Counter[str]:
    """Try them one after another, and count how they ended."""
    chance, ends = random.Random(f"{kind} {seed} {with_checksum}"), Counter[str]()
    place = Path(tempfile.mkdtemp(prefix="mutations-"))
    folder = write_valid(place / "m", kind)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    original, former = answers(folder, kind).tobytes(), files
    for number in range(count):
        now = mutated(files, chance, keep_manifest=with_checksum)
        write(folder, former, now)
        if with_checksum:
            seal(folder)
            now[MANIFEST] = (folder / MANIFEST).read_bytes()
        former = now
        faulthandler.dump_traceback_later(SECONDS, exit=True)
        try:
            ends[end_of(folder, kind, None if with_checksum else original)] += 1
        except BaseException:
            print(
                f"{kind}, mutation {number} of seed {seed}, sealed {with_checksum}, kept in {folder}", file=sys.stderr
            )
            raise
    faulthandler.cancel_dump_traceback_later()
    shutil.rmtree(place)
    return ends


def end_of(folder: Path, kind: str, original: bytes | None) -> str:
    """Load and ask: `refused`, or `answered` as is allowed."""
    try:
        found = answers(folder, kind)
    except UnrolledError as error:
        is_a_line = str(error).isprintable() and len(str(error)) < len(str(folder)) + 1500
        return "refused" if is_a_line else f"an error that is no line: {error}"
    if original is not None:
        assert found.tobytes() == original, "other answers than the original's"
        return "the same"
    assert np.isfinite(found).all(), found
    assert (found >= 0).all(), found
    assert np.allclose(found.sum(axis=1), 1, atol=1e-6), found.sum(axis=1)
    return "answered"


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    kind, count, seed, with_checksum = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "sealed"
    print(json.dumps(try_all(kind, count, seed, with_checksum=with_checksum)))
