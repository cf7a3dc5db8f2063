"""Every application identifier of GS1's dictionary, with its components, both ways."""

from __future__ import annotations

import json
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.kit.identifiers.application_identifiers import (
    ALPHABETS,
    ApplicationIdentifier,
    association_faults,
    table,
)
from holdfast.kit.identifiers.check_digits import check_digit, check_pair, has_check_digit
from holdfast.kit.identifiers.element_string import ElementString
from holdfast.kit.identifiers.elements import Element
from holdfast.kit.identifiers.faults import BadIdentifier

pytestmark = pytest.mark.once
GTIN = "09506000134352"
ROW = re.compile(r"^(\d+)(?:-(\d+))?\s+([*?]+)?\s*(.*?)(?:\s+#\s*(.*))?$")
SPEC = re.compile(r"\[?([NXYZ])(\.\.)?(\d+)\]?")

SAMPLES = {
    "check": lambda text: text[:-1] + check_digit(text[:-1]),
    "pair": lambda text: text[:-2] + check_pair(text[:-2]),
    "day": lambda _: "280229",
    "day0": lambda _: "261200",
    "longday": lambda _: "20261130",
    "time": lambda _: "2359",
    "hour": lambda _: "23",
    "minute": lambda _: "59",
    "country": lambda _: "276",
    "country2": lambda _: "DE",
    "country999": lambda _: "999",
    "currency": lambda _: "978",
    "coupon": lambda _: "0" + "1" * 20,
    "offer": lambda _: "0" + "1" * 20,
    "bit": lambda _: "1",
    "hyphen": lambda _: "-",
    "iban": lambda _: "GB82WEST12345698765432",
    "latitude": lambda _: "0524345678",
    "longitude": lambda _: "1934567890",
    "media": lambda _: "10",
    "nozero": lambda _: "17",
    "package": lambda _: "PX",
    "piece": lambda _: "0102",
    "sequence": lambda _: "1/3",
    "sex": lambda _: "9",
    "winding": lambda _: "9",
    "zero": lambda _: "0",
    "importer": lambda _: "A",
    "nonzero": lambda text: "1" * len(text),
}


def sample(ai: str, *, longest: bool) -> str:
    """A value that fits every component."""
    said = ""
    for one in ApplicationIdentifier.of(ai).components:
        if one.optional and not longest:
            break
        part = ("4" if one.alphabet in "NZ" else "5") * (one.longest if longest else one.shortest)
        if "prefix" in one.checks or "prefix2" in one.checks:
            part = ("4012345" + part * 30)[: max(len(part), 9 if one.shortest == 1 else 0)]
        for check in sorted(one.checks, key=("nondigit", "pair", "check").count):
            if check == "nondigit":
                part = part[:-3] + "A" + part[-2:]
            part = SAMPLES.get(check, lambda text: text)(part)
        if "pair" in one.checks:
            part = SAMPLES["pair"](part)
        said += part
    return said


def dictionary(real_data) -> dict[str, list[tuple[str, bool, int, bool]]]:
    """The components of each identifier, as the dictionary writes them."""
    found = {}
    text = (real_data / "gs1/gs1-syntax-dictionary/gs1-syntax-dictionary.txt").read_text()
    for line in text.splitlines():
        row = ROW.match(line)
        if row is None:
            continue
        first, last, flags, rest, _title = row.groups()
        words = [w for w in rest.split() if "=" not in w and w != "dlpkey"]
        parts = [
            (m[1], bool(m[2]), int(m[3]), word.startswith("["))
            for word in words
            if (m := SPEC.match(word))
        ]
        for number in range(int(first), int(last or first) + 1):
            found[str(number).zfill(len(first))] = (parts, "*" in (flags or ""), rest)
    return found


def test_every_identifier_of_the_dictionary_has_its_components(real_data) -> None:
    wanted = dictionary(real_data)
    assert len(wanted) > 500
    assert set(wanted) == set(table())
    for ai, (parts, predefined, _rest) in wanted.items():
        known = table()[ai]
        ours = [
            (c.alphabet, c.shortest != c.longest, c.longest, c.optional) for c in known.components
        ]
        assert ours == parts, ai
        assert known.predefined == predefined, ai


def test_every_identifier_of_the_dictionary_has_its_checks_and_its_neighbours(real_data) -> None:
    for ai, (_parts, _predefined, rest) in dictionary(real_data).items():
        known = table()[ai]
        linters = [
            w for word in rest.split() if "=" not in word for w in word.rstrip("]").split(",")[1:]
        ]
        assert len([c for one in known.components for c in one.checks]) == len(linters), ai
        needs = re.search(r"req=(\S+)", rest)
        assert [list(group) for group in known.needs] == (
            [group.split("+") for group in needs[1].split(",")] if needs else []
        ), ai
        never = re.search(r"\bex=(\S+)", rest)
        assert list(known.never) == (never[1].split(",") if never else []), ai
        assert (known.qualifiers is not None) == ("dlpkey" in rest), ai


def test_biip_knows_no_identifier_that_we_do_not(real_data) -> None:
    path = "gs1/biip/src/biip/gs1_application_identifiers/_application_identifiers.json"
    entries = json.loads((real_data / path).read_text())
    assert len(entries) > 500
    for entry in entries:
        known = table()[entry["ai"]]
        for longest in (True, False):
            value = sample(entry["ai"], longest=longest)
            assert known.fault(value) is None, (entry["ai"], value)
            assert re.fullmatch(entry["pattern"], entry["ai"] + value), (entry["ai"], value)


@pytest.mark.parametrize("longest", [True, False])
def test_a_value_of_every_identifier_is_read_both_ways(longest: bool) -> None:
    for ai in table():
        value = sample(ai, longest=longest)
        elements = (
            (Element(ai, value), Element("10", "B17")) if ai != "10" else (Element(ai, "B17"),)
        )
        scanned = str(ElementString(elements))
        assert ElementString.parse(scanned).elements == elements, ai
        assert ElementString.parse(ElementString(elements).bracketed).elements == elements, ai


def test_too_long_too_short_and_foreign_characters_are_refused() -> None:
    for ai, known in table().items():
        for wrong in ("", "é" * max(1, known.shortest), sample(ai, longest=True) + "9" * 90):
            assert known.fault(wrong) is not None, (ai, wrong)


def test_neighbours_that_are_missing_or_forbidden_are_told() -> None:
    alone = association_faults((Element("10", "B17"),))
    assert alone == ["(10) BATCH/LOT needs (01) or (02) or (03) or (8006) or (8026) beside it."]
    assert association_faults((Element("01", GTIN), Element("10", "B17"))) == []
    both = (Element("01", GTIN), Element("37", "4"), Element("02", GTIN))
    assert any("must not stand beside" in said for said in association_faults(both))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(01)09506000134353", "check digit 2"),
        ("(04)123", "an application identifier in brackets"),
        ("(17)261331(01)" + GTIN, "a day as YYMMDD"),
        ("(8006)095060001343520201", "a piece from 01 to the total"),
        ("(10)A(10)B", "one value, A"),
        ("(10)Ü", "1 to 20 characters of set 82"),
        ("(422)999", "a country of ISO 3166 in three digits"),
        ("(8007)GB83WEST12345698765432", "an IBAN whose check digits fit"),
        ("(8013)1987654Ad4X4bL5ttr2310c2J", "two check characters that fit"),
        ("010950600013435204999", "an application identifier"),
        ("", "an application identifier"),
        ("x" * 3000, "at most 2000 characters"),
    ],
)
def test_a_fault_says_what_was_expected(text: str, expected: str) -> None:
    with pytest.raises(BadIdentifier) as fault:
        ElementString.parse(text)
    assert fault.value.expected.startswith(expected)


@pytest.mark.parametrize(
    ("text", "lot"),
    [
        (f"]C101{GTIN}10B17", "B17"),
        (f"\x1d01{GTIN}10B17", "B17"),
        (f"]d201{GTIN}10B17\x1d21X", "B17"),
        (f"01{GTIN}10B17<GS>21X", "B17"),
        (f"01{GTIN}10B17\u241d21X", "B17"),
        (f"(01){GTIN}(10)B(04)", "B(04)"),
        (f"(01) {GTIN} (10) B17 ", "B17"),
    ],
)
def test_separators_and_prefixes_as_scanners_send_them(text: str, lot: str) -> None:
    assert ElementString.read(text).value("10") == lot


def test_a_wrong_date_does_not_hide_the_lot() -> None:
    found = ElementString.read(f"(01){GTIN}(17)269999(10)B17")
    assert found.value("10") == "B17"
    assert [fault.what for fault in found.faults] == ["(17) USE BY or EXPIRY"]


@settings(max_examples=150)
@given(st.integers(0, 10**17 - 1), st.sampled_from([7, 11, 12, 13, 17]))
def test_a_check_digit_finds_every_single_wrong_digit(number: int, length: int) -> None:
    digits = str(number).zfill(17)[-length:]
    whole = digits + check_digit(digits)
    assert has_check_digit(whole)
    at = number % length
    wrong = whole[:at] + str((int(whole[at]) + 1 + number % 9) % 10) + whole[at + 1 :]
    assert wrong == whole or not has_check_digit(wrong)


@settings(max_examples=200)
@given(st.text(max_size=120) | st.text("()0123456789\x1d]CdA<>", max_size=120))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        found = ElementString.read(text)
    except BadIdentifier:
        return
    assert all(ai in table() for ai, _ in found.elements)


@settings(max_examples=100)
@given(st.data())
def test_any_elements_survive_printing_and_scanning(data) -> None:
    chance = random.Random(data.draw(st.integers(0, 2**32)))
    ais = chance.sample(sorted(table()), 4)
    elements = []
    for ai in ais:
        one = table()[ai].components[0]
        if len(table()[ai].components) == 1 and not one.checks and one.shortest == 1:
            letters = ALPHABETS[one.alphabet].replace("(", "")
            value = "".join(chance.choices(letters, k=chance.randint(1, one.longest)))
        else:
            value = sample(ai, longest=bool(chance.getrandbits(1)))
        elements.append(Element(ai, value))
    written = ElementString(tuple(elements))
    assert ElementString.parse(str(written)) == written
    assert ElementString.parse(written.bracketed) == written
