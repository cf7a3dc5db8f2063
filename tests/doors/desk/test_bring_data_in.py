"""O4 without a browser: drop a file, see what it is, correct it, import it, see the result."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from holdfast.config.worker import run_jobs
from holdfast.ground.access.actions import found_instance
from holdfast.ground.jobs.models import Job
from holdfast.supply.catalog.models import Product
from holdfast.supply.imports.models import ImportRun, SavedMapping
from holdfast.supply.imports.uploads import folder
from holdfast.supply.orders.models import Customer, OrderLine

pytestmark = pytest.mark.django_db
GOOD = "order,sku,quantity,date,customer id\n1,A,2,2026-03-02,7\n2,B,1,2026-03-03,\n"


@pytest.fixture
def client(settings, tmp_path: Path) -> Client:  # type: ignore[no-untyped-def]
    """The sole owner on this machine, with uploads in a folder of this test."""
    settings.HOME = tmp_path
    found_instance(now=datetime(2026, 4, 14, tzinfo=UTC))
    return Client(HTTP_HOST="localhost")


def drop(client: Client, data: str | bytes, kind: str = "orders", name: str = "orders.csv") -> str:
    body = data.encode() if isinstance(data, str) else data
    answer = client.post("/data/", {"kind": kind, "file": SimpleUploadedFile(name, body)})
    assert answer.status_code == 302, answer.content
    return answer.headers["Location"]


def words(answer) -> str:  # type: ignore[no-untyped-def]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_file_is_looked_at_before_anything_is_stored(client: Client) -> None:
    page = client.get(drop(client, GOOD))
    assert page.status_code == 200
    assert "2 rows , 2 orders" in words(page).replace("rows,", "rows ,")
    assert "utf-8 · comma" in words(page)
    assert not OrderLine.objects.exists()
    assert not ImportRun.objects.exists()


def test_a_mail_at_the_import_page_is_a_complaint_and_no_table(client: Client) -> None:
    mail = b"From: Ana <ana@example.org>\r\nMessage-ID: <1@x>\r\n\r\nIt burned my hand.\r\n"
    page = client.get(drop(client, mail, "complaints", "Ana.eml"))
    assert "Every mail is in" in words(page)
    run = ImportRun.objects.get()
    assert (run.file_name, run.format, run.rows, run.imported) == ("Ana.eml", "mail", 1, 1)
    assert not list(folder().iterdir()), "the upload is dropped"
    assert "waits for somebody" in words(client.get(drop(client, b"", "complaints", "Bo.eml")))
    given = {"kind": "orders", "file": SimpleUploadedFile("Ana.eml", mail)}
    refused = client.post("/data/", given)
    assert refused.status_code == 400
    assert "This is a mail and no table." in words(refused)


def test_import_runs_as_a_job_and_ends_at_its_counts(client: Client) -> None:
    address = drop(client, GOOD + ",A,1,2026-03-02,7\n")
    answer = client.post(address, {"step": "import"})
    job = answer.headers["Location"]
    page = client.get(job)
    assert page.headers["Refresh"] == "1"
    assert "Refresh" not in client.get(f"{job}?still=1").headers
    assert run_jobs() == 1
    run = client.get(job).headers["Location"]
    told = words(client.get(run))
    assert "Imported 2" in told
    assert "Rejected 1" in told
    assert "no order number" in told
    listed = client.get(f"{run}rejected.csv")
    assert b"4,order,no order number" in b"".join(listed.streaming_content)
    assert OrderLine.objects.count() == 2
    assert not list(folder().iterdir())


def test_a_mapping_is_corrected_in_the_page_and_remembered(client: Client) -> None:
    odd = "Ref,Thing\n1,A\n"
    address = drop(client, odd)
    page = client.get(address)
    assert page.status_code == 400
    assert "Say which column is which" in words(page)
    said = {"map_order": "Ref", "map_product": "Thing", "set_quantity": "1"}
    assert client.post(address, {"step": "look", **said}).status_code == 200
    client.post(address, {"step": "import", **said})
    run_jobs()
    assert OrderLine.objects.get().quantity == 1
    assert SavedMapping.objects.count() == 1
    assert client.get(drop(client, "Ref,Thing\n2,B\n")).status_code == 200


def test_a_file_of_another_kind_is_offered_to_be_read_as_that(client: Client) -> None:
    receipts = "lot,sku,site,received_at,quantity\nB17,VL-10K,main,2026-02-18,72\n"
    address = drop(client, receipts)  # as orders
    page = client.get(address)
    assert page.status_code == 400
    assert "It looks like this: Receipts" in words(page)
    assert "--map" not in words(page)
    read = client.post(address, {"kind": "receipts"}, follow=True)
    assert read.status_code == 200
    assert "Import these rows" in words(read)


def test_what_was_only_guessed_is_not_remembered(client: Client) -> None:
    address = drop(client, GOOD)
    guessed = {"order": "order", "product": "sku", "quantity": "quantity"}
    said = {f"{word}_{name}": c for name, c in guessed.items() for word in ("map", "was")}
    client.post(address, {"step": "import", **said})
    run_jobs()
    assert OrderLine.objects.count() == 2
    assert not SavedMapping.objects.exists()


def test_a_guessed_column_can_be_taken_away(client: Client) -> None:
    address = drop(client, GOOD)
    said = {
        "map_order": "order",
        "map_product": "sku",
        "map_quantity": "quantity",
        "was_customer": "customer id",
        "map_customer": "",
    }
    client.post(address, {"step": "import", **said})
    run_jobs()
    assert not OrderLine.objects.exclude(customer=None).exists()


def test_dates_that_fit_both_ways_are_asked_for(client: Client) -> None:
    address = drop(client, "order,sku,quantity,date\n1,A,1,03/04/2026\n")
    assert "fit both day-first and month-first" in words(client.get(address))
    client.post(address, {"step": "import", "dates": "dmy"})
    run_jobs()
    assert OrderLine.objects.get().ordered_at == datetime(2026, 4, 3, tzinfo=UTC)


def test_a_waiting_import_can_be_stopped_and_keeps_nothing(client: Client) -> None:
    job = client.post(drop(client, GOOD), {"step": "import"}).headers["Location"]
    client.post(f"{job}cancel")
    assert run_jobs() == 0
    assert "Stopped. Nothing of it was kept." in words(client.get(job))
    assert Job.objects.get().state == "cancelled"
    assert not OrderLine.objects.exists()


def test_a_working_import_stops_at_its_next_report(client: Client, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    text = "order,sku,quantity\n" + "".join(f"{n},A,1\n" for n in range(20_000))
    job = client.post(drop(client, text), {"step": "import"}).headers["Location"]
    monkeypatch.setattr("holdfast.supply.imports.jobs.TELL_EVERY", 0.0)
    Job.objects.update(is_cancel_asked=True)
    assert run_jobs() == 1
    assert Job.objects.get().state == "cancelled"
    assert not OrderLine.objects.exists()
    page = words(client.get(job))
    assert "To the file" in page


def test_a_file_that_is_no_table_is_refused_in_words(client: Client) -> None:
    page = client.get(drop(client, b"%PDF-1.7 and so on", name="notice.pdf"))
    assert page.status_code == 400
    assert "notice.pdf is a PDF document" in words(page)


def test_a_file_that_breaks_late_is_refused_in_words(client: Client) -> None:
    page = client.get(drop(client, GOOD * 200 + '3,"open quote,1\n'))
    assert page.status_code == 400
    assert "orders.csv ends inside a quoted field" in words(page)
    assert "Look again" in words(page)


def test_no_file_and_no_kind_are_refused(client: Client) -> None:
    assert client.post("/data/", {"kind": "orders"}).status_code == 400
    answer = client.post("/data/", {"kind": "x", "file": SimpleUploadedFile("a.csv", b"a")})
    assert answer.status_code == 400


def test_a_file_can_be_dropped_again(client: Client) -> None:
    address = drop(client, GOOD)
    client.post(address, {"step": "drop"})
    assert client.get(address).status_code == 404
    assert client.get("/data/files/../etc/").status_code == 404


def test_samples_can_be_imported_as_they_are(client: Client) -> None:
    for kind in ("orders", "receipts", "customers", "products", "stock", "suppliers", "consignees"):
        sample = client.get(f"/data/samples/{kind}.csv").content
        client.post(drop(client, sample, kind), {"step": "import"})
        run_jobs()
        run = ImportRun.objects.latest("pk")
        assert (run.kind, run.imported + run.merged, run.rejected) == (kind, 1, 0)


def test_returns_that_match_nothing_are_a_download_to_the_last(desk: Client) -> None:
    product = Product.objects.create(code="LAMP", code_key="lamp", title="Lamp")
    anna = Customer.objects.create(key="anna", name="Anna Secret", email="anna@example.org")
    OrderLine.objects.bulk_create(
        OrderLine(
            source="shop",
            order_number=f"C{number}",
            product=product,
            sku="=LAMP",
            quantity=-1,
            customer=anna,
            kind="cancellation",
        )
        for number in range(30)
    )
    answer = desk.get("/data/unmatched-returns.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 31
    assert "attachment" in answer["Content-Disposition"]
    assert f"customer:{anna.pk},'=LAMP," in lines[1]
    assert "Anna" not in "".join(lines)
