"""A text that the rules cannot read is known as such, and one that they can never is."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from holdfast.kit.signals.unread import unread_language

FOREIGN = {
    "it": "Il bollitore ha preso fuoco mentre lo usavo, mio figlio si è bruciato la mano.",
    "nl": "De waterkoker vloog in brand en mijn zoon heeft zijn hand verbrand.",
    "pt": "A chaleira pegou fogo e o meu filho queimou a mão na cozinha.",
    "pl": "Czajnik zapalił się w kuchni i mój syn poparzył sobie rękę.",
    "sv": "Vattenkokaren började brinna och min son brände sig på handen.",
    "da": "Elkedlen gik i brand, og min søn brændte sin hånd på den.",
    "tr": "Su ısıtıcısı alev aldı ve oğlum elini yaktı, çok korktuk.",
    "cs": "Varná konvice začala hořet a můj syn si popálil ruku.",
    "ro": "Fierbătorul a luat foc și fiul meu și-a ars mâna.",
    "hu": "A vízforraló kigyulladt, és a fiam megégette a kezét.",
    "fi": "Vedenkeitin syttyi palamaan, kun poikani oli keittiössä ja hän poltti kätensä.",
    "vi": "Ấm đun nước bốc cháy trong bếp và con trai tôi bị bỏng tay, chúng tôi rất sợ.",
    "und-Arab": "الغلاية اشتعلت في المطبخ واحترقت يد ابني.",
    "und-Cyrl": "Чайник загорелся на кухне, сын обжёг руку.",
    "und-Hani": "水壶着火了,我儿子的手烧伤了。",
    "und-Jpan": "やかんから煙が出て、息子が手をやけどしました。",
    "und-Grek": "Ο βραστήρας πήρε φωτιά.",
    "und": "Ketel itu terbakar di dapur dan tangan anak saya melepuh, kami sangat takut sekali "
    "waktu itu.",
}


@pytest.mark.parametrize(("language", "text"), FOREIGN.items())
def test_other_languages_are_known_by_their_letters_and_small_words(
    language: str, text: str
) -> None:
    assert unread_language(text) == language


def test_the_invented_sentences_in_german_french_and_spanish_can_be_read() -> None:
    file = Path(__file__).with_name("invented.txt")
    said = [line.split("|", 1)[1].strip() for line in file.read_text().splitlines() if "|" in line]
    assert len(said) > 150
    assert [text for text in said if unread_language(text)] == []


@pytest.mark.parametrize("text", ["", "Kaputt!", "???", "VL-10K 4006381333931", "ok", "1 2 3 äöü"])
def test_a_text_too_short_to_say_is_not_called_foreign(text: str) -> None:
    assert unread_language(text) == ""


def test_real_reports_and_reviews_in_english_can_be_read(real_data: Path) -> None:
    toys = "complaints_saferproducts_toys/saferproducts_toys_reports_2011_2017.csv.gz"
    foods = "complaints_amazon_food_reviews/amazon_reviews_of_recalled_foods_pre2014.csv.gz"
    for path, column, least in (
        (toys, "Incident Description", 1_300),
        (foods, "reviewText", 3_600),
    ):
        with gzip.open(real_data / path, "rt", newline="", errors="replace") as file:
            texts = [row[column] or "" for row in csv.DictReader(file)]
        assert len(texts) >= least
        foreign = [text for text in texts if unread_language(text)]
        assert len(foreign) <= 1, "a list of labels may have no word of any language"
