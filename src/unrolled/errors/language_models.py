"""What can be wrong with a language model, its text or its folder → the error that says so in one line."""

from __future__ import annotations

from unrolled.errors.kinds import DataError, FolderError, SettingError, TrainingError

_STEP = "Give the folder that `unrolled lm train -o` wrote."


def not_finite(epoch: int) -> TrainingError:
    """Make the error of a loss that became NaN or infinite."""
    step = "Try a smaller --learning-rate; no model was written."
    return TrainingError("the loss is not finite", step, where=f"epoch {epoch}")


def window_of_nothing(order: int) -> SettingError:
    """Make the error of a window model that would look at no word."""
    step = "Raise it, or choose --model kneser-ney, whose order may be 1."
    return SettingError(f"must be at least 2 for a window model, got {order}", step, where="setting 'order'")


def setting_of_the_window(name: str, model: str) -> SettingError:
    """Make the error of a setting that only the window model has, given for a model that counts."""
    step = "Leave it out, or choose --model window."
    return SettingError(f"'{name}' is a setting of the window model, not of '{model}'", step)


def counts_too_large(size: int, largest: int) -> DataError:
    """Make the error of more n-grams than a model's folder can hold."""
    step = "Choose a smaller --order, a larger --min-count, or a --max-features."
    return DataError(f"the counts take {size:,} bytes, and a folder can hold {largest:,}", step)


def no_lines(where: str) -> DataError:
    """Make the error of a text that has nothing but blank lines."""
    return DataError(
        "there is no line that isn't blank; at least one line is needed",
        "Give plain text, a sentence a line.",
        where=where,
    )


def bad_line(where: str, reason: str) -> DataError:
    """Make the error of a line that isn't text."""
    return DataError(
        f"the line can't be read ({reason})", "Fix the line, or convert the file to UTF-8 with iconv.", where=where
    )


def no_finite_answer() -> DataError:
    """Make the error of a text on which a model's numbers leave the range of 32 bits."""
    step = "Train the model again, with a smaller --learning-rate, or get an undamaged copy of it."
    return DataError("the model's numbers overflow on this text", step)


def not_a_language_model(where: str) -> FolderError:
    """Make the error of a path where no folder is."""
    return FolderError("no such folder", _STEP, where=where)


def is_a_classifier(where: str) -> FolderError:
    """Make the error of a classifier's folder, given for a language model's."""
    step = f"{_STEP} A classifier is used by `unrolled evaluate` and `unrolled predict`."
    return FolderError("this is a classifier, not a language model", step, where=where)


def is_a_language_model(where: str) -> FolderError:
    """Make the error of a language model's folder, given for a classifier's."""
    step = "Give the folder that `unrolled train -o` wrote; a language model is used by `unrolled lm`."
    return FolderError("this is a language model, not a classifier", step, where=where)


def wrong_vocabulary(where: str) -> FolderError:
    """Make the error of a vocabulary that doesn't begin with the words that every language model has."""
    step = "The folder is damaged or of another program: copy it again, or train the model again."
    return FolderError("the list of words doesn't begin with '<unk>' and '</s>'", step, where=where)
