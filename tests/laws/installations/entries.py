"""Small files → every public function and method called once; run by an environment's own Python, it prints outcomes.

Nothing is imported here but what a user's program would import, and that only when an entry is called.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

Entry: TypeAlias = Callable[[dict[str, str]], object]
ENTRIES: dict[str, Entry] = {}
DOCUMENTED = "modules that the documents import"
TEXTS, LABELS = ["a fine film", "a dull film"] * 9 + ["fun", "awful"], ["good", "bad"] * 10
HOGWILD: dict[str, Any] = {"encoder": "ngrams", "optimizer": "hogwild", "max_epochs": 2}


def entry(*names: str) -> Callable[[Entry], Entry]:
    """Note which public names a function calls."""

    def noted(function: Entry) -> Entry:
        ENTRIES.update(dict.fromkeys(names, function))
        return function

    return noted


@entry("unrolled.TextClassifier.fit")
def fit_the_default(files: dict[str, str]) -> None:
    from unrolled import TextClassifier

    TextClassifier(max_epochs=1).fit(TEXTS, LABELS).predict(TEXTS)


@entry("unrolled.TextClassifier.fit logistic")
def fit_logistic(files: dict[str, str]) -> None:
    from unrolled import TextClassifier

    TextClassifier("logistic").fit(TEXTS, LABELS).predict(TEXTS)


@entry(
    *("unrolled.TextClassifier.fit hogwild", "unrolled.TextClassifier.predict", "unrolled.TextClassifier.score"),
    *("unrolled.TextClassifier.predict_proba", "unrolled.TextClassifier.predict_or_abstain"),
    *("unrolled.TextClassifier.save_pretrained", "unrolled.TextClassifier.from_pretrained"),
)
def fit_save_and_load(files: dict[str, str]) -> None:
    from unrolled import TextClassifier

    TextClassifier(**HOGWILD).fit(TEXTS, LABELS).save_pretrained("saved", force=True)
    model = TextClassifier.from_pretrained("saved")
    assert model.predict(TEXTS).shape == model.predict_or_abstain(TEXTS).shape == (20,)
    assert model.score(TEXTS, LABELS) == model.score(TEXTS, list(LABELS))
    assert model.predict_proba(TEXTS).shape == (20, 2)


@entry(
    *("unrolled.TextClassifier.fit_corpus", "unrolled.TextClassifier.run_config"),
    *("unrolled.data.gather", "unrolled.data.LabelledCorpus.fingerprints"),
)
def fit_a_corpus(files: dict[str, str]) -> None:
    from unrolled import TextClassifier
    from unrolled.data import gather

    model = TextClassifier(**HOGWILD)
    run_config = model.run_config()
    corpus = gather(zip(TEXTS, LABELS, strict=True), run_config.reading, seed=run_config.plan.random_state)
    assert corpus.fingerprints(None).shape == (20,)
    model.fit_corpus(corpus)


@entry("unrolled.TextClassifier.fit base_model")
def go_on_from_a_network(files: dict[str, str]) -> None:
    from unrolled import TextClassifier

    TextClassifier(base_model=files["model"], max_epochs=1).fit(TEXTS, LABELS)


@entry("unrolled.TextClassifier.fit base_model logistic")
def go_on_from_logistic_regression(files: dict[str, str]) -> None:
    from unrolled import TextClassifier

    TextClassifier(base_model=files["logistic"]).fit(TEXTS, LABELS)


@entry(
    *("unrolled.TextClassifier.get_params", "unrolled.TextClassifier.set_params"),
    "unrolled.TextClassifier.__sklearn_is_fitted__",
)
def look_at_settings(files: dict[str, str]) -> None:
    from unrolled import TextClassifier

    model = TextClassifier(**TextClassifier("lstm").set_params(hidden_size=3).get_params())
    assert "hidden_size=3" in repr(model)
    assert not model.__sklearn_is_fitted__()


@entry("unrolled.TextClassifier.__sklearn_tags__")
def tell_scikit_learn(files: dict[str, str]) -> None:
    from unrolled import TextClassifier

    assert TextClassifier().__sklearn_tags__().estimator_type == "classifier"


@entry("unrolled.data.read_rows")
def read_the_rows(files: dict[str, str]) -> None:
    from unrolled.data import read_rows

    assert len(list(read_rows(files["csv"], label_column="label"))) == 60


@entry("unrolled.data.read_labelled", "unrolled.data.usable_pairs", "unrolled.data.split_off")
def read_and_split(files: dict[str, str]) -> None:
    from unrolled.data import read_labelled, split_off, usable_pairs

    labelled = read_labelled(files["csv"])
    assert list(usable_pairs(files["csv"], [])) == list(zip(labelled.texts, labelled.labels, strict=True))
    assert len(split_off(labelled.texts, labelled.labels, fraction=0.5, seed=0)[0]) == 30


@entry("unrolled.data.read_labelled parquet")
def read_parquet(files: dict[str, str]) -> None:
    from unrolled.data import read_labelled

    assert len(read_labelled(files["parquet"]).texts) == 60


@entry("unrolled.data.read_labelled zstd")
def read_zstd(files: dict[str, str]) -> None:
    from unrolled.data import read_labelled

    assert len(read_labelled(files["csv_zst"]).texts) == 60


@entry("unrolled.language_models.fit.resolve_config", "unrolled.language_models.fit.fit")
def fit_a_window(files: dict[str, str]) -> None:
    from unrolled.language_models.fit import fit, resolve_config

    assert fit(TEXTS, resolve_config({"max_epochs": 1})).model.next_words("a", 1)


@entry("unrolled.errors.nearest", "unrolled.errors.printable")
def word_errors(files: dict[str, str]) -> None:
    from unrolled.errors import nearest, printable

    assert "'cnn'" in nearest("cn", ["cnn"])
    assert printable("\n") == "\\x0a"


@entry("unrolled.evaluation.evaluate", "unrolled.evaluation.Evaluation.as_json")
def evaluate(files: dict[str, str]) -> None:
    import numpy as np

    from unrolled.evaluation import evaluate

    assert evaluate(LABELS, np.full((20, 2), 0.5), ["bad", "good"]).as_json()["rows"] == 20


def small_network(encoder: str) -> tuple[Any, ...]:
    """Make a network, its weights and three texts."""
    import numpy as np

    from unrolled.model.registry import make_encoder
    from unrolled.model.text_network import TextNetwork
    from unrolled.model.weights import initialize

    network = TextNetwork(9, 3, "tuned", make_encoder(encoder, 3, {}), 2)
    ids, lengths = np.arange(15).reshape(3, 5) % 9, np.array([5, 4, 2])
    return network, initialize(network.weights(), 0), ids, lengths, np.array([0, 1, 1])


@entry("unrolled.inspection.reach", "unrolled.inspection.GradientReach.quantile")
def reach_back(files: dict[str, str]) -> None:
    from unrolled.inspection import reach

    assert reach(*small_network("rnn"))[0].quantile(0.5)[0] == 1


@entry("unrolled.inspection.replay")
def replay_a_batch(files: dict[str, str]) -> None:
    from unrolled.inspection import replay

    assert replay(*small_network("gru")[:4]).logits.shape == (3, 2)


@entry("unrolled.inspection.layer_norms")
def measure_layers(files: dict[str, str]) -> None:
    from unrolled.inspection import layer_norms

    assert layer_norms(*small_network("average"))


@entry(
    *("unrolled.inspection.terms_through_time", "unrolled.inspection.blocks"),
    *("unrolled.inspection.norms", "unrolled.inspection.shares"),
)
def part_the_gradient(files: dict[str, str]) -> None:
    from unrolled.inspection import blocks, norms, shares, terms_through_time

    network, *batch = small_network("lstm")
    terms = terms_through_time(network, *batch)
    assert blocks(network, terms)
    assert all(len(norms(term)) == len(shares(term)) for term in terms.values())


def import_documented(name: str, files: dict[str, str]) -> None:
    importlib.import_module(name)


def outcome(called: Entry, files: dict[str, str]) -> str:
    """Call an entry; return nothing, or what was wrong: a missing extra in one line, all else with its kind."""
    from unrolled.errors import MissingExtraError

    try:
        called(files)
    except MissingExtraError as error:
        return str(error)
    except Exception as error:
        return f"{type(error).__name__}\n{error}"
    return ""


if __name__ == "__main__":
    files = json.loads(Path(sys.argv[1]).read_text())
    imports = {name: partial(import_documented, name) for name in files.pop(DOCUMENTED)}
    print(json.dumps({name: outcome(called, files) for name, called in (ENTRIES | imports).items()}))
