"""The `holdfast` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    from holdfast.doors.cli.run import run  # noqa: PLC0415  first output before heavy imports

    sys.exit(run(sys.argv[1:], start=_start))


def _start() -> None:
    from holdfast.config.start import start  # noqa: PLC0415  Django only where it is needed

    start()


if __name__ == "__main__":
    main()
