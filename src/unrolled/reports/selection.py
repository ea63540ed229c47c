"""What was compared → how the model that was selected on validation does on the test texts next to the others."""

from __future__ import annotations

from unrolled.comparison.result import ComparisonResult, Model
from unrolled.formatting import quantities as write
from unrolled.reports.ranking import accuracy, selected


def disagreement(compared: ComparisonResult) -> list[str]:
    """Return whether other models have a higher test accuracy than the selected one, and what follows; else nothing."""
    chosen, higher = selected(compared), compared.higher_on_test
    if chosen is None or not higher:
        return []
    return [f"{_numbers(compared, chosen, higher)} {_chance(higher)} {_advice(higher)}"]


def _numbers(compared: ComparisonResult, chosen: Model, higher: list[Model]) -> str:
    more = write.points_of(accuracy(higher[0]) - accuracy(chosen))
    names = [model.name for model in higher]
    if all(model.validation_accuracy == chosen.validation_accuracy for model in higher):
        both = write.all_of(names, "has", "have")
        found = f"Validation is a tie: {both} the same validation accuracy as {chosen.name}, which was selected"
    else:
        found = f"Validation and test disagree: {chosen.name} was selected on validation"
    return (
        f"{found}{_validation(chosen)}, but {write.all_of(names, 'is', 'are')} more accurate on the "
        f"{write.plural(compared.test_rows, 'test text')}: {write.percent(accuracy(higher[0]))} % against "
        f"{write.percent(accuracy(chosen))} %, {more} more."
    )


def _validation(model: Model) -> str:
    return (
        ""
        if model.validation_accuracy is None
        else f" (validation accuracy {write.percent(model.validation_accuracy)} %)"
    )


def _chance(higher: list[Model]) -> str:
    """Return whether chance explains it, by the bounds that hold for all models at once."""
    if any(model.state != "finished" for model in higher):
        return "No training of these was finished, so that says little."
    if all(model.surely_above is not None and model.surely_above > 0 for model in higher):
        return (
            "Chance hardly explains that (95 % confidence, all models considered): the test texts may be of another "
            "kind than the training texts, or the validation texts too few."
        )
    return "That may be chance."


def _advice(higher: list[Model]) -> str:
    them = write.join_names([model.name for model in higher])
    return (
        f"Choosing {them} because of that would be optimistic: the highest of several test accuracies is partly luck. "
        "Test on new texts first."
    )
