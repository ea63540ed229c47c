"""Encoders to compare → reach by distance, half-lives, terms and layers, on standard output and in pictures."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SMALL = ("--hidden-size", 16, "--embedding-dim", 8, "--texts", 8, "--length", 25)
CONDITIONS = ["data", "texts", "length", "hidden_size", "seed", "embedding_dim", "moments"]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def measured(unrolled: Callable[..., Any]) -> Callable[..., Any]:
    """How to measure: the one JSON object that is printed."""

    def found(*words: object) -> Any:
        (answer,) = unrolled("gradients", *SMALL, "--json", *words).answers
        return answer

    return found


def models(*names: str) -> list[str]:
    return [word for name in names for word in ("--model", name)]


def test_the_object_tells_reach_terms_and_shares(measured: Callable[..., Any]) -> None:
    found = measured()
    assert list(found) == CONDITIONS
    assert (found["data"], found["texts"], found["length"], found["seed"]) == (None, 8, 25, 0)
    (networks,) = found["moments"].values()
    assert [network["name"] for network in networks] == ["rnn", "lstm", "gru"]
    assert [line["state"] for network in networks for line in network["reached"]] == ["h", "h", "C", "h"]
    for network in networks:
        for line in network["reached"]:
            assert len(line["values"]) == 25
            assert line["values"][0] == 1
            assert all(
                low <= middle <= high
                for low, middle, high in zip(line["low"], line["values"], line["high"], strict=True)
            )
        assert {"0.forward.U", "0.forward.W", "0.forward.b"} <= set(network["terms"])
        assert network["terms"]["0.forward.W"][-1] == 0
        assert network["terms"]["0.forward.b"][-1] > 0
        assert 0 < network["near"]["0.forward.W"] <= 1.01
    assert {"0.forward.W(i)", "0.forward.W(f)", "0.forward.U(o)", "0.forward.b(c)"} <= set(networks[1]["terms"])


def test_the_table_and_the_sentences_tell_the_numbers_of_the_object(
    unrolled: Callable[..., Any], measured: Callable[..., Any]
) -> None:
    done, (networks,) = unrolled("gradients", *SMALL), measured()["moments"].values()
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0] == "8 random texts of 25 words, first weights"
    for line in (line for network in networks for line in network["reached"]):
        row = next(text for text in done.out.splitlines() if re.match(rf"{re.escape(line['name'])} +\d", text))
        half_life, one_back = re.split(" {2,}", row)[1:3]
        assert float(half_life) == pytest.approx(line["half_life"], abs=0.051)
        assert float(one_back) == pytest.approx(line["values"][1], rel=0.05)
        (said,) = re.findall(
            rf"^{re.escape(line['name'])}: halves every ([\d.]+) words; 20 words back (\S+) of it", done.out, re.M
        )
        assert [float(number) for number in said] == pytest.approx([line["half_life"], line["values"][20]], rel=0.06)


def test_the_same_bytes_for_the_same_seed(unrolled: Callable[..., Any]) -> None:
    first, again, other = (unrolled("gradients", *SMALL, "--seed", seed).out for seed in (3, 3, 4))
    assert first == again != other


def test_options_of_an_encoder_make_variants_of_it(measured: Callable[..., Any]) -> None:
    names = ["lstm --forget-gate-bias 0", "lstm", "rnn", "rnn --nonlinearity sigmoid"]
    (networks,) = measured(*models(*names), "--hidden-size", 64)["moments"].values()
    lives = {network["name"]: network["reached"][0]["half_life"] for network in networks}
    assert list(lives) == names
    assert lives["lstm"] > lives["lstm --forget-gate-bias 0"]
    assert lives["rnn --nonlinearity sigmoid"] < lives["rnn"]


def test_what_has_layers_is_measured_layer_by_layer(unrolled: Callable[..., Any], measured: Callable[..., Any]) -> None:
    names = models(
        "average --num-layers 3", "cnn --num-layers 2 --filter-sizes 2,3", "gru --num-layers 2 --bidirectional"
    )
    (networks,) = measured(*names)["moments"].values()
    assert [[layer["name"] for layer in network["layers"]] for network in networks] == [
        ["words", *(f"layer {n + 1}" for n in range(count)), "classifier"] for count in (3, 2, 2)
    ]
    assert [len(network["reached"]) for network in networks] == [0, 0, 4]
    out = unrolled("gradients", *SMALL, *names).out
    assert "gru --num-layers 2 --bidirectional, layer 1, backward" in out
    assert "average --num-layers 3, layer 2" in out


def test_a_gradient_that_grows_is_said_to(unrolled: Callable[..., Any], measured: Callable[..., Any]) -> None:
    names = models("rnn --pooling mean", "rnn --nonlinearity relu")
    (networks,) = measured(*names)["moments"].values()
    lives = [network["reached"][0]["half_life"] for network in networks]
    assert all(life is None or life > 0 for life in lives)
    grown = unrolled(
        "gradients", "--texts", 4, "--model", "gru --update-gate tanh", "--embedding-dim", 100, "--seed", 1
    )
    assert "does not shrink" in grown.out


def test_on_a_file_it_is_measured_before_and_after_training(
    unrolled: Callable[..., Any], train_csv: Path, tmp_path: Path
) -> None:
    words = (*SMALL, "--data", train_csv, *models("gru", "average"), "--max-epochs", 1)
    done = unrolled("gradients", *words, "--json", "-o", tmp_path / "page.html")
    (found,) = done.answers
    assert found["data"] == str(train_csv)
    assert list(found["moments"]) == ["first weights", "trained"]
    first, trained = (networks[0]["reached"][0]["values"] for networks in found["moments"].values())
    assert first != trained
    assert len(first) == 6  # three words of the label, Film, a comma, a number
    assert "60 rows, 60 used, 3 labels" in done.err
    assert "Training gru." in done.err
    text = (tmp_path / "page.html").read_text("utf-8")
    assert text.count("<figure>") == 6
    assert "first weights" in text
    assert "trained" in text


def test_the_picture_is_an_svg_and_the_page_has_its_numbers(
    unrolled: Callable[..., Any], measured: Callable[..., Any], tmp_path: Path
) -> None:
    for suffix in ("svg", "html"):
        done = unrolled("gradients", *SMALL, "-o", tmp_path / f"reach.{suffix}")
        assert done.code == 0
        assert done.err == f"Wrote {tmp_path / f'reach.{suffix}'}.\n"
    root = ElementTree.parse(tmp_path / "reach.svg").getroot()
    said = " ".join(node.text or "" for node in root.iter(f"{SVG}text"))
    page = (tmp_path / "reach.html").read_text("utf-8")
    (networks,) = measured()["moments"].values()
    for line in (line for network in networks for line in network["reached"]):
        assert f"{line['name']}: {line['half_life']:.1f}" in said
        assert f"{line['name']}: halves every" in page
    assert "h_0, is 0" in page
    assert "<script" not in page
    assert sorted(path.name for path in tmp_path.iterdir()) == ["reach.html", "reach.svg"]


def test_a_picture_is_replaced_only_by_force(unrolled: Callable[..., Any], tmp_path: Path) -> None:
    picture = tmp_path / "reach.svg"
    assert unrolled("gradients", *SMALL, "-o", picture).code == 0
    drawn = picture.read_text()
    assert drawn.startswith("<svg")
    assert "--force" in unrolled("gradients", *SMALL, "-o", picture).error()
    assert unrolled("gradients", *SMALL, "-o", picture, "--force").code == 0
    for other in (drawn.replace("<text", '<text class="mine"', 1), "years of work"):
        picture.write_text(other)
        assert "isn't an output of this command" in unrolled("gradients", *SMALL, "-o", picture, "--force").error()
        assert picture.read_text() == other


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (["--model", "rnm"], 2, "Did you mean 'rnn'?"),
        (["--model", "lstm --forget 1"], 2, "'--forget'"),
        (["--model", "transformer"], 2, "a feed-forward, convolutional or recurrent encoder"),
        (["-o", "reach.png"], 1, ".svg or .html"),
        (["-o", "-"], 1, ".svg or .html"),
        (["--data", "nowhere.csv"], 1, "nowhere.csv"),
        (["--data", "nowhere.csv", *models("rnn", "transformer")], 2, "hand out its layers' outputs"),
        (["--data", "nowhere.csv", *models("rnn", "logistic")], 2, "has no layers"),
        (["--data", "DATA", "--text-column", "txet"], 1, "Did you mean 'text'?"),
        (["--data", "DATA", "--label-column", "lable"], 1, "Did you mean 'label'?"),
        (["--data", "DATA", "--format", "parkay"], 2, "'parkay'"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    unrolled: Callable[..., Any],
    train_csv: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    code: int,
    part: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    given = [str(train_csv) if word == "DATA" else word for word in words]
    assert part in unrolled("gradients", *SMALL, *given).error(code)
    assert list(tmp_path.iterdir()) == []


def test_texts_in_which_nothing_lies_behind_are_told(unrolled: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "short.csv").write_text("text,label\n" + "".join(f"w{n},{('good', 'bad')[n % 2]}\n" for n in range(40)))
    done = unrolled("gradients", *SMALL, "--data", tmp_path / "short.csv", "--model", "rnn", "--max-epochs", 1)
    assert "at least 2 words" in done.err
    assert done.code == 1
