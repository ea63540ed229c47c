"""Texts with their labels and what models answer → a table that says by a sign who is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unrolled.formatting.truncate import truncate
from unrolled.reports.markup import markup

LONGEST = 400  # columns of a text
RIGHT, WRONG = "✓", "✗"


@dataclass(frozen=True)
class Answered:
    """A text by its number, its true label, and the answer of each model by its name."""

    number: int
    text: str
    label: str
    answers: Mapping[str, str]


@dataclass(frozen=True)
class AnswersTable:
    """A row a text, in which models of the same answer stand together, who is right first."""

    texts: Sequence[Answered]

    def as_html(self) -> str:
        """Write the table; a text is set in the direction of its own script, and a long one loses its middle."""
        names = ("row", "text", "label", f"answers: {RIGHT} right, {WRONG} wrong")
        heading = "".join(f'<th scope="col" class="text">{name}</th>' for name in names)
        rows = "".join(map(_row, self.texts))
        return f'<table class="read"><thead><tr>{heading}</tr></thead><tbody>{rows}</tbody></table>'


def _row(answered: Answered) -> str:
    text = markup(" ".join(truncate(answered.text, LONGEST).split()))
    by_answer: dict[str, list[str]] = {answered.label: []}
    for model, answer in answered.answers.items():
        by_answer.setdefault(answer, []).append(model)
    answers = "".join(_answer(answer, models, answered.label) for answer, models in by_answer.items() if models)
    return (
        f'<tr><th scope="row">{answered.number}</th><td class="text passage" dir="auto">{text}</td>'
        f'<td class="text"><bdi>{markup(answered.label)}</bdi></td><td class="text"><ul>{answers}</ul></td></tr>'
    )


def _answer(answer: str, models: Sequence[str], label: str) -> str:
    sign, meaning = (RIGHT, "right") if answer == label else (WRONG, "wrong")
    cell = f'<span role="img" aria-label="{meaning}">{sign}</span> <bdi>{markup(answer)}</bdi>'
    return f"<li>{cell}: {markup(', '.join(models))}</li>"
