"""Models saved, loaded, damaged → the same function bit for bit, or a FolderError of one line; nothing else is read."""

from __future__ import annotations

import json
import os
import pickletools
import shutil
import subprocess
import sys
import sysconfig
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

import unrolled
from unrolled.errors import FolderError, SettingError
from unrolled.model.find_encoder import encoder_names, encoder_options
from unrolled.model.reading import Reading
from unrolled.model.vocabulary import Vocabulary
from unrolled.model.weights import initialise
from unrolled.runtime import saved_model, tensors
from unrolled.runtime.config import Config
from unrolled.runtime.text_model import TextModel
from unrolled.settings import Setting

WORDS = ("<unk>", *(f"w{number}" for number in range(12)), "don't", "<br>", "naïve", "日本", "\u2028", '"\\', "\x7f")
TEXTS = ["w1 w2 w3", "", "w4 new w4 w5 日本 w6 w7 w8 naïve", "w9", "Don't W1"]
MODEL_FILES = {"config.json", "vocabulary.json", "model.safetensors"}


def model_of(encoder: str = "cnn", options: Mapping[str, Any] | None = None, **reading: Any) -> TextModel:
    large = {name: 6 for name, o in encoder_options(encoder).items() if type(o.default) is int and o.default > 6}
    config = Config(encoder, {**large, **(options or {})}, Reading(embedding_dim=5, **reading), ("a,b", 'é"', "\n"))
    random, drawn = np.random.default_rng(1), initialise(config.network(len(WORDS)).weights(), 0)
    weights = {name: (w + random.normal(0, 0.3, w.shape)).astype("f4") for name, w in drawn.items()}
    return TextModel(config, Vocabulary(WORDS), weights)


def other_values(setting: Setting) -> Iterator[Any]:
    """List small values that are not a setting's default, as far as it takes them."""
    default = setting.default
    near = [None, not default, 0, 1, 2, 3, 7, 0.0, 0.25, 2.0, (1,), (1, 2), (3, 3), *setting.choices]
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
    saved_model.save(tmp_path / "again", loaded, {})
    assert files_of(tmp_path / "again") == files_of(tmp_path / "m")


@pytest.mark.parametrize(
    "reading",
    [{"channels": "static"}, {"channels": "static+tuned"}, {"lowercase": False}, {"tokens": "space"}],
    ids=str,
)
def test_how_it_reads_is_saved_too(reading: dict[str, Any], tmp_path: Path) -> None:
    model = model_of("average", **reading)
    saved_model.save(tmp_path / "m", model, {})
    assert_same_function(saved_model.load(tmp_path / "m"), model)


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


def refusal(folder: Path) -> str:
    with pytest.raises(FolderError) as raised:
        saved_model.load(folder)
    message = str(raised.value)
    assert message.isprintable()
    return message


@pytest.mark.parametrize("name", sorted(MODEL_FILES))
def test_a_file_that_is_missing_cut_prolonged_or_no_file_is_named(folder: Path, name: str) -> None:
    path = folder / name
    content = path.read_bytes()
    for damaged in (b"", content[: len(content) // 2], content[:-2], content + b"x", b"\xff" + content, b"[]", b"null"):
        path.write_bytes(damaged)
        assert refusal(folder).startswith(str(path))
    path.unlink()
    assert refusal(folder).startswith(str(path))
    (folder / "elsewhere").write_bytes(content)
    path.symlink_to(folder / "elsewhere")
    assert refusal(folder).startswith(str(path))
    path.unlink()
    path.mkdir()
    assert refusal(folder).startswith(str(path))
    path.rmdir()
    os.mkfifo(path)
    assert refusal(folder).startswith(str(path))


Arrays = dict[str, np.ndarray[Any, Any]]
BAD_TENSORS: dict[str, Callable[[Arrays], Arrays]] = {
    "missing": lambda arrays: {name: array for name, array in arrays.items() if name != "classifier.b"},
    "extra": lambda arrays: arrays | {"classifier.b2": arrays["classifier.b"]},
    "renamed": lambda arrays: {name.replace("tuned", "static"): array for name, array in arrays.items()},
    "transposed": lambda arrays: arrays | {"classifier.W": arrays["classifier.W"].T},
    "flat": lambda arrays: arrays | {"classifier.W": arrays["classifier.W"].ravel()},
    "a class more": lambda arrays: arrays | {"classifier.b": np.zeros(4, "f4")},
    "a word fewer": lambda arrays: arrays | {"embeddings.tuned": arrays["embeddings.tuned"][:-1]},
    "64 bits": lambda arrays: arrays | {"classifier.b": np.zeros(3)},
    "NaN": lambda arrays: arrays | {"classifier.b": np.array([0, np.nan, 0], "f4")},
    "infinite": lambda arrays: arrays | {"embeddings.tuned": np.full((len(WORDS), 5), -np.inf, "f4")},
    "none": lambda _: {},
}


@pytest.mark.parametrize("bad", BAD_TENSORS)
def test_tensors_other_than_the_configs_are_refused(folder: Path, bad: str) -> None:
    path = folder / "model.safetensors"
    arrays = BAD_TENSORS[bad](safetensors.numpy.load_file(path))
    path.write_bytes(safetensors.numpy.save({name: np.ascontiguousarray(array) for name, array in arrays.items()}))
    assert refusal(folder).startswith(f"{path}, tensor '")


BAD_WORDS: dict[str, Any] = {
    "none": [],
    "no unknown word": WORDS[1:],
    "unknown word second": (WORDS[1], WORDS[0], *WORDS[2:]),
    "doubled": (*WORDS[:-1], WORDS[1]),
    "an empty word": (*WORDS[:-1], ""),
    "a number": (*WORDS[:-1], 7),
    "null": None,
    "an object": dict.fromkeys(WORDS, 0),
    "a text": "<unk>",
    "nested": [WORDS],
}


@pytest.mark.parametrize("bad", BAD_WORDS)
def test_a_vocabulary_that_is_no_list_of_distinct_words_after_unk_is_refused(folder: Path, bad: str) -> None:
    (folder / "vocabulary.json").write_text(json.dumps(BAD_WORDS[bad]))
    assert refusal(folder).startswith(str(folder / "vocabulary.json"))


@pytest.mark.parametrize("words", [WORDS[:-1], WORDS[:1], (*WORDS, "one more")], ids=len)
def test_a_vocabulary_of_another_length_than_the_tensors_is_refused(folder: Path, words: tuple[str, ...]) -> None:
    (folder / "vocabulary.json").write_text(json.dumps(words))
    assert f"'embeddings.tuned': expected shape [{len(words)}, 5], got shape [{len(WORDS)}, 5]" in refusal(folder)


@pytest.mark.parametrize("labels", [["x", "y"], ["x", "y", "z", "one more"]], ids=len)
def test_labels_of_another_number_than_the_tensors_are_refused(folder: Path, labels: list[str]) -> None:
    rewrite(folder, "labels", labels)
    assert "tensor 'classifier." in refusal(folder)


def rewrite(folder: Path, key: str, value: Any) -> None:
    config = json.loads((folder / "config.json").read_text())
    config[key] = {**config[key], **value} if isinstance(value, dict) else value
    (folder / "config.json").write_text(json.dumps(config))


def sizes() -> list[tuple[str, str]]:
    own = [(e, name) for e in encoder_names() for name, o in encoder_options(e).items() if o.kind is int]
    return [*own, *((encoder, "embedding_dim") for encoder in encoder_names())]


@pytest.mark.parametrize(("encoder", "name"), sizes(), ids=str)
def test_huge_sizes_are_refused_without_being_made(encoder: str, name: str, tmp_path: Path) -> None:
    model = model_of(encoder)
    saved_model.save(tmp_path / "m", model, {})
    several = name != "embedding_dim" and encoder_options(encoder)[name].several
    section = "reading" if name == "embedding_dim" else "encoder_options"
    rewrite(tmp_path / "m", section, {name: [10**12] if several else 10**12})
    tracemalloc.start()
    try:
        assert refusal(tmp_path / "m").startswith(str(tmp_path / "m"))
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", ["nothing", "a file", "empty", "a\nbreak", "x" * 300, "x" * 250, "dangling"])
def test_a_path_without_a_model_is_refused_and_named(name: str, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("{}")
    (tmp_path / "empty").mkdir()
    (tmp_path / "dangling").symlink_to(tmp_path / "nothing")
    assert refusal(tmp_path / name).startswith(str(tmp_path / name.split("\n")[0]))


AUDIT = """
import json, sys
events = []
def hook(name, arguments):
    told = [getattr(item, "co_filename", item) for item in arguments]
    events.append([name, *(item if isinstance(item, str | int | None) else repr(item) for item in told[:3])])
sys.addaudithook(hook)
from pathlib import Path
from unrolled.runtime import saved_model
logits = saved_model.load(Path(sys.argv[1])).logits(json.loads(sys.argv[2]))
print(json.dumps({"events": list(events), "logits": logits.tobytes().hex(), "modules": list(sys.modules)}))
"""
READS = {"open", "os.listdir", "os.scandir"}
RUNS = {"compile", "exec", "import"}
# What importing Python's and NumPy's own modules does besides
QUIET = ("array.", "builtins.id", "code.__new__", "cpython.", "ctypes.", "marshal.", "object.", "os.unsetenv", "sys.")
HOSTILE = "raise SystemExit('code from a model folder was run')\n"


@pytest.fixture(scope="module")
def witnessed(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Load a model with code beside it, from within its folder, in a process whose every deed is written down."""
    folder = Path(shutil.copytree(whole, tmp_path_factory.mktemp("audit") / "model"))
    for name in ("__init__", "config", "encoder", "cnn", "numpy", "sitecustomize", "unrolled", "tokenizer"):
        (folder / f"{name}.py").write_text(HOSTILE)
    (folder / "model.pkl").write_bytes(b"cos\nsystem\n(S'false'\ntR.")
    script = folder.parent / "audit.py"
    script.write_text(AUDIT)
    source = str(Path(unrolled.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-B", str(script), str(folder), json.dumps(TEXTS)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout)


def test_loading_opens_the_models_three_files_and_otherwise_python_and_its_packages(
    witnessed: tuple[Path, dict[str, Any]],
) -> None:
    folder, seen = witnessed
    opened = {str(event[1]) for event in seen["events"] if event[0] in READS}
    inside = {path for path in opened if path.startswith(str(folder))}
    assert inside == {str(folder / name) for name in MODEL_FILES}
    roots = [sys.prefix, sys.base_prefix, str(Path(unrolled.__file__).parents[1]), sysconfig.get_path("stdlib")]
    assert [path for path in opened - inside if not path.startswith(tuple(roots))] == []
    flags = {event[3] for event in seen["events"] if event[0] == "open"}
    assert {flag & os.O_ACCMODE for flag in flags} == {os.O_RDONLY}


def test_loading_runs_nothing_from_the_folder_and_gives_the_same_function(
    witnessed: tuple[Path, dict[str, Any]],
) -> None:
    folder, seen = witnessed
    events = [event for event in seen["events"] if not event[0].startswith(QUIET)]
    assert {event[0] for event in events} <= READS | RUNS
    assert [event for event in events if event[0] in RUNS and str(folder) in str(event)] == []
    assert bytes.fromhex(seen["logits"]) == saved_model.load(folder).logits(TEXTS).tobytes()
    assert not {"torch", "sklearn"} & set(seen["modules"])


def test_the_weights_of_a_saved_model_are_those_of_the_tensors_file(whole: Path) -> None:
    assert tensors.to_bytes(saved_model.load(whole).weights) == (whole / "model.safetensors").read_bytes()
