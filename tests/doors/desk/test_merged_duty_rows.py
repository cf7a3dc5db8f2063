"""One report that reaches several countries is one row, and nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from holdfast.doors.desk.dutyrows import Row, merged
from holdfast.response.duties.models import DutyClock

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def row(country: str, **given: object) -> Row:
    values: dict[str, object] = {
        "regime": "eu_gpsr",
        "obligation": "art11_8",
        "state": "running",
        "acts_by": NOW,
        **given,
    }
    clock = DutyClock(country=country, **values)
    blank = {"law_url": "", "due": "", "tone": "", "moment": "", "kind": "own", "started": ""}
    return Row(
        clock=clock,
        duty=None,
        url=f"/{country}",
        where=country,
        start_words="",
        owner="lead",
        state="running",
        mark="open",
        **blank,
    )


def test_a_duty_due_at_one_moment_in_three_countries_is_one_row_with_three_places() -> None:
    (only,) = merged([row("DE"), row("FR"), row("SE")])
    assert [url for _name, url in only.places] == ["/DE", "/FR", "/SE"]
    assert only.where == "Germany, France, Sweden"


def test_another_end_another_accident_or_another_law_is_another_row() -> None:
    rows = [
        row("DE"),
        row("FR", acts_by=NOW + timedelta(hours=1)),
        row("SE", occurrence="fire"),
        row("GB", regime="uk_gpsr", obligation="reg9"),
    ]
    assert [one.where for one in merged(rows)] == ["DE", "FR", "SE", "GB"]


def test_a_duty_without_a_moment_is_never_merged() -> None:
    assert len(merged([row("DE", acts_by=None), row("FR", acts_by=None)])) == 2


def test_reports_done_at_one_moment_keep_every_reference() -> None:
    done = {"state": "met", "settled_at": NOW}
    (only,) = merged([row("DE", reference="A-1", **done), row("FR", reference="A-2", **done)])
    assert only.references == ("A-1", "A-2")
