"""Words and barcodes of a photograph as lines; what a picture alone says is for a person."""

from io import BytesIO

import pytest
from PIL import Image, ImageDraw, ImageFont

from holdfast.kit import phototext
from holdfast.kit.matching import Catalogue, Match, Record, match_all, match_one
from holdfast.kit.phototext import Box, PhotoText, lines_of, read_text
from holdfast.kit.refusals import Unreadable

KETTLE = "4006381333931"


def label(*lines: str) -> bytes:
    """A label as it would be photographed: dark letters on paper, slightly turned."""
    picture = Image.new("RGB", (900, 90 + 90 * len(lines)), "white")
    pen = ImageDraw.Draw(picture)
    for row, line in enumerate(lines):
        pen.text((60, 40 + 90 * row), line, "black", ImageFont.load_default(52))
    out = BytesIO()
    picture.rotate(2, fillcolor="white").save(out, "JPEG", quality=80)
    return out.getvalue()


def asked(recall: Record, *products: Record) -> dict[str, Match]:
    return {one.right: one for one in match_one(recall, Catalogue(products))}


def test_where_the_reader_is_installed_a_drawn_label_is_read_and_matched() -> None:
    seen = read_text(label("Brewmaster", "Model KX-4711", "4 006381 333931"))
    assert seen.has_words
    assert "Brewmaster" in seen.text
    assert "4711" in seen.text
    found = asked(Record("r", photo=seen.text), Record("kettle", "Kettle", codes=KETTLE))
    assert found["kettle"].answer == "review"
    assert KETTLE in found["kettle"].reason


def test_without_the_reader_barcodes_are_read_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(phototext, "can_read_words", lambda: False)
    assert read_text(label("Brewmaster")) == PhotoText("", has_words=False)


def test_what_is_no_picture_is_refused_before_any_reader_sees_it() -> None:
    with pytest.raises(Unreadable, match="not a picture"):
        read_text(b"<svg/>")


def test_the_pieces_under_the_bars_become_one_number() -> None:
    pieces = [Box("7", 90, 0, 6), Box('36602"30146', 20, 2, 12), Box("0", 1, 0, 6)]
    assert lines_of([*pieces, Box("Made in", 1, 30, 40)]) == ["0 36602 30146 7", "Made in"]


def test_whoever_knows_a_code_only_from_a_photograph_has_it_looked_at() -> None:
    named = Record("r", "Kettle", codes=KETTLE)
    shown = Record("r", "Goods", photo="best before\n4 006381 333931")
    ours, pictured = Record("p", "Pot", codes=KETTLE), Record("p", "Pot", photo="4006381333931")
    for recall, product, words in (
        (shown, ours, "photograph of the recall shows"),
        (named, pictured, "photograph of the product shows"),
        (shown, pictured, "Photographs of both show"),
    ):
        found = asked(recall, product)["p"]
        assert (found.answer, found.score) == ("review", 1.0)
        assert words in found.reason
        assert KETTLE in found.reason
    assert asked(named, ours)["p"].answer == "suppress"
    both = Record("r", "Kettle KX4711", "Brewmaster", photo=KETTLE)
    known = Record("p", "Kettle KX4711", "Brewmaster", photo=KETTLE)
    assert asked(both, known)["p"].answer == "suppress"


def test_a_misread_or_cut_number_in_a_photograph_is_no_code() -> None:
    ours = Record("p", "Pot", codes=KETTLE)
    for read in ("4 006381 333932", "006381 333931", "UPC 06381 33393"):
        assert asked(Record("r", "Goods", photo=read), ours) == {}


def test_brand_and_model_in_a_photograph_never_stop_a_sale() -> None:
    ours = Record("p", "Kettle KX4711", "Brewmaster")
    assert asked(Record("r", "Kettle KX4711", "Brewmaster"), ours)["p"].answer == "suppress"
    for recall in (
        Record("r", photo="Brewmaster kettle KX4711"),
        Record("r", "Kettle KX4711", "Another", photo="Brewmaster"),
        Record("r", "Kettle", "Brewmaster", photo="KX4711"),
    ):
        found = asked(recall, ours)["p"]
        assert found.answer == "review"
        assert "read in a photograph: " in found.reason


def test_a_photograph_full_of_small_print_takes_no_answer_away() -> None:
    shop = [Record(f"p{n}", f"Carlsen rope {n}0 m ripstop red", "Carlsen") for n in range(3)]
    shop += [Record("kettle", "Brewmaster kettle KX4711", "Brewmaster")]
    print_ = " ".join(f"ingredient{n} warning{n}" for n in range(400))
    plain = Record("r", "Kettle KX4711", "Brewmaster")
    with_photo = Record("r", "Kettle KX4711", "Brewmaster", photo=print_)
    for recall in (plain, with_photo):
        found = match_all([recall], Catalogue(shop)).found
        assert [(one.right, one.answer) for one in found] == [("kettle", "suppress")]
