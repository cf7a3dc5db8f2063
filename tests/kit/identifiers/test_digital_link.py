"""Digital Links, plain and compressed, against words that other implementations write."""

from __future__ import annotations

import gzip
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.kit.identifiers.application_identifiers import table
from holdfast.kit.identifiers.check_digits import CSET_82, check_digit
from holdfast.kit.identifiers.compressed_link import decompressed
from holdfast.kit.identifiers.digital_link import DigitalLink
from holdfast.kit.identifiers.elements import Element
from holdfast.kit.identifiers.faults import BadIdentifier

pytestmark = pytest.mark.once
HOME = "https://id.gs1.org/"

WORDS = {
    "00/998440410914660971": "AN2yxDhfaiaw",
    "01/05412345000013": "AQnYUc1gmg",
    "01/05412345000013/10/ABC123": "AQnYUc1gmiCNV4JG",
    "01/05412345000013/10/ABC123/21/72292641703": "AQnYUc1gmiCNV4JGQhcNT6K6c",
    "01/05412345000013/22/AJY3095721P49/10/ABC123/21/72292641703": (
        "AQnYUc1gmiCNV4JGQhcNT6K6cibQCWN9Pee9tT-PQ"
    ),
    "01/05412345000013/235/8TFV883a904GH%263": "AQnYUc1gmkax7ipGrOHDPC5YNI8hMz",
    "253/3060077601309": "JTLIetaiHYA",
    "255/5678409730535": "JVUqG5hJ5wA",
    "401/0541234537290A41%26GHpp33": "QBl2DVoxZM2jVm3ZOWEFoxTR5HDgzZg",
    "402/21173492661712079": "QCJZyW9mC6Z4",
    "414/5060917510004/254/RP56J920471": "JUa0T-eifdtOO9UFEmlYwv3Q",
    "414/5060917510004/7040/5KFX": "QUSaVjC_dHBAVlCrg",
    "417/5060917510004": "QXSaVjC_dA",
    "8003/04965031954585": "gAMJCAXukTMA",
    "8004/0541234537290A41%26GHpp33/7040/7BVR": "cEB2CqjAAkuwatGLJm0as27JywgtGKaPI4cGbM",
    "8010/0541234537290A41%23GH33/8011/6639047221": "gBCVYNWjFkzaNWbdk5YQWjFHHkM2cAI0xdvpGo",
    "8013/5060917511473062B98T": "gBN05060917511473062B98T",
    "8017/817019610850151481/8019/4003812": "gBe1ajAd9ATDmAGXPRfk",
    "8018/411369833821910265": "gBhbV6rzBENPk",
}
"""What GS1's own toolkit and a second implementation write for the same elements."""

REFUSED = {
    "8006/054123450000130201 in a word": "gAYMBI_bNGwJk",  # the second piece of one
    "8006 and a serial in a word": "IQuGp9FdPAAwYCR-2aNgTI",  # as above
    "a code nobody defined": "4AAAAAAA",
    "a word of an ordinary address": "products",
}
"""Words that are read by others, or look like words, and are refused here."""


@pytest.mark.parametrize(("path", "word"), WORDS.items())
def test_a_link_is_packed_as_others_pack_it_and_unpacked_again(path: str, word: str) -> None:
    plain = DigitalLink.read(HOME + path)
    assert plain.compressed(optimised=False) == HOME + word
    assert str(DigitalLink.read(HOME + word)) == HOME + path
    short = plain.compressed()
    assert len(short) <= len(HOME + word)
    assert str(DigitalLink.read(short)) == HOME + path


@pytest.mark.parametrize("word", REFUSED.values(), ids=REFUSED)
def test_a_word_that_does_not_fit_entirely_is_no_link(word: str) -> None:
    with pytest.raises(BadIdentifier):
        DigitalLink.read(HOME + word)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (HOME + "01/05412345000013/EEarwSM", HOME + "01/05412345000013/10/ABC123"),
        (HOME + "gtin/5412345000013/lot/A?exp=271231", HOME + "01/05412345000013/10/A?17=271231"),
        (
            "http://example.org/AQnYUc1gmiERBhQ0ytiyZuAGOLc1TXgpNWCv1",
            "http://example.org/01/05412345000013/10/ABC%26%2B123?7003=1903061658&k1=v1",
        ),
        (
            HOME + "JAaasHt_dNNt4ADESMALumsUfMAm34",
            HOME + "8003/09421012301014f9804dbf?240=qwe390023",
        ),
        (
            "HTTPS://Shop.example/a/b/01/09506000134352/?3103=000195;x=1",
            "https://Shop.example/a/b/01/09506000134352?3103=000195&x=1",
        ),
    ],
)
def test_links_as_they_are_met_are_read(text: str, plain: str) -> None:
    assert str(DigitalLink.read(text)) == plain


@pytest.mark.parametrize(
    "text",
    [
        "https://shop.example/",
        "https://shop.example/01",
        "https://shop.example/10/B17",
        "https://shop.example/01/09506000134352/21/1/10/B17",  # qualifiers out of order
        "ftp://id.gs1.org/01/09506000134352",
        "https://[::1/01/09506000134352",
        "urn:epc:id:sgtin:4012345.011111.9876",
        "https://id.gs1.org/" + "A" * 3000,
    ],
)
def test_other_addresses_are_none(text: str) -> None:
    with pytest.raises(BadIdentifier):
        DigitalLink.parse(text)


def test_the_anchors_of_the_resolver_are_links(real_data) -> None:
    folder = real_data / "gs1/digital_link_resolver_examples"
    found = set()
    for path in folder.rglob("*.json"):
        found |= set(re.findall(r'"anchor": "(/[^"]+)"', path.read_text()))
    assert len(found) >= 5
    refused = {}
    for anchor in found:
        try:
            assert str(DigitalLink.parse(HOME[:-1] + anchor)) == HOME[:-1] + anchor
        except BadIdentifier as fault:
            refused[anchor] = fault.expected
    assert refused == {}


def test_the_vocabulary_names_no_identifier_that_we_do_not_know(real_data) -> None:
    packed = (real_data / "gs1/webvoc/gs1Voc_v1_16.jsonld.gz").read_bytes()
    named = set(re.findall(r"AI \((\d{2,4})\)", gzip.decompress(packed).decode("utf-8-sig")))
    assert named
    assert named <= set(table())


lots = st.text(CSET_82, min_size=1, max_size=20)


@settings(max_examples=150)
@given(st.integers(0, 10**13 - 1), lots, lots, st.booleans())
def test_any_lot_and_serial_survive_both_forms(
    number: int, lot: str, serial: str, opt: bool
) -> None:
    digits = str(number).zfill(13)
    elements = (
        Element("01", digits + check_digit(digits)),
        Element("10", lot),
        Element("21", serial),
        Element("17", "271231"),
    )
    link = DigitalLink.of(elements, "https://shop.example/x")
    assert DigitalLink.parse(str(link)).elements == elements
    assert DigitalLink.parse(link.compressed(optimised=opt)).elements == elements


@settings(max_examples=200)
@given(st.text("ABCab019-_", min_size=2, max_size=60))
def test_no_word_breaks_the_unpacker(word: str) -> None:
    try:
        elements, _ = decompressed(word)
    except BadIdentifier:
        return
    assert all(ai in table() for ai, _ in elements)


@settings(max_examples=150)
@given(st.text(max_size=80))
def test_no_address_breaks_the_reader(text: str) -> None:
    for address in (text, HOME + text, HOME + "01/" + text, f"http://{text}/01/09506000134352"):
        try:
            DigitalLink.read(address)
        except BadIdentifier:
            continue
