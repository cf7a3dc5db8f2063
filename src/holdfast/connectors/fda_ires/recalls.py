"""The recalls of iRES: asked by POST with a key, one record a product of an event."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, urlencode

from holdfast.kit.announcements import (
    Ask,
    Firm,
    PublishedProduct,
    PublishedRecall,
    Shape,
    Source,
)
from holdfast.kit.announcements.shape import Item, day, text

URL = "https://www.accessdata.fda.gov/rest/iresapi/recalls/"
AT_ONCE = 2500
COLUMNS = (
    *("recalleventid", "productid", "producttypeshort", "recallnum", "phasetxt", "centercd"),
    *("centerclassificationtypetxt", "firmlegalnam", "firmfeinum", "recallinitiationdt"),
    *("centerclassificationdt", "terminationdt", "enforcementreportdt", "determinationdt"),
    *("initialfirmnotificationtxt", "distributionareasummarytxt", "voluntarytypetxt"),
    *("productdescriptiontxt", "productshortreasontxt", "productdistributedquantity", "eventlmd"),
    "codeinformation",
)
_MONTH_FIRST = re.compile(r"(\d{2})/(\d{2})/(\d{4})$")


def _build(item: Item) -> PublishedRecall:
    name = " ".join(text(item, "PRODUCTDESCRIPTIONTXT").split())
    days = (text(item, key) for key in ("ENFORCEMENTREPORTDT", "RECALLINITIATIONDT"))
    product = text(item, "PRODUCTID")
    grade = text(item, "CENTERCLASSIFICATIONTYPETXT")
    return PublishedRecall(
        authority="US FDA",
        number=text(item, "RECALLNUM") or (f"product {product}" if product else ""),
        title=name,
        published_on=next((found for found in map(_day, days) if found), None),
        hazard=text(item, "PRODUCTSHORTREASONTXT"),
        recall_class=f"Class {'I' * int(grade)}" if grade in ("1", "2", "3") else grade,
        countries=("US",),
        products=(PublishedProduct(name),),
        lots=tuple(filter(None, (text(item, "CODEINFORMATION"),))),
        firms=(Firm(text(item, "FIRMLEGALNAM"), "recalling firm"),),
        original=item,
    )


def _day(written: str) -> date | None:
    """The FDA writes the month first."""
    found = _MONTH_FIRST.match(written)
    return day(f"{found[3]}-{found[1]}-{found[2]}") if found else None


SHAPE = Shape(
    name="FDA iRES",
    authority="US FDA",
    required=frozenset(
        {"PRODUCTID", "RECALLEVENTID", "RECALLNUM", "PRODUCTDESCRIPTIONTXT", "FIRMLEGALNAM"}
    ),
    known=frozenset({"RID", *(name.upper() for name in COLUMNS)}),
    build=_build,
    under="RESULT",
    around=frozenset({"MESSAGE", "RESULTCOUNT", "STATUSCODE"}),
    fleeting=frozenset({"RID"}),
)


def _first(since: date, today: date) -> tuple[Ask, ...]:
    payload: dict[str, object] = {
        "displaycolumns": ",".join(COLUMNS),
        "filter": f"[{{'eventlmdfrom':'{since:%m/%d/%Y}'}}]",
        "start": 1,
        "rows": AT_ONCE,
        "sort": "eventlmd",
        "sortorder": "desc",
    }
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return (Ask(URL, body=_body(payload), headers=form),)


def _body(payload: dict[str, object]) -> bytes:
    return urlencode({"payLoad": json.dumps(payload)}).encode()


def _following(ask: Ask, records: int) -> Ask | None:
    if records < AT_ONCE:
        return None
    payload = json.loads(parse_qs(ask.body.decode())["payLoad"][0])
    payload["start"] += AT_ONCE
    return replace(ask, body=_body(payload), page=ask.page + 1)


SOURCE = Source(
    key="fda_ires",
    name="FDA iRES enforcement reports",
    authority="US FDA",
    shapes=(SHAPE,),
    first=_first,
    following=_following,
    hours=24,
    keys=("Authorization-User", "Authorization-Key"),
    read_from="the FDA’s API usage documentation and definitions (version 2.0.0), and a recorded "
    "exchange of April 2026 with 168 records",
    unknown="How an answer without records looks: the documentation only names code 412. The code "
    "for success is 400, inside a body that comes with HTTP 200.",
)
