"""`python -m unrolled`: the command line."""

from unrolled.terminal.application import main

main()
