"""Every command found → the laws that all of them keep: help, usage, outputs, what is there and isn't overwritten."""

from __future__ import annotations

import importlib
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeAlias

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.errors import SettingError
from unrolled.terminal.application import application

Command: TypeAlias = Any  # what typer makes of a function
GROUP: Command = typer.main.get_command(application)
VALUES = ("2", "csv", "last", "words", "linear", "tuned", "none", "cpu", "0.5", "1,2")  # some option takes each


def made(name: str) -> Command:
    found = GROUP
    for word in name.split():
        found = found.get_command(None, word)
    return found


def all_names(group: str = "") -> Iterator[str]:
    """List the groups and the commands, those of a group by both words: `lm`, `lm train`."""
    for word in made(group).list_commands(None):
        name = f"{group} {word}".strip()
        yield name
        if hasattr(made(name), "list_commands"):
            yield from all_names(name)


GROUPS = [name for name in all_names() if hasattr(made(name), "list_commands")]
NAMES = [name for name in all_names() if name not in GROUPS]


def module(name: str) -> Any:
    return importlib.import_module(f"unrolled.commands.{name.replace(' ', '.')}")


def options(name: str) -> list[Any]:
    return [parameter for parameter in made(name).params if parameter.param_type_name == "option"]


def arguments(name: str) -> list[Any]:
    return [parameter for parameter in made(name).params if parameter.param_type_name == "argument"]


WITH_OUTPUT = [name for name in NAMES if any("-o" in option.opts for option in options(name))]
DATA = ("TRAIN", "DATA", "FILE", "CORPUS", "TEXT")
WITH_DATA = [name for name in NAMES if any(argument.metavar in DATA for argument in arguments(name))]
WITH_COLUMNS = [name for name in WITH_DATA if any("--text-column" in option.opts for option in options(name))]
WITH_MODEL = [name for name in NAMES if any(argument.metavar in ("MODEL", "LM") for argument in arguments(name))]
WITH_JSON = [name for name in NAMES if any("--json" in option.opts for option in options(name))]


@pytest.fixture
def words(model: Path, language_model: Path, train_csv: Path, corpus: Path, tmp_path: Path) -> Callable[..., list[str]]:
    """How to call a command so that it goes well, or with something else in an argument's place."""

    def called(name: str, **other: str) -> list[str]:
        values = {"MODEL": str(model), "LM": str(language_model), "WORDS": "I love", "PART": "cnn", **other}
        for data in DATA:
            values.setdefault(data, str(corpus if data in ("CORPUS", "TEXT") else train_csv))
        given = [values[argument.metavar] for argument in arguments(name)]
        required = any("-o" in option.opts and option.required for option in options(name))
        return [*name.split(), *given, *(["-o", str(tmp_path / "out")] if required else [])]

    return called


def snapshot(folder: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def test_the_commands_of_the_contract_are_found_and_the_laws_have_something_to_say() -> None:
    assert {"train", "evaluate", "predict", "demo", "doctor", "lecture"} <= set(NAMES)
    assert {"lm train", "lm evaluate", "lm score", "lm next"} <= set(NAMES)
    assert {"train", "predict", "demo", "lm train"} <= set(WITH_OUTPUT)
    assert {"train", "evaluate", "predict", "lm train", "lm evaluate", "lm score"} <= set(WITH_DATA)
    assert {"train", "evaluate", "predict"} <= set(WITH_COLUMNS) <= set(WITH_DATA)
    assert {"evaluate", "predict", "lm evaluate", "lm score", "lm next"} <= set(WITH_MODEL)
    assert {"evaluate", "doctor", "lm evaluate", "lm next"} <= set(WITH_JSON)
    assert "lm" in GROUPS


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


@pytest.mark.parametrize("name", [*NAMES, *GROUPS])
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
        "import sys; from unrolled.terminal.application import main\n"
        f"for words in {calls}:\n"
        "    sys.argv = ['unrolled', *words]\n"
        "    try: main()\n"
        "    except SystemExit as done: assert not done.code\n"
        "    heavy = {'torch', 'sklearn', 'scipy', 'pandas', 'unrolled.training.loop'} & set(sys.modules)\n"
        "    print(*words, *heavy, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stderr.splitlines() == [" ".join(call) for call in calls]


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_option_is_wrong_usage(
    unrolled: Callable[..., Any], words: Callable[..., list[str]], name: str
) -> None:
    done = unrolled(*words(name), "--frobnicate")
    assert (done.code, done.out) == (2, "")
    told = f"Error: expected an option of `unrolled {name}`, got '--frobnicate'. "
    assert done.error(2).startswith(told)
    assert re.fullmatch(rf"Did you mean '--\w+'\?|See `unrolled {name} --help`\.", done.error(2).removeprefix(told))


@pytest.mark.parametrize("name", NAMES)
def test_one_word_too_many_is_wrong_usage(
    unrolled: Callable[..., Any], words: Callable[..., list[str]], name: str
) -> None:
    done = unrolled(*words(name), "frobnicate")
    assert (done.code, done.out) == (2, "")
    usage = " ".join(argument.metavar for argument in arguments(name))
    expected = f"no more than {usage}" if usage else "options alone"
    told = f"`unrolled {name}`: expected {expected}, got also 'frobnicate'. See `unrolled {name} --help`."
    assert done.error(2) == f"Error: {told}"


@pytest.mark.parametrize("name", NAMES)
def test_an_option_s_value_that_is_missing_needless_or_wrong_is_told_in_three_parts(
    unrolled: Callable[..., Any], words: Callable[..., list[str]], name: str
) -> None:
    for option in [option for option in options(name) if not option.is_eager]:
        where = f"Error: option '{option.opts[0]}': expected "
        if option.is_flag:
            told = unrolled(*words(name), f"{option.opts[0]}=3").error(2)
            assert told == f"{where}the option alone, got a value with it. See `unrolled {name} --help`."
            continue
        told = unrolled(*words(name), option.opts[0]).error(2)
        assert told == f"{where}a value behind it, got none. See `unrolled {name} --help`."
        if type(option.type).__name__ not in ("FuncParamType", "TyperChoice") or option.name == "delimiter":
            continue  # any text will do, until it is looked at
        told = unrolled(*words(name), option.opts[0], "frob").error(2)
        assert told.startswith(where)
        assert ", got 'frob'. " in told
        assert told.endswith((f". See `unrolled {name} --help`.", ". Choose an allowed value."))


@pytest.mark.parametrize("name", [name for name in NAMES if any(p.required for p in made(name).params)])
def test_a_word_too_few_is_wrong_usage_and_says_which(unrolled: Callable[..., Any], name: str) -> None:
    done = unrolled(*name.split())
    assert (done.code, done.out) == (2, "")
    first = next(p for p in made(name).params if p.required)
    called = first.metavar if first.param_type_name == "argument" else f"option '{first.opts[0]}'"
    assert done.error(2).startswith(f"Error: `unrolled {name}`: expected {called} (")
    assert done.error(2).endswith(f"), got none. See `unrolled {name} --help`.")


def read(name: str, parts: list[list[str]]) -> dict[str, str]:
    """Parse a command's words and spell what it would be called with."""
    found = made(name).make_context(name, [word for part in parts for word in part]).params
    return {key: str(value) for key, value in found.items()}


def value_for(name: str, option: Any, others: list[list[str]]) -> list[str]:
    """Give an option's words: a value that it takes, or none for a flag."""
    spelling = option.opts[-1]
    if option.is_flag:
        return [spelling]
    for value in (*VALUES, *(option.metavar or "").split("|")):
        try:
            read(name, [*others, [spelling, value]])
        except SettingError:
            continue
        return [spelling, value]
    raise AssertionError(f"no value found for {spelling}")


@pytest.mark.parametrize("name", NAMES)
def test_options_stand_in_any_order_also_between_the_arguments(name: str) -> None:
    places = [[f"{argument.metavar}.csv"] for argument in arguments(name)]
    required = [["-o", "out"] for option in options(name) if option.required]
    others = [option for option in options(name) if not option.required and not option.is_eager]
    chosen = [*required, *(value_for(name, option, [*places, *required]) for option in others)]
    expected = read(name, [*places, *chosen])

    @settings(max_examples=25, deadline=None, database=None)
    @given(st.permutations([*chosen, *([["place"]] * len(places))]))
    def in_any_order(order: list[list[str]]) -> None:
        rest = iter(places)
        assert read(name, [next(rest) if part == ["place"] else part for part in order]) == expected

    in_any_order()


@pytest.mark.parametrize("name", WITH_OUTPUT)
def test_what_is_there_is_only_overwritten_by_force(
    unrolled: Callable[..., Any], words: Callable[..., list[str]], name: str, tmp_path: Path
) -> None:
    """What is there is full for a command that writes a file, a folder, or a folder named `model` within it."""
    assert any("--force" in option.opts for option in options(name))
    full = tmp_path / "full"
    (full / "model").mkdir(parents=True)
    (full / "model" / "config.json").write_text("years of work")
    before = snapshot(tmp_path)
    told = unrolled(*words(name), "-o", full).error()
    never = ("got a folder with other content", "expected a file to write to, got a folder")
    assert "--force" in told or any(part in told for part in never), "what isn't ours is not overwritten at all"
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize(
    "place", ["here/model", "a file/out", "/proc/out", "locked/out", "n" * 300], ids=lambda place: place[:12]
)
@pytest.mark.parametrize("name", WITH_OUTPUT)
def test_a_place_that_cannot_be_written_is_told_before_the_work(
    unrolled: Callable[..., Any],
    words: Callable[..., list[str]],
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
) -> None:
    """`here/model` is a file where only a folder will do for a model, and a file with content for answers."""
    no_pip = SimpleNamespace(run=lambda *_, **__: pytest.fail("the demo installed its data"))
    monkeypatch.setattr("unrolled.terminal.demonstration.subprocess", no_pip)
    (tmp_path / "here").mkdir()
    for file in ("here/model", "a file"):
        (tmp_path / file).write_text("years of work")
    (tmp_path / "locked").mkdir(mode=0o555)
    if place == "locked/out" and os.access(tmp_path / "locked", os.W_OK):
        pytest.skip("this user may write anywhere")
    output = tmp_path / ("here" if name == "demo" and place == "here/model" else place)
    before = snapshot(tmp_path)
    done = unrolled(*words(name), "-o", output)
    assert done.error()
    assert "epoch" not in done.err
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("name", WITH_DATA)
def test_missing_data_are_told_in_one_line(
    unrolled: Callable[..., Any], words: Callable[..., list[str]], name: str, tmp_path: Path
) -> None:
    nowhere = dict.fromkeys(DATA, str(tmp_path / "nowhere.csv"))
    assert "nowhere.csv" in unrolled(*words(name, **nowhere)).error()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", WITH_COLUMNS)
def test_an_unknown_column_is_told_with_those_that_there_are(
    unrolled: Callable[..., Any], words: Callable[..., list[str]], name: str, tmp_path: Path
) -> None:
    told = unrolled(*words(name), "--text-column", "txet").error()
    assert "Did you mean 'text'?" in told
    assert "id, text, label" in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", WITH_MODEL)
def test_a_missing_model_is_told_before_the_data_are_looked_at(
    unrolled: Callable[..., Any], words: Callable[..., list[str]], name: str, tmp_path: Path
) -> None:
    nowhere = dict.fromkeys(("MODEL", "LM"), str(tmp_path / "no model")) | dict.fromkeys(DATA, "nowhere.csv")
    told = unrolled(*words(name, **nowhere)).error()
    assert str(tmp_path / "no model") in told
    assert ("`unrolled lm train -o`" if name.startswith("lm ") else "`unrolled train -o`") in told


@pytest.mark.parametrize("name", WITH_JSON)
def test_json_is_one_object_on_one_line(
    unrolled: Callable[..., Any], words: Callable[..., list[str]], name: str
) -> None:
    (found,) = unrolled(*words(name), "--json").answers
    assert isinstance(found, dict)
    assert unrolled(*words(name)).out.splitlines()[1:], "without --json it is for a reader"


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_without_a_command_shows_its_help_and_an_unknown_one_is_wrong_usage(
    unrolled: Callable[..., Any], name: str
) -> None:
    done = unrolled(*name.split())
    assert done.code == 2
    assert all(word in done.out + done.err for word in made(name).list_commands(None))
    done = unrolled(*name.split(), "frobnicate")
    assert (done.code, done.out) == (2, "")
    assert done.error(2).startswith(f"Error: expected a command of `unrolled {name}`, got 'frobnicate'. Use one of: ")
