"""Letters as one print-ready PDF: window envelope, sign, QR and typed address, answer card."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from holdfast.kit.renderings.content import NoticeContent
from holdfast.kit.renderings.draft import short_address
from holdfast.kit.renderings.signs import label_svg, sign_svg
from holdfast.kit.wording.library import SLOT, Library, day_in_words, library, library_languages

TEMPLATE = Path(__file__).parent / "letter.typ"
PAPERS = {"a4": "a4", "letter": "us-letter"}
# Preferred first; the last one is built into the typesetter, so something readable is always there.
SANS = ("Noto Sans", "Liberation Sans", "DejaVu Sans", "Arial", "Helvetica", "Libertinus Serif")
ARABIC = (
    "Noto Sans Arabic",
    "Noto Naskh Arabic",
    "Noto Kufi Arabic",
    "Amiri",
    "Segoe UI",
    "Arial",
    "DejaVu Sans",
)
LAST_RESORT = "DejaVu Sans Mono"
_ISOLATES = re.compile("[\u2066\u2067\u2068]([^\u2069]*)\u2069")
_CONTROLS = re.compile("[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]+")
# A short run is set as one document, with tags for readers of screens; a long one some sheets at a
# time: the typesetter keeps what it made for ten runs, so memory stays at a few hundred megabytes.
WHOLE, AT_ONCE = 250, 50
# Points, largest first: the first with which a language fits on one sheet is taken.
SIZES = (12.0, 11.5, 11.0, 10.5, 10.0, 9.5)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom one letter goes to, and what is theirs: order, month, link, reference.

    `text` is the key of their text where it is not simply the language.
    """

    language: str
    name: str
    address: tuple[str, ...]
    order: str = ""
    month: str = ""
    link: str = ""
    reference: str = ""
    text: str = ""

    @property
    def key(self) -> str:
        """Which of the contents they get."""
        return self.text or self.language


@cache
def _families() -> frozenset[str]:
    import typst  # noqa: PLC0415 - heavy, and only letters need it

    return frozenset(typst.Fonts().families())


def fonts_for(language: str, families: frozenset[str] | None = None) -> tuple[list[str], str]:
    """The fonts to set a language in, and a remark where only the last resort has its letters."""
    there = _families() if families is None else families
    wanted = ARABIC if language == "ar" else SANS
    chosen = [name for name in wanted if name in there]
    remark = ""
    if language == "ar" and not chosen:
        remark = (
            "This machine has no Arabic text font; the letters are set in DejaVu Sans Mono, "
            "which is readable but plain. Install Noto Sans Arabic for a better print."
        )
    return [*chosen, LAST_RESORT], remark


def _clean(text: str) -> str:
    return " ".join(_CONTROLS.sub(" ", text).split())


def _pieces(text: str, values: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """A sentence as plain stretches and codes that are read from left to right."""
    found: list[dict[str, Any]] = []

    def plain(part: str) -> None:
        place = 0
        for match in _ISOLATES.finditer(part):
            found.append({"text": part[place : match.start()]})
            inner = _clean(match.group(1))
            found.append({"text": inner, "code": inner.isascii()})
            place = match.end()
        found.append({"text": part[place:]})

    place = 0
    for match in SLOT.finditer(text) if values is not None else ():
        if values is None or match.group(1) not in values:
            continue
        plain(text[place : match.start()])
        value = _clean(values[match.group(1)])
        found.append({"text": value, "code": value.isascii() and match.group(1) != "month"})
        place = match.end()
    plain(text[place:])
    return [one for one in found if one["text"]]


@lru_cache(maxsize=4096)
def _qr(link: str) -> str:
    """The QR code of a link as SVG; level M, with its quiet zone."""
    import segno  # noqa: PLC0415 - only letters need it

    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        out, kind="svg", border=4, xmldecl=False, svgns=True, nl=False, light="#fff"
    )
    return out.getvalue().decode()


def _speech(content: NoticeContent) -> Library:
    known = content.language if content.language in library_languages() else "en"
    return library(known)


def _words(content: NoticeContent, on: date) -> dict[str, Any]:
    """What all letters of a language share."""
    say, line, facts = _speech(content).say, content.line, content.facts
    hazard = _clean(line("hazard"))
    has_lot = bool(facts.lots)
    label = (
        label_svg(
            facts.product_code or facts.product, ", ".join(facts.lots), _clean(line("picture"))
        )
        if has_lot and content.photo is None
        else ""
    )
    return {
        "language": content.language,
        "rtl": content.is_rtl,
        "bar": say("letter.bar"),
        "date": day_in_words(on, content.language),
        "drill": facts.is_drill,
        "drill_words": say("drill"),
        "heading": _pieces(line("headline")),
        "sign": sign_svg(facts.hazard, hazard),
        "sign_alt": f"{say('sign.warning')}: {hazard}",
        "stop": line("stop"),
        "hazard": _pieces(line("hazard")),
        "actions": [_pieces(one) for one in content.lines("actions")],
        "remedy": _pieces(line("remedy")),
        "identify": _pieces(line("identify")),
        "label": label,
        "label_alt": _clean(line("picture")) or hazard,
        # numbers: the typesetter reads bytes only so, and opens no file
        "photo": list(content.photo.paper.content) if content.photo else [],
        "photo_alt": _clean(line("picture_alt")),
        "ways": say("letter.ways"),
        "type_label": say("letter.type"),
        "call_label": say("letter.call"),
        "post_label": say("letter.post"),
        "post": say("letter.card"),
        "phone": _clean(facts.phone),
        "real": _pieces(line("real")),
        "disposal": _pieces(line("disposal")),
        "hurt": line("hurt"),
        "particulars": " ".join(content.lines("particulars")),
        "share": line("share"),
        "apology": line("apology"),
        "signature": _clean(facts.shop),
        "card_title": say("letter.card_title"),
        "card_product": _pieces(line("headline").partition(":")[2].strip() or line("headline")),
        "cut": say("letter.cut"),
        "card": content.lines("card"),
    }


def _letter(one: Recipient, content: NoticeContent) -> dict[str, Any]:
    """What is this person's own."""
    speech, facts = _speech(content), content.facts
    values = {"order": one.order, "month": one.month, "name": one.name, "code": one.reference}
    link = one.link or facts.url
    address = short_address(facts.url) or short_address(link)
    typed = speech.phrases["letter.then"].text if one.order else "{url}"
    owner = [one.name] if one.name.strip() else [speech.say("letter.owner", order=one.order)]
    return {
        "text": one.key,
        "sender": " · ".join(_clean(part) for part in (facts.shop, *facts.sender_lines) if part),
        "address": [_clean(part) for part in (*owner, *one.address) if _clean(part)][:6],
        "order": _pieces(speech.phrases["letter.order"].text, values) if one.order else [],
        "reference": _pieces(speech.phrases["letter.reference"].text, values)
        if one.reference
        else [],
        "bought": _pieces(content.line("bought"), values) if one.order and one.month else [],
        "type": _pieces(typed, {"url": address, "order": one.order}),
        "url": link,
        "qr": _qr(link),
        "code": _clean(one.order),
    }


def _shared(
    contents: Mapping[str, NoticeContent], recipients: Sequence[Recipient], on: date, paper: str
) -> dict[str, Any]:
    """Everything the template reads but the letters themselves; each text in its type size."""
    used = {one.key for one in recipients}
    fonts: list[str] = []
    for language in sorted({contents[key].language for key in used}):
        fonts += [name for name in fonts_for(language)[0] if name not in fonts]
    latin_first = [name for name in fonts if name in SANS] + [
        name for name in fonts if name not in SANS
    ]
    first = contents[recipients[0].key]
    data = {
        "paper": PAPERS[paper],
        "title": _clean(first.line("headline")),
        "author": _clean(first.facts.shop),
        "fonts": latin_first,
        "words": {key: _words(contents[key], on) for key in sorted(used)},
    }
    _fit(data, contents, recipients)
    return data


def _sheets(
    shared: Mapping[str, Any],
    contents: Mapping[str, NoticeContent],
    recipients: Sequence[Recipient],
    *,
    at: datetime,
    has_tags: bool,
) -> bytes:
    """These letters as a PDF of their own."""
    used = {one.key for one in recipients}
    data = {
        **shared,
        "words": {key: words for key, words in shared["words"].items() if key in used},
        "letters": [_letter(one, contents[one.key]) for one in recipients],
    }
    return typeset(data, at=at, has_tags=has_tags)


def typeset(data: Mapping[str, Any], *, at: datetime, has_tags: bool) -> bytes:
    """What the typesetter makes of the data: the edge of this module, and what takes the time."""
    import typst  # noqa: PLC0415 - heavy, and only letters need it

    pdf = typst.compile(
        TEMPLATE.read_bytes(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(at.timestamp()),
        pdf_tags=has_tags,
    )
    if not isinstance(pdf, bytes):
        raise TypeError("the typesetter gave no single PDF")
    return pdf


def letters_pdf(
    contents: Mapping[str, NoticeContent],
    recipients: Sequence[Recipient],
    *,
    on: date,
    at: datetime,
    paper: str = "a4",
    progress: Callable[[int, int], None] | None = None,
) -> bytes:
    """All letters as one PDF, one sheet each, in the order given.

    `on` is the date printed on the letters, `at` the time in the file's metadata: the same input
    gives the same bytes. Many letters are set some at a time: memory stays small, `progress` is
    told in between (sheets done, sheets in all), and may stop it all by raising.
    """
    tell = progress or (lambda _done, _total: None)
    total = len(recipients)
    tell(0, total)
    shared = _shared(contents, recipients, on, paper)
    if total <= WHOLE:
        pdf = _sheets(shared, contents, recipients, at=at, has_tags=True)
        tell(total, total)
        return pdf
    import pypdf  # noqa: PLC0415 - only long runs need it

    whole = pypdf.PdfWriter()
    for begin in range(0, total, AT_ONCE):
        some = recipients[begin : begin + AT_ONCE]
        part = _sheets(shared, contents, some, at=at, has_tags=False)
        whole.append(io.BytesIO(part), import_outline=False)
        tell(begin + len(some), total)
    whole.compress_identical_objects()
    whole.add_metadata(_metadata(shared, at))
    out = io.BytesIO()
    whole.write(out)
    return out.getvalue()


def _metadata(shared: Mapping[str, Any], at: datetime) -> dict[str, str]:
    moment = at.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")
    return {
        "/Title": shared["title"],
        "/Author": shared["author"],
        "/CreationDate": moment,
        "/ModDate": moment,
    }


def letter_svg(content: NoticeContent, one: Recipient, *, on: date, paper: str = "a4") -> str:
    """The first sheet of one letter as SVG, for a screen."""
    import typst  # noqa: PLC0415 - heavy, and only letters need it

    contents = {one.key: content}
    data = {**_shared(contents, [one], on, paper), "letters": [_letter(one, content)]}
    pages: object = typst.compile(
        TEMPLATE.read_bytes(),
        format="svg",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    first = pages[0] if isinstance(pages, list) else pages
    if not isinstance(first, bytes):
        raise TypeError("the typesetter gave no page")
    return first.decode()


def nobody_pdf(reference: str, *, at: datetime, paper: str = "a4") -> bytes:
    """A sheet that says there is nobody to write to, so that an empty print run is seen as one."""
    import typst  # noqa: PLC0415 - heavy, and only letters need it

    source = (
        "#set page(paper: sys.inputs.paper)\n"
        "No letters: nobody in the scope of #sys.inputs.ref has a postal address.\n"
    )
    pdf = typst.compile(
        source.encode(),
        sys_inputs={"paper": PAPERS[paper], "ref": reference},
        timestamp=int(at.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("the typesetter gave no single PDF")
    return pdf


def _fit(
    data: dict[str, Any],
    contents: Mapping[str, NoticeContent],
    recipients: Sequence[Recipient],
) -> None:
    """Give each text the largest type with which its longest letter fits on one sheet."""
    import typst  # noqa: PLC0415 - heavy, and only letters need it

    for key, words in data["words"].items():
        own = (one for one in recipients if one.key == key)
        letter = _letter(max(own, key=_length), contents[key])
        for size in SIZES:
            words["size"] = size
            trial = {**data, "words": {key: words}, "letters": [letter]}
            pages: object = typst.compile(
                TEMPLATE.read_bytes(),
                format="svg",
                sys_inputs={"data": json.dumps(trial, ensure_ascii=False)},
            )
            if not isinstance(pages, list):
                break


def _length(one: Recipient) -> tuple[int, int]:
    texts = (one.name, *one.address, one.order, one.month, one.reference)
    return len(one.address), sum(map(len, texts))


def remarks(languages: Iterable[str]) -> list[str]:
    """What to tell the person who prints: fonts that are missing on this machine."""
    return [remark for one in sorted(set(languages)) if (remark := fonts_for(one)[1])]
