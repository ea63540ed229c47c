"""What was compared → one HTML page that says which model to take and shows why."""

from __future__ import annotations

from unrolled.comparison.result import ComparisonResult
from unrolled.formatting import quantities as write
from unrolled.reports.comparison_accuracy import accuracy_figure, difference_figure, mcnemar_figure
from unrolled.reports.comparison_costs import costs_figure, latency_figure
from unrolled.reports.comparison_coverage import coverage_figure
from unrolled.reports.comparison_learning import learning_figures
from unrolled.reports.comparison_lengths import lengths_figure
from unrolled.reports.comparison_mistakes import confusion_figures, disagreements_figure
from unrolled.reports.comparison_table import overview, reasons, recommendation
from unrolled.reports.extremes import most
from unrolled.reports.page import Listing, Shown, page
from unrolled.reports.ranking import STATES, finished, measured, some_are_finished
from unrolled.reports.selection import disagreement
from unrolled.reports.table import Table

METHOD = (
    "95 % confidence intervals from a paired bootstrap of the test texts (2,000 resamples) and the variance between "
    "seeds. “Surely” and “at most” hold with 95 % confidence for all models at once (max-t). docs/compare.md has more."
)


def html(compared: ComparisonResult) -> str:
    """Write the page; it needs nothing but what `compared` holds."""
    found = compared.recommendation
    title = f"Take {found.model}" if found else "No model can be recommended"
    sentence_ = recommendation(compared) if found else _nothing_found(compared)
    return page(title, [sentence_, *disagreement(compared), *compared.notes], figures(compared), _conditions(compared))


def figures(compared: ComparisonResult) -> list[Shown]:
    """Draw all that there is to see, from the verdict to the single texts; what was not measured has no figure."""
    drawn = [
        _overview(compared),
        _not_finished(compared),
        accuracy_figure(compared),
        difference_figure(compared),
        latency_figure(compared),
        costs_figure(compared),
        *learning_figures(compared),
        lengths_figure(compared),
        coverage_figure(compared),
        mcnemar_figure(compared),
        disagreements_figure(compared),
        *confusion_figures(compared),
    ]
    return [figure for figure in drawn if figure]


def _nothing_found(compared: ComparisonResult) -> str:
    many = len(finished(compared.models))
    return f"Of {write.plural(len(compared.models), 'model')}, {many} {'was' if many == 1 else 'were'} finished."


def _overview(compared: ComparisonResult) -> Listing:
    counts = {state: sum(model.state == state for model in compared.models) for state in STATES}
    counts_of_states = [f"{number} {state.replace('_', ' ')}" for state, number in counts.items() if number]
    sentence_ = (
        f"{write.plural(len(compared.models), 'model')}: {write.join_names(counts_of_states)}."
        if counts_of_states
        else "No model was asked for."
    )
    note = f"{_selected(compared)}Test accuracy and F1 are on the test texts; all are means over the seeds."
    if compared.parts > 1 and measured(compared):
        note += " Parameters, size and speed are of the model that was tested on the first fold."
    return Listing([sentence_, note], overview(compared), "All models")


def _selected(compared: ComparisonResult) -> str:
    """Describe which model was selected, and by what."""
    if not compared.selected:
        return ""
    models = measured(compared)
    rivals = finished(models) or models
    reached = {model.name: model.validation_accuracy or 0.0 for model in rivals}
    tied = [name for name in (most(reached) if reached else []) if name != compared.selected]
    among = " of the finished models" if some_are_finished(models) else ""
    equal = f", as is that of {write.join_names(tied)}, which come later" if tied else ""
    return (
        f"{compared.selected} was selected on validation: its mean accuracy on the validation texts is the highest"
        f"{among}{equal}. Each training holds these texts "
        "out of its training texts and chooses its epoch by them, so that validation accuracies are a little too high. "
    )


def _not_finished(compared: ComparisonResult) -> Listing | None:
    found = reasons(compared)
    if not found:
        return None
    were = f"{write.plural(len(found), 'model')} {'was' if len(found) == 1 else 'were'}"
    sentence_ = f"{were} not finished; nothing here says that such a model is worse than another."
    return Listing([sentence_], Table(["model", "why"], found, of_sentences=True), "Not finished")


def _validation(compared: ComparisonResult) -> str:
    count = "validation texts" if (rows := compared.validation_rows) is None else write.plural(rows, "validation text")
    return f"{count}, a tenth of the training texts unless a model has --validation-fraction"


def _conditions(compared: ComparisonResult) -> list[tuple[str, str]]:
    packages = ", ".join(f"{name} {version}" for name, version in compared.versions.items())
    shown = [
        ("Trained on", f"{compared.train}, {write.plural(compared.train_rows, 'text')}"),
        ("Tested on", f"{compared.test}, {write.plural(compared.test_rows, 'text')}"),
        ("Selected on", _validation(compared)),
        ("Labels", f"{len(compared.labels)}"),
        ("Seeds", _seeds(compared)),
        ("Margin", f"{write.exact_points(compared.margin)} of accuracy: a smaller loss counts as none"),
        ("Budget", "none" if compared.budget is None else write.seconds(compared.budget)),
        ("It took", write.seconds(compared.seconds)),
        ("Machine", compared.machine),
        ("Versions", packages),
        ("Statistics", METHOD),
    ]
    return [(name, fact) for name, fact in shown if fact]


def _seeds(compared: ComparisonResult) -> str:
    """Describe how many seeds the models have, where the clock had no time for all that were asked for."""
    counts = sorted({len(model.runs) for model in compared.models if model.runs and model.state != "failed"})
    if counts in ([], [compared.seeds]):
        return f"{compared.seeds} each"
    return f"{' to '.join(map(str, sorted({counts[0], counts[-1]})))} of {compared.seeds}"
