"""The package of a whole recall: what is in it, what is not, and what was changed behind it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from pypdf import PdfReader

from holdfast.ground.evidence.actions import attach_file, erase_file
from holdfast.ground.evidence.store import path_of
from holdfast.ground.journal.queries import head
from holdfast.insight.exports.evidence import export_evidence
from holdfast.insight.exports.saying import REMEMBERED
from holdfast.insight.exports.tables import IMPORTS, INNER, TABLES
from holdfast.kit.ledger import leaf_hash, verify
from holdfast.kit.refusals import NotFound, NotPermitted, Unreadable
from tests.decision.conftest import ALONE, APPROVER, NOW, VIEWER
from tests.insight.exports.conftest import SECRETS, Told, behind


def export(path: Path, recall: str = "") -> dict[str, Any]:
    return export_evidence(out=path, checkpoint=path.with_suffix(".json"), recall=recall, by=ALONE)


def files_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows_of(path: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files_of(path)[name].decode())))


@pytest.mark.parametrize("scope", ["", "R-2026-001"])
def test_a_whole_recall_is_exported_without_a_fault_and_verifies(
    told: Told, tmp_path: Path, scope: str
) -> None:
    path = tmp_path / "p.zip"
    exported = export(path, scope)
    assert exported["faults"] == []
    answer = verify.verify(str(path), str(path.with_suffix(".json")))
    assert answer["ok"], answer["faults"]
    assert (exported["entries"], exported["root"]) == head()
    assert answer["scope"] == (scope or "instance")


def test_it_holds_every_decision_text_scope_delivery_and_reply(told: Told, tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    export(path, "R-2026-001")
    files = files_of(path)
    decision = rows_of(path, "decisions.csv")[0]
    assert json.loads(files[f"texts/{decision['sha256']}.json"])["reason"] == "it can burn"
    assert rows_of(path, "scopes.csv")[0]["state"] == "confirmed"
    assert len(rows_of(path, "scope_lines.csv")) == 8
    assert [row["state"] for row in rows_of(path, "deliveries.csv")].count("accepted") == 3
    assert {row["reference"] for row in rows_of(path, "injuries.csv")} == {"I-1"}
    assert {row["remedy"] for row in rows_of(path, "claims.csv")} == {"refund"}
    assert rows_of(path, "payouts.csv")[0]["export"] == "X1"
    assert files[f"evidence/{told.file.sha256}.pdf"] == b"%PDF-1.7 the supplier's report"
    assert rows_of(path, "signatures.csv")[0]["words"] == "'=not enough"
    assert b"Decision no. 1 signed" in files["words.txt"]
    assert rows_of(path, "units.csv")


def test_no_personal_data_is_in_it(told: Told, tmp_path: Path) -> None:
    """The name of an attached file is the one thing somebody typed."""
    told.file.name = "report.pdf"
    told.file.save()
    path = tmp_path / "p.zip"
    export(path)
    everything = b"".join(files_of(path).values())
    for secret in SECRETS:
        assert secret.encode() not in everything
    assert b"customer:" in everything


def test_the_summary_is_a_pdf_with_the_root_on_every_page(told: Told, tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    exported = export(path, "R-2026-001")
    pdf = PdfReader(io.BytesIO(files_of(path)["summary.pdf"]))
    pages = [page.extract_text() for page in pdf.pages]
    assert all(str(exported["root"]) in page for page in pages)
    whole = " ".join(" ".join(pages).split())
    for words in ("Decision no. 1 signed", "person:2 dissents", "What is absent", "accepted 3"):
        assert words in whole
    for secret in SECRETS:
        assert secret not in whole


def test_it_says_what_is_absent(told: Told, tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    other = attach_file(
        subject="R-2026-001", about="", name="x.txt", content=[b"secret"], by=ALONE, now=NOW
    )
    erase_file(file=other, reason="it was about somebody else", by=ALONE, now=NOW)
    export(path, "R-2026-001")
    absent = verify.verify(str(path))["absent"]
    words = json.dumps(absent)
    assert "whether some messages arrived" in words
    assert "it was about somebody else" in words
    assert "entries of other recalls" in words
    assert "claims.csv: contact" in words
    assert not any(other.sha256 in name for name in files_of(path))


def test_two_exports_of_the_same_state_are_byte_identical_and_change_nothing(
    told: Told, tmp_path: Path
) -> None:
    before = head()
    export(tmp_path / "a.zip")
    export(tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert head() == before


BEHIND = {
    "a decision": (
        "UPDATE recalls_decision SET sha256 = %s",
        ("0" * 64,),
        "decision R-2026-001 1",
    ),
    "a scope's rationale": (
        "UPDATE recalls_scopeversion SET rationale = %s",
        ("nothing to see",),
        "scope R-2026-001 1",
    ),
    "a line of a scope": (
        "UPDATE recalls_scopeline SET units = units + 1 "
        "WHERE id = (SELECT MIN(id) FROM recalls_scopeline)",
        (),
        "scope R-2026-001 1",
    ),
    "a line of a scope put in the place of another": (
        "UPDATE recalls_scopeline SET certainty = 'probable' "
        "WHERE id = (SELECT MIN(id) FROM recalls_scopeline)",
        (),
        "scope R-2026-001 1",
    ),
    "a line taken out of a scope": (
        "DELETE FROM recalls_scopeline WHERE id = (SELECT MIN(id) FROM recalls_scopeline)",
        (),
        "scope R-2026-001 1",
    ),
    "a dissent": (
        "UPDATE recalls_signature SET words = %s WHERE stance = 'dissent'",
        ("all is well",),
        "signature on R-2026-001 1 person:2",
    ),
    "a dissent that vanished": (
        "DELETE FROM recalls_signature WHERE stance = 'dissent'",
        (),
        "signature on R-2026-001 1 person:2",
    ),
    "a message that was not clear": (
        "UPDATE outbox_message SET state = 'accepted' WHERE state = 'ambiguous'",
        (),
        "R-2026-001 message ",
    ),
    "a message that went to somebody else": (
        "UPDATE outbox_message SET recipient = 'customer:999' WHERE state = 'ambiguous'",
        (),
        "R-2026-001 wave 1 by email",
    ),
    "a message that vanished": (
        "DELETE FROM outbox_message WHERE state = 'ambiguous'",
        (),
        "R-2026-001 wave 1 by email",
    ),
    "an answer": ("UPDATE remedies_claim SET answer = 'gone'", (), "claim C-1"),
    "an amount": ("UPDATE remedies_payout SET amount = 1", (), "payouts of R-2026-001 X1"),
    "an injury that vanished": ("DELETE FROM remedies_injuryreport", (), "injury report I-1"),
    "units": (
        "UPDATE units_unitgroup SET quantity = quantity + 1 "
        "WHERE id = (SELECT MIN(id) FROM units_unitgroup)",
        (),
        "units of R-2026-001",
    ),
    "a file": (
        "UPDATE evidence_evidencefile SET size = size + 1",
        (),
        "evidence file ",
    ),
    "the words of a notice": (
        "UPDATE notices_noticetext SET sha256 = %s WHERE language = 'de'",
        ("0" * 64,),
        "notice text R-2026-001 1 de",
    ),
    "who approved a notice": (
        "UPDATE notices_noticeapproval SET is_alone = %s, approver = 'person:7'",
        (True,),
        "approval of notice R-2026-001 1 en",
    ),
    "an approval that vanished": (
        "DELETE FROM notices_noticeapproval",
        (),
        "approval of notice R-2026-001 1 en",
    ),
    "the proof of a stop": ("UPDATE holds_hold SET proof = 'none'", (), "stop R-2026-001"),
    "a judgement": (
        "UPDATE recalls_hazardevaluation SET severity = 1",
        (),
        "evaluation R-2026-001 1",
    ),
    "our own class": (
        "UPDATE recalls_firmclass SET recall_class = 'class_3'",
        (),
        "our own class R-2026-001 1",
    ),
    "the class an authority set": (
        "UPDATE recalls_authorityclass SET reference = 'another'",
        (),
        "the authority's class R-2026-001 1",
    ),
    "a class an authority never set": (
        "DELETE FROM recalls_authorityclass",
        (),
        "the authority's class R-2026-001 1",
    ),
    "what is offered": (
        "UPDATE remedies_remedypolicy SET ease = 'F'",
        (),
        "remedies of R-2026-001",
    ),
    "a recall that was closed": (
        "UPDATE recalls_recall SET state = 'closed'",
        (),
        "recall R-2026-001",
    ),
}


@pytest.mark.parametrize("what", BEHIND)
def test_a_record_changed_behind_the_journals_back_is_named(
    told: Told, tmp_path: Path, what: str
) -> None:
    sql, values, record = BEHIND[what]
    assert behind(sql, *values) >= 1
    exported = export(tmp_path / "p.zip")
    named = [str(fault.get("record")) for fault in exported["faults"]]
    assert any(each.startswith(record) for each in named), exported["faults"]
    assert (tmp_path / "p.zip").exists()


def test_a_decision_with_other_words_under_its_old_hash_is_named(
    told: Told, tmp_path: Path
) -> None:
    behind("UPDATE recalls_decision SET content = %s", '{"reason": "it is harmless"}')
    exported = export(tmp_path / "p.zip")
    assert {fault.get("record") for fault in exported["faults"]} == {
        "R-2026-001 decision 1",
        "decision R-2026-001 1",
    }


def test_an_approved_text_with_other_words_under_its_old_hash_is_named(
    told: Told, tmp_path: Path
) -> None:
    behind("UPDATE notices_noticeapproval SET content = %s", '{"words": "all is well"}')
    behind("UPDATE notices_noticetext SET content = %s WHERE language = 'de'", '{"headline": "x"}')
    exported = export(tmp_path / "p.zip")
    assert {fault["record"] for fault in exported["faults"]} == {
        "R-2026-001 approval 1 en",
        "R-2026-001 notice 1 de",
    }
    assert verify.verify(str(tmp_path / "p.zip"))["ok"]


def test_several_changed_records_are_all_named(told: Told, tmp_path: Path) -> None:
    for what in ("a dissent", "an amount", "units", "a line of a scope"):
        behind(BEHIND[what][0], *BEHIND[what][1])
    named = {str(fault["record"]) for fault in export(tmp_path / "p.zip")["faults"]}
    for record in ("signature on", "payouts of", "units of", "scope "):
        assert any(each.startswith(record) for each in named)


def test_a_changed_file_on_the_disk_is_named(told: Told, tmp_path: Path) -> None:
    path_of(told.file.sha256).write_bytes(b"another report")
    exported = export(tmp_path / "p.zip")
    assert exported["faults"] == [
        {"record": f"evidence file {told.file.pk}", "why": "its content was changed on the disk"}
    ]
    path_of(told.file.sha256).unlink()
    assert "missing" in export(tmp_path / "p.zip")["faults"][0]["why"]


def test_an_entry_changed_in_the_table_is_named_by_export_and_by_verify(
    told: Told, tmp_path: Path
) -> None:
    path = tmp_path / "p.zip"
    behind('UPDATE journal_entry SET payload = %s WHERE "index" = 2', '{"x":1}')
    behind('UPDATE journal_entry SET at = %s WHERE "index" = 5', "1999-01-01T00:00:00+00:00")
    exported = export(path)
    assert {fault["entry"] for fault in exported["faults"] if "entry" in fault} == {2, 5}
    answer = verify.verify(str(path))
    assert {fault["entry"] for fault in answer["faults"]} == {2, 5}


def test_a_recall_with_another_beside_it_shows_only_hashes_of_the_other(
    told: Told, tmp_path: Path
) -> None:
    told.shop.recall(outcome="cut", products=("OTHER-1",), lots=("Z9",))
    path = tmp_path / "p.zip"
    exported = export(path, "r-2026-001")
    assert exported["faults"] == []
    assert verify.verify(str(path))["ok"]
    everything = b"".join(files_of(path).values())
    assert b"OTHER-1" not in everything
    assert b"R-2026-002" not in everything
    whole = tmp_path / "whole.zip"
    export(whole)
    assert b"R-2026-002" in files_of(whole)["journal.jsonl"]


def test_only_who_may_export_exports_and_what_is_unknown_is_refused(
    told: Told, tmp_path: Path
) -> None:
    from holdfast.kit.actors import Actor

    agent = Actor("person:9", "Agent", frozenset({"agent"}))
    with pytest.raises(NotPermitted):
        export_evidence(out=tmp_path / "p.zip", by=agent)
    for by in (VIEWER, APPROVER):
        export_evidence(out=tmp_path / "p.zip", by=by)
    with pytest.raises(NotFound):
        export(tmp_path / "p.zip", "R-1999-001")
    with pytest.raises(Unreadable, match="cannot be written"):
        export_evidence(out=tmp_path / "no" / "p.zip", by=ALONE)


def test_a_failed_export_leaves_an_older_package_alone(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p.zip"
    path.write_bytes(b"older")
    monkeypatch.setattr(
        "holdfast.insight.exports.evidence.absences", lambda recall: [{"what": 0.5j, "why": ""}]
    )
    with pytest.raises(TypeError):
        export(path)
    assert path.read_bytes() == b"older"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["home", "p.zip"]


def test_every_field_of_a_record_is_exported_or_kept_back_for_a_reason() -> None:
    plumbing = {"id", "worker", "leased_until", "not_before", "skeleton", "unclear"}
    for table in (*TABLES, IMPORTS):
        heads = {lookup.partition("__")[0] for lookup in table.lookups()}
        taken = heads | {name.removesuffix("_id") for name in heads}
        fields = {field.name for field in table.model._meta.concrete_fields} - plumbing
        forgotten = fields - taken - set(table.kept_back) - {"recall", "version", "claim"}
        assert not forgotten, f"{table.name}: {forgotten}"
        assert set(table.kept_back) <= fields, table.name
        assert all(table.kept_back.values())
    assert INNER


def test_every_kind_of_fact_that_is_compared_exists() -> None:
    from holdfast.ground.journal.telling import _known

    assert apps.ready
    assert set(REMEMBERED) <= set(_known())


def test_the_leaf_of_a_line_is_what_the_tree_file_says(told: Told, tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    export(path)
    files = files_of(path)
    lines = files["journal.jsonl"].splitlines()
    tree = [line[1:].decode() for line in files["tree.txt"].splitlines()]
    assert [leaf_hash(line).hex() for line in lines] == tree
    manifest = json.loads(files["manifest.json"])["files"]
    assert all(sha256(files[name]).hexdigest() == told["sha256"] for name, told in manifest.items())
