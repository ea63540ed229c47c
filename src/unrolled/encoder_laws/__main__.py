"""`python -m unrolled.encoder_laws my_module:MyEncoder` → which laws the encoder keeps; exit 1 if it breaks one.

`--equation my_module:equation` also compares it with a function of yours: equation(encoder, weights, x), of one text's
word vectors x (length, input_size), all in float64, to its encoding (output_size,).
"""

from __future__ import annotations

import argparse
import importlib
import sys
from typing import Any

from unrolled.environment.packages import TORCH
from unrolled.errors import UnrolledError


def main() -> int:
    """Try all laws and print each."""
    parser = argparse.ArgumentParser(
        prog="python -m unrolled.encoder_laws", description=(__doc__ or "").split(" → ")[0]
    )
    parser.add_argument("encoder", metavar="MODULE:CLASS", help="your encoder; or the name of one of unrolled")
    parser.add_argument("--equation", metavar="MODULE:FUNCTION", help="NumPy of your own that it must equal")
    given = parser.parse_args()
    try:
        TORCH.require("trying the laws of an encoder")
        from unrolled.encoder_laws.report import check_encoder, report

        encoder = _imported(given.encoder) if ":" in given.encoder else given.encoder
        equation = _imported(given.equation) if given.equation else None
        broken = check_encoder(encoder, equation)
    except (ImportError, AttributeError, UnrolledError) as error:
        parser.error(str(error))
    sys.stdout.writelines(f"{line}\n" for line in report(broken, compared=equation is not None))
    return int(any(broken.values()))


def _imported(name: str) -> Any:
    """Import what a user names as `module:name`; the current folder is searched, as by every `python -m`."""
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)


if __name__ == "__main__":
    sys.exit(main())
