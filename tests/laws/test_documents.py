"""What is written is run: every command, Python block and tree of the README and the docs."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.laws.commands.found import NAMES, options
from unrolled.cli.aliases import expand_aliases

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]
README = (ROOT / "README.md").read_text()
# Run elsewhere: make and pip by CI itself, the demo by tests/cli/commands/test_demo.py with a small data package
ELSEWHERE = ("make ", "pip ", "git ", "cd ", "unrolled demo")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def commands(text: str) -> Iterator[str]:
    for block in blocks(text, "sh"):
        yield from (line.split("  #")[0].strip() for line in block.splitlines() if line.strip())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the README speaks of."""
    folder = tmp_path_factory.mktemp("reader")
    words = {"good": ("fine", "great", "lovely"), "bad": ("dull", "awful", "poor")}
    rows = [f'"{word} film, number {n}",{label}' for n in range(12) for label, some in words.items() for word in some]
    for name in ("train.csv", "test.csv"):
        (folder / name).write_text("\n".join(["text,label", *rows]) + "\n")
    return folder


@pytest.mark.torture
@pytest.mark.parametrize("document", [path for path in DOCUMENTS if "```sh" in path.read_text()], ids=lambda p: p.name)
def test_a_documents_commands_run_in_their_order(document: Path, place: Path) -> None:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for name, table in re.findall(
        r"`(\w+\.csv)`:\n\n```csv\n(.*?)^```", document.read_text(), re.MULTILINE | re.DOTALL
    ):
        (place / name).write_text(table)
    run = [line for line in commands(document.read_text()) if not line.startswith(ELSEWHERE)]
    assert len(run) >= 4
    for line in run:
        done = subprocess.run(["bash", "-ec", line], cwd=place, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"


def test_every_make_target_named_in_a_document_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for document in DOCUMENTS:
        named = set(re.findall(r"(?:^|`|\s{4})make ([a-z]+)(?:`|$)", document.read_text(), re.MULTILINE))
        assert named <= targets, document


@pytest.mark.parametrize("code", blocks(README, "python"))
def test_the_readmes_python_runs(code: str, place: Path) -> None:
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=place, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_readmes_tree_is_the_tree() -> None:
    (tree,) = [block for block in blocks(README, "text") if block.startswith("src/unrolled/")]
    folder: list[str] = []
    for line in tree.splitlines()[1:]:
        bare = line.replace("│", " ").replace("├──", "   ").replace("└──", "   ")
        depth = (len(bare) - len(bare.lstrip())) // 4
        folder = [*folder[: depth - 1], bare.split()[0]]
        path = ROOT / "src" / "unrolled" / Path(*folder)
        assert path.exists(), path
    shown = set(re.findall(r"── (\w+)/", tree))
    inside = {p.name for p in (ROOT / "src" / "unrolled").iterdir() if p.is_dir() and p.name != "__pycache__"}
    assert inside <= shown


def test_the_lecture_map_names_files_that_exist_and_all_of_the_models() -> None:
    text = (ROOT / "docs" / "lecture-map.md").read_text()
    named = set(re.findall(r"`((?:model|training)/[\w/]+\.py)`", text))
    for path in named:
        assert (ROOT / "src" / "unrolled" / path).is_file(), path
    for path in (ROOT / "src" / "unrolled" / "model" / "encoders").glob("[a-z]*.py"):
        assert f"model/encoders/{path.name}" in named, path


def test_links_between_documents_lead_somewhere() -> None:
    for document in DOCUMENTS:
        for link in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
            assert (document.parent / link).exists(), f"{document}: {link}"


def test_every_source_file_that_a_document_names_exists() -> None:
    """Names are relative to the repository, the package, the document, or a folder of the repository."""
    name = re.compile(r"`([\w.-]+/[\w./-]*\.\w+|[\w.-]+\.(?:py|c|h|toml))`")
    folders = (ROOT, ROOT / "src" / "unrolled", ROOT / "tests", ROOT / "benchmarks")
    missing = [
        f"{document.relative_to(ROOT)}: {file}"
        for document in DOCUMENTS
        for file in name.findall(document.read_text("utf-8"))
        if not any((folder / file).exists() for folder in (*folders, document.parent))
        and not re.search("yours|^my_|^build/", file)
    ]
    assert missing == []


def test_the_options_of_all_commands_exist() -> None:
    for line in (line for document in DOCUMENTS for line in commands(document.read_text("utf-8"))):
        words = shlex.split(line.split("|")[-1])
        if words[:1] == ["unrolled"] and len(words) > 1 and not words[1].startswith("-"):
            name = next(name for name in (" ".join(words[1:3]), words[1]) if name in NAMES)
            known = {spelling for option in options(name) for spelling in (*option.opts, *option.secondary_opts)}
            typed = expand_aliases(words, known, known)
            assert {word for word in typed if word.startswith("--")} <= known, line


def test_every_option_that_a_sentence_names_exists() -> None:
    spellings = {word for name in NAMES for option in options(name) for word in (*option.opts, *option.secondary_opts)}
    known = {*spellings, "--help", "--version"}
    for document in DOCUMENTS:
        code = [text for text in re.findall(r"`([^`\n]+)`", document.read_text("utf-8")) if "benchmarks" not in text]
        typed = {word for text in code for word in re.findall(r"(?<![\w-])--[a-z][\w-]*", text)}
        assert set(expand_aliases(sorted(typed), known, known)) <= known, document
