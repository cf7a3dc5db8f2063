"""The `holdfast` command."""

from __future__ import annotations

import os
import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line and leave with its exit code."""
    from holdfast.doors.cli.run import run  # noqa: PLC0415  first output before heavy imports

    code = run(sys.argv[1:], start=_start)
    if code == INTERRUPTED:
        # Python may remember an interrupt that passed through a driver written in C, and end the
        # process by the signal instead of with the code that was promised.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _start() -> None:
    from holdfast.config.start import start  # noqa: PLC0415  Django only where it is needed

    start()


if __name__ == "__main__":
    main()
