"""A list of folders on standard input → what loading each of them did, written down by an audit hook; run as a script.

Each line of the answer is one folder: its error or the digest of its answers, and every deed, once each.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from typing import Any

MEMORY = 3 * 2**30  # of addresses: what allocates more finds none

seen: set[tuple[str, ...]] = set()


def told(item: Any) -> str:
    """Show an argument of an event without running anything: a file's name, a code's file, or a type."""
    if isinstance(item, str | int | bytes | None):
        return str(item)
    if type(item).__module__.startswith("pathlib"):
        return str(item)
    return getattr(item, "co_filename", "") if type(item).__name__ == "code" else type(item).__name__


def hook(name: str, arguments: tuple[Any, ...]) -> None:
    """Write an event down; a file opened under a folder's handle is named by the folder."""
    seen.add((name, *map(told, arguments[:4])))


sys.addaudithook(hook)

from pathlib import Path  # noqa: E402  whatever is imported is imported under the hook


def answers(folder: Path, kind: str, texts: list[str]) -> bytes:
    """Load and predict."""
    import numpy as np

    if kind == "lm":
        from unrolled.language_models.saved_language_model import load as load_language_model

        model = load_language_model(folder)
        return np.array([[p for _, p in model.next_words(text, 10**6)] for text in texts]).tobytes()
    from unrolled.prediction.saved_model import load

    return load(folder, fingerprints=kind == "remembering").probabilities(texts).tobytes()


def main() -> None:
    """Go through the folders; one that hangs ends the process."""
    from unrolled.errors import UnrolledError

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    results = []
    texts, folders = json.load(sys.stdin)
    for folder, kind in folders:
        signal.alarm(60)
        seen.clear()
        try:
            done = {"answers": answers(Path(folder), kind, texts).hex()}
        except UnrolledError as error:
            done = {"error": str(error)}
        finally:
            events = sorted(seen)
        results.append({**done, "events": events, "modules": sorted(sys.modules)})
    signal.alarm(0)
    os.write(1, json.dumps(results).encode())


main()
