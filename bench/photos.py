"""The digits under real bars, read as words: how many of them, how many numbers, and how long."""

from __future__ import annotations

import re
import resource
import sys
import time
from difflib import SequenceMatcher

from bench._house import figure, tell
from holdfast.kit import phototext
from holdfast.kit.identifiers.photo import read_photo
from holdfast.kit.matching.codes import whole_codes
from tests.plugins.strict import data_folder

PRINTED = re.compile(r"(ean13|upca)-\d")
"""Folders of packages on which the whole number stands below its bars."""


def main() -> None:
    """Read each picture without its bars, then with them."""
    root = data_folder() / "barcode_images"
    if not root.exists():
        sys.exit(f"the pictures are not at {root}; see HOLDFAST_SHARED_DATA")
    if not phototext.can_read_words():
        sys.exit(f"words are not read here: {phototext.INSTALL}, or bin/photos")
    pictures = [
        (path.read_bytes(), path.with_suffix(".txt").read_text().strip())
        for path in sorted(root.rglob("*.webp"))
        if PRINTED.fullmatch(path.parent.name) and path.with_suffix(".txt").exists()
    ]
    took, digits, read, whole, wrong, barred = [], 0, 0, 0, 0, 0
    for data, text in pictures:
        wanted = text.zfill(14)
        began = time.perf_counter()
        boxes = phototext.words_in(data)
        took.append((time.perf_counter() - began) * 1000)
        lines = phototext.lines_of(boxes)
        seen = re.sub(r"\D", "", "".join(lines))
        number = text[-12:] if text.startswith("0") else text
        matcher = SequenceMatcher(None, number, seen, autojunk=False)
        read += sum(block.size for block in matcher.get_matching_blocks())
        digits += len(number)
        found = whole_codes("\n".join(lines))
        whole += wanted in found
        wrong += sum(one != wanted for one in found)
        barred += any(one.text.zfill(14) == wanted for one in read_photo(data))
    note = f"{len(pictures)} small photographs (most 200 to 600 pixels wide), bars not used"
    figure("photo text: printed digits read", 100 * read / digits, "%", "", note)
    figure("photo text: whole numbers read", 100 * whole / len(pictures), "%", "", f"{whole} right")
    figure("photo text: wrong numbers whose check digit fits", wrong, "", "", "none is in any shop")
    figure("the same numbers by their bars", 100 * barred / len(pictures), "%", "", f"{barred}")
    took = sorted(took[1:])
    figure("photo text: one picture, median", took[len(took) // 2], "ms", "", "one core, kept")
    figure("photo text: one picture, slowest", took[-1], "ms")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    figure("photo text: highest memory", peak, "MB")
    tell()


if __name__ == "__main__":
    main()
