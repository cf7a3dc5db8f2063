"""The text in a photograph as lines: its barcodes always, its words where the reader is installed.

The reader is RapidOCR with the models in its own package (Apache-2.0). With onnxruntime and OpenCV
it takes about 270 MB, so it is the extra `photos` and never needed. It is told where its models
lie, since it would otherwise fetch what it misses.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import threading
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from holdfast.kit.identifiers.photo import LIMITS, read_photo
from holdfast.kit.identifiers.scan import scan
from holdfast.kit.pictures import decoded

INSTALL = "pip install 'holdfast[photos]'"
LONGEST_SIDE, SEARCHED_SIDE = 1_600, 960
"""Pixels at which words are read, and at which they are looked for."""
SMALL = 480
"""Below this longer side a picture is read at twice its size."""
LEAST_SURE = 0.5
OVERLAP = 0.3
MOST_LINES, MOST_CHARACTERS = 100, 4_000
DETECTION, RECOGNITION = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
_BARS = re.compile(r"(?<=\d)\s*[\"'’”“|:]\s*(?=\d)")
"""The guard bars between the digits of a barcode, read as a mark."""
_one_at_a_time = threading.Lock()


class Box(NamedTuple):
    """One piece of text and where it stands, in pixels from the upper left corner."""

    text: str
    left: float
    top: float
    bottom: float


Reader = Callable[[object], list[Box]]


class PhotoText(NamedTuple):
    """What was read; `has_words` is false where only barcodes could be looked for."""

    text: str
    has_words: bool


def can_read_words() -> bool:
    """Whether the extra `photos` is installed."""
    return all(importlib.util.find_spec(name) for name in ("rapidocr", "onnxruntime"))


def read_text(data: bytes) -> PhotoText:
    """Barcodes first, then words from top to bottom; `Unreadable` for what is no picture of ours.

    About 0.1 to 0.5 s and 400 MB on one core, the first time 3 s more; one picture at a time.
    """
    lines = [_number(found.code) or found.text for found in read_photo(data)]
    if not can_read_words():
        return PhotoText(_bounded(lines), has_words=False)
    return PhotoText(_bounded([*lines, *lines_of(words_in(data))]), has_words=True)


def words_in(data: bytes) -> list[Box]:
    """Every piece of text the reader sees, in no order; the extra has to be there."""
    picture = decoded(data, at_most=LONGEST_SIDE, limits=LIMITS)
    if max(picture.size) < SMALL:
        picture = picture.resize((picture.width * 2, picture.height * 2))
    with _one_at_a_time:
        return _reader()(picture)


def lines_of(boxes: Iterable[Box]) -> list[str]:
    """Pieces that stand side by side as one line, the lines from top to bottom.

    >>> lines_of([Box("36602", 20, 1, 9), Box("0", 1, 0, 8), Box('30146"7', 60, 2, 10)])
    ['0 36602 30146 7']
    """
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda one: one.top + one.bottom):
        if rows and any(_beside(box, one) for one in rows[-1]):
            rows[-1].append(box)
        else:
            rows.append([box])
    told = (" ".join(one.text for one in sorted(row, key=lambda one: one.left)) for row in rows)
    return [_BARS.sub(" ", line) for line in told]


def _beside(box: Box, other: Box) -> bool:
    """Whether they overlap; the outer digits of a UPC are smaller and stand a little higher."""
    overlap = min(box.bottom, other.bottom) - max(box.top, other.top)
    return overlap >= OVERLAP * min(box.bottom - box.top, other.bottom - other.top)


def _number(code: str) -> str:
    """A trade item number with fourteen digits, so that it is known for a whole one."""
    return scan(code).gtin


def _bounded(lines: Iterable[str]) -> str:
    once = dict.fromkeys(" ".join(line.split()) for line in lines)
    return "\n".join(list(filter(None, once))[:MOST_LINES])[:MOST_CHARACTERS]


@lru_cache(maxsize=1)
def _reader() -> Reader:
    """The reader with its models, kept once it was needed."""
    library = importlib.import_module("rapidocr")
    numpy = importlib.import_module("numpy")
    models = Path(str(library.__file__)).parent / "models"
    engine: Any = library.RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,
            "Global.text_score": LEAST_SURE,
            "Det.model_path": str(models / DETECTION),
            "Det.limit_type": "max",
            "Det.limit_side_len": SEARCHED_SIDE,
            "Rec.model_path": str(models / RECOGNITION),
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )

    def read(picture: object) -> list[Box]:
        pixels = numpy.ascontiguousarray(numpy.asarray(picture)[:, :, ::-1])
        found = engine(pixels)
        if found.boxes is None or not found.txts:
            return []
        return [
            Box(
                text,
                float(box[:, 0].min()),
                float(box[:, 1].min()),
                float(box[:, 1].max()),
            )
            for box, text in zip(found.boxes, found.txts, strict=True)
        ]

    return read
