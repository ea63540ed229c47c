"""Every error that a user can meet, a file a stage: what was expected, what came, where, and the next step."""

from unrolled.errors.kinds import (
    DataError,
    FolderError,
    MissingExtraError,
    SettingError,
    TrainingError,
    UnrolledError,
    nearest,
    printable,
)

__all__ = [
    "DataError",
    "FolderError",
    "MissingExtraError",
    "SettingError",
    "TrainingError",
    "UnrolledError",
    "nearest",
    "printable",
]
