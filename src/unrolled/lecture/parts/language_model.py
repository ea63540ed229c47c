"""Neural language models: what counting gives the test sentences, and one prediction of the window model."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from unrolled.language_models.apples_and_oranges import TWO_SENTENCES, UNSEEN
from unrolled.language_models.counting import Counting
from unrolled.language_models.window import Window, WindowModel
from unrolled.language_models.windows import build_vocabulary, history, windows
from unrolled.lecture.example import words_of
from unrolled.lecture.part import Part
from unrolled.lecture.weights import WINDOW
from unrolled.lecture.writing import columns, equation, number, numbers, paragraph, products, signed
from unrolled.text.vocabulary import Vocabulary

BEGINNING = "I love"


def steps() -> Iterator[str]:
    """Count, then predict with the network."""
    vocabulary = build_vocabulary(map(words_of, TWO_SENTENCES))
    yield from ("", "Training corpus; </s> is a sentence's end, and what stands before its first word")
    yield from (f"  {sentence}" for sentence in TWO_SENTENCES)
    yield from _counted(vocabulary)
    yield from _window(vocabulary)
    yield from _notes()


def _counted(vocabulary: Vocabulary) -> Iterator[str]:
    corpus = [vocabulary.numbers(words_of(sentence)) for sentence in TWO_SENTENCES]
    rows = np.concatenate([windows(line, 2) for line in corpus])
    model = Counting.count(len(vocabulary), rows, "maximum-likelihood")
    yield from ("", "A counting bigram model: P(w | v) = how often v w was seen / how often v was")
    for sentence in (*TWO_SENTENCES, *UNSEEN):
        pairs = windows(vocabulary.numbers(words_of(sentence)), 2)
        known = [model.probability((int(v),), int(w)) for v, w in pairs]
        named = [f"P({vocabulary.words[w]} | {vocabulary.words[v]})" for v, w in pairs]
        yield from ("", f"  {'test' if sentence in UNSEEN else 'seen'}: {sentence}")
        yield f"    {' * '.join(named)}"
        yield from equation("P", " * ".join(map(number, known)), number(math.prod(known)), indent=4)
    trigrams = np.concatenate([windows(line, 3) for line in corpus])
    longer = Counting.count(len(vocabulary), trigrams, "maximum-likelihood")
    past = history(vocabulary.numbers(words_of(BEGINNING)), 3)
    zero = longer.distribution(past)[vocabulary.ids["apples"]]
    yield from ("", f"  Trigrams don't help: P(apples | {BEGINNING}) = {number(zero)}")


def _window(vocabulary: Vocabulary) -> Iterator[str]:
    network = Window(len(vocabulary), order=3, embedding_dim=2, hidden_size=2)
    past = history(vocabulary.numbers(words_of(BEGINNING)), 3)
    e, W, b = (WINDOW[name] for name in ("embeddings.e", "hidden.W", "hidden.b"))
    yield from ("", f"The network, untrained, n = 3: the word after '{BEGINNING}'; tanh(W x + b) has two units")
    x = e[past].reshape(-1)
    yield from equation("x", f"[e(I); e(love)] = {numbers(x)}")
    h = np.tanh(x @ W + b)
    for unit in range(2):
        inside = signed([products(W[:, unit], x), number(b[unit])])
        yield from equation(f"h[{unit + 1}]", f"tanh({inside})", number(h[unit]))
    logits = network.logits(WINDOW, past[None])[0]
    P = WindowModel(network, WINDOW).distribution(past)
    rows = [[word, number(s), number(p)] for word, s, p in zip(vocabulary.words, logits, P, strict=True)]
    yield from columns([["word w", "logit s(w)", "P(w) = exp(s(w)) / sum exp"], *rows])
    yield from equation("sum", " + ".join(map(number, P)), number(P.sum()))


def _notes() -> Iterator[str]:
    yield from paragraph(
        "No word has probability 0. But trained on those two sentences alone, a neural model does not save the test "
        "sentences either: P(apples | I love) falls towards 0, since nothing in two sentences says that like and love "
        "are alike. Contexts that they share in a larger corpus, or pretrained vectors, do say so. To train a model: "
        "`unrolled lm train`; to ask it for next words: `unrolled lm next`."
    )


PART = Part(
    section=3,
    title="Recap: neural language models",
    equation="""
P(w_i | w_{i-n+1}, …, w_{i-1}) = softmax(V h + c),    h = tanh(W x + b),
x = [e(w_{i-n+1}); …; e(w_{i-1})]
""",
    files=("language_models/counting.py", "language_models/window.py"),
    steps=steps,
)
