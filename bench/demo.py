"""How long somebody waits for the first page of the sample company, and for it the second time."""

from __future__ import annotations

import time
import urllib.request

from bench._house import figure, fresh, tell


def main() -> None:
    """A new home, then the same again; the environment is built already."""
    with fresh() as instance:
        for which, wanted in (("first", "<= 60"), ("second", "<= 5")):
            began = time.monotonic()
            serving = instance.serve("demo", "--no-browser")
            try:
                with urllib.request.urlopen(serving.url, timeout=30) as page:
                    page.read()
                took = time.monotonic() - began
            finally:
                serving.stop()
            figure(f"demo, {which} time, until a page", took, "s", wanted)
    tell()


if __name__ == "__main__":
    main()
