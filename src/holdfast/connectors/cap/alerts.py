"""Alerts of CAP 1.0 to 1.2, alone, in an Atom feed as content, or wrapped in EDXL-DE.

Source: OASIS, Common Alerting Protocol 1.2 (1 July 2010), 3.2.1: an Update supersedes and a Cancel
takes back the messages in `references`, written `sender,identifier,sent` with blanks between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from holdfast.kit.announcements import Firm, PublishedProduct, PublishedRecall, Shape, Source
from holdfast.kit.announcements.shape import Item, clean, day, text
from holdfast.kit.announcements.xmlitems import BadXml, as_record, named, read_root

ANSWERS = frozenset({"Ack", "Error"})  # to a message, and none themselves
REFERRING = frozenset({"Update", "Cancel"})
TOLD = ("headline", "event", "description", "instruction")


def alerts(body: bytes) -> list[Item]:
    """Every alert in a text. Raises ValueError where there is none."""
    found = named(read_root(body), "alert")
    if not found:
        raise BadXml("XML without an alert of CAP")
    return [as_record(one) for one in found]


def _build(item: Item) -> PublishedRecall:
    """Raises ValueError for a test, an exercise or a draft: it must stop no sale."""
    status = text(item, "status")
    if status and status != "Actual":
        raise ValueError(f"status {status[:20]}, so no real alert")
    kind = text(item, "msgType")
    if kind in ANSWERS:
        raise ValueError(f"msgType {kind}, so an answer to an alert and none itself")
    infos = list(_infos(item))
    first = infos[0] if infos else {}
    sender = text(first, "senderName") or text(item, "sender")
    said = [clean(text(one, name)) for one in infos for name in TOLD]
    return PublishedRecall(
        authority="",
        number=text(item, "identifier"),
        title=text(first, "headline") or text(first, "event") or text(item, "note"),
        published_on=day(text(item, "sent")),
        hazard="\n".join(filter(None, (text(first, "event"), clean(text(first, "description"))))),
        recall_class=" ".join(
            filter(None, (text(item, "msgType"), text(first, "severity"), text(first, "urgency")))
        ),
        url=text(first, "web"),
        countries=tuple(dict.fromkeys(_areas(infos))),
        products=tuple(
            PublishedProduct(text(one, "headline"), description=text(one, "description"))
            for one in infos
        ),
        lots=tuple(dict.fromkeys(filter(None, said))),
        firms=(Firm(sender, "sender"),) if sender else (),
        original=item,
        message=_message(text(item, "sender"), text(item, "identifier")),
        refers_to=tuple(_references(item)) if kind in REFERRING else (),
        is_withdrawal=kind == "Cancel",
    )


def _message(sender: str, identifier: str) -> str:
    return f"{sender},{identifier}"[:300]


def _references(item: Item) -> Iterator[str]:
    """Sender and identifier of each; some publishers write the identifier alone."""
    for one in dict.fromkeys(text(item, "references").split()):
        parts = one.split(",")
        yield _message(*parts[:2]) if len(parts) > 1 else one[:300]


def _infos(item: Item) -> Iterator[Item]:
    found = item.get("info")
    for one in found if isinstance(found, list) else [found]:
        if isinstance(one, Mapping):
            yield one


def _areas(infos: list[Item]) -> Iterator[str]:
    for info in infos:
        areas = info.get("area")
        for one in areas if isinstance(areas, list) else [areas]:
            if isinstance(one, Mapping) and text(one, "areaDesc"):
                yield text(one, "areaDesc")


SHAPE = Shape(
    name="CAP alerts",
    authority="",
    required=frozenset({"identifier", "sender", "sent", "status", "msgType"}),
    known=frozenset(
        {
            *("source", "scope", "restriction", "addresses", "code", "note", "references"),
            *("incidents", "password", "info", "info/*", "Signature/*", "#text", "@Id"),
        }
    ),
    build=_build,
    items=alerts,
    has_references=True,
)
SOURCE = Source(
    key="cap",
    name="Common Alerting Protocol",
    authority="",
    shapes=(SHAPE,),
    read_from="published examples of CAP 1.0, 1.1 and 1.2 and of EDXL-DE",
    unknown="Signatures are kept and not verified. An index that only links to alerts is read as "
    "RSS or Atom instead.",
)
