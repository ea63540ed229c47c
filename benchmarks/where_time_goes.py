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

from unrolled.commands import predict  # noqa: F401  what the command line imports counts
from unrolled.terminal.numpy_threads import import_numpy

STAGES = ("start", "load", "read", "tokens and ids", "arithmetic", "labels", "write", "rest")


def main() -> None:
    """Measure and print."""
    import_numpy(1)
    from unrolled.data.reading import read_rows
    from unrolled.runtime import streaming
    from unrolled.runtime.answer_file import AnswerWriter
    from unrolled.runtime.numbering import Numbering
    from unrolled.runtime.saved_model import load
    from unrolled.runtime.text_model import TextModel

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
    Numbering.number = timed("tokens and ids", Numbering.number)  # type: ignore[method-assign]
    TextModel.logits = timed("logits", TextModel.logits)  # type: ignore[method-assign]
    streaming.name_labels = timed("labels", streaming.name_labels)  # type: ignore[attr-defined]
    answers = timed("stream", lambda: [*streaming.answers(model, rows)])()
    writer = AnswerWriter(io.StringIO(), "jsonl", (), (), None)
    timed("write", lambda: deque(map(writer.write, answers), maxlen=0))()
    spent["arithmetic"] = spent["logits"] - spent["tokens and ids"]
    spent["rest"] = spent["stream"] - spent["logits"] - spent["labels"]
    print(json.dumps({stage: spent[stage] for stage in STAGES}))


if __name__ == "__main__":
    main()
