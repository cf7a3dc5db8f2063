"""The published schemas as judges: what they say of a document, to be held against our rules."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import xmlschema

from holdfast.kit.epcis import words
from holdfast.kit.epcis.formats import is_uri

NOT_DOCUMENTS = {
    "JSON-Schema",
    "Ontology",
    "REST Bindings",
    "XSD",
}


def folder(real_data: Path) -> Path:
    return real_data / "epcis" / "gs1_EPCIS"


def official(root: Path) -> list[Path]:
    """Every document GS1 publishes: no schema, context, ontology or service description."""
    found = []
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root)
        if path.suffix not in (".json", ".jsonld", ".xml") or len(inside.parts) == 1:
            continue
        if inside.parts[0] in NOT_DOCUMENTS - {"JSON-Schema"}:
            continue
        if inside.parts[0] == "JSON-Schema" and inside.parts[1:2] != ("test",):
            continue
        if "schemas" not in inside.parts:
            found.append(path)
    return found


@cache
def _json_judge(root: Path) -> Any:
    schema = json.loads((root / "EPCIS-JSON-Schema.json").read_text(encoding="utf-8"))
    checker = jsonschema.Draft7Validator.FORMAT_CHECKER
    assert {"uri", "date-time"} <= set(checker.checkers), "formats would not be asserted"
    return jsonschema.Draft7Validator(schema, format_checker=checker)


@cache
def _xml_judge(root: Path) -> Any:
    return xmlschema.XMLSchema(str(root / "XSD" / "EPCglobal-epcis-query-2_0.xsd"), allow="local")


def json_takes(root: Path, document: Any) -> bool:
    return bool(_json_judge(root).is_valid(document))


def xml_faults(root: Path, text: str) -> list[str]:
    return [str(error.reason) for error in _xml_judge(root).iter_errors(text)]


FIELDS = {
    "bizStep": words.BIZ_STEP,
    "disposition": words.DISPOSITION,
    "persistentDisposition/set": words.DISPOSITION,
    "persistentDisposition/unset": words.DISPOSITION,
    "errorDeclaration/reason": words.ERROR,
}
TYPED = {
    "sourceList/source": words.PARTY,
    "destinationList/destination": words.PARTY,
    "bizTransactionList/bizTransaction": words.TRANSACTION,
}


def cbv_takes(root: ElementTree.Element) -> bool:
    """What the XSD leaves to the CBV, said again in another way than the rules say it."""
    said = []
    for event in root.findall("EPCISBody/EventList/*"):
        if "}" in event.tag or event.tag == "extension":
            continue
        for path, vocabulary in FIELDS.items():
            said += [(one.text or "", vocabulary) for one in event.findall(path)]
        for path, vocabulary in TYPED.items():
            typed = [one for one in event.findall(path) if "type" in one.attrib]
            said += [(one.attrib["type"], vocabulary) for one in typed]
    return all(_is_word(text.strip(), vocabulary) for text, vocabulary in said)


def _is_word(value: str, vocabulary: words.Vocabulary) -> bool:
    if value in vocabulary.words:
        return True
    for prefix in (vocabulary.urn, vocabulary.web):
        if value.startswith(prefix):
            return value.removeprefix(prefix) in vocabulary.words
    return is_uri(value)
