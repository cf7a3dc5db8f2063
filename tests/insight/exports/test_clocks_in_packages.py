"""Facts and duties in the package: who knew stays in the house; what was changed is named."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from holdfast.decision.recalls.actions import (
    record_clock_start,
    set_legal_profile,
    withdraw_clock_start,
)
from holdfast.insight.exports.evidence import export_evidence
from holdfast.response.duties.actions import (
    confirm_law,
    reopen_duty,
    rework_clocks,
    set_house_target,
    settle_duty,
)
from holdfast.response.duties.models import DutyClock
from holdfast.response.duties.queries import clock_named
from tests.decision.conftest import ALONE
from tests.insight.exports.conftest import LATER, Told, behind

WHO = "Anna Schmidt of quality"
COUNSEL = "Marianne Fabre, avocate"


@pytest.fixture
def clocks(told: Told) -> DutyClock:
    """Facts told, corrected and taken back; duties met, waived, opened again, limited."""
    recall, by = told.recall, {"by": ALONE, "now": LATER}
    set_legal_profile(
        recall=recall, categories=["toys"], sold_in=["US"], roles={"": ["importer"]}, **by
    )
    for hours in (3, 2):
        record_clock_start(
            recall=recall,
            fact="reportable_information",
            at=LATER - timedelta(hours=hours),
            known_by=WHO,
            **by,
        )
    start = record_clock_start(recall=recall, fact="officer_knew", at=LATER, **by)
    withdraw_clock_start(clock_start=start, reason="another officer", **by)
    rework_clocks(recall=recall, because="facts were told", **by)
    report = clock_named(recall, "us_cpsc_consumer.s15b_initial")
    set_house_target(clock=report, at=LATER + timedelta(hours=5), **by)
    choking = clock_named(recall, "us_cpsc_consumer.s102_choking")
    settle_duty(clock=choking, state="not_applicable", reason="no small parts", **by)
    suits = clock_named(recall, "us_cpsc_consumer.s37_settled_suits")
    settle_duty(clock=suits, state="met", reference="letter", **by)
    reopen_duty(clock=suits, reason="another firm", **by)
    for regime, obligation in (
        ("us_cpsc_consumer", "s15b_initial"),
        ("jp_cpsa", "serious_accident"),
    ):
        confirm_law(
            regime=regime, obligation=obligation, confirmed_by=COUNSEL, confirmed_on=LATER.date(),
            source="16 CFR 1115.14", value_read="24 hours", **by,
        )  # fmt: skip
    return settle_duty(clock=report, state="met", reference="SP-17", is_told=True, **by)


def export(path: Path) -> dict[str, Any]:
    return export_evidence(out=path, recall="R-2026-001", by=ALONE)


def test_facts_and_duties_are_in_the_package_without_who_knew(
    clocks: DutyClock, tmp_path: Path
) -> None:
    path = tmp_path / "p.zip"
    assert export(path)["faults"] == []
    with zipfile.ZipFile(path) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        duties = list(csv.DictReader(io.StringIO(archive.read("duties.csv").decode())))
        read = archive.read("law_confirmations.csv").decode()
    assert WHO.encode() not in everything
    assert COUNSEL.encode() not in everything
    (confirmed,) = csv.DictReader(io.StringIO(read))  # that of a law this recall stands on
    assert (confirmed["obligation"], confirmed["value_read"]) == ("s15b_initial", "24 hours")
    by_name = {row["obligation"]: row for row in duties}
    assert by_name["s15b_initial"]["reference"] == "SP-17"
    assert by_name["s102_choking"]["reason"] == "no small parts"
    assert by_name["s15b_initial"]["versions"]


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        (
            "UPDATE recalls_clockstart SET at = '2026-04-01T00:00:00+00:00'"
            " WHERE fact = 'reportable_information'",
            "fact R-2026-001",
        ),
        (
            "UPDATE recalls_clockstart SET withdrawn_at = NULL WHERE fact = 'officer_knew'",
            "fact R-2026-001",
        ),
        ("DELETE FROM recalls_clockstart WHERE fact = 'officer_knew'", "fact R-2026-001"),
        (
            "UPDATE duties_dutyclock SET reference = 'SP-99' WHERE state = 'met'",
            "duty R-2026-001 us_cpsc_consumer.s15b_initial US",
        ),
        (
            "UPDATE duties_dutyclock SET state = 'superseded' WHERE state = 'waiting'",
            "duty R-2026-001 us_cpsc_consumer",
        ),
        (
            "UPDATE duties_dutyclock SET acts_by = '2030-01-01T00:00:00+00:00'"
            " WHERE obligation = 's15b_investigation'",
            "duty R-2026-001 us_cpsc_consumer.s15b_investigation US",
        ),
    ],
)
def test_what_was_changed_behind_the_journal_is_named(
    clocks: DutyClock, tmp_path: Path, sql: str, named: str
) -> None:
    assert behind(sql) >= 1
    told = [str(fault.get("record")) for fault in export(tmp_path / "p.zip")["faults"]]
    assert any(one.startswith(named) for one in told), told
