"""A model's config, training record and metrics → its README.md, a model card with the hub's front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from unrolled.calibration.no_evidence import REASONS
from unrolled.model.registry import encoder_name, is_linear
from unrolled.storage.config import Config

_CARD = """---
library_name: unrolled
pipeline_tag: text-classification
---

# A text classifier

Reads a text with the encoder `{encoder}` ({options}) and names one of {count} labels: {labels}.

{made}{abstention}{metrics}
## Use

{use}
The folder holds no code: `config.json` (what the model is), `vocabulary.json` (its words), `model.safetensors` (its
weights), `manifest.json` (the size and hash of each file), perhaps `fingerprints.safetensors` (8 bytes for each text
that taught it: one that is at hand can be recognised), and what is known of how it was made. You may
edit this file: the model still loads, and `--force` doesn't replace it then.
"""


def model_card(config: Config, training: Mapping[str, Any], metrics: Mapping[str, Any]) -> str:
    """Write the card; metrics map the name of a part (dev, test) to its evaluation."""
    options = ", ".join(f"{name} {value}" for name, value in config.as_json()["encoder_options"].items())
    labels = ", ".join(map(_code, config.labels[:20]))
    more = ", …" if len(config.labels) > 20 else ""
    return _CARD.format(
        encoder=encoder_name(config.encoder),
        use=_use(config),
        options=options,
        count=len(config.labels),
        labels=labels + more,
        made=_made(training, dev_chose_the_step=not is_linear(config.encoder)),
        abstention=_abstention(config, training),
        metrics=_table(metrics, dev_chose_the_step=not is_linear(config.encoder)),
    )


def _use(config: Config) -> str:
    """Show how to predict; with an encoder from outside no command can."""
    name = encoder_name(config.encoder)
    command, passed, note = "    unrolled predict THIS_FOLDER texts.csv\n\n", "", ""
    if not isinstance(config.encoder, str):
        command, passed = "", f", encoder={name}"
        note = f"\n`{name}` is not part of unrolled: import its class and pass it.\n"
    python = f'TextClassifier.from_pretrained("THIS_FOLDER"{passed}).predict(["a text"])'
    return f"{command}    from unrolled import TextClassifier\n    {python}\n{note}"


def _code(label: str) -> str:
    """Quote a label with enough backticks, on one line."""
    shown = "".join(c if c.isprintable() else " " for c in label)
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    space = " " if "`" in shown else ""
    return f"{fence}{space}{shown}{space}{fence}"


def _made(training: Mapping[str, Any], *, dev_chose_the_step: bool) -> str:
    if not training:
        return ""
    rows = training["rows"]
    further = "Trained further from another model. " if "started_from" in training else ""
    chose = "chose which step is kept" if dev_chose_the_step else "chose nothing"
    return further + (
        f"Trained on {rows['train']:,} texts; {rows['dev']:,} other texts (dev) {chose}. {training['steps']:,} steps, "
        f"of which step {training['best_step']:,} is kept; stopped by {training['stopped']}; seed {training['seed']}.\n"
    )


def _abstention(config: Config, training: Mapping[str, Any]) -> str:
    """Describe when the model answers, label by label where only some have a target precision."""
    found = config.abstention
    if found is None:
        return ""
    if unproved := training.get("abstention", {}).get("unproved"):
        return f"\nNo precision is claimed, so `predict` needs `--min-probability`: {REASONS[unproved]}.\n"
    if not isinstance(found.target_precision, Mapping):
        return f"\n{_threshold(found.target_precision, found.threshold)}\n"
    lines = [
        f"- {_code(label)}: {_threshold(target, found.thresholds[label])}"
        for label, target in found.target_precision.items()
    ]
    return "\n" + "\n".join(lines) + "\n"


def _threshold(target: float, threshold: object) -> str:
    share = f"{100 * target:g} %"
    if not isinstance(threshold, float):
        return f"No threshold reached a precision of {share}: `predict` answers only with `--min-probability`."
    return f"Answers where its probability is {threshold:.4g} or higher, chosen so that {share} of answers are correct."


def _table(metrics: Mapping[str, Any], *, dev_chose_the_step: bool) -> str:
    if not metrics:
        return ""
    lines = ["", "| texts | rows | accuracy | macro-F1 |", "|---|---|---|---|"]
    for part, scores in metrics.items():
        lines.append(f"| {part} | {scores['rows']:,} | {_score(scores['accuracy'])} | {_score(scores['macro_f1'])} |")
    seen = [line for part, scores in metrics.items() if "trained_on" in scores for line in _seen(part, scores)]
    note = "In brackets 95 % confidence intervals, for other texts of the same kind."
    if "dev" in metrics and dev_chose_the_step:
        note += " Scores on dev texts are optimistic, as these chose the step: test on others."
    return "\n".join([*lines, "", note, *seen, ""])


def _seen(part: str, scores: Mapping[str, Any]) -> Iterator[str]:
    """Return how many of the rows taught the model (of dev rows: the model it was trained further from)."""
    found, model = scores["trained_on"], "this model" if part == "test" else "the model it was trained further from"
    if found is None:
        yield f"\nWhether {model} was trained on {part} rows isn't known: it has no fingerprints of its texts."
    elif seen := found["rows"] + found["selection_rows"]:
        accuracy = found["unseen_accuracy"]
        others = f"; accuracy on the other {found['unseen_rows']:,}: {_score(accuracy)}" if accuracy else ""
        yield f"\nOf the {scores['rows']:,} {part} rows {seen:,} taught {model}{others}."


def _score(score: Mapping[str, float]) -> str:
    return f"{100 * score['value']:.1f} % [{100 * score['low']:.1f}, {100 * score['high']:.1f}]"
