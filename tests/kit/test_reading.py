"""A supplier’s e-mail is read by fixed rules; what is unclear becomes a question."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kit.reading import Letter, open_letter, read
from holdfast.kit.reading.dates import find_days

ENGLISH = """From: quality desk, supplier S-07
To: purchasing
Date: Tue 14 Apr 2026, 07:52
In the ageing test 3 of 600 cells of VL-10K, lot B17, overheat and burn while charging.
The lot was made 12 to 15 January 2026, 12,000 pieces.
Shipped: 18 Feb 2026, 7,200 to Gdansk. Please stop sale until further notice.
"""
GERMAN = """Von: Qualitätssicherung, Lieferant S-07
Bei Artikel-Nr. VL-10K, Charge B17, kommt es zur Überhitzung beim Laden.
Hergestellt vom 12. bis 15. Januar 2026, 12.000 Stück, ausgeliefert am 18.02.2026.
"""
FRENCH = """De : service qualité, fournisseur S-07
Le modèle VL-10K, numéro de lot B17, surchauffe pendant la charge.
Fabriqué du 12 au 15 janvier 2026, 12 000 pièces, expédié le 18 février 2026.
"""
SPANISH = """De: control de calidad, proveedor S-07
El modelo VL-10K, lote B17, se sobrecalienta durante la carga.
Fabricado del 12 al 15 de enero de 2026, 12.000 unidades, enviado el 18 de febrero de 2026.
"""


@pytest.mark.parametrize("text", [ENGLISH, GERMAN, FRENCH, SPANISH])
def test_the_same_facts_come_out_of_four_languages(text):
    found = read(Letter(text))
    assert found.values("product")[:1] == ("VL-10K",)
    assert found.values("lot") == ("B17",)
    assert found.values("made") == ("2026-01-12..2026-01-15",)
    assert found.values("shipped") == ("2026-02-18..2026-02-18",)
    assert "12000" in found.values("quantity")
    assert found.first("mechanism") == "overheats"
    assert found.first("outcome") == "fire"
    assert "S-07" in found.first("sender")
    assert found.questions == ()


@pytest.mark.parametrize("text", [ENGLISH, GERMAN, FRENCH, SPANISH])
def test_every_fact_says_where_it_stands(text):
    for fact in read(Letter(text)).facts:
        if fact.kind in ("product", "lot"):
            assert text[fact.start : fact.end] == fact.value
        assert text[fact.start : fact.end]
        assert fact.confidence in ("stated", "likely", "possible")


def test_a_product_of_the_catalogue_is_stated_whatever_its_case():
    found = read(Letter("the vl-10k of lot b17 leaks"), catalogue={"VL-10K": "Power bank"})
    product = next(f for f in found.facts if f.kind == "product")
    assert (product.value, product.confidence) == ("VL-10K", "stated")
    assert found.first("lot") == "b17"


@pytest.mark.parametrize(
    ("text", "lots"),
    [
        ("lots B17, B18 and B19", ("B17", "B18", "B19")),
        ("Chargen B17 und B18", ("B17", "B18")),
        ("Lot: 2026-02/A", ("2026-02/A",)),
        ("batch no. 0042", ("0042",)),
        ("Lot #LX_7 was made", ("LX_7",)),
        ("a lot of people", ()),
        ("no batch is affected", ()),
    ],
)
def test_lots_are_read_and_sentences_are_not(text, lots):
    assert read(Letter(text)).values("lot") == lots


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-02-20", date(2026, 2, 20), date(2026, 2, 20)),
        ("12.-15.01.2026", None, None),
        ("12.01.2026 - 15.01.2026", date(2026, 1, 12), date(2026, 1, 15)),
        ("January 5, 2026", date(2026, 1, 5), date(2026, 1, 5)),
        ("30 Dec 2025 to 2 Jan 2026", date(2025, 12, 30), date(2026, 1, 2)),
        ("3 März", date(2026, 3, 3), date(2026, 3, 3)),
        ("31 février 2026", None, None),
    ],
)
def test_days_are_read_as_written(text, first, last):
    days = list(find_days(text, 2026))
    if first is None:
        assert all(d.first.year == 2026 for d in days)
    else:
        assert [(d.first, d.last) for d in days] == [(first, last)]


def test_a_day_that_fits_both_orders_is_marked():
    found = read(Letter("made 03/04/2026"))
    assert [(f.value, f.confidence) for f in found.facts if f.kind == "made"] == [
        ("2026-04-03..2026-04-03", "likely")
    ]


def test_a_denied_hazard_is_no_hazard():
    assert read(Letter("It does not overheat.")).values("mechanism") == ()


def test_an_unreadable_letter_asks_three_questions():
    assert len(read(Letter("%%%% ??")).questions) == 3
    assert len(read(open_letter(b"\xff\xfe\x00\x01")).questions) == 3


def test_a_mail_file_gives_sender_subject_day_and_the_html_as_text():
    raw = (
        b"From: =?utf-8?q?Qualit=C3=A9?= <qa@supplier.example>\r\nTo: us@shop.example\r\n"
        b"Date: Tue, 14 Apr 2026 07:52:00 +0200\r\nSubject: VL-10K\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        b"<html><head><style>lot X1 {}</style></head><body><p>Lot <b>B17</b> leaks.</p>"
        b"<p>Made 3 March</p></body></html>"
    )
    letter = open_letter(raw)
    assert letter.sender.startswith("Qualité")
    found = read(letter)
    assert found.values("lot") == ("B17",)
    assert found.values("made") == ("2026-03-03..2026-03-03",)
    assert found.first("product") == "VL-10K"


@pytest.mark.parametrize(
    "page",
    ["1.1.2026 - " * 18_000, "lot" + " " * 190_000, "lot " + "A1," * 60_000, "<script>" * 25_000],
)
def test_a_hostile_page_takes_no_longer_than_a_long_one(page):
    began = time.process_time()
    read(Letter(page), year=2026)
    read(open_letter(b"From: x\nSubject: y\nContent-Type: text/html\n\n" + page.encode()))
    assert time.process_time() - began < 10


@given(st.text(max_size=400))
def test_no_text_breaks_the_reading(text):
    for fact in read(Letter(text), catalogue={"ABC": ""}, year=2026).facts:
        assert 0 <= fact.start <= fact.end <= len(text)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_opening(raw):
    assert isinstance(open_letter(raw).text, str)


def test_a_lot_that_looks_like_a_code_is_not_taken_for_the_product():
    mail = b"Subject: 85123A, lot K12-85123A\n\nLot K12-85123A overheats. Please stop selling it.\n"
    found = read(open_letter(mail))
    assert found.values("lot") == ("K12-85123A",)
    assert found.values("product") == ()
    assert found.questions
