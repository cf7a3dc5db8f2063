"""Documents made to hurt are refused quickly, with the place and the reason."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from holdfast.kit.epcis.documents import read_document
from holdfast.kit.epcis.faults import Fault
from holdfast.kit.epcis.limits import MB, Limits
from holdfast.kit.epcis.opening import files_in, opened
from holdfast.kit.refusals import Unreadable

pytestmark = pytest.mark.once

XML = (
    '<e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:2" schemaVersion="2.0" '
    'creationDate="2024-01-01T00:00:00Z"><EPCISBody><EventList>{}</EventList></EPCISBody>'
    "</e:EPCISDocument>"
)
EVENT = (
    "<ObjectEvent><eventTime>2024-01-01T00:00:00Z</eventTime>"
    "<eventTimeZoneOffset>+00:00</eventTimeZoneOffset><epcList><epc>urn:a:b</epc></epcList>"
    "<action>OBSERVE</action>{}</ObjectEvent>"
)


def fault(data: bytes) -> Fault:
    found = read_document(data).fault
    assert found is not None
    return found


def test_the_sound_ones_read() -> None:
    assert read_document(XML.format(EVENT.format("")).encode()).found == 1
    assert read_document(("<!DOCTYPE x>" + XML.format("")).encode()).fault is None


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ('<!DOCTYPE x [<!ENTITY a "b">]>', "DTD"),
        ('<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>', "DTD"),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd">', "DTD"),
        ('<!DOCTYPE x PUBLIC "a" "http://127.0.0.1/x.dtd">', "DTD"),
        ('<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>', "DTD"),
    ],
)
def test_a_dtd_is_not_taken(head: str, said: str) -> None:
    found = fault(('<?xml version="1.0"?>\n\n' + head + XML.format("&a;")).encode())
    assert said in found.reason
    assert found.line == 3


@pytest.mark.parametrize(
    ("data", "said", "line"),
    [
        (XML.format("\n\n" + "<a>" * 100 + "</a>" * 100), "64 levels", 3),
        (XML.format("\n" + "<a " + " ".join(f'b{n}=""' for n in range(99)) + "/>"), "64 attr", 2),
        (XML.format(EVENT.format(f"<x:a xmlns:x='u:x'>{'x' * 2 * MB}</x:a>")), "longer than", 1),
        (XML.format(f"<a b='{'x' * 2 * MB}'/>"), "longer than", 1),
        (XML.format("".join(f"<a{n}/>" for n in range(20_000))), "element names", 1),
        (XML.format("<a>&undeclared;</a>"), "entity", 1),
        (XML.format("<x:a/>"), "prefix", 1),
        (XML.format("</EventList>"), "well-formed", 1),
        ("<a>", "well-formed", 1),
        ("", "not JSON", 1),
        ("{", "not JSON", 1),
        ("[" * 70_000, "64 levels", 1),
        ('{"a":\n' * 100 + "1" + "}" * 100, "64 levels", 65),
        ('{"a": NaN}', "NaN", None),
        ('{"a": 1e999999999}', "400", None),
        ('{"a": ' + "9" * 5000 + "}", "400", None),
        ('{"a": 1, "a": 2}', "twice", None),
        ('{"a":\n "' + "x" * 2 * MB + '"}', "longer than", 2),
        ('"' + '\\"' * 200_000, "longer|not JSON", None),
        ("\n" + '"' + '\\"' * 2 * MB, "longer than", 2),
    ],
    ids=lambda value: str(value)[:30] if isinstance(value, str) else "",
)
def test_what_would_cost_too_much_is_refused_at_its_line(
    data: str, said: str, line: int | None
) -> None:
    found = fault(data.encode())
    assert any(word in found.reason for word in said.split("|")), found
    if line is not None:
        assert found.line == line


def test_undecodable_bytes_and_large_documents_are_refused() -> None:
    assert "undecodable" in fault(b'{"a": "\xff"}').reason
    assert "not well-formed" in fault(b"<a>\xff</a>").reason
    assert "larger than 64 MB" in fault(b" " * (64 * MB + 1) + b"{}").reason
    assert "larger than 64 MB" in fault(b"<a>" + b" " * (64 * MB) + b"</a>").reason


def test_documents_made_of_crumbs_are_refused() -> None:
    few = Limits(elements=1000, values=1000)
    found = read_document(XML.format("<a/>" * 2000).encode(), few).fault
    assert found is not None
    assert "1,000 elements" in found.reason
    found = read_document(("[" + "{}," * 2000 + "{}]").encode(), few).fault
    assert found is not None
    assert "1,000 values" in found.reason


def test_other_encodings_are_read() -> None:
    text = XML.format(EVENT.format("<x:a xmlns:x='urn:x'>é</x:a>"))
    for encoding in ("utf-8", "utf-16", "iso-8859-1"):
        head = f'<?xml version="1.0" encoding="{encoding}"?>'
        (captured,) = read_document((head + text).encode(encoding)).captured
        assert captured.event().extensions == {"x:a": "é"}


def test_files_folders_and_archives_give_their_documents(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xml").write_text(XML.format(""))
    (tmp_path / "in" / "notes.txt").write_text("no document")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/b.jsonld", "{}")
        archive.writestr("bomb.xml", b" " * (65 * MB))
        archive.writestr("readme.md", "no document")
    (tmp_path / "in" / "c.zip").write_bytes(packed.getvalue())
    files = files_in([tmp_path / "in", tmp_path / "in" / "a.xml"])
    assert [path.name for path in files] == ["a.xml", "c.zip"]
    found = [one for path in files for one in opened(path)]
    assert [one.name.rpartition("in/")[2] for one in found] == [
        "a.xml",
        "c.zip/x/b.jsonld",
        "c.zip/bomb.xml",
    ]
    assert found[1].data == b"{}"
    assert found[2].fault is not None
    assert "larger than" in found[2].fault.reason


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(Unreadable, match="no file"):
        files_in([Path("/nowhere/at/all.xml")])


def test_a_truncated_archive_is_a_refused_document(tmp_path: Path) -> None:
    import gzip

    path = tmp_path / "a.xml.gz"
    path.write_bytes(gzip.compress(XML.format("").encode())[:-10])
    (one,) = opened(path)
    assert one.fault is not None
