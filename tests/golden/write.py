"""A prefix, and kinds of folders → these folders as this version writes them, and the answers that they give."""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "folders"
WORDS = [f"word{number}" for number in range(12)]
OPINIONS = {"good": ["fine", "great"], "bad": ["dull", "poor"], "10": ["uneven"]}
QUESTIONS = [
    "fine word1 word2",
    "Dull, word3 poor",
    "uneven",
    "",
    "unknown words alone",
    "word4 great word5 word6 word7",
]
SIZES = {"hidden_size": "4", "num_filters": "3", "buckets": "40", "max_length": "5", "dim_feedforward": "8"}
LATE = 30  # steps of a checkpoint: a run that started over in silence would end elsewhere
NETWORK = ["--embedding-dim", "4", "--max-epochs", "2"]
LANGUAGE_MODELS = {
    "window": ["--model", "window", "--embedding-dim", "3", "--hidden-size", "4", "--max-epochs", "2"],
    "kneser-ney": ["--model", "kneser-ney"],
    "maximum-likelihood": ["--model", "maximum-likelihood"],
}


def command(*words: Any) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    called = [sys.executable, "-m", "unrolled", *map(str, words)]
    return subprocess.run(called, capture_output=True, text=True, timeout=120, check=False)


def done(*words: Any) -> str:
    """Run the command line, which must succeed; return what it printed."""
    run = command(*words)
    assert run.returncode == 0, run.stderr
    return run.stdout


def write_texts(path: Path, rows: int = 120) -> Path:
    """Write labelled texts, each with a word that tells its label."""
    draw = random.Random(7)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label"])
        for _ in range(rows):
            label = draw.choice(list(OPINIONS))
            words = [*draw.choices(WORDS, k=draw.randint(1, 7)), draw.choice(OPINIONS[label])]
            writer.writerow([" ".join(draw.sample(words, len(words))), label])
    return path


def write_lines(path: Path, lines: list[str]) -> Path:
    """Write a text a line."""
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path


def answers(model: Path, folder: Path) -> list[dict[str, Any]]:
    """Ask a classifier the questions: the label and all probabilities."""
    questions = write_lines(folder / "questions.txt", QUESTIONS)
    printed = done("predict", model, questions, "--all-probabilities")
    return [json.loads(line) for line in printed.splitlines()]


def lm_answers(model: Path, folder: Path) -> list[str]:
    """Ask a language model: the score of every line, and the next words."""
    lines = write_lines(folder / "lines.txt", ["word1 word2 fine", "never seen"])
    return [*done("lm", "score", model, lines).splitlines(), *done("lm", "next", model, "word1 word2").splitlines()]


def model(options: list[str]) -> Callable[[Path, Path], dict[str, Any]]:
    """Return what writes a classifier trained with these options."""

    def write(place: Path, folder: Path) -> dict[str, Any]:
        done("train", write_texts(folder / "texts.csv"), "-o", place, *options)
        return {"kind": "model", "answers": answers(place, folder)}

    return write


def language_model(options: list[str]) -> Callable[[Path, Path], dict[str, Any]]:
    """Return what writes a language model."""

    def write(place: Path, folder: Path) -> dict[str, Any]:
        with write_texts(folder / "texts.csv").open() as file:
            lines = [row["text"] for row in csv.DictReader(file)]
        done("lm", "train", write_lines(folder / "corpus.txt", lines), "-o", place, "--order", "3", *options)
        return {"kind": "language model", "answers": lm_answers(place, folder)}

    return write


def steps_of(checkpoint: Path) -> int:
    """Return after how many steps a checkpoint was written; 0 while there is none, or it is being replaced."""
    with suppress(OSError, ValueError):
        return int(json.loads((checkpoint / "checkpoint.json").read_text())["position"]["steps"])
    return 0


def checkpoint(options: list[str]) -> Callable[[Path, Path], dict[str, Any]]:
    """Return what trains a model whole, for the answers, and once more up to a checkpoint in its midst."""

    def write(place: Path, folder: Path) -> dict[str, Any]:
        texts = write_texts(folder / "texts.csv")
        words = ["train", texts, "-o", folder / "whole", *options]
        done(*words)
        stopped = [sys.executable, "-m", "unrolled", "train", str(texts), "-o", str(folder / "cut"), *options]
        kept = folder / "cut.checkpoint"
        with subprocess.Popen([*stopped, "--checkpoint-every", "0.001"], stderr=subprocess.DEVNULL) as process:
            while steps_of(kept) < LATE and process.poll() is None:
                time.sleep(0.001)
            process.send_signal(signal.SIGTERM)
        assert steps_of(kept) >= LATE, "the run ended before it had such a checkpoint"
        shutil.move(kept, place)
        return {"kind": "checkpoint", "options": options, "answers": answers(folder / "whole", folder)}

    return write


def kinds() -> dict[str, Callable[[Path, Path], dict[str, Any]]]:
    """Return all kinds by name."""
    from unrolled.model.registry import encoder_names, encoder_options

    networks = {name: ["--encoder", name, *NETWORK] for name in encoder_names()}
    for name, options in networks.items():
        options += [f"--{size.replace('_', '-')}={n}" for size, n in SIZES.items() if size in encoder_options(name)]
    return all_kinds(networks)


def all_kinds(networks: dict[str, list[str]]) -> dict[str, Callable[[Path, Path], dict[str, Any]]]:
    """Return all kinds, given the options of each encoder."""
    cnn, logistic = networks["cnn"], ["--encoder", "logistic"]
    hogwild = ["--encoder", "ngrams", *NETWORK, "--optimizer", "hogwild", "--num-layers", "0", "--buckets", "40"]
    long = ["--max-epochs", "60", "--patience", "60"]
    return {
        **{name: model(options) for name, options in networks.items()},
        "logistic": model(logistic),
        "hogwild": model(hogwild),
        "reading": model([*cnn, "--tokens", "space", "--no-lowercase", "--min-count", "2"]),
        "precision": model([*logistic, "--target-precision", "0.6"]),
        **{f"lm-{name}": language_model(options) for name, options in LANGUAGE_MODELS.items()},
        "checkpoint-cnn": checkpoint([*cnn, *long]),
        "checkpoint-hogwild": checkpoint([*hogwild, "--max-epochs", "3000", "--patience", "3000"]),  # of a step each
    }


def write(prefix: str, name: str, kind: Callable[[Path, Path], dict[str, Any]]) -> None:
    """Write one folder and its answers."""
    place = FOLDER / f"{prefix}-{name}"
    if place.exists():
        sys.exit(f"{place} exists: golden folders are never written again")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        expected = kind(Path(folder) / "model", Path(folder))
        shutil.copytree(Path(folder) / "model", place)
    place.with_suffix(".json").write_text(json.dumps(expected, indent=1) + "\n")


def main() -> None:
    prefix, *names = sys.argv[1:]
    for name, kind in kinds().items():
        if name in names or not names:
            write(prefix, name, kind)


if __name__ == "__main__":
    os.environ["OMP_NUM_THREADS"] = "1"
    main()
