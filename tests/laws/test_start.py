"""An environment of the base dependencies → a first answer from 20,000 words: what was loaded, and its memory."""

from __future__ import annotations

import json
import subprocess
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distribution, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import unrolled
from unrolled.model.registry import encoder_names, encoder_options
from unrolled.model.weights import initialize
from unrolled.prediction import saved_model
from unrolled.prediction.text_model import TextModel
from unrolled.storage.config import Config
from unrolled.text.text_config import TextConfig
from unrolled.text.vocabulary import UNKNOWN, Vocabulary

WORDS = 20_000
TEXT = " ".join(f"word{number * 331}" for number in range(60))
ABSENT = ("torch", "sklearn", "scipy", "pandas")
# No answer needs them; together they take as long as all else. numpy.f2py is the sign of array_api_compat.numpy.
SLOW = (*ABSENT, "rich", "pydantic", "numpy.random", "numpy.f2py", "safetensors", "importlib.metadata", "unittest")
PEAK = 90_000  # kB

# What a process was before it became Python counts in ru_maxrss, but not in VmHWM.
RUN = """
import json, sys
from unrolled.cli.app import main
sys.argv = ["unrolled", "predict", *sys.argv[1:]]
try:
    main()
finally:
    with open("/proc/self/status") as status:
        (peak,) = [line.split()[1] for line in status if line.startswith("VmHWM")]
    print(json.dumps({"modules": sorted(sys.modules), "peak": int(peak)}), file=sys.stderr)
"""


@dataclass(frozen=True)
class Start:
    """One process: what it answered, the modules it had loaded at its end, and the most memory it had, in kB."""

    answer: dict[str, object]
    modules: set[str]
    peak: int


def needed(name: str) -> Iterator[str]:
    """List a distribution's dependencies without extras, and theirs."""
    for line in requires(name) or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement.name
            yield from needed(requirement.name)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that has this package, what it declares to need, and nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    venv.EnvBuilder(symlinks=True).create(folder)
    (site,) = folder.glob("lib/python*/site-packages")
    for name in {*needed("unrolled")}:
        parts = {file.parts[0] for file in distribution(name).files or ()} - {"..", "__pycache__"}
        for part in parts:
            (site / part).symlink_to(Path(str(distribution(name).locate_file(part))))
    (site / "unrolled").symlink_to(Path(unrolled.__file__).parent)
    return folder / "bin" / "python"


@pytest.fixture(scope="module", params=["lstm", "cnn"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model with all defaults that has learnt nothing."""
    options = {name: option.default for name, option in encoder_options(request.param).items()}
    config = Config(request.param, options, TextConfig(), ("bad", "good"))
    vocabulary = Vocabulary([UNKNOWN, *(f"word{number}" for number in range(1, WORDS))])
    folder = tmp_path_factory.mktemp("models") / str(request.param)
    saved_model.save(folder, TextModel(config, vocabulary, initialize(config.network(WORDS).weights(), 0)), {})
    return folder


@pytest.fixture(scope="module")
def start(python: Path, model: Path) -> Start:
    """Ask for one answer, as a user does."""
    command = [str(python), "-I", "-B", "-W", "error", "-c", RUN, str(model)]
    done = subprocess.run(command, input=TEXT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stderr.splitlines()[-1])
    return Start(json.loads(done.stdout), set(told["modules"]), told["peak"])


def test_the_environment_has_no_torch(python: Path) -> None:
    code = f"from importlib.util import find_spec; print([name for name in {ABSENT} if find_spec(name)])"
    done = subprocess.run([str(python), "-I", "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == "[]"


def test_the_answer_is_the_one_given_elsewhere(start: Start, model: Path) -> None:
    probabilities = saved_model.load(model).probabilities([TEXT])[0]
    assert start.answer["label"] == ("bad", "good")[probabilities.argmax()]
    assert start.answer["probability"] == pytest.approx(probabilities.max(), rel=1e-6)


def test_nothing_slow_is_loaded_for_one_answer(start: Start) -> None:
    assert {"numpy", "unrolled.prediction.text_model"} <= start.modules
    assert sorted(start.modules.intersection(SLOW)) == []


def test_of_the_encoders_only_the_model_s_own_is_loaded(start: Start, model: Path) -> None:
    loaded = [name for name in encoder_names() if f"unrolled.model.encoders.{name}" in start.modules]
    assert loaded == [model.name]


def test_the_first_answer_takes_little_memory(start: Start) -> None:
    assert 15_000 < start.peak < PEAK
