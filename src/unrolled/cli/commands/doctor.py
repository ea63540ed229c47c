"""This machine and environment → what is installed, what that allows, and which kernels are in use and why."""

from __future__ import annotations

from unrolled.cli.options import AsJson


def command(as_json: AsJson = False) -> None:
    """Say what is installed, which kernels are in use and why, and what is missing for what."""
    from unrolled.cli.console import result, result_json
    from unrolled.cli.environment import examine

    found = examine()
    if as_json:
        result_json(found)
        return
    for title, lines in found.items():
        result(title)
        for name, told in lines.items():
            result(f"  {name:<17}{told}")
