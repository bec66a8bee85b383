"""The program: ``opine``, or ``python -m opine_survey`` where another program has that name."""

from __future__ import annotations

import os
import sys

from . import _opine


def main() -> None:
    """Runs the command line of this process, and ends it with the program's exit code."""
    try:
        code = _opine.run(["opine", *sys.argv[1:]])
    except KeyboardInterrupt:
        code = 130
    # at once: a thread that was told to stop may still be at its last batch
    os._exit(code)


if __name__ == "__main__":
    main()
