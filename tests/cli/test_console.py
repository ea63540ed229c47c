"""What is said and what is a result → two different outputs; JSON that every parser takes."""

from __future__ import annotations

import json
import math

import pytest

from unrolled.cli.console import info, print_json, print_result


def test_results_and_messages_go_apart(capsys: pytest.CaptureFixture[str]) -> None:
    print_result("87 %")
    info("epoch 1")
    assert capsys.readouterr() == ("87 %\n", "epoch 1\n")


def test_no_terminal_obeys_what_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    for speak in (print_result, info):
        speak("a\x1b[2J\rb\u202e\nc")
        assert "".join(capsys.readouterr()) == "a\\x1b[2J\\x0db\\x202e\nc\n"


def test_json_is_one_line_in_ascii_whatever_it_holds(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"größe": [1, None, "two\nlines  好\x7f\x85\u2028"], "share": 0.1}
    print_json(value)
    out, err = capsys.readouterr()
    assert json.loads(out) == value
    assert (out.count("\n"), out.isascii(), err) == (1, True, "")
    assert (len(out.splitlines()), out.strip().isprintable()) == (1, True)


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_what_json_doesn_t_have_is_never_printed(number: float, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="JSON"):
        print_json({"loss": number})
    assert capsys.readouterr().out == ""
