"""A message is kept outside the journal; its facts are read against the own catalogue."""

from __future__ import annotations

import pytest

from holdfast.decision.intake.actions import record_signal
from holdfast.decision.intake.queries import read_message
from holdfast.ground.journal.models import Entry
from holdfast.kit.refusals import NotPermitted
from tests.decision.conftest import ALONE, NOW, VIEWER

MAIL = b"From: Ana <ana@supplier.example>\n\nThe vl-10k of lot B17 overheats. Made 3 March.\n"


def test_the_text_stays_outside_the_journal(shop):
    shop.product("VL-10K")
    letter, reading = read_message(MAIL, now=NOW)
    signal = record_signal(letter=letter, reading=reading, by=ALONE, now=NOW)
    entry = Entry.objects.get(kind="SignalRecorded")
    assert "supplier.example" not in entry.payload
    assert "product: VL-10K" in entry.payload
    assert "ana@supplier.example" in signal.sender
    assert [f["value"] for f in signal.facts["read"] if f["kind"] == "lot"] == ["B17"]


def test_a_day_without_a_year_is_of_this_year(shop):
    _, reading = read_message(MAIL, now=NOW)
    assert reading.values("made") == ("2026-03-03..2026-03-03",)


def test_a_viewer_records_nothing(shop):
    letter, reading = read_message(MAIL, now=NOW)
    with pytest.raises(NotPermitted):
        record_signal(letter=letter, reading=reading, by=VIEWER, now=NOW)
