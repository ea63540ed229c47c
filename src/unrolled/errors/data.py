"""What is wrong with the data → the error to raise; `…_reason` → why one row can't be used."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence

from unrolled.errors.kinds import DataError, SettingError, nearest

_SHOWN_ROWS = 5
_SHOWN_NAMES = 100
_SHOWN_CHARACTERS = 40


def wrong_column_type(where: str, name: str, allowed: str, kind: str, option: str) -> DataError:
    """A column holds something that no text or label can be."""
    return DataError(
        f"the column '{name}' holds {kind}, but must hold {allowed}", f"Choose another with {option}.", where=where
    )


def labels_in_text(where: str) -> DataError:
    """What may be plain text begins as fastText's lines do."""
    step = "Pass --format fasttext to leave labels out of the texts, or --format text to keep them."
    return DataError("this looks like fastText: the first line begins with __label__", step, where=where)


def empty_file(where: str) -> DataError:
    """A file of columns has no header."""
    return DataError("the file is empty, without even a header line", "Give a file with data.", where=where)


def unusable_header(where: str, reason: str) -> DataError:
    """The header can't be read as UTF-8 or as CSV."""
    return DataError(
        f"the header line can't be read ({reason})", "Fix it, or pass the right --delimiter or --encoding.", where=where
    )


def duplicate_column(where: str, name: str) -> DataError:
    """Two columns have one name."""
    return DataError(f"the column '{name}' occurs more than once", "Rename one.", where=where)


def missing_column(where: str, name: str, found: Sequence[str], option: str) -> DataError:
    """A wanted column is not in the header."""
    columns = ", ".join(found[:_SHOWN_NAMES]) + (", …" if len(found) > _SHOWN_NAMES else "")
    next_step = f"{nearest(name, found[:_SHOWN_NAMES])} Choose it with {option}."
    return DataError(f"there is no column '{name}'; the columns are {columns}", next_step, where=where)


def other_delimiter(where: str, name: str, found: str, delimiter: str) -> DataError:
    """A wanted column is not in the header, whose one column another delimiter would part."""
    return DataError(
        f"there is no column '{name}'; the only column is {found!r:.80}",
        f"Pass --delimiter {delimiter!r}.",
        where=where,
    )


def unknown_suffix(where: str, known: Collection[str]) -> DataError:
    """The name of the file doesn't tell its format."""
    return DataError(
        f"the format can't be told from the file's name, which ends in none of {' '.join(known)}",
        "Name it with --format.",
        where=where,
    )


def unknown_format(name: str, known: Collection[str]) -> SettingError:
    """The format asked for doesn't exist."""
    return SettingError(f"there is no format '{name}'", nearest(name, known))


def no_delimiter(given: str) -> SettingError:
    """What is to part fields can't."""
    return SettingError(f"--delimiter must be one character, and no quote or line end, got {given!r:.60}", "Try ';'.")


def label_in_text(label: str) -> SettingError:
    """A model would read the label that it is to name."""
    return SettingError(
        f"'{label}' is both --label-column and --text-column: the model would read its own answer",
        "Leave it out of the text.",
    )


def delimiter_of_others(format: str) -> SettingError:  # noqa: A002
    """A delimiter was given for what has none."""
    return SettingError(f"--delimiter is for csv and tsv, not for {format}", "Leave it out, or pass --format csv.")


def text_without_labels(where: str) -> DataError:
    """Plain text was given where labels are needed."""
    return DataError("plain text has no labels", "Name another --format, or give a folder by class.", where=where)


def bad_rows(where: str, listed: Sequence[str], rows_in: int) -> DataError:
    """Some rows can't be used; told are all of them, one string each."""
    more = len(listed) - _SHOWN_ROWS
    rows = "; ".join(listed[:_SHOWN_ROWS]) + (f"; and {more} more" if more > 0 else "")
    return DataError(
        f"{len(listed)} of {rows_in} rows can't be used: {rows}", "Fix them, or pass --skip-bad-rows.", where=where
    )


def no_usable_row(where: str, bad: int) -> DataError:
    """After the bad rows are skipped none is left."""
    return DataError(
        f"there is no row with a text and a label{f'; {bad} bad' if bad else ''}",
        "Give a file with data.",
        where=where,
    )


def too_few_classes(where: str, labels: Collection[str], minimum: int) -> DataError:
    """Every row has the same label."""
    return DataError(
        f"at least {minimum} different labels are needed, and there are {len(labels)}: "
        f"{', '.join(map(repr, sorted(labels)))}",
        "Check --label-column.",
        where=where,
    )


def fewer_texts_than_folds(texts: int, folds: int) -> DataError:
    """Too few different texts for this many parts."""
    return DataError(
        f"{folds:,} folds need at least {folds:,} different texts, and there are {texts:,}", "Ask for fewer folds."
    )


def one_class_without_fold(fold: int, left: Collection[str], lost: Collection[str]) -> DataError:
    """All different texts of a label are in one fold, and those of a single label are left to train on."""
    left, gone = (", ".join(repr(label)[:40] for label in sorted(labels)) for labels in (left, lost))
    step = f"Give more different texts of {gone}: two folds must have some."
    return DataError(
        f"without fold {fold}, which has all texts of {gone}, only {left} is left to train on", step, where="folds"
    )


def fraction_out_of_range(fraction: float) -> SettingError:
    """The part to hold out is nothing, all, or no number."""
    return SettingError(f"the held-out fraction must be between 0 and 1, got {fraction}", "Give for example 0.1.")


def not_decoded_reason(where: str, shown: str, encoding: str) -> str:
    """A byte can't stand where it stands, or a surrogate that a lenient encoding let pass."""
    if encoding == "utf-8":
        return f"{where}: 0x{ord(shown) - 0xDC00:02x} is not UTF-8 (another encoding? --encoding latin-1)"
    what = f"0x{ord(shown) - 0xDC00:02x}" if "\udc00" <= shown <= "\udcff" else "half a surrogate pair"
    return f"{where}: {what} is not {encoding}"


def not_utf8_value_reason(name: str, place: int, byte: int) -> str:
    """A value of a Parquet file, which should be UTF-8, isn't."""
    return f"'{name}', byte {place}: 0x{byte:02x} is not UTF-8"


def unreadable_value_reason(name: str, message: str) -> str:
    """A value of a Parquet file has no form in Python."""
    return f"'{name}' can't be read: {message}"


def nul_reason(where: str) -> str:
    """A zero byte stands in the text."""
    return f"{where}: a NUL byte"


def too_long_reason(most: int) -> str:
    """A row has too many characters."""
    return f"longer than {most:,} characters (--max-row-length)"


def blank_label_warning(name: str, count: int) -> str:
    """Lines that are no rows."""
    return f"{name}: {count:,} blank line{'s' * (count > 1)} passed over"


def inner_blank_warning(name: str, count: int, first: int) -> str:
    """Lines of text with a CR within, which a program of old may have written for a line's end."""
    lines = "1 line has" if count == 1 else f"{count:,} lines have"
    return f"{name}: {lines} a CR (\\r) within, which ends no line here, the first: line {first}"


def several_lines_warning(name: str, count: int, first: str) -> str:
    """Rows whose quotes go over line ends: rightly so, or for a stray quote that swallowed other rows."""
    rows = "1 row goes" if count == 1 else f"{count:,} rows go"
    return f"{name}: {rows} over several lines, the first: {first}"


def no_label_reason() -> str:
    """A line of fastText's has no label."""
    return "no __label__ at its beginning"


def label_later_reason() -> str:
    """A line of fastText's has its label behind words."""
    return "a __label__ that isn't at its beginning"


def several_labels_reason() -> str:
    """A line of fastText's has more than one label."""
    return "more than one __label__"


def width_reason(expected: int, got: int) -> str:
    """A row has fewer or more fields than the header."""
    return f"expected {expected} field{'' if expected == 1 else 's'}, got {got}"


def unclosed_quote_reason(first_line: int, last_line: int) -> str:
    """A quoted field goes on to the end of the file."""
    return f"the quote opened in the row at line {first_line} is never closed and swallowed lines up to {last_line}"


def quoting_reason(message: str) -> str:
    """Something follows a closing quote."""
    return f"wrong quoting: {message}".replace("\t", "\\t")


def empty_label_reason(column: str) -> str:
    """The label is empty or blank."""
    return f"the label is empty (in '{column}')"


def invalid_json_reason(message: str, column: int) -> str:
    """A line is not JSON."""
    return f"not valid JSON: {message} at character {column}"


def nested_json_reason() -> str:
    """A line is nested deeper than Python's parser goes."""
    return "not usable JSON: nested too deeply"


def not_an_object_reason(spelled: str) -> str:
    """A line is JSON, but no object."""
    return f"expected a JSON object, got {_shortened(spelled)}"


def duplicate_key_reason(key: str) -> str:
    """An object has a key twice."""
    return f"the key {_shortened(json.dumps(key))} stands more than once"


def constant_reason(name: str) -> str:
    """NaN or Infinity, which Python would take and JSON doesn't have."""
    return f"not valid JSON: {name}"


def surrogate_reason() -> str:
    """A \\ud800 without its second half, which no UTF-8 can hold."""
    return "half a surrogate pair (\\ud800 to \\udfff) in a string"


def missing_key_reason(key: str) -> str:
    """An object lacks a wanted key."""
    return f"no key '{key}'"


def wrong_type_reason(key: str, allowed: str, spelled: str) -> str:
    """A text or label has a type that isn't taken."""
    return f"'{key}' must be {allowed}, got {_shortened(spelled)}"


def _shortened(spelled: str) -> str:
    return spelled if len(spelled) <= _SHOWN_CHARACTERS else spelled[:_SHOWN_CHARACTERS] + "…"


def unknown_extra_column(where: str, column: str, known: Iterable[str]) -> DataError:
    """Make the error of a column to keep that the first row doesn't have."""
    columns = list(known)
    step = nearest(column, columns) if columns else "It has none besides the text's: leave --keep-columns out."
    return DataError(f"--keep-columns: there is no column '{column}'", step, where=where)


def too_large_reason() -> str:
    """A row's text is read, and the network needs more memory for it alone than there is."""
    return "the network needs more memory for this text than there is (--max-row-length refuses such unread)"


def overflow_reason() -> str:
    """A row's text is read, and no number comes out of it."""
    return "the network's numbers overflow on this text"
