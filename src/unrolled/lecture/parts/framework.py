"""The framework: text → words → ids → vectors → one vector → logits → probabilities → loss."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from unrolled.arrays import Array
from unrolled.lecture.example import SENTENCE, VECTORS, words_of
from unrolled.lecture.part import Part
from unrolled.lecture.weights import CLASSES, CLASSIFIER_4
from unrolled.lecture.writing import columns, equation, factor, number, numbers, paragraph, products, signed
from unrolled.model.classifier import softmax
from unrolled.model.cross_entropy import cross_entropy
from unrolled.model.encoders.average import Average
from unrolled.model.registry import encoder_names
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import Weights, merge
from unrolled.text.tokens import tokenize
from unrolled.text.vocabulary import UNKNOWN, Vocabulary, pad

NETWORK = TextNetwork(5, 4, "tuned", Average(input_size=4, num_layers=0), len(CLASSES))
TRUE_CLASS = 0


def steps() -> Iterator[str]:
    """Follow the example from its letters to the loss."""
    words = words_of(SENTENCE)
    vocabulary = Vocabulary.build([words], min_count=1, max_features=None)
    yield from _words(vocabulary)
    ids, lengths = pad([NETWORK.number_together([words], vocabulary)[0]])
    weights = _weights(vocabulary)
    yield from ("", "words → vectors (embeddings): row id of the table")
    table = NETWORK.embed(weights)
    yield from columns([[word, *map(number, table[row])] for word, row in zip(words, ids[0], strict=True)])
    encoding = NETWORK.encode(weights, table[ids], lengths)
    yield from ("", "vectors → one vector (encoder, here the average: `unrolled lecture average`)")
    yield from equation("a", numbers(encoding[0]))
    logits = NETWORK.classify(weights, encoding)
    yield from _classified(encoding[0], logits[0])
    yield from _loss(logits)
    yield from _notes()


def _weights(vocabulary: Vocabulary) -> Weights:
    table = np.array([VECTORS.get(word, (0.0,) * 4) for word in vocabulary.words])
    return merge(embeddings={"tuned": table}, classifier=CLASSIFIER_4)


def _words(vocabulary: Vocabulary) -> Iterator[str]:
    yield from ("", "text → words (tokens), with the characters where they stand")
    found = tokenize(SENTENCE, lowercase=False)
    yield from columns([[token.text, str(token.start), str(token.end)] for token in found])
    yield from ("", f"words → ids (vocabulary: in alphabetic order if equally frequent; id 0 is {UNKNOWN}, the rest)")
    words = [token.text for token in found]
    yield from columns([["word", *words], ["id", *map(str, vocabulary.numbers(words))]])


def _classified(a: Array, logits: Array) -> Iterator[str]:
    yield from ("", "one vector → logits (classifier): s = V a + c, a logit for each class")
    for k in range(len(CLASSES)):
        V, c = CLASSIFIER_4["W"][:, k], CLASSIFIER_4["b"][k]
        yield from equation(f"s[{k + 1}]", signed([products(V, a), number(c)]), number(logits[k]))
    yield from ("", "logits → probabilities (softmax): P(y = c | x) = exp(s[c]) / sum_k exp(s[k])")
    powers = [f"exp({number(s)})" for s in logits]
    for k, (name, P) in enumerate(zip(CLASSES, softmax(logits[None])[0], strict=True)):
        yield from equation(f"P({name})", f"{powers[k]} / ({' + '.join(powers)})", number(P))


def _loss(logits: Array) -> Iterator[str]:
    y, P = np.eye(len(CLASSES))[TRUE_CLASS], softmax(logits)[0]
    yield from (
        "",
        f"probabilities → loss (cross-entropy); the true class is '{CLASSES[TRUE_CLASS]}': y = {numbers(y)}",
    )
    sides = " + ".join(f"{number(one)}*log({factor(p)})" for one, p in zip(y, P, strict=True))
    yield from equation("L", f"-({sides})", number(float(cross_entropy(logits, np.array([TRUE_CLASS])))))


def _notes() -> Iterator[str]:
    yield from (
        "",
        f"The slides sum over c = 0 … C, which would be C + 1 classes; here c = 1 … K, and K = {len(CLASSES)}.",
    )
    yield from paragraph(
        "The lecture names as classifiers of this one framework: logistic regression, neural networks, CNN, RNN, LSTM, "
        f"Transformers. The encoders of unrolled: {', '.join(encoder_names())}."
    )


PART = Part(
    section=1,
    title="The framework: text → features → classifier → P(y | x) → loss",
    equation="L = - sum_c y_c log P(y = c | x)",
    files=(
        "model/text_network.py",
        "text/tokens.py",
        "text/vocabulary.py",
        "model/embeddings.py",
        "model/classifier.py",
        "model/cross_entropy.py",
    ),
    steps=steps,
)
