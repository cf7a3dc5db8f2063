"""The journal read by people: sentences, filters, and pages that never count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from holdfast.ground.journal.actions import record
from holdfast.ground.journal.events import Fact
from holdfast.ground.journal.telling import kinds_of, page, place, tell, tell_here
from holdfast.kit.actors import PUBLIC, SYSTEM

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class BridgeCrossed(Fact):
    """A fact that only these tests know."""

    words = "{who} crossed {bridges} ({times} times)"
    who: str
    bridges: tuple[str, ...]
    times: int = 1


def cross(who: str, subject: str = "R-2026-001", day: int = 0, by: object = SYSTEM) -> None:
    with transaction.atomic():
        record(
            BridgeCrossed(who, ("north", "south")),
            by=by,  # type: ignore[arg-type]
            now=NOW + timedelta(days=day),
            subject=subject,
        )


def test_a_fact_is_told_as_its_sentence() -> None:
    assert (
        tell("PersonAdded", {"person": "person:3", "roles": ["lead", "agent"]})
        == "person:3 was added as lead, agent"
    )
    assert tell("PersonAdded", {"person": "person:3"}).endswith("(roles was not recorded)")
    assert (
        tell("NobodyKnows", {"a": [1, None], "b": {"c": True}})
        == 'NobodyKnows: a 1, , b {"c": true}'
    )


def test_a_reader_gets_it_in_their_language_and_what_is_stored_stays() -> None:
    fields = {"person": "person:3", "roles": ["lead", "agent"]}
    with override("de"):
        assert tell("PersonAdded", fields) == "person:3 was added as lead, agent"
        assert tell_here("PersonAdded", fields) == (
            "person:3 wurde hinzugefügt als: Rückrufleitung, Kundendienst"
        )
        assert "(roles wurde nicht festgehalten)" in tell_here("PersonAdded", {"person": "x"})
        # what somebody wrote is not a word of a list, even where it is spelled like one
        said = tell_here("RecallClosed", {"reason": "open"})
        assert said == "Rückruf geschlossen. open"
    with override("ar"):
        said = tell_here("EvidenceErased", {"number": 7, "reason": "B17 (old)"})
        assert "\u2068B17 (old)\u2069" in said  # set apart from the letters around it


def test_braces_in_what_people_wrote_are_only_text() -> None:
    assert tell("PersonAdded", {"person": "{0.__class__}", "roles": []}).startswith("{0.__class__}")


def test_pages_follow_one_another_without_a_gap_or_a_repeat() -> None:
    for number in range(25):
        cross(f"n{number}")
    seen: list[str] = []
    before = None
    while True:
        found = page(subject="R-2026-001", before=before, most=10)
        seen += [each.words for each in found.entries]
        if found.older is None:
            break
        before = found.older
    assert seen == [f"n{n} crossed north, south (1 times)" for n in reversed(range(25))]


def test_every_filter_holds() -> None:
    cross("a")
    cross("b", subject="R-2026-002", day=1)
    cross("c", day=2, by=PUBLIC)

    def words(**by: str) -> list[str]:
        found = page(kind="BridgeCrossed", **by)  # type: ignore[arg-type]
        return [each.words.split()[0] for each in found.entries]

    assert words() == ["c", "b", "a"]
    assert words(subject="R-2026-001") == ["c", "a"]
    assert words(subject="") == []
    assert words(by="public") == ["c"]
    assert words(since="2026-03-03") == ["c", "b"]
    assert words(until="2026-03-03") == ["b", "a"]
    assert words(since="2026-03-03", until="2026-03-03") == ["b"]
    assert page(kind="Nothing").entries == []
    assert "BridgeCrossed" in kinds_of("R-2026-002")


def test_a_page_is_one_query_whatever_the_size() -> None:
    for number in range(60):
        cross(f"n{number}")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page(subject="R-2026-001", most=50)
    assert len(queries) == 1
    assert "COUNT" not in queries[0]["sql"]


@pytest.mark.parametrize("text", ["", "-1", "²", "٣", "1e3", "9" * 19, "9" * 5_000, "1 ", "x"])
def test_what_is_no_index_in_an_address_is_no_index(text: str) -> None:
    assert place(text) is None
    assert place("12") == 12


def test_what_no_entry_can_hold_finds_nothing() -> None:
    cross("a")
    assert page(kind="a\0b").entries == []
    assert page(by="\0").older is None
    assert page(before=10**18 - 1, most=10**6).entries
    assert page(before=0).entries == []
