"""Every encoder with three sets of options, and a fixed seed → SHA-256 of the trained weights.

Moving or renaming code must not change what is trained. `python -m benchmarks.weights --write` records the hashes of
this machine in benchmarks/weights.json; without `--write` the runs are repeated and differences listed (exit 1).
Another processor, or other versions of NumPy and torch, may give other last bits: that is said first.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from safetensors.numpy import load_file

from unrolled import TextClassifier
from unrolled.errors import SettingError
from unrolled.kernels.compiled.library import find_library
from unrolled.model.registry import encoder_options, network_names
from unrolled.settings import Setting

RECORD = Path(__file__).with_suffix(".json")
SMALL: dict[str, Any] = {"embedding_dim": 8, "max_epochs": 3, "patience": 3, "random_state": 3}
OTHER_TRAINING: dict[str, Any] = {
    "ema_decay": 0.0,
    "schedule": "linear",
    "label_smoothing": 0.1,
    "class_weight": "balanced",
    "dropout": 0.1,
    "embedding_dropout": 0.1,
    "tokens": "space",
    "min_count": 2,
    "channels": "static+tuned",
    "embeddings": "both",  # the name before and after a renaming; one is refused
}
SIZES = {"hidden_size": 8, "num_filters": 4, "buckets": 500, "max_length": 6}  # of runs that take a second
WORDS = [f"word{number}" for number in range(16)]
OPINIONS = {"good": ["fine", "great"], "bad": ["dull", "poor"], "mixed": ["uneven"]}


def texts(number: int, seed: int = 0) -> tuple[list[str], list[str]]:
    """Make texts of 3 to 12 words, one of which tells the label."""
    draw, labels = random.Random(seed), list(OPINIONS)
    chosen = [draw.choice(labels) for _ in range(number)]
    lines = [[*draw.choices(WORDS, k=draw.randint(2, 11)), draw.choice(OPINIONS[label])] for label in chosen]
    return [" ".join(draw.sample(line, len(line))) for line in lines], chosen


def other_value(setting: Setting) -> Any:
    """Return a value that is not the default."""
    if setting.choices:
        return next(choice for choice in setting.choices if choice != setting.default)
    if setting.kind is bool:
        return not setting.default
    if setting.several:
        return tuple(setting.default)[1:] or setting.default
    return setting.default + 1 if setting.kind is int else setting.default / 2


def options_of(encoder: str) -> list[dict[str, Any]]:
    """Return three sets: small sizes, every option that goes with the others, and the last one with other training."""
    known = encoder_options(encoder)
    small = allowed(encoder, {}, SMALL | {name: size for name, size in SIZES.items() if name in known})
    others = {name: other_value(known[name]) for name in sorted(known.keys() - small.keys())}
    every = allowed(encoder, small, others)
    last = dict(list(every.items())[-1:])
    return [small, every, allowed(encoder, small, {**last, **OTHER_TRAINING})]


def allowed(encoder: str, settings: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Add the settings that the encoder has and that go together with those before."""
    together = dict(settings)
    for name, value in more.items():
        try:
            TextClassifier(encoder, **together, **{name: value}).run_config()
        except (SettingError, TypeError):
            continue
        together[name] = value
    return together


def runs() -> Iterator[tuple[str, TextClassifier]]:
    """Return every run by its name."""
    for encoder in network_names():
        for number, options in enumerate(options_of(encoder)):
            yield f"{encoder} {number}", TextClassifier(encoder, **options)
    for encoder in ("average", "ngrams"):
        hogwild = {"optimizer": "hogwild", "num_layers": 0, **SMALL}
        yield f"{encoder} hogwild", TextClassifier(encoder, **hogwild)
    for encoder in ("logistic", "cnn"):
        yield f"{encoder} target precision", TextClassifier(encoder, target_precision=0.6)


def hash_of(folder: Path) -> dict[str, str]:
    """Hash the tensors with their names, and without, as names may change."""
    file = folder / "model.safetensors"
    if not file.exists():
        return {"named": hashlib.sha256((folder / "counts.txt").read_bytes()).hexdigest()}
    tensors = load_file(file)
    each = {
        name: hashlib.sha256(f"{array.dtype} {array.shape} ".encode() + array.tobytes()).hexdigest()
        for name, array in tensors.items()
    }
    return {
        "named": hashlib.sha256(json.dumps(each, sort_keys=True).encode()).hexdigest(),
        "unnamed": hashlib.sha256(json.dumps(sorted(each.values())).encode()).hexdigest(),
    }


def measured(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Train and hash every model."""
    for name, classifier in runs():
        place = folder / name.replace(" ", "-")
        classifier.fit(*texts(240)).save_pretrained(place)
        yield name, hash_of(place)
    more = TextClassifier("cnn", **dict[str, Any]({BASE: folder / "cnn-0"}), max_epochs=2).fit(*texts(120, seed=1))
    more.save_pretrained(folder / "more")
    yield "cnn from a base model", hash_of(folder / "more")
    (folder / "lines.txt").write_text("\n".join(texts(200)[0]) + "\n")
    for model in ("window", "kneser-ney", "maximum-likelihood"):
        small = ["--embedding-dim", "6", "--hidden-size", "8", "--max-epochs", "3"] if model == "window" else []
        words = ["lm", "train", folder / "lines.txt", "-o", folder / model, "--model", model, "--order", "3", *small]
        subprocess.run([sys.executable, "-m", "unrolled", *map(str, words)], check=True, capture_output=True)
        yield f"language model {model}", hash_of(folder / model)


BASE = "base_model" if "base_model" in TextClassifier().get_params() else "start_from"


def machine() -> dict[str, str]:
    """Describe what the last bits may depend on."""
    from importlib.metadata import version

    cpu = next((line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "")
    library = find_library()
    return {"processor": cpu.partition(": ")[2], "kernels": getattr(library, "level", "plain")} | {
        name: version(name) for name in ("numpy", "torch", "scikit-learn")
    }


def key(hashes: Mapping[str, str] | None) -> str | None:
    """Return the hash that renamed tensors don't change, where there are tensors."""
    return hashes.get("unnamed", hashes["named"]) if hashes else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="record the hashes")
    write: bool = parser.parse_args().write
    with tempfile.TemporaryDirectory() as folder:
        found: dict[str, dict[str, Any]] = {"machine": machine(), "weights": dict(measured(Path(folder)))}
    if write:
        RECORD.write_text(json.dumps(found, indent=1) + "\n")
        print(f"{len(found['weights'])} runs recorded in {RECORD.name}")
        return
    before = json.loads(RECORD.read_text())
    if before["machine"] != found["machine"]:
        print(f"another machine: recorded on {before['machine']}, now {found['machine']}")
    differing = [name for name, one in before["weights"].items() if key(found["weights"].get(name)) != key(one)]
    print(f"{len(before['weights']) - len(differing)} of {len(before['weights'])} runs have the recorded weights")
    print(*differing, sep="\n")
    sys.exit(bool(differing))


if __name__ == "__main__":
    main()
