"""What rooms say in English is in the catalogues, and the catalogues are compiled and whole."""

from __future__ import annotations

import gettext
import re
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils.translation import gettext as said_by
from django.utils.translation import override

import holdfast
from holdfast.decision.announcements.rules import why_joint
from holdfast.decision.investigations.rules import question_about
from holdfast.decision.recalls.rules import OUTCOMES as OUTCOME_KEYS
from holdfast.doors.desk import spoken, words
from holdfast.doors.desk.hazardwords import hazard_title
from holdfast.doors.desk.ruled import SENTENCES, in_words, reason_in_words
from holdfast.ground.access.permissions import PERMISSIONS, ROLES
from holdfast.kit.matching.catalogue import Catalogue
from holdfast.kit.matching.matcher import match_one
from holdfast.kit.matching.records import Record
from holdfast.kit.risk.eu_grid import SEVERITIES
from holdfast.kit.trace.criteria import KINDS, Criteria, sentences
from holdfast.kit.trace.reasons import reason
from holdfast.kit.trace.values import Certainty, Verdict
from holdfast.learning.drills.rules import STAGES
from holdfast.response.outreach.rules import GATES
from holdfast.response.units.lifecycle import EVIDENCE_WORDS, STATES, Evidence

LOCALE = Path(holdfast.__file__).parent / "locale"
SLOTS = re.compile(r"%\(\w+\)s|%%")


def test_every_word_of_the_rooms_is_known_to_the_screens() -> None:
    states = {state.label for known in STATES.values() for state in known}
    assert states <= set(spoken.UNIT_STATES)
    proofs = {w for kind, w in EVIDENCE_WORDS.items() if kind is not Evidence.SCOPE}
    assert proofs <= set(spoken.EVIDENCE)
    assert {s.name for s in SEVERITIES} | {s.means for s in SEVERITIES} <= set(spoken.SEVERITIES)
    assert {label for label, _goal in STAGES.values()} <= set(spoken.DRILL_STAGES)
    assert set(ROLES.values()) <= set(spoken.ROLES)
    assert set(GATES.values()) == set(spoken.GATES)
    assert {said for said, _roles in PERMISSIONS.values()} == set(spoken.PERMISSIONS)
    assert set(OUTCOME_KEYS) == set(words.OUTCOMES)


@pytest.mark.parametrize("language", ["de", "ar"])
def test_a_translation_keeps_the_slots_of_its_sentence(language: str) -> None:
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    for message in catalogue:
        if message.id and isinstance(message.id, str) and message.string:
            assert sorted(SLOTS.findall(message.id)) == sorted(SLOTS.findall(message.string))


@pytest.mark.parametrize("language", ["de", "ar"])
def test_the_compiled_catalogue_is_that_of_its_source(language: str) -> None:
    folder = LOCALE / language / "LC_MESSAGES"
    with (folder / "django.po").open("rb") as file:
        written = {
            f"{m.context}\x04{m.id}" if m.context else m.id: m.string
            for m in read_po(file, locale=language)
            if isinstance(m.id, str) and m.id
        }
    with (folder / "django.mo").open("rb") as file:
        read = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    compiled = {k: v for k, v in read.items() if isinstance(k, str) and k}
    assert {k: v for k, v in written.items() if v} == compiled


def test_german_says_nearly_everything() -> None:
    with (LOCALE / "de" / "LC_MESSAGES" / "django.po").open("rb") as file:
        messages = [m for m in read_po(file, locale="de") if m.id]
    said = sum(1 for m in messages if (m.string if isinstance(m.string, str) else m.string[0]))
    assert said / len(messages) > 0.9, f"{len(messages) - said} of {len(messages)} are missing"


def test_what_rules_found_is_said_in_the_readers_language() -> None:
    with override("de"):
        assert in_words("It speaks of fire: “spark”.").startswith("Genannt wird: ")
        assert in_words("4 of 4 are wrong: http://x/r does not answer (TimeoutError)") == (
            "4 von 4 stimmen nicht: http://x/r antwortet nicht (TimeoutError)"
        )
        smaller = "“only” lowers the danger in the reader's mind."
        assert in_words(smaller) == "„only“ lässt die Gefahr kleiner wirken."
        question = question_about("Torch", "fire", ["T07"])
        assert in_words(question).startswith("Torch, Charge T07: ")
        assert "Feuer, Rauch, Überhitzung" in in_words(question)
        assert in_words("something new") == "something new"


SLOT = re.compile(r"%\(\w+\)s")


@pytest.mark.parametrize("language", ["de", "ar"])
def test_every_sentence_of_a_rule_is_recognised_by_its_words(language: str) -> None:
    """Filled with numbers, each is said by its own translation and by no other sentence's."""
    with override(language):
        for sentence in SENTENCES:
            told = sentence.replace("%(hazard)s", "fire")
            told = SLOT.sub("7", told)
            said = in_words(told)
            own = SLOT.sub("7", said_by(sentence).replace("%(hazard)s", hazard_title("fire")))
            assert said == own != told, sentence


@pytest.mark.parametrize(
    "told",
    [
        why_joint("number:cpsc:24-1", "", "")[1],
        why_joint("link:cpsc.gov/x", "", "")[1],
        why_joint("code:09521234500018", "", "")[1],
        why_joint("model:acme HK-500", "", "")[1],
        *(
            match.reason
            for recall in (
                Record("a", title="Acme oil heater HK-5000", brand="Acme", model="HK-5000"),
                Record("b", title="Oil heater", codes="9521234500018"),
                Record("c", title="oil heater for rooms"),
                Record("d", title="An oil heater HK-5000 of another maker"),
            )
            for match in match_one(
                recall,
                Catalogue(
                    [
                        Record("1", title="Oil heater HK-5000", brand="Acme", model="HK-5000"),
                        Record("2", title="Oil heater", codes="9521234500018"),
                    ]
                ),
            )
        ),
    ],
)
def test_why_an_announcement_means_a_product_is_said_in_german(told: str) -> None:
    with override("de"):
        assert in_words(told) != told
    with override("en"):
        assert in_words(told) == told
        assert in_words("Both name the trade item 1 (the report prints 01).").endswith(
            "report prints 01)."
        )


NIGHT = date(2026, 3, 9)
RULES = [
    Verdict(Certainty.CONFIRMED, "lot_named"),
    Verdict(Certainty.EXCLUDED, "other_lot_named"),
    Verdict(Certainty.EXCLUDED, "other_product"),
    Verdict(Certainty.CANNOT_RULE_OUT, "no_record"),
    *(
        Verdict(Certainty.PROBABLE, f"{place}_{how}", 0.82, basis, lots, lots[:1])
        for place in ("window", "container")
        for how in ("all", "some", "none")
        for basis in ("count", "picking", "quantity")
        for lots in (("B17",), ("B17", "B18"), tuple(f"B{n}" for n in range(7)))
    ),
    Verdict(Certainty.CANNOT_RULE_OUT, "window_some", 0.001, "picking", ("B1", "B2"), ("B1",)),
]


@pytest.mark.parametrize("language", ["de", "ar"])
def test_why_a_line_is_in_a_scope_is_said_in_every_language(language: str) -> None:
    english = re.compile(r"\b(?:shipped|then|affected|units|lots?|made|taken|than|likely)\b", re.I)
    for verdict, site, on in product(RULES, ("Lyon", ""), (date(2026, 3, 1), None)):
        told = reason(verdict, lot="B17", sku="VL", site=site, day=on)
        told += " Lot B17 is taken for lot b-17. Lot b-17 was made from lot C4, from lot D5."
        with override(language):
            said = reason_in_words(told)
        assert not english.search(said), (told, said)
    told = "The order names lot B17, which is affected. Lot B17 was made from lot C4."
    with override("de"):
        assert reason_in_words(told).endswith("Die Charge B17 wurde aus der Charge C4 gemacht.")
        shipped = (
            "Shipped 1 Mar 2026 from Lyon; only lot B17 was in stock then, and it is affected."
        )
        assert "1 Mär 2026" in reason_in_words(shipped)


@pytest.mark.parametrize("language", ["de", "ar"])
def test_what_a_scope_asks_and_changes_is_said_in_every_language(language: str) -> None:
    for named in (("A",), ("A", "B"), ("A", "B", "C")):
        asked = Criteria(**dict.fromkeys(KINDS, named))
        for told in sentences(asked):
            with override(language):
                assert in_words(told) != told
    for days in ((date(2026, 3, 1), date(2026, 3, 9)), (date(2026, 3, 1), None), (None, NIGHT)):
        (told,) = sentences(Criteria(shipped_from=days[0], shipped_to=days[1]))
        with override(language):
            assert "2026" in in_words(told)
            assert in_words(told) != told
    with override("de"):
        assert in_words("Newly asked: Lot is one of B17 or B18.") == (
            "Neu gefragt: Charge ist B17 oder B18."
        )
        assert in_words("2 lines with 3 units: cannot be ruled out → excluded.") == (
            "2 Zeilen mit 3 Stück: nicht auszuschließen → ausgeschlossen."
        )
        assert in_words("+412 units; 7 people join, 0 leave.").startswith("+412 Stück; 7 Personen")
