"""Every command and group found → a help that names its purpose and all that it takes, and imports nothing heavy."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.each import each
from tests.laws.commands.found import GROUPS, NAMES, arguments, made, module, options


@pytest.mark.parametrize("name", NAMES)
def test_help_names_every_option_of_the_signature(
    unrolled: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    done = unrolled(*name.split(), "--help")
    assert (done.code, done.err) == (0, "")
    for option in options(name):
        assert option.help, option.name
        for spelling in (*option.opts, *option.secondary_opts):
            assert re.search(rf"(?<![\w-]){re.escape(spelling)}(?![\w-])", done.out), spelling
    for argument in arguments(name):
        assert argument.metavar in done.out
        assert argument.help
    signature = inspect.signature(module(name).command).parameters
    assert {parameter.name for parameter in made(name).params} == set(signature) - {"ctx"}


@pytest.mark.parametrize("name", NAMES)
def test_a_narrow_terminal_hides_no_option(
    unrolled: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = unrolled(*name.split(), "--help").out
    assert [s for option in options(name) for s in (*option.opts, *option.secondary_opts) if s not in out] == []


@each("name", [*NAMES, *GROUPS])
def test_the_overview_tells_each_command_s_purpose(unrolled: Callable[..., Any], name: str) -> None:
    """A command's own overview is that of its group."""
    done = unrolled(*name.split()[:-1], "--help")
    assert (done.code, done.err) == (0, "")
    sentence = (inspect.getdoc(module(name) if name in GROUPS else module(name).command) or "").split("\n\n")[0]
    assert sentence.endswith(".")
    assert " ".join(sentence.split()[:5]) in " ".join(done.out.replace("│", " ").split())


def test_no_help_imports_torch_or_what_trains_with_it() -> None:
    calls = [["--help"], ["--version"], *([*name.split(), "--help"] for name in (*NAMES, *GROUPS))]
    code = (
        "import sys; from unrolled.cli.app import main\n"
        f"for words in {calls}:\n"
        "    sys.argv = ['unrolled', *words]\n"
        "    try: main()\n"
        "    except SystemExit as done: assert not done.code\n"
        "    heavy = {'torch', 'sklearn', 'scipy', 'pandas', 'unrolled.training.state'} & set(sys.modules)\n"
        "    print(*words, *heavy, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stderr.splitlines() == [" ".join(call) for call in calls]
