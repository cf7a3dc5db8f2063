"""Our rules and the published schemas agree on thousands of documents made slightly wrong."""

from __future__ import annotations

import json
import random
from pathlib import Path
from xml.etree import ElementTree

import pytest

from holdfast.kit.epcis import json_documents, xml_documents
from holdfast.kit.epcis.faults import Fault, Wrong
from holdfast.kit.epcis.xmltext import read_xml
from tests.kit.epcis.mutations import XSI, mutated_json, mutated_xml
from tests.kit.epcis.oracle import cbv_takes, folder, json_takes, official, xml_faults

pytestmark = pytest.mark.once
ROUNDS = 800


def json_fault(document: object) -> Fault | None:
    try:
        json_documents.check(document)
    except Wrong as wrong:
        return wrong.pointer()
    return None


@pytest.mark.parametrize("seed", [1, 2])
def test_what_the_json_schema_forbids_is_refused_and_nothing_else(
    real_data: Path, seed: int
) -> None:
    root, chance = folder(real_data), random.Random(seed)
    documents = []
    for path in official(root):
        if path.suffix != ".xml" and path.stat().st_size < 20_000:
            document = json.loads(path.read_text(encoding="utf-8"))
            # A blank node as name is the one fault of most of them; without it more gets tested.
            if str(document.get("id", "")).startswith("_:"):
                del document["id"]
            documents.append(document)
    refused = 0
    for _ in range(ROUNDS):
        document = mutated_json(chance.choice(documents), chance)
        fault, takes = json_fault(document), json_takes(root, document)
        refused += not takes
        assert (fault is None) == takes, (fault, json.dumps(document))
    assert ROUNDS * 0.3 < refused < ROUNDS * 0.95


@pytest.mark.parametrize("seed", [1, 2])
def test_what_the_xsd_and_the_cbv_forbid_is_refused_and_nothing_else(
    real_data: Path, seed: int
) -> None:
    root, chance = folder(real_data), random.Random(seed)
    trees = []
    for path in official(root):
        if path.suffix == ".xml" and "XSL" not in path.parts and path.stat().st_size < 30_000:
            tree = ElementTree.fromstring(path.read_bytes())
            for element in tree.iter():
                # The tree forgets prefixes that stand in values only.
                element.attrib.pop(f"{XSI}type", None)
            if tree.tag.endswith("EPCISDocument"):
                trees.append(tree)
    refused = 0
    for _ in range(ROUNDS):
        tree = mutated_xml(chance.choice(trees), chance)
        text = ElementTree.tostring(tree, encoding="unicode")
        fault = xml_documents.check(read_xml(text.encode()))
        takes = not xml_faults(root, text) and cbv_takes(tree)
        refused += not takes
        assert (fault is None) == takes, (fault, xml_faults(root, text), text)
    assert ROUNDS * 0.3 < refused < ROUNDS * 0.95
