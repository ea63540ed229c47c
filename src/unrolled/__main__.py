"""`unrolled` and `python -m unrolled`: the command line."""

import sys


def main() -> None:
    """Run it; Ctrl-C ends it quietly, also while it is imported."""
    try:
        from unrolled.cli import app

        app.main()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
