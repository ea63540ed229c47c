"""A part's name → that part of the lecture worked out step by step; without it, the list of parts."""

from __future__ import annotations

from typing import Annotated

import typer


def command(
    part: Annotated[
        str | None, typer.Argument(metavar="PART", help="Which part, such as cnn; without it the parts are listed.")
    ] = None,
) -> None:
    """Work the lecture's examples out step by step, every number computed by this package, or list the parts."""
    from unrolled.cli.console import print_result
    from unrolled.lecture.find_part import contents, find_part

    for line in contents() if part is None else find_part(part).lines():
        print_result(line)
