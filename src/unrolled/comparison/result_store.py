"""The folder of a comparison → the trainings that ended in it before; each is written whole or not at all.

DIR/runs/<model>.seed-0.part-0.json     what the training left, its predictions among it
DIR/models/<model>.seed-0               the model's folder; with folds that of the first
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from unrolled.comparison.own_files import LARGEST, MODELS, RUNS
from unrolled.comparison.run import RunRecord, RunSpec
from unrolled.errors import FolderError
from unrolled.estimator import TextClassifier
from unrolled.prediction import saved_model
from unrolled.storage import strict_json
from unrolled.storage.atomic_file import write_file
from unrolled.storage.training_texts import FINGERPRINTS


@dataclass(frozen=True)
class ResultStore:
    """What is kept of trainings."""

    folder: Path

    @property
    def is_empty(self) -> bool:
        """Return whether no training has ended yet."""
        return not (self.folder / RUNS).is_dir()

    def has(self, trial: RunSpec) -> bool:
        """Return whether a record of it is stored; whether it is of this very run is only known from the texts."""
        return self._record(trial).is_file()

    def record(self, trial: RunSpec, run_sha256: str) -> RunRecord | None:
        """Return the record of this very training, if it ended by itself; None of another one's or a damaged one."""
        try:
            content: dict[str, Any] = strict_json.read_object(self._record(trial), max_bytes=LARGEST)
        except FolderError:
            return None
        content.pop("sha256", None)
        if set(content) != {one.name for one in fields(RunRecord)} or content["run_sha256"] != run_sha256:
            return None
        record = RunRecord(**content)  # its hash says that we wrote it
        return record if record.is_finished and self._has_model(trial) else None

    def keep(self, trial: RunSpec, record: RunRecord, classifier: TextClassifier) -> None:
        """Keep the model, of several parts the first one's, then what tells that it is there."""
        if trial.part == 0:
            classifier.save_pretrained(self.model(trial), force=True)
        write_file(self._record(trial), strict_json.with_checksum(asdict(record)))

    def model(self, trial: RunSpec) -> Path:
        """Return the folder of a training's model."""
        return self.folder / MODELS / f"{trial.candidate.file_name}.seed-{trial.seed}"

    def size(self, trial: RunSpec) -> int:
        """Count the bytes of the model's folder, without the fingerprints: these grow with the texts, not the model."""
        return sum(file.stat().st_size for file in self.model(trial).iterdir() if file.name != FINGERPRINTS)

    def _has_model(self, trial: RunSpec) -> bool:
        """Return whether the model that is measured again is there and whole."""
        try:
            if trial.part == 0:
                saved_model.load(self.model(trial))
        except FolderError:
            return False
        return True

    def _record(self, trial: RunSpec) -> Path:
        return self.folder / RUNS / f"{trial.file_name}.json"
