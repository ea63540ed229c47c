"""A choice among models → why to take the chosen one, what that costs at most, and how sure it is, in plain words."""

from __future__ import annotations

import math
from collections.abc import Sequence

from unrolled.comparison.recommendation import Decision, MeasuredModel
from unrolled.formatting import quantities as write

COST = "size on disk × milliseconds per text"


def reason(
    choice: Decision, *, margin: float, texts: int, unfinished: Sequence[str], ahead: Sequence[str], seen: int = 0
) -> str:
    """Word it as it follows `Take X: `.

    `texts` counts the test texts, `seen` those that were trained on too, `ahead` those of the `unfinished` ahead of X.
    """
    why = _cheaper(choice, margin, texts) if choice.finding == "cheaper" else _selected(choice, margin, texts)
    return " ".join([why, *_of_unfinished(unfinished, ahead), *_of_seen(seen, texts)])


def _cheaper(choice: Decision, margin: float, texts: int) -> str:
    taken, selected = choice.taken, choice.selected
    return (
        f"it is right on {_percent(taken.accuracy)} of the {write.plural(texts, 'test text')}, {selected.name}, which "
        f"was selected on validation, on {_percent(selected.accuracy)}. {_at_most(choice, margin)} It is the cheapest "
        f"model of which that can be said, by {COST}: {_costs(taken)}; {selected.name}: {_costs(selected)}."
    )


def _at_most(choice: Decision, margin: float) -> str:
    """Describe what the chosen model loses at most, and how sure that is."""
    loss = -choice.taken.difference.surely_above if choice.taken.difference else 0.0
    allowed = f", and {write.exact_points(margin)} may be lost (--margin)" if loss > 0 else ""
    lost = f"lose at most {_points_up(loss)} of accuracy" if loss > 0 else "lose nothing"
    return (
        f"On new texts of the same kind it should {lost} against {choice.selected.name}{allowed}; "
        "this bound is wrong in at most 1 of 20 such comparisons."
    )


def _selected(choice: Decision, margin: float, texts: int) -> str:
    """Describe why to stay with the model that was selected."""
    taken = choice.taken
    has = (
        f"it was selected on validation (validation accuracy {_percent(taken.validation_accuracy)}) and is right on "
        f"{_percent(taken.accuracy)} of the {write.plural(texts, 'test text')}."
    )
    lost = write.exact_points(margin)
    if choice.in_question is None:
        why = {
            "cheapest": f"No model is cheaper, by {COST}.",
            "all_lose": f"Every cheaper model loses more than {lost} of accuracy to it, beyond chance.",
            "all_lost": f"Every cheaper model lost {lost} of accuracy or more to it, though some perhaps by chance.",
        }
        return f"{has} {why[choice.finding]}"
    other, needed = choice.in_question, choice.texts_needed
    cheaper = f"{other.name} is cheaper, by {COST} ({_costs(other)}; {taken.name}: {_costs(taken)})"
    question = f"whether it loses less than {lost} of accuracy"
    if needed is None:
        return f"{has} {cheaper}, but trainings differ too much from seed to seed to say {question}: give more --seeds."
    few = f"{write.plural(texts, 'test text')} {'is' if texts == 1 else 'are'} too few to say {question}"
    return f"{has} {cheaper}, but {few}; about {needed:,} would be enough."


def _of_unfinished(unfinished: Sequence[str], ahead: Sequence[str]) -> list[str]:
    sentences = [f"Not finished in time, so nothing is known of {write.join_names(unfinished)}."] if unfinished else []
    if ahead:
        leads = write.all_of(ahead, "was already ahead on validation", "were already ahead on validation")
        sentences.append(f"When the time was over {leads}: a longer --budget may change the recommendation.")
    return sentences


def _of_seen(seen: int, texts: int) -> list[str]:
    """Restrict what was said where test texts were trained on."""
    if not seen:
        return []
    share = "All" if seen == texts else f"{seen:,} of the {texts:,}"
    return [f"{share} test texts were also trained on, so this may not hold for new texts: test on others."]


def _costs(model: MeasuredModel) -> str:
    return f"{write.size(round(model.size))} × {write.milliseconds(model.milliseconds)}"


def _percent(share: float) -> str:
    return f"{write.percent(share)} %"


def _points_up(share: float) -> str:
    """Write a share of texts as points of accuracy, rounded up to hundredths, so that "at most" is true."""
    return write.exact_points(math.ceil(round(100 * share, 6) * 100) / 10_000)
