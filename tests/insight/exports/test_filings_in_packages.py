"""Filings in the package: their content under its hash, without people; tampering is named."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from holdfast.ground.journal.models import Entry
from holdfast.insight.exports.evidence import export_evidence
from holdfast.kit.actors import Actor
from holdfast.kit.filings.frozen import ERASED, Frozen
from holdfast.kit.ledger import verify
from holdfast.kit.refusals import Forbidden
from holdfast.response.filings.actions import (
    draft_filing,
    erase_person,
    export_filing,
    propose_filing,
    record_filed,
    release_filing,
    state_fact,
)
from holdfast.response.filings.models import FactStatement, Filing
from tests.decision.conftest import ALONE
from tests.insight.exports.conftest import LATER, Told, behind
from tests.response.filings.shop import SECOND, complete

LETTER = "letter.ch_prsg.art8_5"


@pytest.fixture
def filing(told: Told) -> Filing:
    by = Actor("person:1", "Lea Lead", frozenset({"lead"}), 1)
    state_fact(
        recall=told.recall, name="contact_name", value="Lena Moreau", as_of=LATER, source="desk",
        by=by, now=LATER,
    )  # fmt: skip
    one = draft_filing(recall=told.recall, form=LETTER, country="CH", by=by, now=LATER)
    one = propose_filing(
        filing=complete(SimpleNamespace(recall=told.recall), one), by=by, now=LATER
    )  # type: ignore[arg-type]
    one = release_filing(filing=one, sha256=one.sha256, by=SECOND, now=LATER)
    export_filing(filing=one, kind="csv", by=by, now=LATER)
    return record_filed(filing=one, reference="SECO 12/26", by=by, now=LATER)


def export(path: Path) -> dict[str, Any]:
    return export_evidence(out=path, recall="R-2026-001", by=ALONE)


def test_a_filing_is_in_the_package_and_names_nobody(filing: Filing, tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    assert export(path)["faults"] == []
    assert verify.verify(str(path), None)["ok"]
    with zipfile.ZipFile(path) as archive:
        content = archive.read(f"texts/{filing.sha256}.json").decode()
        records = [archive.read(n).decode() for n in ("filings.csv", "facts.csv", "words.txt")]
    assert json.loads(content)["form"] == LETTER
    assert "SECO 12/26" in records[0]
    assert not any("Lena Moreau" in text for text in (content, *records))


def test_a_person_is_erased_from_filings_and_no_hash_breaks(filing: Filing, tmp_path: Path) -> None:
    recall, by = filing.recall, {"by": ALONE, "now": LATER}
    with pytest.raises(Forbidden):
        erase_person(recall=recall, words="Lena Moreau", reason="asked", by=SECOND, now=LATER)
    done = erase_person(recall=recall, words="lena  MOREAU", reason="she asked", **by)
    assert (done.statements, done.fields, done.remains) == (1, 1, ())
    filing.refresh_from_db()
    assert ERASED in json.dumps(Frozen(filing.content, filing.personal).whole)
    for model in (FactStatement, Filing):
        assert "Lena" not in json.dumps(list(model.objects.values()), default=str)
    assert not Entry.objects.filter(payload__contains="Lena").exists()
    path = tmp_path / "p.zip"
    assert export(path)["faults"] == []
    assert verify.verify(str(path), None)["ok"]
    state_fact(
        recall=recall, name="intended_use", value="Lena Moreau saw it melt", as_of=LATER,
        source="desk", **by,
    )  # fmt: skip
    left = erase_person(recall=recall, words="Lena Moreau", reason="she asked", **by).remains
    assert left == (f"fact intended_use of {LATER:%Y-%m-%d}",)


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("UPDATE filings_filing SET reference = 'other'", "filing R-2026-001 F-1 v1"),
        ("UPDATE filings_filing SET released_by = 'person:7'", "filing R-2026-001 F-1 v1"),
        ("UPDATE filings_filing SET content = '{}'", "R-2026-001 filing F-1 v1"),
        ("UPDATE filings_factstatement SET key = 'lots'", "stated fact R-2026-001 1"),
        ("UPDATE filings_factstatement SET source = 'nowhere'", "stated fact R-2026-001 1"),
        ("DELETE FROM filings_factstatement", "stated fact R-2026-001 1"),
    ],
)
def test_what_was_changed_behind_the_journal_is_named(
    filing: Filing, tmp_path: Path, sql: str, named: str
) -> None:
    assert behind(sql) >= 1
    told = [str(fault.get("record")) for fault in export(tmp_path / "p.zip")["faults"]]
    assert any(one.startswith(named) for one in told), told
