"""The event hash equals every published vector, and does not depend on how an event is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.kit.epcis.canonical import canonical
from holdfast.kit.epcis.documents import event_hashes, read_document
from holdfast.kit.epcis.prehash import Node, prehash

pytestmark = pytest.mark.once


def test_the_hashes_are_those_published(real_data: Path) -> None:
    folder = real_data / "epcis" / "event_hash_vectors" / "examples"
    looked_at = 0
    for expected in sorted(folder.glob("*.hashes")):
        for ending in (".xml", ".jsonld"):
            document = expected.with_suffix(ending)
            if document.exists():
                hashes = event_hashes(document.read_bytes())
                assert hashes == expected.read_text().split(), document.name
                looked_at += len(hashes)
    assert looked_at == 31


def test_events_that_mean_the_same_have_one_hash(real_data: Path) -> None:
    folder = real_data / "epcis" / "event_hash_vectors" / "expected_equal"
    files = sorted(folder.iterdir())
    assert len(files) == 6
    for path in files:
        hashes = event_hashes(path.read_bytes())
        assert len(hashes) > 1
        assert len(set(hashes)) == 1, path.name


@pytest.mark.parametrize(
    ("written", "one"),
    [
        ("urn:epc:id:sgtin:4012345.011111.98%22", "01/04012345111118/21/98%22"),
        ("urn:epc:id:sgtin:4012345.011111.a!(b)", "01/04012345111118/21/a%21%28b%29"),
        ("urn:epc:id:sscc:4012345.0000000333", "00/040123450000003338"),
        ("urn:epc:id:sgln:4012345.00005.0", "414/4012345000054"),
        ("urn:epc:id:sgln:4012345.00005.7", "414/4012345000054/254/7"),
        ("urn:epc:id:gdti:987659999999..9", "253/98765999999929"),
        ("urn:epc:id:itip:4012345.012345.01.02.999", "8006/040123451234560102/21/999"),
        ("urn:epc:idpat:sgtin:4012345.066666.*", "01/04012345666663"),
        ("urn:epc:class:lgtin:4012345.012345.Lot987", "01/04012345123456/10/Lot987"),
        ("http://shop.example/a/gtin/9780345418913/cpv/2/lot/x/ser/y?q=1", None),
        ("https://example.org/8004/401234599999", "8004/401234599999"),
    ],
)
def test_keys_in_any_spelling_become_one_link(written: str, one: str | None) -> None:
    expected = one or "01/09780345418913/21/y"
    assert canonical(written) == f"https://id.gs1.org/{expected}"


@pytest.mark.parametrize(
    "text",
    [
        "urn:epc:id:sgtin:4012345.0111.9876",
        "urn:epc:id:sgtin:4012345.011111",
        "urn:epc:id:nothing:4012345.011111.1",
        "https://example.org/",
        "https://example.org/01/abc",
        "lot B17",
        "",
    ],
)
def test_what_is_no_key_stays_as_it_is(text: str) -> None:
    assert canonical(text) == text


def test_long_numbers_do_not_make_two_events_one() -> None:
    """The hash rounds them to doubles, as published; the identity does not."""
    one, other = (
        read_document(_event(f'"ex:weight": "{digits}"')).captured[0]
        for digits in ("12345678901234567890", "12345678901234567891")
    )
    assert one.hash == other.hash
    assert one.identity != other.identity


def test_times_are_rounded_to_thousandths() -> None:
    for text, rounded in {
        "2020-01-01T00:00:59.9995+01:00": "2019-12-31T23:01:00.000Z",
        "2020-01-01T00:00:00.1415Z": "2020-01-01T00:00:00.142Z",
        "2020-01-01T00:00:00Z": "2020-01-01T00:00:00.000Z",
    }.items():
        event = Node("ObjectEvent", "", [Node("eventTime", text)])
        assert prehash(event) == f"eventType=ObjectEventeventTime={rounded}"


def _event(more: str) -> bytes:
    return (
        '{"@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",'
        '{"ex": "https://ex.example/"}], "type": "ObjectEvent", "action": "OBSERVE",'
        '"eventTime": "2024-01-01T00:00:00Z", "eventTimeZoneOffset": "+00:00", "epcList": [],'
        f"{more}}}"
    ).encode()
