"""What an authority takes back or replaces is matched no more, and is marked, in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from holdfast.config.worker import run_reactions
from holdfast.connectors.cap.alerts import SHAPE
from holdfast.decision.announcements.actions import import_announcements, refuse_match, reopen_match
from holdfast.decision.announcements.models import Announcement, CatalogueMatch
from holdfast.decision.announcements.queries import match_counts, open_matches
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.kit.announcements import read_answer
from holdfast.supply.catalog.models import Product

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 14, 8, 5, tzinfo=UTC)
LEAD = Actor("person:1", "Lea Lead", frozenset({"lead"}), 1)
Bring = Callable[..., dict[str, object]]


def alert(number: str, kind: str = "Alert", refers: str = "", sender: str = "s@e.org") -> str:
    info = (
        "<info><event>Recall</event><headline>Warmo HX4000</headline>"
        "<description>burns, UPC 708953602028</description></info>"
    )
    return (
        '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
        f"<identifier>{number}</identifier><sender>{sender}</sender>"
        "<sent>2026-01-02T03:04:05-00:00</sent><status>Actual</status>"
        f"<msgType>{kind}</msgType><scope>Public</scope>"
        + (f"<references>{refers}</references>" if refers else "")
        + ("" if kind == "Cancel" else info)
        + "</alert>"
    )


def take(tmp_path: Path, *alerts: str) -> dict[str, object]:
    file = tmp_path / "cap.xml"
    file.write_text(f"<feed>{''.join(alerts)}</feed>")
    done = import_announcements(path=file, source="cap", authority="OPSS", by=LEAD, now=NOW)
    return done.as_json()


@pytest.fixture
def bring(tmp_path: Path) -> Bring:
    Product.objects.create(code="W1", code_key="w1", title="Warmo HX4000", gtin="00708953602028")

    def bring(*alerts: str) -> dict[str, object]:
        done = take(tmp_path, *alerts)
        run_reactions(now=NOW)
        assert done["rows"] == done["imported"] + done["merged"] + done["rejected"]  # type: ignore[operator]
        return done

    return bring


def states() -> dict[str, str]:
    rows = CatalogueMatch.objects.select_related("announcement")
    return {row.announcement.number: row.state for row in rows}


REF = "s@e.org,a-1,2026-01-02T03:04:05-00:00"


def test_a_cancel_takes_back_and_what_was_seen_is_marked(bring: Bring) -> None:
    bring(alert("a-1"), alert("a-2"))
    assert states() == {"a-1": "open", "a-2": "open"}
    done = bring(alert("c-1", "Cancel", REF))
    assert (done["withdrawn"], done["superseded"], done["imported"]) == (1, 0, 1)
    assert states() == {"a-1": "withdrawn", "a-2": "open"}, "nothing is deleted"
    assert match_counts()["withdrawn"] == 1
    (gone,) = open_matches("withdrawn")
    assert gone.announcement.is_withdrawn
    assert gone.because == "withdrawn by the authority: c-1"
    assert not Announcement.objects.filter(needs_matching=True).exists()
    fact = Entry.objects.get(kind="AnnouncementsEnded")
    assert (fact.fields["withdrawn"], fact.fields["matches"]) == (1, 1)
    assert bring(alert("c-1", "Cancel", REF))["withdrawn"] == 0, "the same again is no news"
    assert bring(alert("a-1"))["merged"] == 1
    assert states()["a-1"] == "withdrawn"
    reopen_match(match=gone, by=LEAD, now=NOW)
    assert {one.announcement.number for one in open_matches()} == {"a-1", "a-2"}


def test_an_update_replaces_and_a_later_cancel_ends_both(bring: Bring) -> None:
    bring(alert("u-1", "Update", REF))  # the one it replaces comes afterwards
    assert bring(alert("a-1"))["superseded"] == 1
    assert states() == {"u-1": "open"}
    both = f"{REF}\n s@e.org,u-1,2026-01-02T03:04:05-00:00"
    assert bring(alert("c-1", "Cancel", both))["withdrawn"] == 2
    assert states() == {"u-1": "withdrawn"}
    assert all(one.is_withdrawn for one in Announcement.objects.exclude(number="c-1"))
    bring(alert("u-2", "Update", "s@e.org,u-3,x"), alert("u-3", "Update", "s@e.org,u-2,x"))
    assert Announcement.objects.filter(number__in=("u-2", "u-3"), ended_by=None).count() == 1


def test_what_a_person_decided_stays_and_only_the_named_sender_is_meant(bring: Bring) -> None:
    bring(alert("a-1"))
    refuse_match(match=CatalogueMatch.objects.get(), because="another model", by=LEAD, now=NOW)
    bring(alert("c-0", "Cancel", "other@e.org,a-1,2026-01-02T03:04:05-00:00"))
    assert not Announcement.objects.get(number="a-1").is_withdrawn
    bring(alert("c-1", "Cancel", "a-1"))  # by its number alone, as some write it
    assert Announcement.objects.get(number="a-1").is_withdrawn
    row = CatalogueMatch.objects.get()
    assert (row.state, row.because) == ("not_ours", "another model")


def test_an_answer_to_an_alert_is_none_itself(tmp_path: Path) -> None:
    for kind in ("Ack", "Error"):
        (tmp_path / "a.xml").write_text(alert("k-1", kind, REF))
        answer = read_answer(tmp_path / "a.xml", SHAPE)
        assert (len(answer.unread), answer.recalls) == (1, [])


def test_one_more_message_asks_as_much_after_a_long_history_as_after_a_short_one(
    bring: Bring, tmp_path: Path
) -> None:
    def asked(number: str, *more: str) -> int:
        bring(*more, alert(f"a-{number}"))
        with CaptureQueriesContext(connection) as queries:
            take(tmp_path, alert(f"c-{number}", "Cancel", f"s@e.org,a-{number},x"))
            take(tmp_path, alert(f"n-{number}"))
        return len(queries)

    first = asked("1")
    history = [alert(f"h-{n}", ("Update", "Cancel")[n % 2], f"s@e.org,g-{n},x") for n in range(40)]
    assert asked("2", *history) <= first


def test_whatever_comes_first_the_same_ones_are_ended_by_the_same(tmp_path: Path) -> None:
    alerts = (
        alert("a-1") + alert("u-2", "Update", "other@e.org,a-1,x"),
        alert("u-1", "Update", REF),
        alert("c-1", "Cancel", f"u-9 a-1 {REF} s@e.org,u-1,x"),  # u-9 never comes
    )
    for order in permutations(alerts):
        with transaction.atomic():
            for one in order:
                take(tmp_path, one)
            rows = Announcement.objects.exclude(ended_by=None).select_related("ended_by")
            found = {row.number: row.ended_by.number for row in rows if row.ended_by}
            assert found == {"a-1": "c-1", "u-1": "c-1"}, order
            transaction.set_rollback(True)


def test_a_changed_message_takes_back_what_it_names_now(bring: Bring) -> None:
    bring(alert("a-1"), alert("a-2"), alert("c-1", "Cancel", "s@e.org,a-3,x"))
    assert bring(alert("c-1", "Cancel", "s@e.org,a-2,x"))["withdrawn"] == 1
    assert states() == {"a-1": "open", "a-2": "withdrawn"}
    assert bring(alert("a-3"))["withdrawn"] == 0, "it is named no more"
