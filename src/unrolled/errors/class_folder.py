"""A folder by class and what is wrong with it → the error to raise; `…_reason` → why one file can't be used."""

from __future__ import annotations

from unrolled.errors.kinds import DataError


def not_a_folder(where: str) -> DataError:
    """The format is `folder`, the path is something else."""
    return DataError(
        "this is not a folder with one folder for each class", "Give the folder, or another --format.", where=where
    )


def no_class_folder(where: str) -> DataError:
    """A folder of classes has no class in it."""
    return DataError("there is no class folder in it", "Lay it out as DIR/<label>/<file>.txt.", where=where)


def empty_class_warning(name: str, label: str) -> str:
    """A class folder gives no row, so that nothing else names its class."""
    return f"{name}: the class folder '{label}' has no files"


def hidden_files_warning(name: str, count: int, first: str) -> str:
    """Names in a folder by class that begin with a dot: what a system left there, or a class such as `.net`."""
    return f"{name}: {count:,} name{'s' * (count > 1)} with a dot in front passed over, the first: {first}"


def name_not_utf8_reason() -> str:
    """A name in a folder by class can't be written as text."""
    return "its name is not UTF-8"


def outside_class_reason() -> str:
    """A file is next to the class folders."""
    return "not in the folder of a class"


def link_out_reason() -> str:
    """A link in a folder by class leads to a file or a folder outside."""
    return "a link that leads out of the folder"


def not_text_file_reason() -> str:
    """Something in a class folder is no regular file named *.txt, perhaps packed."""
    return "not a regular file whose name ends in .txt"


def other_encoding_reason(found: str) -> str:
    """One file of a folder begins with the byte order mark of UTF-16 or UTF-32."""
    return f"expected text in UTF-8, got {found} (--encoding {found.lower()})"


def rejected_reason(error: DataError) -> str:
    """One file of a folder can't be read."""
    return error.problem
