"""Every import in the package, also those inside functions → it points down, and torch is met only where one trains."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

(PACKAGE,) = (Path(folder) for folder in importlib.util.find_spec("unrolled").submodule_search_locations or ())  # type: ignore[union-attr]

# From the bottom to the top. A module may import what stands on a lower line, and its own package.
ORDER = (
    ("unrolled.errors",),
    ("unrolled.packages",),
    ("unrolled.settings",),
    ("unrolled.kernels",),
    ("unrolled.model.weights",),
    ("unrolled.model.encoder",),
    ("unrolled.model.layers",),
    ("unrolled.model.encoders",),
    ("unrolled.model",),
    ("unrolled.data",),
    ("unrolled.evaluation", "unrolled.runtime", "unrolled.training"),
    ("unrolled.language_models",),
    ("unrolled.reports", "unrolled.inspection", "unrolled.lecture"),
    ("unrolled.start_from", "unrolled.anchored_logistic"),
    ("unrolled.choices", "unrolled.labels"),
    ("unrolled.fitting_parts",),
    (
        "unrolled.fitting_network",
        "unrolled.fitting_logistic",
        "unrolled.fitting_hogwild",
        "unrolled.fitting_out_of_fold",
    ),
    ("unrolled.fitting_calibration",),
    ("unrolled.fitting",),
    ("unrolled.estimator",),
    ("unrolled.comparison",),
    ("unrolled",),
    ("unrolled.commands", "unrolled.terminal", "unrolled.serving", "unrolled.__main__"),
)
LEVELS = {name: level for level, names in enumerate(ORDER) for name in names}
TOGETHER = {
    "unrolled.commands",
    "unrolled.terminal",
    "unrolled.__main__",
}  # the command line is one thing in two folders

HEAVY = {"torch", "sklearn"}
HEAVY_AT_ONCE = (
    "unrolled.training",
    "unrolled.inspection",
    "unrolled.kernels.autograd",
    "unrolled.fitting_network",
    "unrolled.fitting_logistic",
    "unrolled.language_models.training",
)
HEAVY_IN_FUNCTIONS = ("unrolled.estimator", "unrolled.commands", "unrolled.terminal")
WEB = {"aiohttp", "django", "fastapi", "flask", "http", "litestar", "socketserver", "starlette", "tornado", "uvicorn"}


@dataclass(frozen=True)
class Import:
    """A module, what it imports, and whether it does so only when a function is called."""

    module: str
    line: int
    imported: str
    in_function: bool

    def __str__(self) -> str:
        """Point to the line."""
        return f"{self.module}, line {self.line}: {self.imported}"


def modules() -> dict[str, Path]:
    """Find every module of the package by its name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ("unrolled", *path.relative_to(PACKAGE).with_suffix("").parts)
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


MODULES = modules()


def imports_of(module: str, node: ast.AST, in_function: bool = False) -> Iterator[Import]:
    """Walk through a module's syntax tree."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(module, child.lineno, alias.name, in_function) for alias in child.names)
        if isinstance(child, ast.ImportFrom):
            assert not child.level, f"{module}, line {child.lineno}: a relative import"
            for alias in child.names:
                whole = f"{child.module}.{alias.name}"
                yield Import(module, child.lineno, whole if whole in MODULES else str(child.module), in_function)
        inside = in_function or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from imports_of(module, child, inside)


IMPORTS = [found for name, path in MODULES.items() for found in imports_of(name, ast.parse(path.read_text("utf-8")))]
OWN = [found for found in IMPORTS if found.imported.split(".")[0] == "unrolled"]


def part(module: str) -> str:
    """Name the longest entry of ORDER that a module belongs to."""
    return max((name for name in LEVELS if within(module, name)), key=len)


def within(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def allowed(found: Import) -> bool:
    importer, imported = part(found.module), part(found.imported)
    if {importer, imported} <= TOGETHER:
        return True
    if importer == imported:
        return importer != "unrolled.model.encoders" or found.imported == "unrolled.model.encoders"
    return LEVELS[imported] < LEVELS[importer]


def test_there_are_imports_to_judge() -> None:
    assert len(MODULES) > 50
    assert len(OWN) > 100
    assert any(found.in_function for found in OWN)


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_a_place_of_its_own_in_the_order(module: str) -> None:
    assert part(module) != "unrolled" or module == "unrolled", f"give {module} a place in ORDER"


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_one_way(module: str) -> None:
    assert [str(found) for found in OWN if found.module == module and not allowed(found)] == []


def test_torch_and_scikit_learn_are_imported_only_where_one_trains_or_looks_inside() -> None:
    heavy = [found for found in IMPORTS if found.imported.split(".")[0] in HEAVY]
    assert heavy
    elsewhere = [found for found in heavy if not within(found.module, *HEAVY_AT_ONCE)]
    wrong = [str(found) for found in elsewhere if not (found.in_function and within(found.module, *HEAVY_IN_FUNCTIONS))]
    assert wrong == []


def test_the_web_framework_is_imported_only_by_what_serves() -> None:
    web = [found for found in IMPORTS if found.imported.split(".")[0] in WEB]
    assert [str(found) for found in web if not within(found.module, "unrolled.serving")] == []


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_predicts_and_every_command_s_help_need_no_torch() -> None:
    folders = ("model", "kernels", "data", "evaluation", "runtime", "commands", "terminal", "estimator")
    parts = [f"unrolled.{folder}" for folder in (*folders, "language_models", "lecture")]
    names = [name for name in MODULES if within(name, *parts) and not within(name, *HEAVY_AT_ONCE)]
    assert {"unrolled.runtime.text_model", "unrolled.commands.predict", "unrolled.estimator"} <= set(names)
    assert {"unrolled.commands.lm.score", "unrolled.language_models.window"} <= set(names)
    code = f"import importlib, sys\nfor name in {names}: importlib.import_module(name)\n"
    loaded = run(code + f"print(sorted({HEAVY | {'pandas'}} & set(sys.modules)))")
    assert loaded.strip() == "[]"


def test_importing_the_package_alone_loads_nothing_else_of_it() -> None:
    loaded = run("import sys, unrolled; print(sorted(name for name in sys.modules if name.startswith('unrolled')))")
    assert loaded.strip() == "['unrolled']"


@pytest.mark.parametrize("module", ["unrolled", "unrolled.model", "unrolled.runtime.text_model", "unrolled.estimator"])
def test_an_import_changes_nothing_of_the_process(module: str) -> None:
    state = (
        "import os, signal, sys, warnings, logging, locale, random\n"
        "def state(): return (dict(os.environ), os.getcwd(), signal.getsignal(signal.SIGINT), sys.excepthook, "
        "list(warnings.filters), logging.getLogger().handlers[:], locale.setlocale(locale.LC_ALL), random.getstate())\n"
    )
    third_party = "import numpy, array_api_compat, safetensors.numpy\n"  # what these do is theirs
    assert run(f"{state}{third_party}before = state()\nimport {module}\nprint(before == state())").strip() == "True"
