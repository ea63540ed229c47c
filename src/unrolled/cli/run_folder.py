"""The name of a model folder → the checkpoint of an unfinished run next to it: trained further, refused or deleted."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unrolled.cli.console import info
from unrolled.errors import FolderError
from unrolled.errors import checkpoint as errors
from unrolled.prediction.run_identity import kernels, processor
from unrolled.storage import strict_json
from unrolled.storage.atomic_folder import check_output, current
from unrolled.storage.checkpoint_folder import CheckpointFolder, record, remove
from unrolled.storage.file_lock import acquire
from unrolled.storage.ownership import checked
from unrolled.training.checkpoints import Checkpoints

# By these torch and the libraries of linear algebra are told to leave out instructions that the processor has.
OF_INSTRUCTIONS = ("ATEN_CPU_CAPABILITY", "MKL_ENABLE_INSTRUCTIONS", "OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES")
ENDING = ".checkpoint"  # of the name next to the model's


@dataclass(frozen=True)
class RunFolder:
    """Where a model is to be written, what may be overwritten, and how often the run's state is kept."""

    folder: Path
    force: bool = False
    resume: bool = False
    checkpoint_every: float = 60.0  # seconds

    @property
    def checkpoint(self) -> Path:
        """The folder of the unfinished run's state."""
        place = Path(os.path.realpath(self.folder))
        return place.with_name(f"{place.name}{ENDING}")

    @property
    def is_unfinished(self) -> bool:
        """Return whether a state is kept, or something else has its name."""
        folder = current(self.checkpoint)
        return os.path.lexists(folder) and not (folder.is_dir() and not os.listdir(folder))

    def reject_early(self) -> None:
        """Raise the FolderError that writing would raise."""
        check_output(self.folder, force=self.force or self.resume, needed_for=ENDING)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the names of the model and of the checkpoint, which might be another run's model."""
        with acquire(self.folder), acquire(self.checkpoint):
            yield

    def reject_unfinished(self) -> None:
        """Raise the FolderError of what is in the way, once the name is held: a run's state, or what no run left."""
        if not self.is_unfinished:
            return
        folder = current(self.checkpoint)
        if not folder.is_dir():
            raise errors.no_checkpoint(folder)
        checked(folder, record)
        if not self.resume and not self.force:
            raise errors.leftover(self.checkpoint)

    def is_finished(self, run_sha256: str) -> bool:
        """Return whether this very run has ended already; FolderError where a model of another run is in the way."""
        here = current(self.folder)
        if not self.resume or not here.is_dir() or not os.listdir(here):
            return False
        try:
            own = strict_json.read_object(here / "training.json").get("run_sha256") == run_sha256
        except FolderError:
            own = False
        if not own and not self.force:
            raise errors.finished_by_other_run(self.folder)
        return own and not self.is_unfinished and (here / "metrics.json").exists()

    def checkpoints(self, run: Mapping[str, Any], versions: Mapping[str, str]) -> Checkpoints:
        """Keep the states of this run, and go on from the one that is kept."""
        chosen = {name: os.environ[name] for name in OF_INSTRUCTIONS if name in os.environ}
        computed_with = {**versions, "kernels": kernels(), "processor": processor(), **chosen}
        store = CheckpointFolder(self.checkpoint, run, computed_with)
        if not self.resume:
            remove(self.checkpoint)  # that of an older run, now that this one has all that it needs
        elif not self.is_unfinished:
            info("There is no checkpoint to go on from: the run starts over.")
        elif otherwise := store.changed_environment():
            info(f"The checkpoint is of {'; '.join(otherwise)}: the last bits may come out otherwise.")
        return Checkpoints(store, every=self.checkpoint_every, log=info)

    def left(self) -> str:
        """Describe what is left of a training whose model can't be saved."""
        if not self.is_unfinished:
            return ""
        return f"A state of the run is kept in {self.checkpoint}: the same command with --resume goes on from it."

    def clear(self, run: Mapping[str, Any]) -> None:
        """Delete the state of a run that has ended."""
        CheckpointFolder(self.checkpoint, run, {}).clear()
