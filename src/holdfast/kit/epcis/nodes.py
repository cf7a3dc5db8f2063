"""An event of JSON or XML as the fields the event hash is written from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from holdfast.kit.epcis import words
from holdfast.kit.epcis.names import Names
from holdfast.kit.epcis.prehash import Node
from holdfast.kit.epcis.xmltext import Element

_COMMENTS = frozenset({"#text", "rdfs:comment", "comment", "@context"})
_XML_PREFIXES = {"gs1:": words.GS1, "cbv:": words.CBV}
_QUANTITIES = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
_ITEMS = {
    "epcList": "epc",
    "inputEPCList": "epc",
    "outputEPCList": "epc",
    "childEPCs": "epc",
    **dict.fromkeys(_QUANTITIES, "quantityElement"),
}


def _gs1_word(value: str) -> str:
    return words.GS1 + value if value in words.MEASUREMENTS | words.ALERTS else value


_WORDS: dict[str, Callable[[str], str]] = {
    "bizStep": words.BIZ_STEP.expand,
    "disposition": words.DISPOSITION.expand,
    "set": words.DISPOSITION.expand,
    "unset": words.DISPOSITION.expand,
    "component": words.COMPONENT.expand,
    "exception": _gs1_word,
}
_TYPES: dict[str, Callable[[str], str]] = {
    "bizTransactionList": words.TRANSACTION.expand,
    "sourceList": words.PARTY.expand,
    "destinationList": words.PARTY.expand,
    "sensorReport": _gs1_word,
}


def node_of_json(event: dict[str, Any], names: Names, ignored: frozenset[str]) -> Node:
    """The fields of a JSON event; `ignored` are extensions its document leaves out of the hash."""
    prefixes = dict(names.within(event).inline)
    root = Node(str(event.get("type", "")))
    for name, value in event.items():
        if name not in _COMMENTS and _spelled(name, prefixes) not in ignored:
            root.inside += _json_fields(name, value, prefixes, "")
    return root


def _json_fields(name: str, value: Any, prefixes: dict[str, str], holder: str) -> list[Node]:
    if value is None:
        return []
    spelled = _spelled(name, prefixes)
    listed = name in _ITEMS or (name.endswith("List") and isinstance(value, list | dict))
    if listed:
        item = _ITEMS.get(name, spelled[:-4])
        values = value if isinstance(value, list) else [value]
        inside = [_json_node(item, one, prefixes, name) for one in values if one is not None]
        return [Node(spelled, "", inside)]
    if isinstance(value, list):
        return [_json_node(spelled, one, prefixes, name) for one in value if one is not None]
    return [_json_node(spelled, value, prefixes, name, holder)]


def _json_node(
    spelled: str, value: Any, prefixes: dict[str, str], name: str, holder: str = ""
) -> Node:
    if isinstance(value, dict):
        node = Node(spelled, str(value.get("#text", "")))
        own = {"bizTransactionList": "bizTransaction", "sourceList": "source"}.get(
            name, "destination" if name == "destinationList" else ""
        )
        for key, inner in value.items():
            if key == own:
                node.text = _json_text(inner, prefixes, key, name)
            elif key not in _COMMENTS:
                node.inside += _json_fields(key, inner, prefixes, name)
        return node
    if isinstance(value, list):
        return Node(spelled, "", [_json_node("", one, prefixes, "") for one in value])
    return Node(spelled, _json_text(value, prefixes, name, holder))


def _json_text(value: Any, prefixes: dict[str, str], name: str, holder: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    expand = _TYPES.get(holder) if name == "type" else _WORDS.get(name)
    if expand is not None:
        text = expand(text) if not text.startswith("cbv:") else text
    prefix, colon, rest = text.partition(":")
    if colon and prefix in prefixes:
        return prefixes[prefix] + rest
    return text


def _spelled(name: str, prefixes: dict[str, str]) -> str:
    prefix, colon, rest = name.partition(":")
    return f"{{{prefixes[prefix]}}}{rest}" if colon and prefix in prefixes else name


def ignored_in_json(document: dict[str, Any], names: Names) -> frozenset[str]:
    """The extensions a document says its hashes leave out (`ignoreFields`)."""
    prefixes = dict(names.inline)
    found: set[str] = set()
    body = document.get("epcisBody")
    holders = [document, body, body.get("queryResults") if isinstance(body, dict) else None]
    for holder in holders:
        for key, value in holder.items() if isinstance(holder, dict) else ():
            if key.endswith(":ignoreFields") and isinstance(value, list):
                found |= {_spelled(one, prefixes) for one in value if isinstance(one, str)}
    return frozenset(found)


def node_of_xml(event: Element, ignored: frozenset[str]) -> Node:
    """The fields of an XML event; `extension` elements of version 1 are seen through."""
    root = Node(event.name)
    for field in _unwrapped(event):
        if field.shown not in ignored:
            root.inside.append(_xml_node(field))
    return root


def _unwrapped(element: Element) -> list[Element]:
    found: list[Element] = []
    for child in element.children:
        if child.name in ("extension", "baseExtension") and not child.namespace:
            found += _unwrapped(child)
        else:
            found.append(child)
    return found


def _xml_node(element: Element) -> Node:
    node = Node(element.shown, _xml_text(element.text))
    for (namespace, name), value in element.attributes.items():
        shown = f"{{{namespace}}}{name}" if namespace else name
        node.inside.append(Node(shown, _xml_text(value)))
    node.inside += [_xml_node(child) for child in _unwrapped(element)]
    return node


def _xml_text(text: str) -> str:
    text = text.strip()
    for prefix, meaning in _XML_PREFIXES.items():
        if text.startswith(prefix):
            return text.replace(prefix, meaning)
    return text


def ignored_in_xml(root: Element) -> frozenset[str]:
    """The extensions a document says its hashes leave out (`ignoreFields`)."""
    found: set[str] = set()
    for holder in [root, *root.children, *(g for c in root.children for g in c.children)]:
        for child in holder.children:
            if child.name == "ignoreFields" and child.namespace:
                found |= {one.shown for one in child.children}
    return frozenset(found)
