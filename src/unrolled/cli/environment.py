"""The environment → what `doctor` tells: packages, capabilities, kernels, machine."""

from __future__ import annotations

import contextlib
import itertools
import os
import platform
from collections.abc import Iterator, Mapping
from typing import Any

from unrolled.cli.options import as_typed
from unrolled.environment.packages import (
    PYARROW,
    SCIKIT_LEARN,
    TORCH,
    ZSTANDARD,
    Package,
    required_packages,
    version_of,
)
from unrolled.errors import SettingError
from unrolled.kernels.compiled.library import find_library
from unrolled.model.encoder import is_compiled
from unrolled.model.layers.recurrent import Recurrent
from unrolled.model.registry import encoder_names, encoder_options, make_encoder
from unrolled.settings import settings_of
from unrolled.training.classifier_learner import ClassifierLearner
from unrolled.training.find_learner import LEARNERS

NONE = "not installed"
OPTIONAL = (TORCH, SCIKIT_LEARN, PYARROW, ZSTANDARD)


def _packages(learner: type[ClassifierLearner]) -> tuple[Package, ...]:
    return (learner.package,) if learner.package else ()


_NEEDED: dict[str, tuple[Package, ...]] = {
    "predict": (),
    "evaluate": (),
    "train": _packages(LEARNERS[0]),
    **{learner.name: _packages(learner) for learner in LEARNERS[1:]},
    "gradients": (TORCH,),
    "demo": (TORCH, SCIKIT_LEARN),
    "parquet": (PYARROW,),
    "zstd": (ZSTANDARD,),
}


def describe() -> dict[str, dict[str, str]]:
    """Look at everything; every optional package is imported, to see that it works."""
    names = ("unrolled", *required_packages(), *(package.name for package in OPTIONAL))
    states = {package: _state(package) for package in OPTIONAL}
    return {
        "packages": {"python": platform.python_version(), **{name: version_of(name) or NONE for name in names}},
        "capabilities": {
            **{name: next((states[one] for one in needed if states[one]), "ready") for name, needed in _NEEDED.items()},
            "cuda": states[TORCH] or _gpu(),
        },
        "kernels": _kernels(),
        "machine": {"system": platform.platform(), "processor": platform.machine(), "cores": str(os.cpu_count())},
    }


def _state(package: Package) -> str:
    """Return why a package can't be used, and what to do; nothing where it can."""
    error = package.fault("use")
    if not error or not package.is_installed:
        return f"needs: pip install 'unrolled[{package.extra}]'" if error else ""
    return f"{package.name} doesn't work: {error.problem}. {error.advice}"


def _kernels() -> dict[str, str]:
    return {**_on_cpu(), "cuda": _on_gpu()}


def _on_cpu() -> dict[str, str]:
    found = find_library()
    if isinstance(found, str):
        return {"predict": f"plain arithmetic in NumPy, as {found}", "train": f"plain arithmetic in torch, as {found}"}
    description = (
        f"compiled for {found.level}, in float32 on the CPU; plain arithmetic for {', '.join(_not_compiled_models())}"
    )
    return {"predict": description, "train": description}


def _not_compiled_models() -> Iterator[str]:
    """List the encoders that no kernel stands in for, and each option that makes a compiled one such."""
    for name in encoder_names():
        if not is_compiled(make_encoder(name, 1, {})):
            yield name
            continue
        for option in encoder_options(name).values():
            plain = (value for value in option.other_values() if _is_plain(name, option.name, value))
            yield from (_spelled(name, {option.name: value}) for value in itertools.islice(plain, 1))


def _is_plain(name: str, option: str, value: Any) -> bool:
    with contextlib.suppress(SettingError):  # it doesn't go with the others' defaults
        return not is_compiled(make_encoder(name, 1, {option: value}))
    return False


def _spelled(name: str, options: Mapping[str, Any]) -> str:
    """Spell a model as `--model` reads it."""
    known = encoder_options(name)
    return " ".join([name, *(word for key, value in options.items() for word in as_typed(known[key], value))])


def _on_gpu() -> str:
    """Describe what `train --device cuda` computes with on a GPU."""
    others = ", ".join(name for name in encoder_names() if not _is_of_torch(name, {}))
    torchs = f"torch's own kernels for {', '.join(_networks_of_torch())}"
    return f"{torchs}; plain arithmetic on the GPU for all others, by default {others}"


def _networks_of_torch() -> Iterator[str]:
    """List the networks that are torch's too, as one asks for them."""
    for name in encoder_names():
        own = {key: option for key, option in encoder_options(name).items() if key not in settings_of(Recurrent)}
        closed = {key: option.choices for key, option in own.items() if option.choices}
        for values in itertools.product(*closed.values()):
            options = dict(zip(closed, values, strict=True))
            if _is_of_torch(name, options):
                yield _spelled(name, options)


def _is_of_torch(name: str, options: Mapping[str, Any]) -> bool:
    encoder = make_encoder(name, 1, options)
    return isinstance(encoder, Recurrent) and encoder.of_torch is not None


def _gpu() -> str:
    import torch

    return f"ready: {torch.cuda.get_device_name()}" if torch.cuda.is_available() else "torch finds no GPU"
