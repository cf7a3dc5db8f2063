"""Barcodes read in pictures: how many, how many rightly, none where there is none."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from bench._house import figure, tell
from holdfast.kit.identifiers.photo import read_photo
from holdfast.kit.refusals import Unreadable
from tests.plugins.strict import data_folder

KINDS = (".png", ".jpg", ".jpeg", ".webp")
PHOTOGRAPHED = ("ean8", "ean13", "upca", "upce")


@dataclass
class Folder:
    """What was read in the pictures of one folder."""

    images: int = 0
    expected: int = 0
    read: int = 0
    right: int = 0
    wrong: int = 0
    milliseconds: list[float] = field(default_factory=list)


def measured(root: Path) -> dict[str, Folder]:
    """Each folder's pictures against the texts that lie beside them."""
    folders: dict[str, Folder] = defaultdict(Folder)
    for path in sorted(root.rglob("*")):
        if path.suffix.lower() not in KINDS:
            continue
        about = folders[path.parent.name]
        about.images += 1
        began = time.perf_counter()
        try:
            texts = {one.text for one in read_photo(path.read_bytes())}
        except Unreadable:
            texts = set()
        about.milliseconds.append((time.perf_counter() - began) * 1000)
        about.read += bool(texts)
        beside = path.with_suffix(".txt")
        if path.parent.name.startswith("falsepositives"):
            about.wrong += bool(texts)
        elif beside.exists():
            about.expected += 1
            about.right += beside.read_bytes().decode() in texts
            about.wrong += bool(texts) and beside.read_bytes().decode() not in texts
    return dict(folders)


def main() -> None:
    """Measure, print one line a folder, and one object."""
    root = data_folder() / "barcode_images"
    if not root.exists():
        sys.exit(f"the pictures are not at {root}; see HOLDFAST_SHARED_DATA")
    folders = measured(root)
    print(f"  {'folder':24}{'images':>8}{'read':>6}{'right':>7}{'wrong':>7}", file=sys.stderr)
    for name, one in folders.items():
        said = f"  {name:24}{one.images:8}{one.read:6}{one.right:7}{one.wrong:7}"
        print(said, file=sys.stderr)
    expected = sum(one.expected for one in folders.values())
    right = sum(one.right for one in folders.values())
    wrong = sum(one.wrong for name, one in folders.items() if not name.startswith("false"))
    retail = [one for name, one in folders.items() if name.split("-")[0] in PHOTOGRAPHED]
    took = sorted(ms for one in folders.values() for ms in one.milliseconds)
    note = f"{right} of {expected} pictures with an expected text"
    figure("barcodes read rightly, all kinds", 100 * right / expected, "%", ">= 95", note)
    shown, there = sum(one.right for one in retail), sum(one.expected for one in retail)
    note = f"{shown} of {there} pictures of EAN and UPC on packages"
    figure("barcodes read rightly, retail", 100 * shown / there, "%", ">= 80", note)
    figure("barcodes read wrongly", wrong, "images", "<= 0", "a text that is not the printed one")
    none = sum(one.wrong for name, one in folders.items() if name.startswith("false"))
    without = sum(one.images for name, one in folders.items() if name.startswith("false"))
    figure("codes read where there is none", none, "images", "<= 0", f"{without} pictures")
    figure("picture read, p95", took[int(len(took) * 0.95)], "ms", "", f"{len(took)} pictures")
    tell()


if __name__ == "__main__":
    main()
