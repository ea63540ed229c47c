"""Texts and labels given in Python → the error of what can't be trained on or predicted."""

from __future__ import annotations

from unrolled.errors.told import DataError, UnrolledError


def not_texts(position: int, value: object) -> DataError:
    """Make the error of something that isn't a string among the texts."""
    return DataError(
        "strings", f"{type(value).__name__}", "Convert it with str() if it is a text.", where=_at(position)
    )


def no_list(what: str, kind: str) -> DataError:
    """Make the error of something else than a list of texts or labels."""
    return DataError(f"a list of {what}", f"one {kind}", f"Give a list, as in [{what[:-1]}].", where=what)


def different_lengths(texts: int, labels: int) -> DataError:
    """Make the error of texts and labels that don't pair up."""
    return DataError("a label for every text", f"{texts} texts and {labels} labels", "Check how both were made.")


def unusable_label(position: int, value: object) -> DataError:
    """Make the error of a label that is empty or no single value."""
    step = "Give each text one label, a non-empty string or a whole number."
    return DataError("a label", f"{value!r:.60}", step, where=f"label {position}")


def mixed_labels() -> DataError:
    """Make the error of labels of which some are strings and some numbers."""
    return DataError("labels of one kind", "strings and numbers", "Convert them all with str().", where="labels")


def one_class(labels: list[str]) -> DataError:
    """Make the error of labels that are all the same."""
    step = "A classifier needs texts of at least two labels."
    return DataError("two or more labels", f"{len(labels)} ({', '.join(labels)[:60]})", step, where="labels")


def no_dev_texts() -> DataError:
    """Make the error of data too small to split a dev part off."""
    step = "Give more texts, or dev texts of their own (--dev FILE, validation_data=(texts, labels))."
    return DataError("texts enough to split some off", "fewer than two distinct texts in every class", step)


def too_many_fingerprints(count: int, most: int) -> DataError:
    """Make the error of more texts than a model can keep fingerprints of, those of its base models included."""
    step = "Leave them out with --no-fingerprints (fingerprints=False)."
    return DataError(f"at most {most:,} distinct texts to keep fingerprints of", f"{count:,}", step)


def empty_dev_texts() -> DataError:
    """Make the error of dev texts that are given and none."""
    return DataError("at least one dev text", "none", "Give dev texts, or leave them out.", where="dev texts")


def unknown_dev_labels(labels: list[str]) -> DataError:
    """Make the error of dev labels that no training text has."""
    step = "Dev texts must have the labels of the training texts."
    return DataError("dev labels seen in training", ", ".join(map(repr, labels))[:80], step, where="dev texts")


def labels_only_held_out(labels: list[str]) -> DataError:
    """Make the error of labels left without a training text, as where all theirs appear with other labels too."""
    step = "Remove texts that appear with several labels, or give dev texts of their own."
    shown = ", ".join(map(repr, labels))[:80]
    return DataError("every label in the training texts", f"{shown} in the dev texts alone", step)


def vocabulary_too_large(size: int, largest: int) -> DataError:
    """Make the error of a vocabulary that a model folder can't hold."""
    step = "Choose a larger min_count, a max_features, or (logistic) a shorter ngram_range."
    return DataError(f"a vocabulary of at most {largest:,} bytes", f"{size:,} bytes", step)


def labels_too_large(count: int, size: int, largest: int) -> DataError:
    """Make the error of labels that a model folder can't hold."""
    received = f"{size:,} bytes with its {count:,} labels"
    return DataError(f"a config of at most {largest:,} bytes", received, "Give fewer or shorter labels.")


def no_finite_answer(positions: list[int]) -> DataError:
    """Make the error of texts that a network's numbers overflow on, as a gru's with the update gate tanh."""
    step = "Give shorter texts, or train another network."
    shown = ", ".join(str(position + 1) for position in positions[:5]) + (", …" if len(positions) > 5 else "")
    return DataError("finite probabilities", f"numbers that overflowed in text {shown} (from 1)", step)


def not_fitted() -> UnrolledError:
    """Make the error of a classifier used before it was trained."""
    step = "Call fit(texts, labels) first, or load one with from_pretrained."
    return UnrolledError("a trained classifier", "one that isn't trained", step)


def vectors_of_other_size(word: str, size: int, expected: int) -> DataError:
    """Make the error of a given word vector that doesn't fit embedding_dim."""
    step = f"Set embedding_dim={size}, or give other vectors."
    return DataError(
        f"vectors of size {expected} (embedding_dim)", f"size {size} for {word!r:.40}", step, where="vectors"
    )


def _at(position: int) -> str:
    return f"text {position}"


def no_pair(kind: str) -> DataError:
    """Make the error of dev texts that don't come as a pair."""
    step = "Give validation_data=(texts, labels)."
    return DataError("a pair of texts and labels", f"{kind}", step, where="validation_data")


def corpus_of_other_reading() -> DataError:
    """Make the error of a corpus whose words were read by other settings than the classifier's."""
    step = "Gather them with reading=run_config().reading and seed=run_config().plan.random_state."
    return DataError("texts gathered by the classifier's own settings", "others", step, where="labelled corpus")


def no_vectors(kind: str) -> DataError:
    """Make the error of word vectors that aren't given word by word."""
    return DataError("a mapping of words to vectors", f"{kind}", "Give a dict of word: vector.", where="vectors")


def unusable_vector(word: str) -> DataError:
    """Make the error of a given word vector that isn't one row of finite numbers."""
    step = "Leave the word out, or fix its vector."
    return DataError("a row of finite numbers", "something else", step, where=f"vectors, {word!r:.40}")
