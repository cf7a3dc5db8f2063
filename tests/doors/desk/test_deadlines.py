"""The deadlines of a recall at the desk: asked, told, late, done; and where every rule stands."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from icalendar import Calendar

from holdfast.config.worker import run_reactions
from holdfast.decision.recalls.actions import open_recall, record_clock_start, set_legal_profile
from holdfast.decision.recalls.models import ClockStart, Recall
from holdfast.decision.recalls.queries import clock_starts
from holdfast.ground.journal.models import Entry
from holdfast.kit.actors import Actor
from holdfast.kit.regimes.law import Obligation, Regime
from holdfast.kit.regimes.places import UNIONS
from holdfast.kit.regimes.reading import versions
from holdfast.response.duties.actions import escalate_duties, rework_clocks
from holdfast.response.duties.models import CalendarLink, CounselConfirmation, DutyClock
from holdfast.response.duties.queries import clock_named

LONG_AGO = datetime(2026, 1, 20, 14, 0, tzinfo=UTC)  # before any request of a test


@pytest.fixture
def asked(owner: Actor) -> Recall:
    """A recall of toys sold in the US, of which the law was asked; nothing reported yet."""
    recall = open_recall(
        outcome="choking", products=("VL-10K",), known_at=LONG_AGO, by=owner, now=LONG_AGO
    )
    set_legal_profile(
        recall=recall,
        categories=["toys"],
        sold_in=["US"],
        roles={"": ["importer"]},
        by=owner,
        now=LONG_AGO,
    )
    run_reactions(now=LONG_AGO)
    return recall


def text_of(answer: object) -> str:
    body = answer.content.decode()  # type: ignore[attr-defined]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def at(recall: Recall) -> str:
    return f"/recalls/{recall.ref}/deadlines/"


def report(recall: Recall) -> DutyClock:
    return clock_named(recall, "us_cpsc_consumer.s15b_initial")


def test_before_the_law_is_asked_no_page_says_that_there_are_no_duties(
    desk: Client, owner: Actor
) -> None:
    recall = open_recall(outcome="fire", products=("VL-10K",), by=owner, now=LONG_AGO)
    page = text_of(desk.get(at(recall)))
    assert "nobody can say which duties there are" in page
    assert "no country yet · no kind of product yet · no role yet" in page
    desk.post(
        at(recall),
        {"step": "profile", "category": ["toys"], "role": ["importer"], "sold_in": "US, QQ"},
    )
    page = text_of(desk.get(at(recall)))
    assert "Report to the CPSC" in page
    assert "No data is not no duty" in page
    assert "No law of QQ for toys is in the data" in page


def test_a_fact_told_with_its_zone_starts_the_clock_and_is_said(
    desk: Client, asked: Recall
) -> None:
    page = text_of(desk.get(at(asked)))
    assert "There was reason to believe that a report is due" in page
    told = {
        "step": "fact",
        "fact": "reportable_information",
        "at": "2026-01-20T10:00",
        "zone": "America/New_York",
        "known_by": "quality",
    }
    answer = desk.post(at(asked), told)
    assert answer.status_code == 302
    assert report(asked).due_at == datetime(2026, 1, 21, 15, 0, tzinfo=UTC)
    page = text_of(desk.get(at(asked)))
    assert "Wed 21 Jan, 10:00 Washington" in page
    assert "late" in page
    assert "moved from" in page
    assert "because: There was reason to believe that a report is due" in page
    strip = text_of(desk.get(f"/recalls/{asked.ref}/"))
    assert "Report to the CPSC (US) · Wed 21 Jan, 10:00 Washington" in strip


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"at": "2026-01-20"}, "is a day without a time"),
        ({"zone": ""}, "is a time without a zone"),
        ({"zone": "Chicago"}, "is no time zone"),
        ({"at": "2026-03-08T02:30", "zone": "America/New_York"}, "was never shown by clocks"),
        ({"fact": "heard"}, "No clock counts from"),
        ({"country": "QQQ"}, "is no country code"),
    ],
)
def test_a_fact_that_cannot_be_meant_is_refused_and_stays_typed(
    desk: Client, asked: Recall, given: dict[str, str], words: str
) -> None:
    told = {"step": "fact", "fact": "decision", "at": "2026-01-20T10:00", "zone": "UTC", **given}
    before = ClockStart.objects.count()
    answer = desk.post(at(asked), told)
    assert answer.status_code in (400, 404)
    assert words in text_of(answer)
    assert ClockStart.objects.count() == before


def test_a_fact_in_the_future_and_a_contradiction_are_said(desk: Client, asked: Recall) -> None:
    told = {"step": "fact", "fact": "determination", "at": "2099-01-01T10:00", "zone": "UTC"}
    desk.post(at(asked), told)
    assert "determination lies in the future" in text_of(desk.get(at(asked)))
    desk.post(at(asked), {**told, "at": "2020-01-01T10:00"})
    assert "one of the two is wrong" in text_of(desk.get(at(asked)))


def test_the_decision_page_lists_the_soonest_deadlines(desk: Client, asked: Recall) -> None:
    told = {
        "step": "fact",
        "fact": "reportable_information",
        "at": "2026-01-20T10:00",
        "zone": "America/New_York",
        "known_by": "quality",
    }
    decision = f"/recalls/{asked.ref}/decision/"
    assert "21 Jan, 10:00 Washington" not in text_of(desk.get(decision))
    desk.post(at(asked), told)
    page = text_of(desk.get(decision))
    assert "Report to the CPSC" in page
    assert "21 Jan, 10:00 Washington" in page


def test_overdue_says_what_to_do_now_and_stands_in_the_inbox(
    desk: Client, asked: Recall, owner: Actor
) -> None:
    record_clock_start(
        recall=asked, fact="reportable_information", at=LONG_AGO, by=owner, now=LONG_AGO
    )
    rework_clocks(recall=asked, by=owner, now=LONG_AGO)
    escalate_duties(by=owner, now=LONG_AGO + timedelta(days=9))
    page = text_of(desk.get(at(asked)))
    assert "Do it now with what you know, say in it why it is late" in page
    inbox = text_of(desk.get("/inbox/"))
    assert "Deadlines that come near" in inbox
    assert "Report to the CPSC" in inbox


def test_a_duty_shows_its_law_and_is_settled_owned_and_limited(desk: Client, asked: Recall) -> None:
    clock = report(asked)
    address = f"{at(asked)}{clock.pk}/"
    page = text_of(desk.get(address))
    for words in (
        "15 USC 2064(b); 16 CFR 1115.12-.14",
        "SaferProducts.gov Business Portal",
        "names and addresses of the manufacturer",
        "immediately",
        "America/New_York · US · holidays",
    ):
        assert words in page, words
    assert "https://www.ecfr.gov/current/title-16/section-1115.14" in (
        desk.get(address).content.decode()
    )
    desk.post(address, {"step": "owner", "owner": "legal"})
    assert report(asked).owner == "legal"
    refused = desk.post(address, {"step": "met", "reference": " "})
    assert "Nothing shows that it was done" in text_of(refused)
    refused = desk.post(address, {"step": "limit", "at": "2099-01-01T10:00", "zone": ""})
    assert "is a time without a zone" in text_of(refused)
    desk.post(address, {"step": "limit", "at": "2026-01-25T10:00", "zone": "Europe/Berlin"})
    assert report(asked).acts_by == datetime(2026, 1, 25, 9, 0, tzinfo=UTC)
    desk.post(address, {"step": "met", "reference": "SP-17", "told": "1"})
    assert report(asked).state == "met"
    assert any(one.fact == "authority_notified" for one in clock_starts(asked))
    assert "SP-17" in text_of(desk.get(at(asked)))
    desk.post(address, {"step": "reopen", "reason": "wrong case"})
    assert report(asked).state != "met"


def test_one_notification_settles_the_duty_of_every_country(desk: Client, owner: Actor) -> None:
    recall = open_recall(outcome="fire", products=("X",), by=owner, now=LONG_AGO)
    profile = {"step": "profile", "category": ["toys"], "role": ["importer"], "sold_in": "DE,FR,PL"}
    desk.post(at(recall), profile)
    first = recall.duty_clocks.filter(country="DE", regime="eu_gpsr").order_by("pk")[0]
    same = recall.duty_clocks.filter(regime=first.regime, obligation=first.obligation)
    assert same.count() == 3
    desk.post(f"{at(recall)}{first.pk}/", {"step": "met", "reference": "SBG-1", "also": "1"})
    assert set(same.values_list("state", "reference")) == {("met", "SBG-1")}


def test_a_calendar_reads_the_deadlines_by_a_secret_that_can_be_revoked(
    desk: Client, asked: Recall, client: Client
) -> None:
    file = desk.get(f"/recalls/{asked.ref}/deadlines.ics")
    assert file["Content-Type"].startswith("text/calendar")
    answer = desk.post(at(asked), {"step": "link", "label": "legal"}, follow=True)
    found = re.search(r"/calendar/([\w-]{32})\.ics", text_of(answer))
    assert found
    link = CalendarLink.objects.get()
    assert found[1] not in str(vars(link))
    assert found[1] not in "".join(Entry.objects.values_list("payload", flat=True))
    stranger = Client(REMOTE_ADDR="203.0.113.9", HTTP_HOST="localhost")
    entries = Entry.objects.count()
    feed = stranger.get(f"/calendar/{found[1]}.ics")
    assert feed.status_code == 200
    events = Calendar.from_ical(feed.content).walk("VEVENT")
    assert events
    assert all(str(one["summary"]).endswith(asked.ref) for one in events)
    assert [one["uid"] for one in events] == [
        one["uid"] for one in Calendar.from_ical(file.content).walk("VEVENT")
    ]
    assert Entry.objects.count() == entries
    assert found[1] not in text_of(desk.get(at(asked)))
    desk.post(at(asked), {"step": "unlink", "link": str(link.pk)})
    for address in (f"/calendar/{found[1]}.ics", "/calendar/nothing.ics"):
        assert stranger.get(address).status_code == 404


def unread() -> tuple[Regime, Obligation]:
    """A duty of one country that nobody has read in the text yet."""
    return next(
        (law, duty)
        for law in versions()
        for duty in law.obligations
        if duty.confidence != "verified" and law.jurisdiction not in UNIONS and law.valid_to is None
    )


def test_what_counsel_confirmed_stands_instead_of_the_doubt(desk: Client, owner: Actor) -> None:
    law, found = unread()
    recall = open_recall(outcome="fire", products=("X",), by=owner, now=LONG_AGO)
    desk.post(
        at(recall),
        {
            "step": "profile",
            "category": [(found.categories or law.categories)[0]],
            "role": [found.who[0]],
            "sold_in": law.jurisdiction,
        },
    )
    address = f"{at(recall)}{clock_named(recall, f'{law.id}.{found.id}').pk}/"
    assert "to be confirmed by counsel" in text_of(desk.get(address))
    given = {
        "step": "confirm",
        "statement": found.id,
        "confirmed_by": "Dr. Recht",
        "confirmed_on": "2026-01-21",
        "source": "the gazette",
        "value_read": "as the data says",
    }
    refused = desk.post(f"/law/{law.id}/", {**given, "confirmed_on": "soon"})
    assert "is no day" in text_of(refused)
    desk.post(f"/law/{law.id}/", given)
    page = text_of(desk.get(address))
    assert "confirmed by Dr. Recht, 21 Jan 2026" in page
    assert "to be confirmed by counsel" not in page
    kept = CounselConfirmation.objects.get()
    desk.post(f"/law/{law.id}/", {"step": "withdraw", "confirmation": str(kept.pk)})
    assert "to be confirmed by counsel" in text_of(desk.get(address))


def test_a_changed_law_names_the_open_recalls_and_is_worked_out_anew(
    desk: Client, asked: Recall
) -> None:
    assert "A changed law touches open duties" not in text_of(desk.get("/law/"))
    DutyClock.objects.filter(obligation="s15b_initial").update(law="0" * 32)
    page = text_of(desk.get("/law/"))
    assert "A changed law touches open duties" in page
    assert f"{asked.ref} · Report to the CPSC (US)" in page
    assert "law of 1 open duty differently now" in text_of(desk.get(at(asked)))
    desk.post(at(asked), {"step": "rework"})
    assert "A changed law touches open duties" not in text_of(desk.get("/law/"))


def test_what_is_missing_is_shown_as_missing(desk: Client) -> None:
    page = text_of(desk.get("/law/?category=tobacco"))
    assert "no law in the data" in page
    assert "there may be duties all the same" in page
    assert desk.get("/law/?category=spaceships").status_code == 404
    assert desk.get("/law/mars/").status_code == 404


def citations(law: Regime) -> set[str]:
    """Every citation and source address of one law."""
    said = {law.counting.citation, *law.reference}
    for duty in law.obligations:
        said |= {duty.citation}
        said |= {one.citation for one in duty.deadline.variants}
        said |= {one.citation for one in duty.deadline.at_latest}
    said |= {one.citation for one in law.statements.values()}
    return {" ".join(one.split()) for one in said if one}


@pytest.mark.parametrize("law", versions(), ids=lambda law: law.id)
def test_every_citation_and_source_is_on_the_page_of_its_law(desk: Client, law: Regime) -> None:
    answer = desk.get(f"/law/{law.id}/")
    page, raw = text_of(answer), unescape(answer.content.decode())
    assert {one for one in citations(law) if one not in page} == set()
    assert {one.url for one in law.sources if one.url and one.url not in raw} == set()
    assert {one.title for one in law.sources if " ".join(one.title.split()) not in page} == set()
