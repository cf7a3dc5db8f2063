"""Any table of recalls: which column is what is told from its name."""

from __future__ import annotations

import hashlib
import re
from datetime import date

from holdfast.kit.announcements import Firm, PublishedProduct, PublishedRecall, Shape, Source
from holdfast.kit.announcements.shape import Item, clean, day, text
from holdfast.kit.matching.records import role_of

_NUMBER = re.compile(r"^(?:id|(?:recall|alert|case|reference|notification)?[ _]?(?:number|no|id))$")
_LINK = re.compile(r"url|link|address of the page", re.I)
_DAY = re.compile(r"date|day|published|datum", re.I)
_HAZARD = re.compile(r"hazard|risk|reason|danger|grund|gefahr|problem|issue", re.I)
_LOT = re.compile(r"lot|batch|charge|serial|code.?info|expiry|best.?before", re.I)
_FIRM = re.compile(r"firm|producer|manufacturer|importer|company|hersteller|distributor", re.I)
SAYS = ("title", "brand", "model", "codes")
"""What a column has to be for a row to name a product."""
_DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")


def _build(item: Item) -> PublishedRecall:
    cells = {name: clean(text(item, name)) for name in item}
    roles = {name: role_of(name) for name in cells}
    title = _first(cells, lambda name: roles[name] == "title")
    link = _first(cells, _LINK.search, lambda said: said.startswith("http"))
    number = _first(cells, lambda name: _NUMBER.match(name.casefold())) or link
    if not any(roles[name] in SAYS for name in cells) and not number:
        raise ValueError("no column for a product, a model, a code or a number")
    if not number and any(cells.values()):
        whole = "\x1f".join(f"{name}={said}" for name, said in sorted(cells.items()))
        number = f"row {hashlib.sha256(whole.encode()).hexdigest()[:12]}"
    return PublishedRecall(
        authority="",
        number=number,
        title=title,
        published_on=_day(_first(cells, _DAY.search)),
        hazard=_all(cells, _HAZARD.search),
        url=link,
        products=(
            PublishedProduct(
                title,
                brand=_all(cells, lambda name: roles[name] == "brand"),
                model=_all(cells, lambda name: roles[name] == "model"),
                description=_all(cells, lambda name: roles[name] == "rest" and _plain(name)),
                codes=tuple(
                    said for name, said in cells.items() if said and roles[name] == "codes"
                ),
            ),
        ),
        lots=tuple(said for name, said in cells.items() if said and _LOT.search(name)),
        firms=tuple(
            Firm(said, name.casefold())
            for name, said in cells.items()
            if said and _FIRM.search(name)
        ),
        original=item,
    )


def _plain(name: str) -> bool:
    return not any(kind.search(name) for kind in (_LINK, _DAY, _HAZARD, _LOT, _FIRM))


def _first(cells: dict[str, str], wanted, fits=bool) -> str:  # type: ignore[no-untyped-def]
    found: str = next((said for name, said in cells.items() if wanted(name) and fits(said)), "")
    return found


def _all(cells: dict[str, str], wanted) -> str:  # type: ignore[no-untyped-def]
    return "\n".join(said for name, said in cells.items() if said and wanted(name))


def _day(written: str) -> date | None:
    """Year first, or day first with dots or slashes; a month first cannot be told and is not."""
    found = _DAY_FIRST.match(written)
    if found is None:
        return day(written)
    return day(f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}")


SHAPE = Shape(
    name="a table",
    authority="",
    required=frozenset(),
    known=frozenset({"*"}),
    build=_build,
)
SOURCE = Source(
    key="csv",
    name="A table of recalls",
    authority="",
    shapes=(SHAPE,),
    read_from="the names of its columns; tried on a table of German food warnings",
    unknown="Days like 03/04/2026 are read day first. A row without a number is known by its page, "
    "or else by its words, so a changed row counts as a new one.",
)
