"""`holdfast import epcis` from outside: one object, the right exit code, nothing half-done."""

from __future__ import annotations

from pathlib import Path

from tests.kit.epcis.build import document, lgtin, packed, sscc
from tests.plugins.instance import Instance


def test_documents_are_accounted_for_one_by_one(instance: Instance, tmp_path: Path) -> None:
    sound, bad = tmp_path / "sound.jsonld", tmp_path / "bad.jsonld"
    sound.write_bytes(document(packed("01T10", sscc(1), lgtin("A"))))
    bad.write_bytes(b'{"type": "EPCISDocument"}')
    told = instance.json("import", "epcis", sound, bad, expect=1)
    assert (told["rows"], told["imported"], told["merged"], told["rejected"]) == (1, 1, 0, 0)
    assert set(told) == {
        *("rows", "imported", "merged", "rejected", "seconds", "tables", "documents")
    }
    assert [one["file"] for one in told["documents"]] == [str(sound), str(bad)]
    assert told["documents"][0]["refused"] is None
    assert told["documents"][1]["refused"] == {"path": "/", "reason": "“@context” is missing"}
    again = instance.json("import", "epcis", sound)
    assert (again["imported"], again["merged"]) == (0, 1)
    assert "1 merged" in instance.run("import", "epcis", tmp_path, expect=1).out
    missing = instance.json("import", "epcis", sound, tmp_path / "no.xml", expect=2)
    assert missing["error"]["code"] == "file_not_found"
