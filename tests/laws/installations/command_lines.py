"""Every command found → command lines with small data that call it in each way that may need another package."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from tests.cli.commands.test_demo import Pip
from tests.laws.commands.found import NAMES
from tests.laws.installations.environments import Answer, Environment, content
from unrolled.lecture.find_part import part_names
from unrolled.model.registry import encoder_names

TABLES = ("{csv}", "{parquet}", "{csv_zst}")
TEXTS = ("{txt}", "{txt_zst}")
HOGWILD = "ngrams --optimizer hogwild --max-epochs 2"
SMALL = "--max-epochs 1 --embedding-dim 4"

# {table} stands for each of TABLES by turns, {text} for each of TEXTS.
LINES: dict[str, list[str]] = {
    "check": ["{table}", "{csv} -o fixes.csv.zst", "{csv} --test {csv} -o fixes.csv --force"],
    "compare": [
        "{csv} -o out --seeds 1",
        f"{{table}} -o out --seeds 1 --model '{HOGWILD}'",
        f"{{csv}} -o out --seeds 1 --model '{HOGWILD}' --model logistic --model 'average {SMALL}'",
    ],
    "demo": ["-o out"],
    "doctor": ["", "--json"],
    "cross-validate": [
        "--folds 2 {csv}",
        "--folds 2 --model logistic {csv}",
        f"--folds 2 --model '{HOGWILD}' {{csv}} --json",
    ],
    "evaluate": ["{model} {table}"],
    "gradients": [
        "--model rnn --length 4 --hidden-size 4",
        f"--model cnn --data {{csv}} --length 4 {SMALL} -o out.svg",
    ],
    "lecture": ["", *part_names()],
    "lm evaluate": ["{lm} {text}"],
    "lm next": ["{lm} 'I love'"],
    "lm score": ["{lm} {txt}"],
    "lm train": [
        f"{{txt}} -o out {SMALL}",
        "{text} -o out --model kneser-ney",
        "{txt} -o out --model maximum-likelihood",
    ],
    "predict": [
        "{model} {table}",
        "{logistic} {table} -o out.jsonl",
        "{model} {csv} -o out.csv.zst --resume",
        "{model} {txt} --format text --threads 2",
    ],
    "train": [
        "{csv} -o out",
        f"{{table}} -o out --encoder {HOGWILD}",
        f"{{csv}} -o out --encoder {HOGWILD} --target-precision 0.5 --test {{csv}}",
        "{csv} -o out --encoder logistic",
        "{csv} -o out --base-model {model} --max-epochs 1",
        "{csv} -o out --base-model {logistic}",
        *(f"{{csv}} -o out --encoder {name} {SMALL} --resume" for name in encoder_names()),
    ],
}


@dataclass(frozen=True)
class CommandLine:
    """One call of a command."""

    name: str
    words: str

    def __str__(self) -> str:
        """Name the call in a test's id."""
        return f"{self.name} {self.words}"

    def answer(self, environment: Environment, folder: Path, files: dict[str, Path]) -> Answer:
        """Run it in an empty folder, in which a failure must leave nothing; standard input is empty."""
        folder.mkdir()
        if self.name == "demo":  # its data package, as it is once downloaded
            Pip().run(["--target", str(folder / "out" / "data")])
        before = dict(content(folder))
        called = shlex.split(f"{self.name} {self.words}".format(**files))
        done = environment.run([environment.program("unrolled"), *called], folder)
        assert done.returncode in (0, 1), done.stderr
        assert "Traceback" not in done.stderr + done.stdout, done.stderr
        if not done.returncode:
            return Answer(output=done.stdout + done.stderr)
        assert done.stdout == ""
        assert dict(content(folder)) == before
        return Answer(done.stderr)


def spelt_out(line: str) -> list[str]:
    """Put each format into a line by turns."""
    for kind, formats in (("{table}", TABLES), ("{text}", TEXTS)):
        if kind in line:
            return [line.replace(kind, one) for one in formats]
    return [line]


COMMAND_LINES = [
    CommandLine(name, words) for name in NAMES for line in LINES.get(name, []) for words in spelt_out(line)
]
