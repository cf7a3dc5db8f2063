"""XML that an authority sends, as plain records: no entities, no DTD, bounded in depth."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

DEEPEST = 24
MOST_ELEMENTS = 400_000


class BadXml(ValueError):
    """No XML that we read; the message says why."""


def read_root(body: bytes) -> Element:
    """The root of a text. Raises `BadXml` for a page of HTML, a DTD, an entity, a broken text."""
    head = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if head.startswith((b"<!doctype html", b"<html")):
        raise BadXml("a page of HTML instead of a feed")
    if body.count(b"<") > 4 * MOST_ELEMENTS:
        raise BadXml(f"more than {MOST_ELEMENTS:,} elements")
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except ParseError as error:
        raise BadXml(f"broken XML: {error}") from error
    except DefusedXmlException as error:
        raise BadXml("XML with a DTD or entities, which is not read") from error
    except (ValueError, LookupError) as error:
        raise BadXml(f"unreadable XML: {error}") from error
    return root


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def as_record(element: Element, depth: int = 0) -> dict[str, Any]:
    """Children by name: a text, a record, or a list of them where a name comes again.

    Attributes are kept as `@name`, an element's own text beside children as `#text`. What lies
    deeper than 24 levels is left out, and said in `#cut`.
    """
    found: dict[str, Any] = {f"@{key.rpartition('}')[2]}": value for key, value in element.items()}
    for child in element:
        name = local(child)
        if not name:
            continue
        if depth >= DEEPEST:
            found["#cut"] = "deeper than is read"
            break
        value: Any = as_record(child, depth + 1) if len(child) or child.keys() else _text(child)
        if name in found:
            known = found[name]
            found[name] = [*known, value] if isinstance(known, list) else [known, value]
        else:
            found[name] = value
    own = _text(element)
    if own and found:
        found["#text"] = own
    return found


def named(root: Element, name: str) -> list[Element]:
    """Elements of that local name anywhere below; at most 400,000 elements are looked at."""
    found = []
    for number, element in enumerate(root.iter()):
        if number > MOST_ELEMENTS:
            raise BadXml(f"more than {MOST_ELEMENTS:,} elements")
        if local(element) == name:
            found.append(element)
    return found


def _text(element: Element) -> str:
    return (element.text or "").strip()
