"""What was compared → the texts that models read differently, and what each model takes for what."""

from __future__ import annotations

from collections.abc import Sequence

from unrolled.comparison.result import ComparisonResult, Model
from unrolled.errors import printable
from unrolled.formatting import quantities as write
from unrolled.formatting.truncate import truncate_distinct
from unrolled.reports.answers_table import Answered, AnswersTable
from unrolled.reports.charts.heat_map import MOST, heat_map
from unrolled.reports.page import Figure, Listing, Shown
from unrolled.reports.ranking import measured, recommended, selected
from unrolled.reports.table import Table

MOST_PAIRS = 100  # of confused labels that a table without a picture lists
LONGEST = 40  # columns of a label in a sentence


def disagreements_figure(compared: ComparisonResult) -> Listing | None:
    """List the texts that at least two models read differently."""
    if not compared.disagreements:
        return None
    texts = [Answered(one.row, one.text, one.label, one.answers) for one in compared.disagreements]
    many = max(compared.disagreeing, len(texts))
    share = f" ({write.percent(many / compared.test_rows)} %)" if compared.test_rows else ""
    caption = (
        f"At least two models read {many:,} of {write.plural(compared.test_rows, 'test text')}{share} differently; "
    )
    caption += f"{'all' if many == len(texts) else f'{len(texts):,} of them'} are listed."
    note = "An answer is what a model says most often over its seeds. Long texts lack their middle."
    return Listing([caption, note], AnswersTable(texts), "Where models disagree")


def confusion_figures(compared: ComparisonResult) -> list[Shown]:
    """Draw what each model takes for what; only those of the recommended and of the selected stand open."""
    first = [recommended(compared), selected(compared)]
    opened = [model for n, model in enumerate(first) if model and model not in first[:n]]
    models = [*opened, *(model for model in measured(compared) if model not in opened)]
    return [_confusion(compared, model, folded=model not in opened) for model in models if model.confusion]


def _confusion(compared: ComparisonResult, model: Model, *, folded: bool) -> Shown:
    labels, counts = compared.labels, model.confusion
    heading = f"Confusion matrix of {model.name}"
    pairs = _confused(labels, counts)
    caption = [_top_mistakes(pairs, model)]
    if len(labels) > MOST:
        listed = min(len(pairs), MOST_PAIRS)
        confused = f": the table lists the {write.plural(listed, 'pair')} confused most" if listed else ""
        caption.append(f"{len(labels)} labels are too many for a picture{confused}.")
        return Listing(caption, _pairs_table(pairs[:MOST_PAIRS]), heading, opened=False, folded=folded)
    title = f"Confusion matrix of {model.name}: test texts, all seeds together"
    caption.append(
        "A row is a true label, a column an answer. The diagonal is right; the darkest mistake is the commonest."
    )
    rows = [[label, *(f"{number:,}" for number in row)] for label, row in zip(labels, counts, strict=True)]
    drawing = heat_map(title, labels, counts)
    return Figure(drawing, caption, Table(["true, predicted:", *labels], rows), heading, folded=folded)


Pair = tuple[int, str, str, int]  # how often, the true label, the answer, how many texts have the label


def _confused(labels: Sequence[str], counts: Sequence[Sequence[int]]) -> list[Pair]:
    pairs = [
        (number, true, answer, sum(row))
        for true, row in zip(labels, counts, strict=True)
        for answer, number in zip(labels, row, strict=True)
        if true != answer and number
    ]
    return sorted(pairs, key=lambda pair: -pair[0])


def _top_mistakes(pairs: Sequence[Pair], model: Model) -> str:
    if not pairs:
        return f"{model.name} takes no label for another."
    number, true, answer, every = pairs[0]
    true, answer = truncate_distinct([printable(true), printable(answer)], LONGEST)
    others = sum(pair[0] == number for pair in pairs[1:])
    tied = f"; {write.plural(others, 'other pair')} as often" if others else ""
    return (
        f"{model.name} most often takes “{true}” for “{answer}”: {number:,} of {every:,} times "
        f"({write.percent(number / every)} %), all seeds together{tied}."
    )


def _pairs_table(pairs: Sequence[Pair]) -> Table:
    rows = [
        [true, answer, f"{number:,}", f"{every:,}", write.percent(number / every)]
        for number, true, answer, every in pairs
    ]
    return Table(["true", "predicted", "times", "of", "%"], rows)
