"""A model and a file → the processor's seconds that each stage of `predict` takes, as one JSON object.

Run as a process: python -m benchmarks.where_time_goes MODEL FILE. Reading and writing are measured alone, before and
after; tokens, ids, arithmetic and the naming of labels within the stream, piece by piece. "start" is the interpreter,
its imports and those of the command line; "rest" is what the stream does besides.
"""

from __future__ import annotations

import io
import json
import sys
import time
from collections import defaultdict, deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from unrolled.cli.commands import predict  # noqa: F401  what the command line imports counts
from unrolled.environment.numpy_threads import import_numpy

STAGES = ("start", "load", "read", "tokens and ids", "arithmetic", "labels", "write", "rest")


def main() -> None:
    """Measure and print."""
    import_numpy(1)
    from unrolled.data.read import read_rows
    from unrolled.prediction import stream
    from unrolled.prediction.answer_file import AnswerWriter
    from unrolled.prediction.encode_texts import TextEncoder
    from unrolled.prediction.saved_model import load
    from unrolled.prediction.text_model import TextModel

    clock = time.process_time
    spent = defaultdict(float, start=clock())

    def timed(stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            began = clock()
            done = work(*given, **named)
            spent[stage] += clock() - began
            return done

        return run

    model = timed("load", load)(Path(sys.argv[1]))
    rows = timed("read", lambda: [*read_rows(sys.argv[2], label_column=None)])()
    TextEncoder.number = timed("tokens and ids", TextEncoder.number)  # type: ignore[method-assign]
    TextModel.logits = timed("logits", TextModel.logits)  # type: ignore[method-assign]
    stream.name_labels = timed("labels", stream.name_labels)  # type: ignore[attr-defined]
    answers = timed("stream", lambda: [*stream.answers(model, rows)])()
    writer = AnswerWriter(io.StringIO(), "jsonl", (), (), None)
    timed("write", lambda: deque(map(writer.write, answers), maxlen=0))()
    spent["arithmetic"] = spent["logits"] - spent["tokens and ids"]
    spent["rest"] = spent["stream"] - spent["logits"] - spent["labels"]
    print(json.dumps({stage: spent[stage] for stage in STAGES}))


if __name__ == "__main__":
    main()
