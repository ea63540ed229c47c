"""This machine and environment → what is installed, what that allows, and which kernels are in use and why."""

from __future__ import annotations

from unrolled.cli.options import AsJson


def command(as_json: AsJson = False) -> None:
    """Report what is installed, which kernels are in use and why, and what is missing for what."""
    from unrolled.cli.console import print_json, print_result
    from unrolled.cli.environment import describe

    found = describe()
    if as_json:
        print_json(found)
        return
    for title, lines in found.items():
        print_result(title)
        for name, line in lines.items():
            print_result(f"  {name:<17}{line}")
