"""EPCIS documents come in once, refused ones leave the others be, and the trace follows."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from holdfast.ground.journal.models import Entry
from holdfast.kit.epcis.derive import derive
from holdfast.kit.refusals import NotPermitted, Unreadable
from holdfast.supply.traceability.actions import import_epcis
from holdfast.supply.traceability.actions.epcis import EpcisOutcome
from holdfast.supply.traceability.queries import epcis_store, trace_log
from tests.kit.epcis.build import LOTS, amount, document, lgtin, made, objects, packed, sscc
from tests.supply.traceability.conftest import LEAD, NOW, VIEWER, Held

pytestmark = pytest.mark.django_db

P1 = "040123450000000016"
Bring = Callable[..., EpcisOutcome]


def told() -> list[dict[str, Any]]:
    entries = Entry.objects.filter(kind="DocumentsImported").order_by("index")
    return [json.loads(entry.payload) for entry in entries]


@pytest.fixture
def bring(tmp_path: Path, home: Path) -> Bring:
    def bring(*documents: bytes, now: datetime = NOW, **more: Any) -> EpcisOutcome:
        paths = []
        for number, data in enumerate(documents):
            path = tmp_path / f"{number}.jsonld"
            path.write_bytes(data)
            paths.append(path)
        return import_epcis(paths=paths, by=LEAD, now=now, **more)

    return bring


def test_events_become_rows_and_importing_twice_changes_nothing(bring: Bring, held: Held) -> None:
    data = document(
        packed("01T10", sscc(1), lgtin("A")),
        made("01T08", [amount("R", 5, "KGM")], [amount("A", 100)]),
        objects("02T10", "shipping", sscc(1)),
    )
    first = bring(data)
    assert first.as_json()["documents"] == [
        {
            "file": first.documents[0].file,
            "events": 3,
            "imported": 3,
            "merged": 0,
            "rejected": 0,
            "refused": None,
        }
    ]
    assert first.tables["packings"] == {"rows": 1, "imported": 1, "merged": 0, "rejected": 0}
    (stay,) = held("packings")
    assert stay[:2] == (P1, LOTS + "A")
    assert len(held("transformations")) == len(held("shipments")) == 1
    before = trace_log().manifest()
    again = bring(data, now=NOW + timedelta(days=1))
    assert (again.total("imported"), again.total("merged")) == (0, 3)
    assert again.tables["packings"] == {"rows": 1, "imported": 0, "merged": 1, "rejected": 0}
    assert trace_log().manifest() == before
    (entry,) = told()
    assert (entry["documents"], entry["events"], entry["imported"]) == (1, 3, 3)
    assert entry["tables"]["packings"] == 1


def test_a_refused_document_leaves_the_others_be(bring: Bring, held: Held) -> None:
    sound = document(packed("01T10", sscc(1), lgtin("A")))
    bad = document(
        packed("01T10", sscc(2), lgtin("A")), packed("01T10", sscc(3), lgtin("A"), action="PUT")
    )
    outcome = bring(bad, b"no document", sound)
    accounting = outcome.as_json()
    assert (accounting["rows"], accounting["imported"], accounting["rejected"]) == (3, 1, 2)
    refused = [one["refused"] for one in accounting["documents"]]
    assert refused[0]["path"] == "/epcisBody/eventList/1/action"
    assert "PUT" in refused[0]["reason"]
    assert refused[1]["path"] == "/"
    assert refused[2] is None
    assert len(held("packings")) == 1


def test_an_event_in_two_documents_of_one_import_is_one(bring: Bring) -> None:
    one = packed("01T10", sscc(1), lgtin("A"))
    outcome = bring(document(one, one), document(one))
    assert (outcome.total("imported"), outcome.total("merged")) == (1, 2)


def test_late_and_corrected_events_end_where_a_rebuild_ends(bring: Bring, held: Held) -> None:
    wrong = packed("01T10", sscc(1), lgtin("A"))
    bring(document(packed("04T10", sscc(1), lgtin("A"), action="DELETE")))
    (stay,) = held("packings")
    assert stay[2] is None
    later = NOW + timedelta(days=1)
    bring(document(wrong), now=later)
    (stay,) = held("packings")
    assert stay[2] is not None
    declared = {**wrong, "errorDeclaration": {"declarationTime": "2026-03-09T00:00:00Z"}}
    bring(document(declared), now=later + timedelta(days=1))
    (stay,) = held("packings")
    assert stay[2] is None
    # What was known before the correction came can still be asked for.
    (stay,) = held("packings", known_at=later)
    assert stay[2] is not None
    rebuilt = derive(list(epcis_store().captured())[::-1])
    assert {row[:2] for row in held("packings")} == {row[:2] for row in rebuilt.tables["packings"]}


def test_an_import_killed_before_its_rows_were_written_is_finished_by_the_next(
    bring: Bring, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    data = document(packed("01T10", sscc(1), lgtin("A")))
    with monkeypatch.context() as patch:
        patch.setattr("holdfast.supply.traceability.actions.epcis.derive", killed)
        with pytest.raises(KeyboardInterrupt):
            bring(data)
    assert not trace_log().manifest().segments
    outcome = bring(data)
    assert outcome.total("merged") == 1
    assert len(held("packings")) == 1
    assert len(told()) == 1


def test_a_rehearsal_keeps_nothing(bring: Bring, home: Path) -> None:
    outcome = bring(document(packed("01T10", sscc(1), lgtin("A"))), is_rehearsal=True)
    assert outcome.total("imported") == 1
    assert not epcis_store().files()
    assert not told()


def test_strangers_import_nothing(tmp_path: Path, home: Path) -> None:
    path = tmp_path / "a.jsonld"
    path.write_bytes(document())
    with pytest.raises(NotPermitted):
        import_epcis(paths=[path], by=VIEWER, now=NOW)
    with pytest.raises(Unreadable):
        import_epcis(paths=[tmp_path / "b.jsonld"], by=LEAD, now=NOW)
