"""The mails of a file, one after the other: a single mail, or a mailbox in the mbox format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from holdfast.kit.bounces.report import LONGEST

LONGEST_LINE = 1_000_000
HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]*:|>From ")


def mails(file: BinaryIO) -> Iterator[bytes]:
    """Each mail as its bytes; of one beyond all measure only its beginning, which says so.

    A line `From …` after a blank one, or at the very beginning, starts a mail if a header follows;
    `>From` is what a mail program made of such a line inside a text.
    """
    kept: list[bytes] = []
    size, is_mbox, after_blank = 0, False, True
    following = file.readline(LONGEST_LINE)
    while line := following:
        following = file.readline(LONGEST_LINE)
        is_start = after_blank and line.startswith(b"From ") and (is_mbox or not size)
        if is_start and (not size or HEADER.match(following)):
            if size:
                yield b"".join(kept)
            kept, size, is_mbox, after_blank = [], 0, True, False
            continue
        after_blank = line in (b"\n", b"\r\n")
        if is_mbox and line.startswith(b">") and line.lstrip(b">").startswith(b"From "):
            line = line[1:]
        size += len(line)
        if size <= LONGEST + LONGEST_LINE:
            kept.append(line)
    if size:
        yield b"".join(kept)
