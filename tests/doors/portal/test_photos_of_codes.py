"""A photo of the barcode is as good as typing the code; nothing of it stays."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from holdfast.doors.portal.checking import MOST_FORM
from holdfast.doors.portal.limits import PHOTOS
from tests.drawing import picture

R = "/recall/R-2026-001"
AFFECTED = (("Code128", "B17"),)


@pytest.fixture
def client():
    return Client(enforce_csrf_checks=True)


def send(client, data: bytes, address: str = f"{R}/check", **more: str):
    upload = SimpleUploadedFile("photo.jpg", data, "image/jpeg")
    return client.post(address, {"code": "", "a": "check", "photo": upload, **more})


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_photo_of_an_affected_lot_says_so(client, told, kind: str) -> None:
    page = send(client, picture(*AFFECTED, kind=kind)).content.decode()
    assert "Yours is affected" in page


def test_a_photo_taken_sideways_is_read(client, told) -> None:
    assert b"Yours is affected" in send(client, picture(*AFFECTED, turned=90)).content


def test_a_gs1_code_with_another_lot_is_not_affected(client, told) -> None:
    data = picture(("DataMatrix", "(01)07612345678900(10)C03"))
    assert b"not affected" in send(client, data).content


def test_one_affected_code_among_several_decides_and_all_are_listed(client, told) -> None:
    data = picture(("Code128", "C03"), ("QRCode", "B17"))
    page = send(client, data).content.decode()
    assert "Yours is affected" in page
    assert page.count("<code dir") == 2


def test_a_photo_without_a_code_asks_again_and_is_no_try(client, told) -> None:
    page = send(client, picture(), tries="1").content.decode()
    assert "could not read a code in this photo" in page
    assert 'name="tries" value="1"' in page


@pytest.mark.parametrize("data", [b"GIF89a", b"", b"\x89PNG\r\n\x1a\n" + b"x" * 500])
def test_what_is_no_picture_asks_again(client, told, data: bytes) -> None:
    page = send(client, data)
    assert page.status_code == 200
    assert b'name="photo"' in page.content


def test_a_typed_code_counts_beside_a_photo_that_shows_nothing(client, told) -> None:
    page = send(client, picture(), code="B17").content.decode()
    assert "Yours is affected" in page


def test_a_photo_that_is_too_large_is_not_looked_at(client, told) -> None:
    page = send(client, b"x" * (MOST_FORM + 1)).content.decode()
    assert "too large" in page


def test_photos_are_limited_by_place_and_the_typed_answer_is_not(client, told) -> None:
    for _ in range(PHOTOS.most):
        send(client, b"GIF89a")
    assert b"Many photos" in send(client, picture(*AFFECTED)).content
    assert b"Yours is affected" in client.post(f"{R}/check", {"code": "B17"}).content


def test_nothing_of_a_photo_is_stored(client, told) -> None:
    data = picture(*AFFECTED) + bytes(2_000_000)
    home = Path(configured.HOME)
    before = {path for path in home.rglob("*") if path.is_file()}
    with CaptureQueriesContext(connection) as asked:
        assert b"Yours is affected" in send(client, data).content
    written = [
        q["sql"] for q in asked if q["sql"].lstrip().upper().startswith(("INSERT", "UPDATE"))
    ]
    assert all("limit" in sql.lower() for sql in written), written
    assert {path for path in home.rglob("*") if path.is_file()} == before


def test_the_personal_check_takes_a_photo_too(client, told) -> None:
    page = send(client, picture(*AFFECTED), address=f"/r/{told.token}/check")
    assert b"Yours is affected" in page.content


def test_the_form_can_be_used_with_a_camera_and_without_a_script(client, told) -> None:
    page = client.get("/check").content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert 'accept="image/*" capture="environment"' in page
    assert "<script" not in page


def test_what_a_code_in_a_photo_says_is_shown_as_text(client, told) -> None:
    data = picture(("QRCode", "<script>alert(1)</script>"))
    page = send(client, data, tries="0").content.decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_bytes_behind_the_picture_do_no_harm(client, told) -> None:
    tail = io.BytesIO(picture(*AFFECTED)).getvalue() + b"PK\x03\x04" * 100
    assert b"Yours is affected" in send(client, tail).content
