"""From a supplier's e-mail to people told and the proof of it: `examples/journey.sh`, run."""

from __future__ import annotations

import csv
import json
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plugins.instance import Instance, instances, warm
from tests.plugins.real_shop import GROUP, RealShop
from tests.smtp_sink import Manner, Sink

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "examples" / "journey.sh"
JOURNEY = pytest.mark.xdist_group("journey")
TEN_MINUTES = 600


def journey(instance: Instance, out: Path, **more: str) -> str:
    """Run the script to its end; what it said."""
    env = {**instance.env, "HOLDFAST": warm().command(), "OUT": str(out), **more}
    done = subprocess.run(
        ["/bin/sh", SCRIPT],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=TEN_MINUTES,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6_000:]
    return done.stdout


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def copies(sink: Sink) -> Counter[str]:
    """How many complete messages each address got."""
    found: Counter[str] = Counter()
    for (recipient, _message_id), count in sink.ledger.copies.items():
        found[recipient] += count
    return found


def recall_of(out: Path) -> str:
    return str(json.loads((out / "open.json").read_text())["recall"])


def test_a_shop_tells_everybody_it_can_reach_and_proves_it(
    instance: Instance, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with Sink(Manner()) as sink:
        journey(instance, out, HOLDFAST_SMTP_URL=sink.url)
        received = copies(sink)
    outbox = table(out / "outbox.csv")
    told = {row["recipient"] for row in outbox if row["state"] == "accepted"}
    assert told
    assert {row["state"] for row in outbox} == {"accepted"}
    assert len(outbox) == len(told) == sum(received.values())
    assert told == set(received), "the rows name people as the server does"
    assert set(received.values()) == {1}, "somebody was written to twice"

    lines = table(out / "lines.csv")
    people = {
        row["customer"] for row in lines if row["certainty"] != "excluded" and row["customer"]
    }
    status = instance.json("recall", "status", recall_of(out))
    assert len(told) <= len(people), status

    verified = instance.json(
        "evidence", "verify", out / "evidence.zip", "--checkpoint", out / "checkpoint.json"
    )
    assert verified == {**verified, "ok": True, "faults": []}
    assert instance.run("doctor").code == 0


@pytest.fixture(scope="module")
def unsent(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: str | None
) -> Iterator[tuple[Instance, Path, Instance]]:
    """A journey without a mail server: its instance, its files, and an instance beside it."""
    folder = tmp_path_factory.mktemp("unsent")
    with instances(folder, postgres_server) as make:
        gone, other = make(), make()
        journey(gone, folder / "out")
        yield gone, folder / "out", other


@JOURNEY
def test_every_line_of_the_shop_has_one_certainty(unsent: tuple[Instance, Path, Instance]) -> None:
    instance, out, _ = unsent
    lines = table(out / "lines.csv")
    counted = Counter(row["certainty"] for row in lines)
    assert set(counted) <= {"confirmed", "probable", "cannot_rule_out", "excluded"}
    scoped = instance.json(
        *("recall", "scope", recall_of(out), "--dry-run"),
        *("--product", "VL-10K", "--lot", "B17"),
    )
    for certainty in ("confirmed", "probable", "cannot_rule_out", "excluded"):
        assert scoped[certainty]["lines"] == counted[certainty], certainty
    assert all(row["reason"] for row in lines)


@JOURNEY
def test_a_seller_without_a_mail_server_gets_everything_to_send(
    unsent: tuple[Instance, Path, Instance],
) -> None:
    _, out, _ = unsent
    assert (out / "letters.pdf").read_bytes()[:5] == b"%PDF-"
    assert table(out / "merge.csv")
    with zipfile.ZipFile(out / "eml.zip") as archive:
        letters = archive.namelist()
        first = archive.read(letters[0]).decode()
    assert len(letters) == len(table(out / "merge.csv"))
    assert "Subject:" in first
    page = (out / "page.html").read_text("utf-8")
    assert "<html" in page
    assert "VL-10K" in page or "Power bank" in page


@JOURNEY
def test_an_instance_in_another_folder_knows_nothing_of_the_journey(
    unsent: tuple[Instance, Path, Instance],
) -> None:
    _, out, second = unsent
    assert second.json("doctor")["tables"].get("orders_orderline", 0) == 0
    with zipfile.ZipFile(out / "evidence.zip") as archive:
        assert archive.testzip() is None


@pytest.mark.once  # on the other database the real orders are counted and scoped
@GROUP
def test_the_journey_on_half_a_million_real_order_lines(
    real_shop: RealShop, tmp_path: Path
) -> None:
    instance, out = real_shop.to_tell, tmp_path / "out"
    imported = real_shop.told
    assert imported["rows"] == 541_909
    assert imported["imported"] + imported["merged"] + imported["rejected"] == imported["rows"]
    instance.run("import", "simulate")
    with Sink(Manner()) as sink:
        journey(
            instance,
            out,
            HOLDFAST_SMTP_URL=sink.url,
            ORDERS="",
            RECEIPTS="",
            PRODUCT="85123A",
            LOT="",
            SHIPPED="2011-03-01..2011-06-30",
        )
        received = copies(sink)
    lines = table(out / "lines.csv")
    assert len(lines) == imported["imported"]
    outbox = table(out / "outbox.csv")
    assert {row["state"] for row in outbox} == {"accepted"}
    assert set(received.values()) == {1}
    assert len(outbox) == sum(received.values())
    assert instance.json("evidence", "verify", out / "evidence.zip")["ok"] is True
