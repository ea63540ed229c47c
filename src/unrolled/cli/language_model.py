"""Plain text, and language models → what the commands of `unrolled lm` read, write and say."""

from __future__ import annotations

import hashlib
import math
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from unrolled.cli.console import info, print_json, print_result
from unrolled.cli.termination import exit_on_sigterm
from unrolled.data.readers.plain_text import read_plain_text
from unrolled.data.rows import BadRow
from unrolled.data.source import DEFAULTS, ReadOptions, name_of
from unrolled.errors import language_models as errors
from unrolled.language_models.fit import LanguageModelRunConfig, fit, held_out_perplexity, resolve_config
from unrolled.language_models.language_model import LanguageModel
from unrolled.language_models.perplexity import Perplexity
from unrolled.language_models.saved_language_model import load, save
from unrolled.storage import strict_json
from unrolled.storage.atomic_folder import check_output
from unrolled.storage.file_lock import acquire
from unrolled.storage.rescue import save_or_rescue
from unrolled.training.callback import EpochRecord, Message
from unrolled.training.run_context import RunContext


def read_lines(source: str, options: ReadOptions = DEFAULTS) -> Iterator[str]:
    """Read the lines that aren't blank; raises DataError at a line that isn't text, and where there is none."""
    bad, empty = None, True
    for row in read_plain_text(source, options=options):
        if isinstance(row, BadRow):
            bad = row
            break  # so that the source is closed before the error is raised
        if row.text.strip():
            empty = False
            yield row.text
    if bad:
        raise errors.bad_line(bad.where, bad.reason)
    if empty:
        raise errors.no_lines(name_of(source))


def train_and_save(
    corpus: str, output: Path, settings: Mapping[str, Any], *, force: bool, options: ReadOptions = DEFAULTS
) -> None:
    """Refuse early what can't work, read, train, save, and judge on the lines that were held out."""
    run_config = resolve_config(settings)
    run_config.reject_missing_package()
    check_output(output, force=force)
    with acquire(output), exit_on_sigterm("no model was written."):
        _train_and_save(corpus, output, run_config, force=force, options=options)


def _train_and_save(
    corpus: str, output: Path, run_config: LanguageModelRunConfig, *, force: bool, options: ReadOptions
) -> None:
    check_output(output, force=force)  # again, as another run may have ended before the name was held
    lines = list(read_lines(corpus, options))
    info(f"{name_of(corpus)}: {len(lines):,} lines")
    fitted = fit(lines, run_config, RunContext(callback=_report))
    files = {"training.json": strict_json.to_bytes(fitted.training)}
    save_or_rescue(output, lambda folder: save(folder, fitted.model, files, force=force))
    kind, order = fitted.model.config.model, fitted.model.config.order
    print_result(f"{kind} model of order {order}, {len(fitted.model.vocabulary):,} words with <unk> and </s>")
    if fitted.held_out:
        print_result(f"held out: {as_text(fitted.model.perplexity(fitted.held_out))}")
    info(f"Wrote {output}. Try: unrolled lm next {shlex.quote(str(output))} 'I'")


def evaluate(folder: Path, source: str, options: ReadOptions = DEFAULTS) -> Perplexity:
    """Judge the model of a folder on a corpus, and warn if it is the very one that the model was trained on."""
    lines, digest = read_lines(source, options), hashlib.sha256()

    def hashed() -> Iterator[str]:
        for number, line in enumerate(lines):  # as training.json has the hash of the lines joined
            digest.update(b"\n" * (number > 0) + line.encode(errors="surrogatepass"))
            yield line

    found = load(folder).perplexity(hashed())
    record = folder / "training.json"
    if record.is_file() and strict_json.read_object(record).get("data_sha256") == digest.hexdigest():
        info(f"{name_of(source)}: the model was trained on this very text: the perplexity of new text is higher.")
    return found


def score_lines(model: LanguageModel, source: str, options: ReadOptions = DEFAULTS) -> None:
    """Print the score of every line, in order; a line that isn't text has its error in place of one."""
    bad = 0
    for row in read_plain_text(source, options=options):
        if isinstance(row, BadRow):
            bad += 1
            print_json({"text": None, "error": f"{row.where}: {row.reason}"})
            continue
        score = model.score(row.text)
        finite = score.log_probability if math.isfinite(score.log_probability) else None
        print_json({"text": row.text, "log_probability": finite, "words": score.words, "unknown": score.unknown})
    if bad:
        info(f"{bad:,} line{'s' * (bad > 1)} couldn't be read; each has its error in place of an answer")


def as_text(result: Perplexity) -> str:
    """Lay out a perplexity."""
    unknown = f"{result.unknown:,} of {result.words:,} words unknown"
    return (
        f"perplexity {result.perplexity:,.2f} over {result.words:,} words and {result.lines:,} line ends, "
        "unknown words read as <unk>\n"
        f"perplexity {result.known_perplexity:,.2f} over known words and line ends only; {unknown}"
    )


def _report(message: Message) -> None:
    """Print a line for each epoch."""
    if isinstance(message, EpochRecord):
        score = held_out_perplexity(message)
        held_out = "" if score is None else f"  held-out perplexity {score:10,.2f}{' best' if message.best else ''}"
        loss = "      –" if message.loss is None else f"{message.loss:7.4f}"
        info(f"epoch {message.epoch:3d}  loss {loss}{held_out}")
