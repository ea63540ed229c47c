"""What is typed after `python -m unrolled.encoder_laws` → lines, and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from unrolled.encoder_laws.__main__ import main
from unrolled.environment import packages

GUIDE = "tests.guide_encoder"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """How to run it → exit code, standard output, standard error."""

    def ran(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["encoder_laws", *words])
        try:
            code = main()
        except SystemExit as end:
            code = int(end.code or 0)
        return (code, *capsys.readouterr())

    return ran


def test_an_encoder_that_keeps_the_laws_exits_with_0(run: Callable[..., tuple[int, str, str]]) -> None:
    for words in (["average"], [f"{GUIDE}:Total"], [f"{GUIDE}:Total", "--equation", f"{GUIDE}:equation"]):
        code, out, err = run(*words)
        assert (code, err) == (0, "")
        assert [line.split()[1] for line in out.splitlines()] == ["holds"] * 9


def test_one_that_breaks_a_law_exits_with_1(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = run("tests.encoder_laws.test_laws:StatesOnes")
    assert code == 1
    assert [line.split()[0] for line in out.splitlines() if "BROKEN" in line] == ["emptiness"]


@pytest.mark.parametrize(
    "name", ["nosuch", "no_such_module:Total", f"{GUIDE}:Nobody", "json:JSONDecoder", f"{GUIDE}:GUIDE"]
)
def test_what_is_no_encoder_exits_with_2(run: Callable[..., tuple[int, str, str]], name: str) -> None:
    code, out, err = run(name)
    assert (code, out) == (2, "")
    assert err.splitlines()[-1].startswith("python -m unrolled.encoder_laws: error: ")


def test_without_torch_it_says_what_to_install(
    run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "find_spec", lambda _: None)
    code, _, err = run("average")
    assert code == 2
    assert "unrolled[train]" in err
