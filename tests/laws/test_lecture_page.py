"""The lecture's page and notebook: the same cells, both run from the first to the last, and what they name exists."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGE = (DOCS / "lecture.md").read_text("utf-8")
PARTS = re.findall(r"^```python\n(.*?)^```$|(.+?)(?=^```python$|\Z)", PAGE, re.MULTILINE | re.DOTALL)
CODE = [code for code, _ in PARTS if code]
CELLS = [(code or text).strip("\n") for code, text in PARTS if (code or text).strip()]
NOTEBOOK = json.loads((DOCS / "lecture.ipynb").read_text("utf-8"))
SECONDS = 600  # against hanging: on an idle machine it takes two minutes
RUN_NOTEBOOK = """
import sys, nbformat
from nbclient import NotebookClient
NotebookClient(nbformat.read(sys.argv[1], as_version=4), timeout=280, kernel_name="python3").execute()
"""


def started(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start Python with one thread; what IPython writes down goes into the folder."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "IPYTHONDIR": str(folder)}
    command, out = [sys.executable, *arguments], subprocess.PIPE
    return subprocess.Popen(command, cwd=folder, env=environment, text=True, stdout=out, stderr=subprocess.STDOUT)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, subprocess.Popen[str]]]:
    """Run the page and the notebook at the same time."""
    folder = tmp_path_factory.mktemp("page")
    script = folder / "page.py"
    script.write_text("\n".join(CODE), "utf-8")
    found = {
        "page": started(folder, "-W", "error", str(script)),
        "notebook": started(folder, "-c", RUN_NOTEBOOK, str(DOCS / "lecture.ipynb")),
    }
    yield found
    for run in found.values():
        run.kill()
        run.communicate()


@pytest.mark.torture
@pytest.mark.parametrize("name", ["page", "notebook"])
def test_every_cell_runs_and_every_claim_holds(name: str, runs: dict[str, subprocess.Popen[str]]) -> None:
    told, _ = runs[name].communicate(timeout=SECONDS)
    assert runs[name].returncode == 0, told[-3000:]


def test_the_notebook_has_the_pages_cells() -> None:
    assert len(CODE) > 30
    assert ["".join(cell["source"]) for cell in NOTEBOOK["cells"]] == CELLS
    kinds = [cell["cell_type"] for cell in NOTEBOOK["cells"]]
    assert kinds.count("code") == len(CODE)


def test_the_notebook_shows_what_came_out() -> None:
    shown = [cell for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code"]
    printing = [cell for cell in shown if re.search(r"^\s{0,4}(?:print|same)\(", "".join(cell["source"]), re.MULTILINE)]
    assert len(printing) > 20
    assert all(cell["outputs"] for cell in printing)
    assert {output["output_type"] for cell in shown for output in cell["outputs"]} == {"stream"}


def test_every_section_of_the_lecture_is_there_in_its_order() -> None:
    numbers = re.findall(r"^## (\d+)\. ", PAGE, re.MULTILINE)
    assert numbers == [str(number) for number in range(1, 11)]


def test_every_section_claims_something_and_agrees_with_plain_numpy() -> None:
    for section in re.split(r"^## (?=\d)", PAGE, flags=re.MULTILINE)[1:]:
        section = section.split("\n## ")[0]
        assert "same(" in section, section[:30]
        assert "assert " in section, section[:30]


def test_every_file_and_part_that_is_named_exists() -> None:
    files = re.findall(r"`((?:src|docs|tests)/[\w./-]+)`", PAGE)
    assert len(files) > 15
    for file in files:
        assert (ROOT / file).is_file(), file
    parts = re.findall(r"`unrolled lecture (\w+)`", PAGE)
    known = {path.stem for path in (ROOT / "src/unrolled/lecture/parts").glob("[a-z]*.py")}
    assert set(parts) <= known
    assert known <= set(parts)
