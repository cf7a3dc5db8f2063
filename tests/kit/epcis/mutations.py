"""Sound documents made unsound, or not: one to three small changes, drawn from a seed."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

Random = random.Random
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"

VALUES: list[Any] = [
    *(None, True, False, 0, 1, -3, 2.5, "", "x", "foo bar", [], {}, [1], ["a"], [{}]),
    *("ADD", "OBSERVE", "DELETE", "SHIP", "shipping", "recalled", "latitude", "po", "location"),
    *("urn:epcglobal:cbv:bizstep:shipping", "https://ns.gs1.org/cbv/BizStep-x", "did_not_occur"),
    *("http://example.com/x", "urn:foo", "a:b", "://x", "http://[::1]/a", "http://a b", "ex:%zz"),
    *("2020-01-01T00:00:00Z", "2020-01-01", "2020-02-30T00:00:00Z", "2020-01-01t00:00:00z"),
    *("2020-01-01T00:00:00+25:00", "2020-01-01T24:00:00Z", "2020-01-01T23:59:60Z"),
    *("+14:00", "+14:01", "-13:59", "02:00", "KGM", "kgm", "K", "KGMM", "abcdef", "xyz"),
    *("Temperature", "https://gs1.org/voc/Temperature", "https://www.gs1.org/voc/T"),
    *("ALARM_CONDITION", "2.0", "2", "2.", "v2", "ObjectEvent", "AggregationEvent"),
    *("TransactionEvent", "TransformationEvent", "AssociationEvent", "EPCISDocument"),
    *("EPCISQueryDocument", "example:Own", ["urn:a:b"], ["urn:a:b", "urn:a:b"], {"id": "x"}),
    *({"id": "urn:x:y"}, {"type": "po"}, {"set": []}, {"set": ["active"]}),
    {"unset": ["active", "active"]},
    [{"epcClass": "urn:a:b"}],
    [{"epcClass": "urn:a:b", "quantity": "3"}],
    [{"epcClass": "urn:a:b", "quantity": True}],
    [{"type": "location", "source": "urn:a:b"}],
    [{"type": "location", "destination": "urn:a:b"}],
    [{"bizTransaction": "urn:a:b"}],
    [{"sensorReport": [{"type": "Temperature"}]}],
    [{"sensorReport": []}],
]
NAMES = (
    "foo http://a.b/c type ilmd errorDeclaration persistentDisposition action epcList quantityList "
    "parentID childEPCs childQuantityList bizStep disposition readPoint bizLocation eventID id "
    "bizTransactionList sourceList destinationList sensorElementList transformationID uom quantity "
    "inputEPCList outputEPCList inputQuantityList outputQuantityList recordTime certificationInfo "
    "epcClass declarationTime reason correctiveEventIDs set unset resultsBody vocabularyList "
    "epcisHeader epcisMasterData children attributes attribute @context"
).split()
LETTERS = "aZ0 :/%#[]{}-.é+?@"

TEXTS = (
    "|x|foo bar|ADD|OBSERVE|DELETE| ADD|SHIP|shipping|urn:epcglobal:cbv:bizstep:shipping|"
    "urn:epcglobal:cbv:bizstep:nope|urn:epcglobal:cbv:disp:nope|"
    "https://ref.gs1.org/cbv/BizStep-shipping|http://example.com/x|a#b#c|%zz|"
    "2020-01-01T00:00:00Z|2020-01-01T00:00:00|2020-02-30T00:00:00Z|2020-01-01T24:00:00Z|"
    "2020-01-01|+02:00|10|10.5|1e3| 7 |-1|abc|INF|NaN|+INF|true|1|yes|f0f0|f0f|de"
).split("|")
TAGS = (
    "eventTime recordTime eventTimeZoneOffset eventID errorDeclaration baseExtension extension "
    "epcList epc action bizStep disposition readPoint bizLocation bizTransactionList "
    "bizTransaction quantityList quantityElement epcClass quantity uom sourceList source "
    "destinationList destination sensorElementList sensorElement sensorReport set unset "
    "persistentDisposition ilmd childEPCs parentID id foo {http://x.y/}foo "
    "{urn:epcglobal:epcis:xsd:2}foo EventList EPCISBody ObjectEvent declarationTime reason "
    "correctiveEventIDs transformationID EPCISHeader certificationInfo"
).split()
ATTRIBUTES = (
    "type value time foo {http://x.y/}foo uom booleanValue hexBinaryValue schemaVersion "
    "creationDate {http://www.w3.org/XML/1998/namespace}lang deviceID id"
).split()


def _spots(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict):
        for name in value:
            yield from _spots(value[name], (*path, name))
    elif isinstance(value, list):
        for position, one in enumerate(value):
            yield from _spots(one, (*path, position))


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def mutated_json(document: dict[str, Any], chance: Random) -> dict[str, Any]:
    """A copy with one to three changes; its @context stays, since schemas do not look inside."""
    made = copy.deepcopy(document)
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        spots = [path for path in _spots(made) if path and path[0] != "@context"]
        path = chance.choice(spots)
        holder, value, what = _at(made, path[:-1]), _at(made, path), chance.random()
        if what < 0.25:
            del holder[path[-1]]
        elif what < 0.7:
            holder[path[-1]] = copy.deepcopy(chance.choice(VALUES))
        elif what < 0.9 and isinstance(value, dict):
            value[chance.choice(NAMES)] = copy.deepcopy(chance.choice(VALUES))
        elif isinstance(value, list) and value:
            value.append(copy.deepcopy(chance.choice(value)))
        elif isinstance(value, str) and value:
            place = chance.randrange(len(value))
            holder[path[-1]] = value[:place] + chance.choice(LETTERS) + value[place + 1 :]
        if not made:
            break
    return made


def mutated_xml(root: ElementTree.Element, chance: Random) -> ElementTree.Element:
    """A copy with one to three changes."""
    made = copy.deepcopy(root)
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        elements = list(made.iter())
        parents = {child: parent for parent in elements for child in parent}
        element, what = chance.choice(elements[1:] or elements), chance.random()
        parent = parents.get(element)
        if parent is None:
            break
        if what < 0.2:
            parent.remove(element)
        elif what < 0.45 and not len(element):
            element.text = chance.choice(TEXTS)
        elif what < 0.6:
            new = ElementTree.Element(chance.choice(TAGS))
            new.text = chance.choice(TEXTS)
            element.insert(chance.randrange(len(element) + 1), new)
        elif what < 0.7:
            parent.insert(chance.randrange(len(parent) + 1), copy.deepcopy(element))
        elif what < 0.8:
            parent.remove(element)
            parent.insert(chance.randrange(len(parent) + 1), element)
        elif what < 0.9:
            chosen = made if chance.random() < 0.1 else element
            chosen.set(chance.choice(ATTRIBUTES), chance.choice(TEXTS))
        elif what < 0.95 and element.attrib:
            del element.attrib[chance.choice(sorted(element.attrib))]
        else:
            element.tag = chance.choice(TAGS)
    return made
