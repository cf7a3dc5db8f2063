"""One recall in nine countries, from the first information to the last request to end it.

Every authority is told on its own form or in a letter, out of one fact base; every report that is
due opens itself; every paper leaves the house released by two people; no number contradicts.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from holdfast.config.worker import run_reactions
from holdfast.decision.recalls.actions import record_clock_start, set_legal_profile
from holdfast.ground.evidence.models import EvidenceFile
from holdfast.kit.actors import SYSTEM
from holdfast.kit.filings.frozen import fields_of
from holdfast.kit.filings.letters import letter_id
from holdfast.kit.filings.reading import form as form_named
from holdfast.kit.refusals import Forbidden
from holdfast.response.filings.actions import (
    acknowledge_filing,
    draft_filing,
    explain_contradiction,
    export_filing,
    open_progress_reports,
    propose_filing,
    record_filed,
    release_filing,
    state_fact,
)
from holdfast.response.filings.models import Filing
from holdfast.response.filings.queries import Desk, filing_rows
from tests.response.conftest import NOW, Small
from tests.response.filings.shop import LEAD, SECOND, moved, sold

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
UNITS = {"US": 40, "CA": 12, "DE": 90, "FR": 30, "GB": 21, "AU": 9, "JP": 15, "BR": 6, "CH": 8}

#: Form and country of what is sent in the first days, in the order it is due.
FIRST = [
    ("us_cpsc.initial_report", "US"),
    ("eu_safety_gateway.product_safety_notification", "DE"),
    ("eu_safety_gateway.product_safety_notification", "FR"),
    ("uk_opss.product_safety_notification", "GB"),
    ("ca_health.incident_2_day", "CA"),
    ("au_accc.recall_notification", "AU"),
    ("jp_caa.serious_accident", "JP"),
    ("br_senacon.recall_communication", "BR"),
    ("letter.ch_prsg.art8_5", "CH"),
    ("eu_safety_gateway.accident_report", "DE"),
    ("ca_health.incident_10_day", "CA"),
    ("us_cpsc.full_report", "US"),
    ("us_cpsc.fast_track", "US"),
]
#: Regimes that are asked to end it, each where it applies.
LAST = [
    ("us_cpsc_consumer", "US"), ("ca_ccpsa", "CA"), ("eu_gpsr", "DE"), ("eu_gpsr", "FR"),
    ("uk_gpsr", "GB"), ("au_acl", "AU"), ("jp_cpsa", "JP"), ("br_cdc", "BR"), ("ch_prsg", "CH"),
]  # fmt: skip
#: What the house knows on the first day and no room holds; all else is said to be not known yet.
FACTS = {
    "product_name": "Power bank VL-10K", "brand": "Lumen", "models": "VL-10K", "lots": "B17",
    "defect": "cells overheat while charging", "hazard": "fire",
    "units_made": "1200", "units_on_hand": "0", "incidents": "2", "injuries": "1", "deaths": "0",
    "country_of_origin": "CN", "maker": "Acme Cells, Shenzhen",
    "remedy_plan": "refund in fourteen days",
}  # fmt: skip


@pytest.fixture
def world(small: Small) -> Small:
    """Sold in nine countries; the law was asked, the first facts are told, the recall decided."""
    sold(small, **UNITS)
    set_legal_profile(
        recall=small.recall, categories=["electrical_consumer"], sold_in=list(UNITS),
        roles={"": ["manufacturer", "importer"]}, by=LEAD, now=NOW,
    )  # fmt: skip
    for fact, country, about in (
        ("reportable_information", "", ""),
        ("incident_known", "CA", "smoke, Toronto"),
        ("incident_known", "DE", "burned sleeve, Ulm"),
        ("incident_known", "JP", "burned hand, Osaka"),
        ("determination", "", ""),
        ("decision", "", ""),
        ("action_taken", "", ""),
    ):
        record_clock_start(
            recall=small.recall, fact=fact, at=NOW, zone="UTC", country=country, occurrence=about,
            source="call of 4 May", by=LEAD, now=NOW,
        )  # fmt: skip
    run_reactions(now=NOW)
    for name, value in FACTS.items():
        state_fact(
            recall=small.recall, name=name, value=value, as_of=NOW, source="quality, 4 May",
            by=LEAD, now=NOW,
        )  # fmt: skip
    return small


def drafted(world: Small, form: str, country: str, now: datetime) -> Filing:
    """Begun for the duty it does; the one about an accident for that accident."""
    clocks = world.recall.duty_clocks.filter(country=country)
    clock = clocks.filter(obligation__in=form_named(form).obligations).first()
    return draft_filing(
        recall=world.recall, form=form, country=country,
        occurrence=clock.occurrence if clock else "", by=LEAD, now=now,
    )  # fmt: skip


def answered(world: Small, one: Filing, now: datetime) -> Filing:
    """What no fact says yet is said to be not known, and why; nobody invents it."""
    for field in Desk(world.recall, now).filled(one).missing:
        for want in field.wants:
            state_fact(
                recall=world.recall, name=want, unknown="asked of the maker on 4 May",
                as_of=one.cut_off if one.cut_off_chosen else now, source="quality", filing=one,
                by=LEAD, now=now,
            )  # fmt: skip
    return one


def released(world: Small, one: Filing, now: datetime) -> Filing:
    one = propose_filing(filing=answered(world, one, now), by=LEAD, now=now)
    return release_filing(filing=one, sha256=one.sha256, by=SECOND, now=now)


def sent(world: Small, one: Filing, now: datetime, *, kinds: tuple[str, ...]) -> Filing:
    """Released by two people, written as files, filed, and confirmed by the authority."""
    one = released(world, one, now)
    for kind in kinds:
        name, content, digest = export_filing(filing=one, kind=kind, by=LEAD, now=now)
        assert content, name
        assert EvidenceFile.objects.filter(sha256=digest).exists(), name
    one = record_filed(filing=one, reference=f"{one.country}-{one.number}", by=LEAD, now=now)
    return acknowledge_filing(filing=one, by=LEAD, now=now)


def test_nine_countries_are_told_reported_to_and_asked_to_end_it(world: Small) -> None:
    now = NOW + 3 * HOUR
    for form, country in FIRST:
        sent(world, drafted(world, form, country, now), now, kinds=("pdf", "sheet"))
    run_reactions(now=now)
    told = world.recall.clock_starts.filter(fact="authority_notified", withdrawn_at__isnull=True)
    assert {one.country for one in told} == set(UNITS), "clocks that count from here run"
    met = world.recall.duty_clocks.filter(state="met")
    assert {one.country for one in met} == set(UNITS)
    left = world.recall.duty_clocks.filter(state="running").values_list("country", "obligation")
    assert set(left) == {
        ("BR", "investigation_start"),  # the house's own doing
        ("BR", "risk_notice"),  # goes to consumers
        ("JP", "non_serious"),  # of accidents less serious than this one; has no date
    }, "nothing that an authority is to be told is left"

    for line, units in zip(world.lines, UNITS.values(), strict=True):
        for month in (6, 7):
            at = datetime(2026, month, 20, 9, tzinfo=UTC)
            moved(world, f"line:{line.pk}", "no_answer", "refunded", units // 3, at)
    august = datetime(2026, 8, 10, 9, tzinfo=UTC)
    reports = open_progress_reports(by=SYSTEM, now=august)
    assert [(one.form, one.due_on.isoformat()) for one in reports if one.due_on] == [
        ("us_cpsc.monthly_progress", "2026-06-01"),
        ("us_cpsc.monthly_progress", "2026-07-01"),
        ("us_cpsc.monthly_progress", "2026-08-01"),
        ("br_senacon.attendance_report", "2026-07-03"),
    ]
    for one in reports:
        sent(world, one, august, kinds=("xlsx",))
    third = Filing.objects.get(form="us_cpsc.monthly_progress", period_number=3)
    table = next(f for f in fields_of(third.content) if f["key"] == "corrections")
    assert table["rows"][3] == ["Consumers", "40", "13", "26"], "this period, and since the start"

    for regime, country in LAST:
        form = letter_id(regime, "termination")
        sent(world, drafted(world, form, country, august + DAY), august + DAY, kinds=("pdf",))
    assert open_progress_reports(by=SYSTEM, now=august + 120 * DAY) == [], "it has ended"

    assert Desk(world.recall, august + 2 * DAY).contradictions() == []
    rows = filing_rows(world.recall, at=august + 2 * DAY)
    assert {(row["state"], row["alone"]) for row in rows} == {("acknowledged", False)}
    assert len(rows) == len(FIRST) + len(reports) + len(LAST)


def test_a_planted_contradiction_stops_both_until_somebody_explains_it(world: Small) -> None:
    now = NOW + 3 * HOUR
    first = drafted(world, "us_cpsc.full_report", "US", now)
    first = propose_filing(filing=answered(world, first, now), by=LEAD, now=now)
    state_fact(
        recall=world.recall, name="units_made", value="1450", as_of=now, source="factory",
        by=LEAD, now=now + HOUR,
    )  # fmt: skip
    second = answered(world, drafted(world, "jp_caa.serious_accident", "JP", now), now + HOUR)
    with pytest.raises(Forbidden, match=r"1,200.*1,450"):
        release_filing(filing=first, sha256=first.sha256, by=SECOND, now=now + HOUR)
    with pytest.raises(Forbidden, match=r"1,200.*1,450"):
        propose_filing(filing=second, by=LEAD, now=now + HOUR)
    with pytest.raises(Forbidden, match="only what two people released"):
        export_filing(filing=first, kind="pdf", by=LEAD, now=now + HOUR)

    (found,) = Desk(world.recall, now + HOUR).open_contradictions()
    key, place, one, other = found.mark
    explain_contradiction(
        recall=world.recall, key=key, place=place, one=one, other=other,
        words="The factory found 250 more units of the lot on 5 May.", by=SECOND, now=now + HOUR,
    )  # fmt: skip
    assert release_filing(
        filing=first, sha256=first.sha256, by=SECOND, now=now + HOUR
    ).state == "released"  # fmt: skip
    assert released(world, second, now + HOUR).state == "released"
