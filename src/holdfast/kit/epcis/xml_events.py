"""An XML event as its wire form, the JSON of EPCIS 2.0: one form for everything behind it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from holdfast.kit.epcis import words
from holdfast.kit.epcis.names import CONTEXT
from holdfast.kit.epcis.xmltext import Element

_LISTS = frozenset(
    (
        "epcList childEPCs inputEPCList outputEPCList quantityList childQuantityList "
        "inputQuantityList outputQuantityList bizTransactionList sourceList destinationList "
        "sensorElementList correctiveEventIDs"
    ).split()
)
_NUMBERS = frozenset("value minValue maxValue sDev meanValue percRank percValue".split())
_WORDS = {
    "bizStep": words.BIZ_STEP,
    "disposition": words.DISPOSITION,
    "reason": words.ERROR,
    "component": words.COMPONENT,
}
_TYPES = {
    "bizTransaction": words.TRANSACTION,
    "source": words.PARTY,
    "destination": words.PARTY,
}
_PLAIN = frozenset(
    "eventTime recordTime eventTimeZoneOffset eventID certificationInfo action parentID "
    "transformationID declarationTime".split()
)


class XmlEvents:
    """Turns the events of one document into wire form; knows the document's prefixes."""

    def __init__(self, root: Element) -> None:
        self.prefixes: dict[str, str] = {}
        taken: set[str] = set()
        for element in root.walk():
            for prefix, uri in element.prefixes.items():
                if uri not in self.prefixes and prefix and prefix not in taken:
                    self.prefixes[uri] = prefix
                    taken.add(prefix)
        self.used: dict[str, str] = {}

    def wire(self, event: Element) -> dict[str, Any]:
        """One event."""
        self.used = {}
        made = self._event(event)
        made["@context"] = [CONTEXT, dict(self.used)] if self.used else CONTEXT
        return made

    def _event(self, event: Element) -> dict[str, Any]:
        if event.name == "QuantityEvent":
            return self._quantity_event(event)
        made: dict[str, Any] = {"type": event.name}
        self._attributes(event, made, frozenset())
        for child in unwrapped(event):
            self._field(child, made)
        if event.name == "ObjectEvent" and not ({"epcList", "quantityList"} & set(made)):
            made["epcList"] = []
        return made

    def _field(self, child: Element, made: dict[str, Any]) -> None:
        name, text = child.name, child.text.strip()
        if child.namespace:
            self._extension(child, made)
        elif name in _LISTS:
            made[name] = [self._item(one) for one in child.children]
        elif name in _WORDS:
            made[name] = _WORDS[name].bare(text)
        elif name in _PLAIN:
            made[name] = text
        elif name in ("readPoint", "bizLocation"):
            made[name] = self._place(child)
        elif name == "persistentDisposition":
            made[name] = _persistent(child)
        elif name == "errorDeclaration" or name == "ilmd":
            made[name] = self._below(child)
        else:
            self._extension(child, made)

    def _below(self, element: Element) -> dict[str, Any]:
        made: dict[str, Any] = {}
        self._attributes(element, made, frozenset())
        for child in unwrapped(element):
            self._field(child, made)
        return made

    def _place(self, element: Element) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for child in unwrapped(element):
            if child.name == "id" and not child.namespace:
                made["id"] = child.text.strip()
            else:
                self._extension(child, made)
        return made

    def _item(self, element: Element) -> Any:
        name = element.name
        if name == "quantityElement":
            return _quantity(element)
        if name in _TYPES:
            made = {name: element.text.strip()}
            if kind := element.get("type"):
                made["type"] = _TYPES[name].bare(kind)
            return made
        if name == "sensorElement":
            return self._sensor(element)
        return element.text.strip()

    def _sensor(self, element: Element) -> dict[str, Any]:
        made: dict[str, Any] = {"sensorReport": []}
        for child in unwrapped(element):
            if child.namespace:
                self._extension(child, made)
            elif child.name in ("sensorMetadata", "sensorMetaData"):
                made["sensorMetadata"] = self._report(child)
            elif child.name == "sensorReport":
                made["sensorReport"].append(self._report(child))
        return made

    def _report(self, element: Element) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for (namespace, name), value in element.attributes.items():
            if namespace:
                made[self._name(namespace, name)] = value
            else:
                made[name] = _REPORT.get(name, str.strip)(value)
        return made

    def _attributes(self, element: Element, made: dict[str, Any], skipped: frozenset[str]) -> None:
        for (namespace, name), value in element.attributes.items():
            if name not in skipped:
                made[self._name(namespace, name)] = value

    def _name(self, namespace: str, name: str) -> str:
        if not namespace:
            return name
        prefix = self.prefixes.get(namespace)
        if prefix is None:
            prefix = f"ns{len(self.prefixes)}"
            self.prefixes[namespace] = prefix
        self.used[prefix] = namespace
        return f"{prefix}:{name}"

    def _extension(self, child: Element, made: dict[str, Any]) -> None:
        name, value = self._name(child.namespace, child.name), self._any(child)
        if name not in made:
            made[name] = value
        elif isinstance(made[name], list):
            made[name].append(value)
        else:
            made[name] = [made[name], value]

    def _any(self, element: Element) -> Any:
        if not element.children and not element.attributes:
            return element.text.strip()
        made: dict[str, Any] = {}
        self._attributes(element, made, frozenset())
        for child in element.children:
            self._extension(child, made)
        if text := element.text.strip():
            made["#text"] = text
        return made

    def _quantity_event(self, event: Element) -> dict[str, Any]:
        """Version 1's QuantityEvent is an ObjectEvent that observes one class (its standard)."""
        made: dict[str, Any] = {"type": "ObjectEvent", "action": "OBSERVE"}
        amount: dict[str, Any] = {}
        self._attributes(event, made, frozenset())
        for child in unwrapped(event):
            if child.namespace or child.name not in ("epcClass", "quantity"):
                self._field(child, made)
            elif child.name == "epcClass":
                amount["epcClass"] = child.text.strip()
            else:
                amount["quantity"] = Decimal(child.text.strip())
        made["quantityList"] = [amount]
        return made


def unwrapped(element: Element) -> list[Element]:
    """The children, `extension` and `baseExtension` seen through."""
    found: list[Element] = []
    for child in element.children:
        if child.name in ("extension", "baseExtension") and not child.namespace:
            found += unwrapped(child)
        else:
            found.append(child)
    return found


def _quantity(element: Element) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for child in element.children:
        text = child.text.strip()
        if child.name != "quantity":
            made[child.name] = text
        elif text:
            made["quantity"] = Decimal(text)
    return made


def _persistent(element: Element) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for child in element.children:
        made.setdefault(child.name, []).append(words.DISPOSITION.bare(child.text))
    return made


def _decimal(text: str) -> Any:
    text = text.strip()
    return text if text in ("INF", "-INF", "NaN") else Decimal(text)


def _truth(text: str) -> bool:
    return text.strip() in ("true", "1")


def _measured(text: str) -> str:
    value = text.strip()
    for prefix in ("gs1:", words.GS1):
        if value.startswith(prefix) and value[len(prefix) :] in words.MEASUREMENTS | words.ALERTS:
            return value[len(prefix) :]
    return value


_REPORT: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(_NUMBERS, _decimal),
    "booleanValue": _truth,
    "stringValue": str,
    "component": words.COMPONENT.bare,
    "type": _measured,
    "exception": _measured,
}
