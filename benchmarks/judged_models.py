"""Every model of the full table: what it is called, where it is trained, what it needs, and whether chance is in it."""

from __future__ import annotations

import ast
import hashlib
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from benchmarks.command_line import FOLDER
from unrolled.comparison.candidate import Candidate, every
from unrolled.storage import strict_json
from unrolled.training.find_learner import learner_of

HOGWILD = Candidate("ngrams --optimizer hogwild", "ngrams", {"optimizer": "hogwild"})
NETWORKS = {contestant.name: contestant for contestant in [*every(), HOGWILD]}
OURS = "ours"


@dataclass(frozen=True)
class Model:
    """A module of `tutorials`, the kind in it, the packages (as pip calls them) that it needs beside numpy."""

    name: str
    module: str
    kind: str
    packages: tuple[str, ...]
    imports: tuple[str, ...]
    by_chance: bool = True

    @property
    def is_ours(self) -> bool:
        """Say whether it is one of our networks."""
        return self.module == OURS

    def settings(self) -> str:
        """Tell apart what was measured before our defaults, or the module of another, changed."""
        if not self.is_ours:
            return _without_words(FOLDER / "tutorials" / f"{self.module}.py")
        run_config = NETWORKS[self.kind].run_config()
        parts = (run_config.reading, run_config.preparation, run_config.plan)
        told = {"encoder": run_config.encoder, **run_config.encoder_options}
        told |= {name: value for part in parts for name, value in asdict(part).items()}
        return strict_json.sha256({name: list(v) if isinstance(v, tuple) else v for name, v in told.items()})[:16]


@cache
def _without_words(module: Path) -> str:
    """Hash what a module does, whatever its comments and docstrings say."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value = ast.Constant(None)
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()[:16]


def _ours(contestant: Candidate) -> Model:
    package = learner_of(contestant.run_config()).package
    packages = (package.name,) if package else ()
    imports = (package.root,) if package else ()
    return Model(contestant.name, OURS, contestant.name, packages, imports)


def _linear(kind: str) -> Model:
    return Model(f"scikit-learn {kind}", "scikit_linear", kind, ("scikit-learn",), ("sklearn",), by_chance=False)


def _rival(name: str, module: str, kind: str, *packages: str) -> Model:
    imports = tuple(package.removesuffix("-numpy2-wheel") for package in packages)
    return Model(f"{name} {kind}", module, kind, packages, imports)


RIVALS = [
    *(_linear(kind) for kind in ("logistic", "svm", "logistic bigrams", "svm bigrams")),
    *(_rival("fastText", "fasttext_supervised", kind, "fasttext-numpy2-wheel") for kind in ("defaults", "tuned")),
    _rival("spaCy", "spacy_textcat", "bow", "spacy"),
    *(_rival("Keras", "keras_networks", kind, "keras", "torch") for kind in ("cnn", "kim", "bilstm")),
    *(_rival("skorch", "skorch_networks", kind, "skorch", "torch") for kind in ("lstm", "cnn")),
]
MODELS = {model.name: model for model in [*map(_ours, NETWORKS.values()), *RIVALS]}
