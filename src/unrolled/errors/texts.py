"""Texts and labels given in Python → the error of what can't be trained on or predicted."""

from __future__ import annotations

from unrolled.errors.kinds import DataError, UnrolledError


def not_texts(position: int, value: object) -> DataError:
    """Make the error of something that isn't a string among the texts."""
    return DataError(
        f"this is no string but {type(value).__name__}", "Convert it with str() if it is a text.", where=_at(position)
    )


def no_list(what: str, kind: str) -> DataError:
    """Make the error of something else than a list of texts or labels."""
    return DataError(f"must be a list of {what}, got one {kind}", f"Give a list, as in [{what[:-1]}].", where=what)


def different_lengths(texts: int, labels: int) -> DataError:
    """Make the error of texts and labels that don't pair up."""
    return DataError(f"there are {texts} texts and {labels} labels", "Check how both were made.")


def unusable_label(position: int, value: object) -> DataError:
    """Make the error of a label that is empty or no single value."""
    step = "Give each text one label, a non-empty string or a whole number."
    return DataError(f"{value!r:.60} can't be a label", step, where=f"label {position}")


def mixed_labels() -> DataError:
    """Make the error of labels of which some are strings and some numbers."""
    return DataError("some labels are strings and some are numbers", "Convert them all with str().", where="labels")


def one_class(labels: list[str]) -> DataError:
    """Make the error of labels that are all the same."""
    return DataError(
        f"at least two different labels are needed, and there is {len(labels)} ({', '.join(labels)[:60]})",
        "Give texts of two or more labels.",
        where="labels",
    )


def no_dev_texts() -> DataError:
    """Make the error of data too small to split a dev part off."""
    return DataError(
        "there are too few texts to split some off for validation: every label has only one",
        "Give more texts, or validation texts (--dev FILE, validation_data=(texts, labels)).",
    )


def too_many_fingerprints(count: int, most: int) -> DataError:
    """Make the error of more texts than a model can keep fingerprints of, those of its base models included."""
    step = "Leave them out with --no-fingerprints (fingerprints=False)."
    return DataError(f"there are {count:,} distinct texts, and fingerprints of at most {most:,} can be kept", step)


def empty_dev_texts() -> DataError:
    """Make the error of dev texts that are given and none."""
    return DataError("there is no validation text", "Give at least one, or leave them out.", where="dev texts")


def unknown_dev_labels(labels: list[str]) -> DataError:
    """Make the error of dev labels that no training text has."""
    return DataError(
        f"training has no text with the labels {', '.join(map(repr, labels))[:80]}",
        "Validation texts must have labels of the training texts.",
        where="dev texts",
    )


def labels_only_held_out(labels: list[str]) -> DataError:
    """Make the error of labels left without a training text, as where all theirs appear with other labels too."""
    shown = ", ".join(map(repr, labels))[:80]
    return DataError(
        f"only validation texts have the labels {shown}",
        "Remove texts that appear with several labels, or give other validation texts.",
    )


def vocabulary_too_large(size: int, largest: int) -> DataError:
    """Make the error of a vocabulary that a model folder can't hold."""
    step = "Choose a larger min_count, a max_features, or (logistic) a shorter ngram_range."
    return DataError(f"the vocabulary takes {size:,} bytes, and a folder can hold {largest:,}", step)


def labels_too_large(count: int, size: int, largest: int) -> DataError:
    """Make the error of labels that a model folder can't hold."""
    return DataError(
        f"the config takes {size:,} bytes with its {count:,} labels, and at most {largest:,} are read",
        "Give fewer or shorter labels.",
    )


def no_finite_answer(positions: list[int]) -> DataError:
    """Make the error of texts that a network's numbers overflow on, as a gru's with the update gate tanh."""
    step = "Give shorter texts, or train another network."
    shown = ", ".join(str(position + 1) for position in positions[:5]) + (", …" if len(positions) > 5 else "")
    return DataError(f"the network's numbers overflow on text {shown} (counted from 1)", step)


def not_fitted() -> UnrolledError:
    """Make the error of a classifier used before it was trained."""
    step = "Call fit(texts, labels) first, or load one with from_pretrained."
    return UnrolledError("the classifier is not trained yet", step)


def vectors_of_other_size(word: str, size: int, expected: int) -> DataError:
    """Make the error of a given word vector that doesn't fit embedding_dim."""
    step = f"Set embedding_dim={size}, or give other vectors."
    return DataError(
        f"the vector of {word!r:.40} has size {size}, and embedding_dim is {expected}", step, where="vectors"
    )


def _at(position: int) -> str:
    return f"text {position}"


def no_pair(kind: str) -> DataError:
    """Make the error of dev texts that don't come as a pair."""
    step = "Give validation_data=(texts, labels)."
    return DataError(f"must be a pair of texts and labels, got {kind}", step, where="validation_data")


def corpus_of_other_reading() -> DataError:
    """Make the error of a corpus whose words were read by other settings than the classifier's."""
    step = "Gather them with reading=run_config().reading and seed=run_config().plan.random_state."
    return DataError("the corpus was read with other settings than the classifier's", step, where="labelled corpus")


def no_vectors(kind: str) -> DataError:
    """Make the error of word vectors that aren't given word by word."""
    return DataError(
        f"must be a mapping of words to vectors, got {kind}", "Give a dict of word: vector.", where="vectors"
    )


def unusable_vector(word: str) -> DataError:
    """Make the error of a given word vector that isn't one row of finite numbers."""
    step = "Leave the word out, or fix its vector."
    return DataError("the vector is not a row of finite numbers", step, where=f"vectors, {word!r:.40}")
