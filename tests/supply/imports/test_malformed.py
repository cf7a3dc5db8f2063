"""Hundreds of broken files: each is refused, or its rows are told apart; none half-imported."""

from __future__ import annotations

import csv
import gzip
import io
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import zstandard

from holdfast.kit.refusals import Unreadable
from holdfast.supply.imports.actions import bring_in
from holdfast.supply.imports.models import ImportRun
from holdfast.supply.imports.reading import Wishes
from holdfast.supply.orders.models import OrderLine
from tests.supply.imports.conftest import LEAD, NOW

pytestmark = pytest.mark.django_db
HEADER = ["order", "product", "description", "quantity", "date", "customer", "country"]
FILES = 340


def good(chance: random.Random, rows: int = 40) -> list[list[str]]:
    return [
        [
            f"{1000 + n // 2}",
            chance.choice(["VL-10K", "00042", "85123a", "POST"]),
            chance.choice(["Power bank", "Käse, alt", 'pan 12"', "=HYPERLINK(1)", "two\nlines"]),
            str(chance.randint(-3, 9)),
            f"2026-03-{chance.randint(1, 28):02}",
            chance.choice(["C-7", "C-8", ""]),
            chance.choice(["Deutschland", "EIRE", "", "Atlantis"]),
        ]
        for n in range(rows)
    ]


def written(rows: list[list[str]], separator: str = ",", end: str = "\r\n") -> str:
    held = io.StringIO()
    csv.writer(held, delimiter=separator, lineterminator=end).writerows(rows)
    return held.getvalue()


def workbook(rows: list[list[str]], chance: random.Random) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([cell.replace("\0", "") for cell in row])
    if chance.random() < 0.3:
        book.active.merge_cells("A2:B3")
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def spoiled(number: int) -> tuple[str, bytes]:
    """One broken file, the same for the same number: its name and its bytes."""
    chance = random.Random(number)
    rows = [list(HEADER), *good(chance)]
    kind = number % 17
    separator = chance.choice(",;\t|")
    if kind == 0:  # cut anywhere
        data = written(rows, separator).encode()
        return "cut.csv", data[: chance.randrange(1, len(data))]
    if kind == 1:  # bytes flipped
        broken = bytearray(written(rows, separator).encode())
        for _ in range(chance.randint(1, 30)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        return "flipped.csv", bytes(broken)
    if kind == 2:  # two encodings joined
        first, second = written(rows).encode(), written(good(chance, 9)).encode("cp1252")
        return "mixed.csv", first + second
    if kind == 3:  # every encoding there is
        name = chance.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "utf-8-sig"])
        return "encoded.csv", written(rows).encode(name)
    if kind == 4:  # NUL bytes
        at = chance.randrange(1, len(rows))
        rows[at][chance.randrange(7)] += "\0"
        return "nul.csv", written(rows).encode()
    if kind == 5:  # too many and too few cells
        for row in chance.sample(rows[1:], 12):
            row.extend(["more"] * chance.randint(1, 4)) if chance.random() < 0.5 else row.pop()
        return "ragged.csv", written(rows, separator).encode()
    if kind == 6:  # numbers and dates that are none
        for row in chance.sample(rows[1:], 12):
            row[3] = chance.choice(["", "two", "1e999", "NaN", "-", "=1+1", "9" * 40, "1.2.3"])
            row[4] = chance.choice(["", "2026-02-30", "13/13/2026", "soon", "0000-00-00", "1e9"])
        return "values.csv", written(rows).encode()
    if kind == 7:  # no, doubled or foreign columns
        rows[0] = chance.choice(
            [
                ["a", "b", "c", "d", "e", "f", "g"],
                ["order", "order", "sku", "sku", "quantity", "x", "y"],
                rows[1],
                ["", "", "", "", "", "", ""],
                ["order"],
            ]
        )
        return "columns.csv", written(rows, separator).encode()
    if kind == 8:  # quotes gone wrong
        text = written(rows, separator)
        at = chance.randrange(len(text))
        return "quotes.csv", f'{text[:at]}"{text[at:]}'.encode()
    if kind == 9:  # archives cut and flipped
        pack = chance.choice([gzip.compress, zstandard.compress])
        packed = bytearray(pack(written(rows).encode()))
        if chance.random() < 0.5:
            return "cut.gz", bytes(packed[: chance.randrange(1, len(packed))])
        packed[chance.randrange(len(packed))] ^= 1 << chance.randrange(8)
        return "flipped.gz", bytes(packed)
    if kind == 10:  # bombs
        pack = chance.choice([gzip.compress, zstandard.compress])
        size = 70_000_000 if number < 30 else 200_000  # two go off, the others only smoke
        wide = b" " * 2_000 if number < 30 else b""  # each line costs, and they go off by bytes
        filler = chance.choice([b"\0", wide + b"\n", b"1,A,x%s,1,2026-01-01,,\n" % wide])
        return "bomb.gz", pack(",".join(HEADER).encode() + b"\n" + filler * (size // len(filler)))
    if kind == 11:  # long lines and records
        rows[3][2] = "x" * chance.choice([200_000, 1_100_000, 2_000_000])
        return "long.csv", written(rows).encode()
    if kind == 12:  # workbooks, sound, merged, cut
        data = workbook(rows, chance)
        return "book.xlsx", data if chance.random() < 0.5 else data[
            : chance.randrange(4, len(data))
        ]
    if kind == 13:  # workbooks with a spoiled part
        held, out = io.BytesIO(workbook(rows, chance)), io.BytesIO()
        with zipfile.ZipFile(held) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            victim = chance.choice(old.namelist())
            for name in old.namelist():
                part = old.read(name)
                if name == victim:
                    at = chance.randrange(len(part))
                    part = chance.choice([b"", part[:at], part[:at] + b"<a>" * 2000 + part[at:]])
                new.writestr(name, part)
        return "spoiled.xlsx", out.getvalue()
    if kind == 14:  # other things under the name of a table
        return "other.csv", chance.choice(
            [b"", b"\n" * 50, b"%PDF-1.4\n" * 90, bytes(range(256)) * 9, b"<html><table>" * 50,
             b'{"a":1}', b"PK\x05\x06" + bytes(18), b"\x89PNG\r\n\x1a\n" + bytes(90), b"order"]
        )  # fmt: skip
    if kind == 15:  # line ends of every sort, and none at the end
        text = written(rows, separator, chance.choice(["\r", "\n", "\r\n", "\n\n\r\n"]))
        return "ends.csv", text.rstrip("\r\n").encode()
    # pure noise with the look of a table
    noise = "".join(chance.choice('0123,;"\t\n|ab=-') for _ in range(3_000))
    return "noise.csv", f"{','.join(HEADER)}\n{noise}".encode()


def tries() -> Iterator[int]:
    return iter(range(FILES))


@pytest.mark.parametrize("batch", range(17))
def test_broken_files_are_refused_or_their_rows_told_apart(tmp_path: Path, batch: int) -> None:
    seen = 0
    for number in (n for n in tries() if n % 17 == batch):
        name, data = spoiled(number)
        path = tmp_path / name
        path.write_bytes(data)
        before, runs = OrderLine.objects.count(), ImportRun.objects.count()
        refused = None
        try:
            outcome = bring_in(
                path=str(path),
                kind="orders",
                wishes=Wishes(source=f"file-{number}"),
                by=LEAD,
                now=NOW,
            )
        except Unreadable as error:
            refused = error
        if refused is not None:
            assert (refused.file, bool(refused.message), bool(refused.hint)) == (
                str(path), True, True,
            )  # fmt: skip
            assert (OrderLine.objects.count(), ImportRun.objects.count()) == (before, runs), number
        else:
            assert outcome.rows == outcome.imported + outcome.merged + outcome.rejected, number
            assert OrderLine.objects.count() == before + outcome.imported, number
            assert all(one.line > 1 and one.reason for one in outcome.rejects), number
        seen += 1
    assert seen == FILES // 17


def test_sound_rows_of_a_file_with_bad_values_are_all_there(tmp_path: Path) -> None:
    name, data = spoiled(6)
    (tmp_path / name).write_bytes(data)
    outcome = bring_in(path=str(tmp_path / name), kind="orders", wishes=Wishes(), by=LEAD, now=NOW)
    assert outcome.rows == 40
    assert 28 <= outcome.imported < 40
