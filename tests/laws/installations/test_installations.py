"""Every command and Python entry, in an environment without extras and with each → it works, or names what to install.

`make torture` makes the environments (`--installations`); that every command and entry is called is tested always.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FunctionType
from typing import Any, TypeAlias, TypeVar

import pytest

import unrolled as package
from tests.laws.commands.found import NAMES as COMMANDS
from tests.laws.installations import entries
from tests.laws.installations.command_lines import COMMAND_LINES, CommandLine
from tests.laws.installations.environments import NAMES, Answer, Environment, provided
from tests.laws.test_documents import DOCUMENTS
from tests.laws.test_wheel import built

Environments: TypeAlias = dict[str, Environment]
Result = TypeVar("Result")
DOCUMENTED = "\n".join(document.read_text() for document in DOCUMENTS)
MODULES = sorted({*re.findall(r"^from (unrolled[\w.]*) import", DOCUMENTED, re.MULTILINE)})


def everywhere(function: Callable[[str], Result]) -> dict[str, Result]:
    """Call a function with the name of each environment, with as many at once as there are processors."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(NAMES, pool.map(function, NAMES), strict=True))


def public_names() -> Iterator[str]:
    """Find every function, and every method of every class, that a module of the package lists in its __all__."""
    modules = [package.__name__, *(found.name for found in pkgutil.walk_packages(package.__path__, "unrolled."))]
    for module in (importlib.import_module(name) for name in modules if not name.endswith("__main__")):
        for name in getattr(module, "__all__", ()):
            value = getattr(module, name)
            if isinstance(value, FunctionType):
                yield f"{module.__name__}.{name}"
            elif isinstance(value, type) and not issubclass(value, Exception):
                yield from (f"{module.__name__}.{name}.{method}" for method in methods(value))


def methods(kind: type[Any]) -> Iterator[str]:
    """Name the methods that the package's own files define and a user or scikit-learn calls."""
    ours = (part for part in kind.__mro__ if part.__module__.startswith(package.__name__))
    for name, value in (item for part in ours for item in vars(part).items()):
        function = getattr(value, "__func__", value)
        own = isinstance(function, FunctionType) and function.__code__.co_filename.endswith(".py")
        if own and (not name.startswith("_") or name.startswith("__sklearn")):
            yield name


@pytest.fixture(scope="module")
def environments(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environments]:
    if not request.config.getoption("--installations"):
        pytest.skip("`make torture` makes the environments")
    folder = tmp_path_factory.mktemp("environments")
    wheel = built(folder)
    yield everywhere(lambda name: Environment.made(name, folder / name, wheel))
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def files(
    unrolled: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
    train_csv: Path,
    corpus: Path,
    model: Path,
    language_model: Path,
) -> dict[str, Path]:
    """Files to read, in every format, and models."""
    import pyarrow.csv
    import pyarrow.parquet
    import zstandard

    folder = tmp_path_factory.mktemp("files")
    logistic = folder / "logistic"
    assert unrolled("train", train_csv, "-o", logistic, "--encoder", "logistic").code == 0
    pyarrow.parquet.write_table(pyarrow.csv.read_csv(train_csv), folder / "train.parquet")
    found = {"csv": train_csv, "txt": corpus, "parquet": folder / "train.parquet"}
    for kind in ("csv", "txt"):
        found[f"{kind}_zst"] = folder / f"packed.{kind}.zst"
        found[f"{kind}_zst"].write_bytes(zstandard.compress(found[kind].read_bytes()))
    return {**found, "model": model, "lm": language_model, "logistic": logistic}


@pytest.fixture(scope="module")
def outcomes(
    environments: Environments, files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, str]]:
    """What came of every Python entry in every environment."""
    folder = tmp_path_factory.mktemp("entries")
    given = {**{name: str(path) for name, path in files.items()}, entries.DOCUMENTED: MODULES}
    (folder / "files.json").write_text(json.dumps(given))

    def run(name: str) -> dict[str, str]:
        (folder / name).mkdir()
        words = [environments[name].program("python"), str(entries.__file__), str(folder / "files.json")]
        done = environments[name].run(words, folder / name)
        assert done.returncode == 0, done.stderr
        found: dict[str, str] = json.loads(done.stdout)
        return found

    return everywhere(run)


def judge(answers: dict[str, Answer]) -> None:
    """See that what fails names an extra that the environment lacks, and with which it works."""
    works = {name for name, answer in answers.items() if not answer.error}
    assert works, answers
    for name, answer in answers.items():
        if answer.error:
            assert answer.extra in works, (name, answer.error)
            assert not provided(answer.extra) <= provided(name), (name, answer.error)


def test_every_command_is_called() -> None:
    assert {line.name for line in COMMAND_LINES} == set(COMMANDS)


def test_every_public_function_and_method_is_called() -> None:
    called, public = {name.split()[0] for name in entries.ENTRIES}, set(public_names())
    assert public <= called
    assert {name.rpartition(".")[0] for name in called - public} <= set(MODULES)


@pytest.mark.parametrize("line", COMMAND_LINES, ids=str)
def test_a_command_works_or_says_what_to_install(
    environments: Environments, files: dict[str, Path], tmp_path: Path, line: CommandLine
) -> None:
    judge(everywhere(lambda name: line.answer(environments[name], tmp_path / name, files)))


@pytest.mark.parametrize("name", [*entries.ENTRIES, *MODULES])
def test_a_python_entry_works_or_says_what_to_install(outcomes: dict[str, dict[str, str]], name: str) -> None:
    judge({environment: Answer(found[name]) for environment, found in outcomes.items()})


def test_each_extra_adds_something(environments: Environments, outcomes: dict[str, dict[str, str]]) -> None:
    working = {name: {entry for entry, error in found.items() if not error} for name, found in outcomes.items()}
    assert all(working["base"] < working[name] for name in NAMES if name != "base")
