"""What was compared → the table and the recommendation that a terminal shows, and the table of the page."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import fill

from unrolled.comparison.result import ComparisonResult, Model
from unrolled.errors import printable
from unrolled.formatting import quantities as write
from unrolled.formatting.truncate import truncate, truncate_distinct, width
from unrolled.reports.ranking import STATES, mark_of, measured, ranked, some_are_finished
from unrolled.reports.selection import disagreement
from unrolled.reports.table import Table

WIDEST = 110  # columns of a terminal
SHORTEST = 12  # columns that a model's name keeps
SELECTED = "*"
SIGNS = {SELECTED: "selected on validation", ">": "recommended", "~": "unfinished", "!": "failed or not run"}
_OF_STATE = {"finished": "", "unfinished": "~", "failed": "!", "not_run": "!"}

_EXPLAINED = (
    "val.: accuracy on {validation}, held out of the training texts to select by; test, F1: accuracy and macro F1 on "
    "the test texts; to selected: points of test accuracy; [95 % confidence interval]; ms: a text, median."
)

_Write = Callable[[Model], str]

# Units stand in the headings: a terminal is narrow.
_OF_TERMINAL: dict[str, _Write] = {
    "val., %": lambda model: write.percent(model.validation_accuracy),
    "test, %": lambda model: write.interval(model.accuracy),
    "to selected": lambda model: write.interval(model.difference, signed=True),
    "F1": lambda model: write.percent(model.macro_f1.value if model.macro_f1 else None),
    "size": lambda model: write.size(model.size).replace(" ", ""),
    "train s": lambda model: write.count(model.training_seconds),
    "texts/s": lambda model: write.count(model.texts_per_second),
    "ms": lambda model: write.count(model.milliseconds_alone),
}
_OF_PAGE: dict[str, _Write] = {
    "validation accuracy, %": _OF_TERMINAL["val., %"],
    "test accuracy, % [95 %]": _OF_TERMINAL["test, %"],
    "less the selected model's, points [95 %]": _OF_TERMINAL["to selected"],
    "test macro F1, % [95 %]": lambda model: write.interval(model.macro_f1),
    "parameters": lambda model: write.exact_count(model.parameters),
    "on disk": lambda model: write.size(model.size),
    "training": lambda model: write.seconds(model.training_seconds),
    "texts per second": lambda model: write.count(model.texts_per_second),
    "a text alone": lambda model: write.milliseconds(model.milliseconds_alone),
}


def as_text(compared: ComparisonResult) -> str:
    """Lay out all models at most 110 columns wide, spell names out that look alike, say what failed, and recommend."""
    table = _table(compared, _OF_TERMINAL)
    room = WIDEST - sum(
        2 + max(map(width, column)) for column in list(zip(table.heading, *table.rows, strict=True))[1:]
    )
    signs = {model.name: _sign(compared, model) for model in compared.models}
    gap = max(map(len, signs.values()), default=0) + 1
    whole, longest = [printable(name) for name, *_ in table.rows], max(room - gap, SHORTEST)
    names = truncate_distinct(whole, longest)
    rows = [[f"{signs[row[0]]:<{gap}}{name}", *row[1:]] for name, row in zip(names, table.rows, strict=True)]
    used = [f"{sign} {meaning}" for sign, meaning in _meanings(compared) if sign in "".join(signs.values())]
    lines = [
        *filter(None, [", ".join(used)]),
        _wrapped(_explained(compared)),
        *(f"{short}: {name}" for short, name in zip(names, whole, strict=True) if short != truncate(name, longest)),
        *(printable(f"{name}: {why}") for name, why in reasons(compared)),
        *map(printable, compared.notes),
        *(f"\n{_wrapped(one)}" for one in (*disagreement(compared), recommendation(compared))),
    ]
    return "\n".join([Table([" " * gap + "model", *table.heading[1:]], rows).as_text(), "", *lines])


def _explained(compared: ComparisonResult) -> str:
    rows = compared.validation_rows
    texts = "the validation texts" if rows is None else write.plural(rows, "validation text")
    return _EXPLAINED.format(validation=texts)


def _wrapped(sentences: str) -> str:
    return fill(printable(sentences), WIDEST, break_long_words=False, break_on_hyphens=False)


def _meanings(compared: ComparisonResult) -> list[tuple[str, str]]:
    of = ", of the finished" if some_are_finished(measured(compared)) else ""
    return [(sign, meaning + of if sign == SELECTED else meaning) for sign, meaning in SIGNS.items()]


def _sign(compared: ComparisonResult, model: Model) -> str:
    taken = compared.recommendation.model if compared.recommendation else ""
    selected = SELECTED if model.name == compared.selected else ""
    return selected + (">" if model.name == taken else "") + _OF_STATE[model.state]


def overview(compared: ComparisonResult) -> Table:
    """Lay out all models with all numbers; what each is stands next to its name, where no window cuts it off."""
    words = {model.name: mark_of(compared, model).word for model in ranked(compared)}
    table = _table(compared, _OF_PAGE)
    rows = [[name, words[name], *numbers] for name, *numbers in table.rows]
    return Table([table.heading[0], "state", *table.heading[1:]], rows)


def reasons(compared: ComparisonResult) -> list[tuple[str, str]]:
    """Describe of each model that is not finished in which state it is, and why."""
    unfinished = [model for model in ranked(compared) if model.state != "finished"]
    return [(model.name, ": ".join(filter(None, (STATES[model.state], model.reason)))) for model in unfinished]


def recommendation(compared: ComparisonResult) -> str:
    """Describe which model to take and why; the reason tells how many test texts would tell more."""
    found = compared.recommendation
    if found is None:
        return "No recommendation: no model can be recommended on these measurements."
    return f"Take {found.model}: {found.reason}"


def _table(compared: ComparisonResult, columns: dict[str, _Write]) -> Table:
    rows = [[model.name, *(column(model) for column in columns.values())] for model in ranked(compared)]
    return Table(["model", *columns], rows)
