"""Is what this picture shows recalled? Every code in it answered, and one answer for all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from holdfast.kit.identifiers.check import Answer, Held, Snapshot
from holdfast.kit.identifiers.photo import PhotoCode
from holdfast.kit.identifiers.scan import scan

NO_CODE = Answer(
    "cannot_tell",
    (),
    "No barcode could be read in this picture. Come closer, or type the code below the bars.",
)


class Seen(NamedTuple):
    """One code of a picture, as it reads and as a scanner would send it, and its answer."""

    text: str
    symbol: str
    code: str
    answer: Answer

    def as_json(self) -> dict[str, object]:
        """One row of `codes` in `holdfast check --photo --json`."""
        return {"text": self.text, "symbol": self.symbol, **self.answer.as_json()}


class Shown(NamedTuple):
    """The answer of a picture as a whole, and of each code in it."""

    answer: Answer
    codes: tuple[Seen, ...]

    def as_json(self) -> dict[str, object]:
        """The object `holdfast check --photo --json` prints."""
        return {**self.answer.as_json(), "codes": [one.as_json() for one in self.codes]}


def check_codes(
    snapshot: Snapshot, codes: Iterable[PhotoCode], product: str = "", held: Held | None = None
) -> Shown:
    """The gravest answer of all codes that say something about the product.

    The bars that name the product only are answered by a code beside them that names its lot; an
    advertising link says nothing, unless nothing else was read.
    """
    read = tuple(codes)
    if not read:
        return Shown(NO_CODE, ())
    seen = tuple(
        Seen(one.text, one.symbol, one.code, snapshot.check(one.code, product, held))
        for one in read
    )
    scans = [scan(one.code) for one in read]
    told = {found.gtin for found in scans if found.gtin and (found.lot or found.serial)}
    telling = [
        one.answer
        for one, found in zip(seen, scans, strict=True)
        if not (found.gtin in told and not (found.lot or found.serial))
        and not (found.kind in ("link", "code") and _says_nothing(one.answer))
    ]
    return Shown(max(telling or [one.answer for one in seen], key=_gravity), seen)


def _says_nothing(answer: Answer) -> bool:
    return answer.answer == "cannot_tell" and not answer.recalls


def _gravity(answer: Answer) -> tuple[int, int]:
    rank = ("not_affected", "cannot_tell", "affected").index(answer.answer)
    return rank, len(answer.recalls)
