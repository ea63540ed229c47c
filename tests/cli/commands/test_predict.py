"""A trained folder and texts in every form → one answer a row, in the rows' order, the same wherever it is written."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from unrolled import TextClassifier

BAD = b"text,id\nfine lovely,a\nonly one field\ndull,b\nawful \xff,c\nlong,d\n"  # rows 2 and 4 can't be read


@pytest.fixture
def texts(reviews: Callable[..., Any], write: Callable[..., Path], tmp_path: Path) -> Path:
    """A file of 30 texts that the model hasn't seen, with the columns id, text, label."""
    return write(tmp_path / "texts.csv", reviews(30, seed=5))


@pytest.fixture
def predict(unrolled: Callable[..., Any], model: Path) -> Callable[..., Any]:
    """How to run `predict` with the trained model."""
    return lambda *words, **more: unrolled("predict", model, *words, **more)


def table(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def test_every_row_has_one_answer_in_its_order(
    predict: Callable[..., Any], model: Path, texts: Path, reviews: Any
) -> None:
    answers = predict(texts).answers
    assert [list(answer) for answer in answers] == [["row", "label", "probability"]] * 30
    assert [answer["row"] for answer in answers] == list(range(1, 31))
    classifier, given = TextClassifier.from_pretrained(model), [row["text"] for row in reviews(30, seed=5)]
    assert [answer["label"] for answer in answers] == classifier.predict(given).tolist()
    highest = classifier.predict_proba(given).max(axis=1)
    assert [answer["probability"] for answer in answers] == pytest.approx(highest.tolist(), abs=1e-6)
    assert len({answer["label"] for answer in answers}) > 1


def test_a_row_that_cannot_be_read_has_its_error_in_place(predict: Callable[..., Any]) -> None:
    done = predict("--format", "csv", "-", stdin=BAD)
    assert [sorted(answer) for answer in done.answers] == [
        ["error", "row"] if row in (2, 4) else ["label", "probability", "row"] for row in range(1, 6)
    ]
    assert [answer["row"] for answer in done.answers] == [1, 2, 3, 4, 5]
    assert "expected 2 fields, got 1" in done.answers[1]["error"]
    assert "0xff is not UTF-8" in done.answers[3]["error"]
    assert "2 rows" in done.err


def test_strict_answers_all_the_same_and_fails(predict: Callable[..., Any]) -> None:
    lenient, strict = (predict("--format", "csv", "-", *more, stdin=BAD) for more in ([], ["--strict"]))
    assert (strict.code, strict.out, strict.err) == (1, lenient.out, lenient.err)
    assert predict("-", "--strict", stdin=b"fine\n").code == 0


@pytest.mark.parametrize("words", [[], ["-"], ["-", "--format", "text"]], ids=" ".join)
def test_standard_input_is_one_text_a_line(predict: Callable[..., Any], words: list[str]) -> None:
    answers = predict(*words, stdin="fine lovely moving\n\ndull, “awful”\r\nlong".encode()).answers
    assert [answer["row"] for answer in answers] == [1, 2, 3, 4]
    assert [answers[0]["label"], answers[2]["label"]] == ["good", "bad"]


@pytest.mark.parametrize(("name", "words"), [("t.csv", []), ("t.tsv", []), ("t.jsonl", []), ("t", ["--format", "csv"])])
def test_the_format_changes_no_answer(
    predict: Callable[..., Any], texts: Path, reviews: Any, write: Any, tmp_path: Path, name: str, words: list[str]
) -> None:
    path = tmp_path / name
    if words:
        path.write_bytes(texts.read_bytes())
    else:
        write(path, reviews(30, seed=5))
    assert predict(path, *words).out == predict(texts).out


def test_a_folder_and_several_text_columns_are_read_too(
    predict: Callable[..., Any], write: Any, tmp_path: Path
) -> None:
    rows = [{"a": "fine", "b": "lovely moving", "label": "x"}, {"a": "awful", "b": "dull poor", "label": "y"}]
    joined = [{"text": f"{row['a']}\n{row['b']}", "label": row["label"]} for row in rows]
    apart = predict(write(tmp_path / "apart.csv", rows), "--text-column", "a,b")
    assert apart.out == predict(write(tmp_path / "folder", joined)).out
    assert [answer["label"] for answer in apart.answers] == ["good", "bad"]


def test_all_probabilities_and_the_likeliest_agree(predict: Callable[..., Any], texts: Path) -> None:
    for answer in predict(texts, "--all-probabilities", "--top-k", "2").answers:
        every = answer["probabilities"]
        assert list(every) == ["bad", "good", "mixed"]
        assert sum(every.values()) == pytest.approx(1)
        best = sorted(every, key=lambda label: -every[label])[:2]
        assert answer["top"] == [{"label": label, "probability": every[label]} for label in best]
        assert (answer["label"], answer["probability"]) == (best[0], every[best[0]])


def test_asking_for_more_labels_than_there_are_gives_all(predict: Callable[..., Any], texts: Path) -> None:
    assert predict(texts, "--top-k", "9").out == predict(texts, "--top-k", "3").out
    told = [predict(texts, "--top-k", k, "--output-format", "csv").out for k in (9, 3)]
    assert told[0] == told[1]


def test_below_the_least_probability_the_label_is_null(predict: Callable[..., Any], texts: Path) -> None:
    free = predict(texts).answers
    least = sorted(answer["probability"] for answer in free)[10]
    bound = predict(texts, "--min-probability", repr(least)).answers
    assert [a["label"] for a in bound] == [a["label"] if a["probability"] >= least else None for a in free]
    assert [a["probability"] for a in bound] == [a["probability"] for a in free]
    assert sum(a["label"] is None for a in bound) == 10


def test_kept_columns_stand_beside_the_answer(predict: Callable[..., Any], texts: Path, reviews: Any) -> None:
    given, plain = reviews(30, seed=5), predict(texts).answers
    kept = predict(texts, "--keep-columns", "id,label").answers
    assert [list(answer) for answer in kept] == [["row", "id", "input_label", "label", "probability"]] * 30
    assert [(a["id"], a["input_label"]) for a in kept] == [(row["id"], row["label"]) for row in given]
    assert [{key: a[key] for key in ("row", "label", "probability")} for a in kept] == plain


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".parquet"])
def test_the_text_itself_can_be_kept(
    predict: Callable[..., Any], write: Any, reviews: Any, tmp_path: Path, suffix: str
) -> None:
    given = reviews(5, seed=5)
    path = tmp_path / f"reviews{suffix}"
    if suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(given), path)
    else:
        write(path, given)
    done = predict(path, "--keep-columns", "text,id")
    assert [(answer["text"], answer["id"]) for answer in done.answers] == [(row["text"], row["id"]) for row in given]


@pytest.mark.parametrize(("form", "empty"), [("jsonl", '"id": null'), ("csv", "2,,")])
def test_a_row_without_the_kept_column_is_answered(predict: Callable[..., Any], form: str, empty: str) -> None:
    lines = b'{"text": "fine", "id": 1.10}\n{"text": "dull"}\n'
    done = predict("-", "--format", "jsonl", "--keep-columns", "id", "--output-format", form, stdin=lines)
    assert done.code == 0
    assert empty in done.out.splitlines()[-1]
    assert "1.10" in done.out


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_no_kept_column_is_silently_lost_to_another_of_its_name(predict: Callable[..., Any], form: str) -> None:
    words = ["--format", "csv", "--keep-columns", "label,input_label", "--output-format", form, "-"]
    done = predict(*words, stdin=b"text,label,input_label\nfine,first,second\n")
    assert done.code == 1 or {"first", "second"} <= set(re.findall(r"\w+", done.out))


@pytest.mark.parametrize(("form", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_a_table_tells_the_same_as_json_lines(
    predict: Callable[..., Any], texts: Path, form: str, delimiter: str
) -> None:
    options = ["--keep-columns", "id,label", "--top-k", "2", "--all-probabilities", "--min-probability", "0.6"]
    wide = [
        {
            **{key: a[key] for key in ("row", "id", "input_label", "label", "probability")},
            **{f"top_{k}_{part}": a["top"][k - 1][part] for k in (1, 2) for part in ("label", "probability")},
            **{f"probability_of_{label}": p for label, p in a["probabilities"].items()},
            "error": None,
        }
        for a in predict(texts, *options).answers
    ]
    formatted = [{key: "" if value is None else str(value) for key, value in row.items()} for row in wide]
    assert table(predict(texts, *options, "--output-format", form).out, delimiter) == formatted
    assert any(not row["label"] for row in formatted)


def test_a_table_has_the_errors_too(predict: Callable[..., Any]) -> None:
    rows = table(predict("--format", "csv", "--output-format", "csv", "-", stdin=BAD).out)
    assert [row["row"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert [bool(row["error"]) for row in rows] == [False, True, False, True, False]
    assert [bool(row["label"]) for row in rows] == [True, False, True, False, True]


def test_the_suffix_of_the_file_tells_its_form_and_it_holds_what_is_printed(
    predict: Callable[..., Any], texts: Path, tmp_path: Path
) -> None:
    for name, form in (("o.jsonl", "jsonl"), ("o.csv", "csv"), ("o.tsv", "tsv"), ("o.txt", "jsonl"), ("O.CSV", "csv")):
        done = predict(texts, "-o", tmp_path / name)
        assert (done.code, done.out) == (0, "")
        assert (tmp_path / name).read_bytes() == predict(texts, "--output-format", form, "-o", "-").out.encode()


def test_options_stand_in_any_order(
    predict: Callable[..., Any], unrolled: Any, model: Path, texts: Path, tmp_path: Path
) -> None:
    expected = predict(texts).out
    parts: list[list[object]] = [[model, texts], ["-o", tmp_path / "out.jsonl"], ["--strict"], ["--text-column=text"]]
    orders = [[word for part in order for word in part] for order in permutations(parts)]
    for words in [*orders, [model, "-o", tmp_path / "out.jsonl", texts]]:
        assert unrolled("predict", *words, "--force").code == 0
        assert (tmp_path / "out.jsonl").read_text() == expected


@pytest.mark.parametrize(
    ("content", "form"), [(b"", "text"), (b"text,label\n", "csv"), (b"", "jsonl"), (b"\n", "jsonl")]
)
def test_without_rows_there_are_no_answers(predict: Callable[..., Any], content: bytes, form: str) -> None:
    done = predict("-", "--format", form, stdin=content)
    blank = "standard input: 1 blank line passed over\n" * (content == b"\n")
    assert (done.code, done.out, done.err) == (0, "", blank)
    assert table(predict("-", "--format", form, "--output-format", "csv", stdin=content).out) == []


def test_three_thousand_rows_keep_their_order(predict: Callable[..., Any]) -> None:
    words = {"good": "fine lovely moving", "bad": "awful poor dull"}
    labels = ["good" if number * number % 7 == 1 else "bad" for number in range(3000)]
    # of many lengths, as texts are read in batches of similar length; what is repeated has the same average
    lines = "".join(f"{words[label]} " * (1 + number % 40) + "\n" for number, label in enumerate(labels))
    once = predict("-", stdin="".join(f"{word}\n" for word in words.values()).encode()).answers
    assert [answer["label"] for answer in once] == list(words)
    answers = predict("-", "--all-probabilities", stdin=lines.encode()).answers
    assert [answer["row"] for answer in answers] == list(range(1, 3001))
    for answer, label in zip(answers, labels, strict=True):
        good, bad = answer["probabilities"]["good"], answer["probabilities"]["bad"]
        assert (good > bad) == (label == "good"), answer


def test_predict_and_evaluate_run_without_torch_and_scikit_learn(
    predict: Callable[..., Any], model: Path, texts: Path
) -> None:
    code = (
        "import sys\n"
        "sys.modules.update(dict.fromkeys(['torch', 'sklearn', 'scipy', 'pandas']))\n"
        "from unrolled.cli.app import main\n"
        "for sys.argv in (['unrolled', 'predict', *sys.argv[1:]], ['unrolled', 'evaluate', *sys.argv[1:], '--json']):\n"
        "    try: main()\n"
        "    except SystemExit as done: assert not done.code\n"
    )
    run = [sys.executable, "-W", "error", "-c", code.replace("sys.argv[1:]", repr([str(model), str(texts)]))]
    done = subprocess.run(run, capture_output=True, text=True, check=True, timeout=120)
    *answers, evaluation = done.stdout.splitlines()
    assert answers == predict(texts).out.splitlines()
    assert json.loads(evaluation)["rows"] == 30
