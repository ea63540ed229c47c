"""Models saved and loaded → the same function bit for bit; loading reads, runs and makes nothing else."""

from __future__ import annotations

import copy
import json
import pickle
import pickletools
import shutil
import tracemalloc
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st

from tests.folders.valid import seal
from unrolled.errors import DataError, FolderError, SettingError
from unrolled.model.registry import encoder_names, encoder_options
from unrolled.model.weights import initialize
from unrolled.prediction import saved_model
from unrolled.prediction.text_model import TextModel
from unrolled.settings import Setting
from unrolled.storage import tensors
from unrolled.storage.config import Config
from unrolled.text.text_config import TextConfig
from unrolled.text.vocabulary import Vocabulary

WORDS = ("<unk>", *(f"w{number}" for number in range(12)), "don't", "<br>", "naïve", "日本", "\u2028", '"\\', "\x7f")
TEXTS = ["w1 w2 w3", "", "w4 new w4 w5 日本 w6 w7 w8 naïve", "w9", "Don't W1"]
MODEL_FILES = {"config.json", "vocabulary.json", "model.safetensors", "manifest.json"}


def model_of(encoder: str = "cnn", options: Mapping[str, Any] | None = None, **reading: Any) -> TextModel:
    large = {name: 8 for name, o in encoder_options(encoder).items() if type(o.default) is int and o.default > 8}
    config = Config(encoder, {**large, **(options or {})}, TextConfig(embedding_dim=5, **reading), ("a,b", 'é"', "\n"))
    random, drawn = np.random.default_rng(1), initialize(config.network(len(WORDS)).weights(), 0)
    weights = {name: (w + random.normal(0, 0.3, w.shape)).astype("f4") for name, w in drawn.items()}
    return TextModel(config, Vocabulary(WORDS), weights)


def other_values(setting: Setting) -> Iterator[Any]:
    """List small values that are not a setting's default, as far as it takes them."""
    default = setting.default
    near = [None, not default, 0, 1, 2, 4, 8, 0.0, 0.25, 2.0, (1,), (1, 2), (3, 3), *setting.choices]
    for value in near:
        try:
            if type(setting.check(value)) is type(value) and value != default:
                yield value
        except SettingError:
            continue


def variants() -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    for encoder in encoder_names():
        found.append((encoder, {}))
        for option in encoder_options(encoder).values():
            found += [(encoder, {option.name: value}) for value in other_values(option)]
    return found


def test_every_option_of_every_encoder_is_varied() -> None:
    varied = {(encoder, name) for encoder, options in variants() for name in options}
    assert varied == {(encoder, name) for encoder in encoder_names() for name in encoder_options(encoder)}


def assert_same_function(one: TextModel, other: TextModel) -> None:
    assert one.config == Config.from_json(other.config.as_json(), "")
    assert one.vocabulary.words == other.vocabulary.words
    assert one.weights.keys() == other.weights.keys()
    for name, weight in one.weights.items():
        assert weight.dtype == other.weights[name].dtype == np.float32
        assert weight.shape == other.weights[name].shape
        assert weight.tobytes() == other.weights[name].tobytes()
    assert one.logits(TEXTS).tobytes() == other.logits(TEXTS).tobytes()


@pytest.mark.parametrize(("encoder", "options"), variants(), ids=str)
def test_saved_and_loaded_it_is_the_same_function_bit_for_bit(
    encoder: str, options: dict[str, Any], tmp_path: Path
) -> None:
    model = model_of(encoder, options)
    saved_model.save(tmp_path / "m", model, {})
    loaded = saved_model.load(tmp_path / "m")
    assert_same_function(loaded, model)


def test_a_loaded_model_outlives_its_folder_and_can_be_saved_over_it(tmp_path: Path) -> None:
    first, other = model_of("lstm"), model_of("gru")
    saved_model.save(tmp_path / "m", first, {})
    loaded = saved_model.load(tmp_path / "m")
    saved_model.save(tmp_path / "m", loaded, {}, force=True)
    assert_same_function(saved_model.load(tmp_path / "m"), first)
    saved_model.save(tmp_path / "m", other, {}, force=True)
    assert_same_function(loaded, first)
    assert_same_function(saved_model.load(tmp_path / "m"), other)
    shutil.rmtree(tmp_path / "m")
    assert_same_function(loaded, first)


def test_a_loaded_model_can_be_copied_and_pickled(tmp_path: Path) -> None:
    model = model_of("gru")
    saved_model.save(tmp_path / "m", model, {})
    loaded = saved_model.load(tmp_path / "m")
    assert_same_function(loaded, model)  # and so with a table, which has a lock
    for same in (copy.deepcopy(loaded), pickle.loads(pickle.dumps(loaded))):
        assert_same_function(same, model)
    saved_model.save(tmp_path / "again", loaded, {})
    assert files_of(tmp_path / "again") == files_of(tmp_path / "m")


@pytest.mark.parametrize(
    "reading",
    [{"embeddings": "frozen"}, {"embeddings": "both"}, {"lowercase": False}, {"tokens": "space"}],
    ids=str,
)
def test_how_it_reads_is_saved_too(reading: dict[str, Any], tmp_path: Path) -> None:
    model = model_of("average", **reading)
    saved_model.save(tmp_path / "m", model, {})
    assert_same_function(saved_model.load(tmp_path / "m"), model)


@given(
    words=st.lists(st.text(min_size=1, max_size=9).filter(lambda word: word != "<unk>"), max_size=9, unique=True),
    labels=st.lists(st.text("aé日\n🙂", min_size=1, max_size=40), min_size=2, max_size=5, unique=True),
    limits=st.tuples(st.integers(50, 300), st.integers(300, 700), st.integers(10, 80)),
)
def test_whatever_is_written_is_read_and_only_what_cannot_be_read_is_refused(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], labels: list[str], limits: tuple[int, int, int]
) -> None:
    """At limits small enough to be met: of the vocabulary's bytes, of the config's, and of the weights' numbers."""
    config, known = Config("average", {}, TextConfig(embedding_dim=2), tuple(labels)), Vocabulary(["<unk>", *words])
    model = TextModel(config, known, initialize(config.network(len(known)).weights(), 0))
    folder = tmp_path_factory.mktemp("limits") / "m"
    saved_model.save(folder, model, {})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(saved_model, "LARGEST_VOCABULARY", limits[0])
        patch.setattr(saved_model, "LARGEST_CONFIG", limits[1])
        patch.setattr(tensors, "LARGEST", limits[2] * 1000)
        try:
            loaded: TextModel | None = saved_model.load(folder)
        except FolderError:
            loaded = None
        try:
            saved_model.save(folder, model, {}, force=True)
        except (FolderError, DataError) as error:
            assert loaded is None, error  # noqa: PT017  saved or not, the same must be so of loading
        else:
            assert loaded is not None
            assert_same_function(loaded, model)


def test_a_network_of_thousands_of_weights_is_read_back(tmp_path: Path) -> None:
    """The file's header names them all, in more than a million bytes."""
    config = Config(
        "cnn", {"filter_sizes": (1,) * 100, "num_layers": 90, "num_filters": 1}, TextConfig(embedding_dim=1), ("a", "b")
    )
    model = TextModel(config, Vocabulary(["<unk>"]), initialize(config.network(1).weights(), 0))
    saved_model.save(tmp_path / "m", model, {})
    header = (tmp_path / "m" / "model.safetensors").read_bytes()[:8]
    assert int.from_bytes(header, "little") > 1_000_000
    loaded = saved_model.load(tmp_path / "m")
    assert all(loaded.weights[name].tobytes() == weight.tobytes() for name, weight in model.weights.items())


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "whole"
    saved_model.save(folder, model_of(), {"README.md": b"# told\n", "config.json": b"never this one"})
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "model"))


def test_the_folder_holds_what_others_can_read_and_no_pickle(whole: Path) -> None:
    files = files_of(whole)
    assert set(files) == {*MODEL_FILES, "README.md"}
    assert json.loads(files["config.json"])["labels"] == ["a,b", 'é"', "\n"]
    assert json.loads(files["vocabulary.json"]) == list(WORDS)
    theirs = safetensors.numpy.load(files["model.safetensors"])
    assert {name: array.tobytes() for name, array in theirs.items()} == {
        name: array.tobytes() for name, array in model_of().weights.items()
    }
    for content in files.values():
        with pytest.raises(ValueError, match=r"opcode|pickle"):
            list(pickletools.genops(content))


def test_a_model_is_overwritten_only_by_force(folder: Path) -> None:
    before, other = files_of(folder), model_of("average")
    with pytest.raises(FolderError, match="--force"):
        saved_model.save(folder, other, {})
    assert files_of(folder) == before
    saved_model.save(folder, other, {}, force=True)
    assert set(files_of(folder)) == MODEL_FILES
    assert_same_function(saved_model.load(folder), other)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def sizes() -> list[tuple[str, str]]:
    own = [(e, name) for e in encoder_names() for name, o in encoder_options(e).items() if o.kind is int]
    return [*own, *((encoder, "embedding_dim") for encoder in encoder_names())]


@pytest.mark.parametrize(("encoder", "name"), sizes(), ids=str)
def test_huge_sizes_are_refused_without_being_made(encoder: str, name: str, tmp_path: Path) -> None:
    model = model_of(encoder)
    saved_model.save(tmp_path / "m", model, {})
    several = name != "embedding_dim" and encoder_options(encoder)[name].several
    section = "reading" if name == "embedding_dim" else "encoder_options"
    content = json.loads((tmp_path / "m" / "config.json").read_text())
    content[section][name] = [10**12] if several else 10**12
    (tmp_path / "m" / "config.json").write_text(json.dumps(content))
    seal(tmp_path / "m")
    tracemalloc.start()
    try:
        with pytest.raises(FolderError, match=name):
            saved_model.load(tmp_path / "m")
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
