"""A run's messages → a line an epoch and, on a terminal, a bar: epoch, loss, dev score, words/s, time left."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from unrolled.training.callback import EpochRecord, FoldMessage, Message


class ProgressBar:
    """Reports a training run on standard error, within a `with` block."""

    def __init__(self, *, epochs: bool = True) -> None:
        """Begin with nothing to show; where there are many runs, lines of their `epochs` would be too many."""
        self.epochs = epochs
        self.console = Console(stderr=True, highlight=False, soft_wrap=True)
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"))
        self.bar = Progress(*columns, console=self.console, transient=True, disable=not self.console.is_terminal)
        self.task = self.bar.add_task("training", total=None, told="")
        self.left = ""

    def __enter__(self) -> ProgressBar:
        """Show the bar."""
        self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Take the bar away."""
        self.bar.stop()

    def __call__(self, message: Message) -> None:
        """Show a message."""
        if isinstance(message, FoldMessage):
            if self.epochs:
                self.console.print(f"calibration: training without fold {message.fold} of {message.folds}")
            self.bar.update(self.task, description=f"fold {message.fold}", completed=message.fold, total=message.folds)
            return
        if isinstance(message, EpochRecord):
            if self.epochs:
                self.console.print(_epoch_line(message) + self.left)
            return
        self.left = f"  at most {message.seconds_left:,.0f} s left"
        self.bar.update(
            self.task,
            description=f"epoch {message.epoch}",
            completed=message.step,
            total=message.planned_steps,
            told=f"loss {message.loss:.3f}  {message.words_per_second:,.0f} words/s{self.left}",
        )


def _epoch_line(record: EpochRecord) -> str:
    loss, dev_loss = ("     –" if one is None else f"{one:6.3f}" for one in (record.loss, record.dev_loss))
    accuracy = "    –" if record.dev_accuracy is None else f"{100 * record.dev_accuracy:5.1f} %"
    return (
        f"epoch {record.epoch:3d}  step {record.step:6d}  loss {loss}  dev loss {dev_loss}  "
        f"dev accuracy {accuracy}{' kept' if record.best else '     '}  "
        f"{record.words_per_second:9,.0f} words/s  {record.seconds:6.1f} s"
    )
