"""Hostile archives: no byte makes the verifier crash, and none changes content unnoticed."""

from __future__ import annotations

import contextlib
import io
import json
import os
import struct
import subprocess
import sys
import time
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.kit.ledger import verify
from holdfast.kit.ledger.verify import document_bytes
from tests.kit.ledger.packages import agree, make, named, read, write

SOAK = bool(os.environ.get("HOLDFAST_SOAK"))
MASKS = (0x01, 0x80, 0xFF)


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("honest") / "package.zip"
    make(path, 6)
    return path


@pytest.fixture
def there(tmp_path: Path) -> Path:
    return tmp_path / "hostile.zip"


def judge(path: Path) -> tuple[int, dict[str, object]]:
    out = io.StringIO()
    code = verify.answer_and_exit_code(str(path), None, True, out, io.StringIO())
    return code, json.loads(out.getvalue())


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {member.filename: archive.read(member) for member in archive.infolist()}


def test_every_byte_flipped_either_passes_with_the_same_contents_or_is_named(
    honest: Path, there: Path
) -> None:
    """Without the script, which is half of the package and is hashed like any other file."""
    small = {**read(honest), "verify.py": b"pass\n", "README.txt": b"read me\n"}
    write(there, agree(small))
    whole, expected = there.read_bytes(), contents(there)
    assert judge(there)[0] == 0
    passed = 0
    for at in range(len(whole)):
        for mask in MASKS if SOAK else MASKS[at % 3 : at % 3 + 1]:
            there.write_bytes(whole[:at] + bytes([whole[at] ^ mask]) + whole[at + 1 :])
            code, answer = judge(there)
            if code == 0:
                passed += 1
                assert contents(there) == expected, f"byte {at} passed with other contents"
            elif code == 1:
                assert answer["faults"], f"byte {at}"
                assert all(f.get("file") or "entry" in f for f in answer["faults"])  # type: ignore[attr-defined]
            else:
                # Only a file that no longer begins as a ZIP does is no package at all.
                assert at < 2, f"byte {at}: {answer}"
    assert 0 < passed < len(whole)


def test_cut_off_at_any_byte_it_is_found_and_named(honest: Path, there: Path) -> None:
    whole = honest.read_bytes()
    for size in [*range(2, len(whole), 37), len(whole) - 1]:
        there.write_bytes(whole[:size])
        code, answer = judge(there)
        assert code == 1, size
        assert "hostile.zip" in named(answer)[1]  # type: ignore[arg-type]


def test_what_a_cut_off_archive_still_holds_is_checked(honest: Path, there: Path) -> None:
    whole = honest.read_bytes()
    there.write_bytes(whole[: whole.index(b"PK\1\2") - 400])
    _, answer = judge(there)
    files = named(answer)[1]  # type: ignore[arg-type]
    assert "checkpoint.json" in files
    assert "journal.jsonl" not in files


@settings(max_examples=150)
@given(data=st.data())
def test_random_damage_never_crashes_it(
    honest: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = bytearray(honest.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        near_the_end = st.integers(max(0, len(whole) - 700), len(whole) - 1)
        at = data.draw(st.integers(0, len(whole) - 1) | near_the_end)
        kind = data.draw(st.sampled_from(["set", "cut", "insert"]))
        if kind == "set":
            whole[at] = data.draw(st.integers(0, 255))
        elif kind == "cut":
            del whole[at : at + data.draw(st.integers(1, 40))]
        else:
            whole[at:at] = data.draw(st.binary(min_size=1, max_size=40))
        if not whole:
            return
    there = tmp_path_factory.getbasetemp() / "random-damage.zip"
    there.write_bytes(bytes(whole))
    code, _ = judge(there)
    if code == 0:
        assert contents(there) == contents(honest)


def test_a_name_that_is_there_twice_is_named(honest: Path, there: Path) -> None:
    files = read(honest)
    for first, second in ((b"x", files["units.csv"]), (files["units.csv"], b"x")):
        with (
            zipfile.ZipFile(there, "w") as archive,
            contextlib.suppress(UserWarning),
        ):
            for name, content in files.items():
                if name == "units.csv":
                    archive.writestr(name, first)
                else:
                    archive.writestr(name, content)
            info = zipfile.ZipInfo("units.csv")
            with pytest.warns(UserWarning, match="Duplicate"):
                archive.writestr(info, second)
        code, answer = judge(there)
        assert code == 1
        assert "units.csv" in named(answer)[1]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name",
    ["../evil", "/etc/passwd", "a/../../b", "C:\\x", "..", "a//b", ".hidden", "x\x1b[2J", "ü.csv",
     "a/"],
)  # fmt: skip
def test_a_name_that_leads_outside_is_named_and_never_written(
    honest: Path, there: Path, name: str
) -> None:
    files = {**read(honest), name: b"evil"}
    for variant in (files, agree(files)):
        code, answer = judge(write(there, variant))
        assert code == 1
        assert name in named(answer)[1]  # type: ignore[arg-type]
    out = io.StringIO()
    verify.answer_and_exit_code(str(there), None, False, out, out)
    assert "\x1b" not in out.getvalue()
    assert [each.name for each in there.parent.iterdir()] == ["hostile.zip"]


def test_folders_that_another_tool_lists_are_no_fault(honest: Path, there: Path) -> None:
    with zipfile.ZipFile(there, "w") as archive:
        archive.mkdir("texts")
        for name, content in read(honest).items():
            archive.writestr(name, content)
    assert judge(there)[0] == 0
    with zipfile.ZipFile(there, "a") as archive:
        archive.mkdir("other")
    assert named(judge(there)[1])[1] == {"other/"}  # type: ignore[arg-type]


def test_a_second_name_in_the_archive_is_named(honest: Path, there: Path) -> None:
    with zipfile.ZipFile(there, "w") as archive:
        for name, content in read(honest).items():
            info = zipfile.ZipInfo(name)
            if name == "units.csv":
                other = b"\x01" + struct.pack("<L", zlib.crc32(name.encode())) + b"evil.csv"
                info.extra = struct.pack("<2H", 0x7075, len(other)) + other
            archive.writestr(info, content)
    assert "units.csv" in named(judge(there)[1])[1]  # type: ignore[arg-type]


def set_field(path: Path, name: str, offset: int, value: bytes) -> None:
    """Change the entry of one file in the table of contents."""
    whole = bytearray(path.read_bytes())
    at = whole.index(b"PK\1\2")
    while True:
        size, extra, comment = struct.unpack("<3H", whole[at + 28 : at + 34])
        if whole[at + 46 : at + 46 + size] == name.encode():
            whole[at + offset : at + offset + len(value)] = value
            path.write_bytes(bytes(whole))
            return
        at += 46 + size + extra + comment


@pytest.mark.parametrize(
    ("offset", "value"),
    [
        (8, b"\x01\x00"),  # encrypted
        (8, b"\x41\x00"),  # strongly encrypted
        (8, b"\x20\x00"),  # a patch
        (10, b"\x0c\x00"),  # bzip2
        (10, b"\x63\x00"),  # unknown packing
        (16, b"\0\0\0\0"),  # wrong CRC
        (24, b"\xff\xff\xff\x7f"),  # says it is 2 GB
        (20, b"\x01\0\0\0"),  # says it is packed in one byte
        (42, b"\x05\0\0\0"),  # begins somewhere else
        (42, b"\xff\xff\xff\x7f"),
    ],
)
def test_a_file_whose_entry_in_the_table_lies_is_named(
    honest: Path, there: Path, offset: int, value: bytes
) -> None:
    there.write_bytes(honest.read_bytes())
    set_field(there, "units.csv", offset, value)
    code, answer = judge(there)
    if code == 0:  # the table's word on the size is not needed to read the file
        assert offset == 24
        assert contents(there) == contents(honest)
        return
    assert named(answer)[1] & {"units.csv", "hostile.zip"}  # type: ignore[arg-type]


def test_a_bomb_is_named_and_neither_memory_nor_time_is_spent_on_it(
    honest: Path, there: Path
) -> None:
    files = read(honest)
    with zipfile.ZipFile(there, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in files.items():
            if name in ("units.csv", "manifest.json", "tree.txt"):
                with archive.open(name, "w") as target:
                    for _ in range(120):
                        target.write(b"\0" * (1 << 20))
            else:
                archive.writestr(name, content)
    assert there.stat().st_size < 1_000_000
    started = time.monotonic()
    tracemalloc.start()
    code, answer = judge(there)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert code == 1
    assert {"manifest.json", "tree.txt"} <= named(answer)[1]  # type: ignore[arg-type]
    assert peak < 200_000_000
    assert time.monotonic() - started < 60


def test_files_that_share_their_bytes_are_named(honest: Path, there: Path) -> None:
    there.write_bytes(honest.read_bytes())
    with zipfile.ZipFile(there) as archive:
        start = archive.getinfo("deliveries.csv").header_offset
    set_field(there, "units.csv", 42, struct.pack("<L", start))
    code, answer = judge(there)
    assert code == 1
    assert "units.csv" in named(answer)[1]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "content",
    [b"[" * 200_000, b'{"files":{"a":1}}', b"null", b"NaN", b'{"a":1e999}', b'{"a":1,"a":2}',
     b'{"files":' + b"9" * 5_000 + b"}", b"\xff\xfe", b'{"files":{}}',
     b'{"format":"holdfast manifest 1","files":[]}'],
)  # fmt: skip
@pytest.mark.parametrize("name", ["manifest.json", "checkpoint.json", "absent.json", "tree.txt"])
def test_documents_made_of_nonsense_are_named(
    honest: Path, there: Path, name: str, content: bytes
) -> None:
    code, answer = judge(write(there, {**read(honest), name: content}))
    assert code == 1
    assert name in named(answer)[1]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "line",
    [b"", b"{", b"null", b"[" * 100_000, b'{"index":1e999}', b'{"index":%s}' % (b"9" * 5000),
     b'{"index":true}', b'{"index":9223372036854775808}', b"\xff\xff", b'{"index":0}',
     b"x" * 17_000_000],
    ids=lambda line: line[:20].decode("latin-1"),
)  # fmt: skip
def test_lines_made_of_nonsense_are_named(honest: Path, there: Path, line: bytes) -> None:
    files = read(honest)
    lines = files["journal.jsonl"].splitlines()
    lines[3] = line
    files["journal.jsonl"] = b"".join(each + b"\n" for each in lines)
    for variant in (files, agree(files)):
        code, answer = judge(write(there, variant))
        assert code == 1
        assert 4 in named(answer)[0] or len(line) > verify.MAX_LINE  # type: ignore[arg-type]


def test_a_checkpoint_of_absurd_size_is_refused_without_spending_memory(
    honest: Path, there: Path
) -> None:
    files = read(honest)
    checkpoint = json.loads(files["checkpoint.json"])
    for entries in (-1, 10**12, 2**70, True):
        checkpoint["entries"] = entries
        code, answer = judge(write(there, {**files, "checkpoint.json": document_bytes(checkpoint)}))
        assert code == 1
        assert "checkpoint.json" in named(answer)[1]  # type: ignore[arg-type]


def test_verifying_a_large_package_streams(tmp_path: Path) -> None:
    """50,000 entries with 3 kB each: the memory is that of the hashes, not of the entries."""
    from holdfast.kit.ledger import leaf_hash
    from holdfast.kit.ledger.package import write_package

    def journal():  # type: ignore[no-untyped-def]
        for index in range(1, 50_001):
            line = b'{"index":%d,"payload":"%b"}' % (index, b"x" * 3_000)
            yield leaf_hash(line), line

    path = tmp_path / "big.zip"
    with path.open("wb") as out:
        write_package(out, scope="instance", made_by="test", journal=journal(), absent=[], files=[])
    code = (
        "import runpy, sys; sys.argv = sys.argv[1:]\n"
        "try: runpy.run_path(sys.argv[0], run_name='__main__')\n"
        "except SystemExit as left: print(left.code, open('/proc/self/status').read())"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, verify.__file__, str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "\n0 Name:" in done.stdout, done.stdout + done.stderr
    highest = int(done.stdout.partition("VmHWM:")[2].split()[0])
    assert highest < 100_000, f"{highest} kB"
