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

# The rooms from the bottom to the top. A module may import its own room and those on lower lines, no others.
ORDER = (
    ("unrolled.errors", "unrolled.arrays"),
    ("unrolled.environment", "unrolled.settings"),
    ("unrolled.kernels",),
    ("unrolled.text",),
    ("unrolled.model.weights",),
    ("unrolled.model.encoder",),
    ("unrolled.model.layers",),
    ("unrolled.model.encoders",),
    ("unrolled.model",),
    ("unrolled.calibration", "unrolled.data"),
    ("unrolled.evaluation",),
    ("unrolled.formatting",),
    ("unrolled.storage",),
    ("unrolled.prediction",),
    ("unrolled.training", "unrolled.inspection"),
    ("unrolled.language_models", "unrolled.encoder_laws"),
    ("unrolled.lecture", "unrolled.checks", "unrolled.validation"),
    ("unrolled.estimator",),
    ("unrolled.comparison",),
    ("unrolled.reports",),
    ("unrolled",),
    ("unrolled.cli",),
    ("unrolled.__main__",),
)
LEVELS = {name: level for level, names in enumerate(ORDER) for name in names}
HEAVY = {"torch", "sklearn"}
HEAVY_AT_ONCE = (
    "unrolled.training",
    "unrolled.inspection",
    "unrolled.encoder_laws",
    "unrolled.kernels.autograd",
    "unrolled.language_models.window_learner",
)
HEAVY_IN_FUNCTIONS = ("unrolled.estimator", "unrolled.cli")
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
    if importer == imported:
        return importer != "unrolled.model.encoders" or found.imported == "unrolled.model.encoders"
    return LEVELS[imported] < LEVELS[importer]


def test_there_are_imports_to_judge() -> None:
    assert len(MODULES) > 50
    assert len(OWN) > 100
    assert any(found.in_function for found in OWN)


def test_every_module_belongs_to_a_room() -> None:
    assert [module for module in MODULES if part(module) == "unrolled" and module != "unrolled"] == []


def test_imports_point_one_way() -> None:
    assert [str(found) for found in OWN if not allowed(found)] == []


def test_no_module_imports_itself_through_others() -> None:
    graph = {module: {found.imported for found in OWN if found.module == module} - {module} for module in MODULES}
    while settled := [module for module, imported in graph.items() if not imported & graph.keys()]:
        graph = {module: imported for module, imported in graph.items() if module not in settled}
    assert sorted(graph) == []


def test_torch_and_scikit_learn_are_imported_only_where_one_trains_or_looks_inside() -> None:
    heavy = [found for found in IMPORTS if found.imported.split(".")[0] in HEAVY]
    assert heavy
    elsewhere = [found for found in heavy if not within(found.module, *HEAVY_AT_ONCE)]
    wrong = [str(found) for found in elsewhere if not (found.in_function and within(found.module, *HEAVY_IN_FUNCTIONS))]
    assert wrong == []


def test_compiled_kernels_know_no_gradients() -> None:
    compiled = [found for found in OWN if within(found.module, "unrolled.kernels.compiled")]
    assert compiled
    above = ("unrolled.kernels.autograd", "unrolled.kernels.dispatch")
    assert [str(found) for found in compiled if within(found.imported, *above)] == []
    differentiable = [found for found in OWN if within(found.module, "unrolled.kernels.autograd")]
    assert [str(found) for found in differentiable if within(found.imported, "unrolled.kernels.dispatch")] == []


def test_the_web_framework_is_imported_only_by_what_serves() -> None:
    web = [found for found in IMPORTS if found.imported.split(".")[0] in WEB]
    assert [str(found) for found in web if not within(found.module, "unrolled.serving")] == []


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_predicts_and_every_command_s_help_need_no_torch() -> None:
    names = [name for name in MODULES if not within(name, *HEAVY_AT_ONCE)]
    assert {"unrolled.prediction.text_model", "unrolled.cli.commands.predict", "unrolled.estimator"} <= set(names)
    assert {"unrolled.cli.commands.lm.score", "unrolled.language_models.window"} <= set(names)
    code = f"import importlib, sys\nfor name in {names}: importlib.import_module(name)\n"
    loaded = run(code + f"print(sorted({HEAVY | {'pandas'}} & set(sys.modules)))")
    assert loaded.strip() == "[]"


def test_importing_the_package_alone_loads_nothing_else_of_it() -> None:
    loaded = run("import sys, unrolled; print(sorted(name for name in sys.modules if name.startswith('unrolled')))")
    assert loaded.strip() == "['unrolled']"


@pytest.mark.parametrize(
    "module", ["unrolled", "unrolled.model", "unrolled.prediction.text_model", "unrolled.estimator"]
)
def test_an_import_changes_nothing_of_the_process(module: str) -> None:
    state = (
        "import os, signal, sys, warnings, logging, locale, random\n"
        "def state(): return (dict(os.environ), os.getcwd(), signal.getsignal(signal.SIGINT), sys.excepthook, "
        "list(warnings.filters), logging.getLogger().handlers[:], locale.setlocale(locale.LC_ALL), random.getstate())\n"
    )
    third_party = "import numpy, array_api_compat, safetensors.numpy\n"  # what these do is theirs
    assert run(f"{state}{third_party}before = state()\nimport {module}\nprint(before == state())").strip() == "True"
