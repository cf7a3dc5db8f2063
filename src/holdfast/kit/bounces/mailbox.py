"""The mails of a file, one after the other: a single mail, or a mailbox in the mbox format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from holdfast.kit.bounces.report import LONGEST

LONGEST_LINE = 1_000_000


def mails(file: BinaryIO) -> Iterator[bytes]:
    """Each mail as its bytes; of one beyond all measure only its beginning, which says so.

    A line `From …` after a blank one, or at the very beginning, starts a mail; `>From` is what a
    mail program made of such a line inside a text.
    """
    kept: list[bytes] = []
    size, is_mbox, after_blank = 0, False, True
    while line := file.readline(LONGEST_LINE):
        if after_blank and line.startswith(b"From ") and (is_mbox or not size):
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
