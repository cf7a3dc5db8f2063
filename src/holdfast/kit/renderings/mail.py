"""A notice as the parts of an e-mail: literals, and slots for each person's values."""

from __future__ import annotations

import base64
import re
from html import escape
from typing import Any

from holdfast.kit.renderings.content import NoticeContent
from holdfast.kit.wording.library import (
    FIRST_STRONG_ISOLATE,
    LTR_ISOLATE,
    PERSONAL,
    POP_ISOLATE,
    SLOT,
)

Piece = str | dict[str, str]
_LEFT_TO_RIGHT = frozenset(("order", "link", "code"))
_ISOLATED = re.compile(f"([{LTR_ISOLATE}{FIRST_STRONG_ISOLATE}])([^{POP_ISOLATE}]*){POP_ISOLATE}")


class _Writer:
    """Collects literals and slots, joining neighbouring literals."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []

    def literal(self, text: str) -> None:
        """Text as it is."""
        if not text:
            return
        if self.pieces and isinstance(self.pieces[-1], str):
            self.pieces[-1] += text
        else:
            self.pieces.append(text)

    def slot(self, name: str) -> None:
        """A place for one person's value."""
        self.pieces.append({"slot": name})


def text_pieces(line: str, *, is_rtl: bool) -> list[Piece]:
    """A line of plain text; in a right-to-left text every value is isolated by invisible marks."""
    out = _Writer()
    for kind, value in _split(line):
        if kind == "text":
            out.literal(value)
            continue
        mark = LTR_ISOLATE if value in _LEFT_TO_RIGHT else FIRST_STRONG_ISOLATE
        out.literal(mark if is_rtl else "")
        out.slot(value)
        out.literal(POP_ISOLATE if is_rtl else "")
    return out.pieces


def html_pieces(line: str) -> list[Piece]:
    """A line of HTML: everything escaped, isolated stretches and values in `bdi`."""
    out = _Writer()
    for kind, value in _split(line):
        if kind == "text":
            out.literal(html_line(value))
            continue
        out.literal('<bdi dir="ltr">' if value in _LEFT_TO_RIGHT else "<bdi>")
        out.slot(value)
        out.literal("</bdi>")
    return out.pieces


def _split(line: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    place = 0
    for match in SLOT.finditer(line):
        if match.group(1) not in PERSONAL:
            continue
        found.append(("text", line[place : match.start()]))
        found.append(("slot", match.group(1)))
        place = match.end()
    found.append(("text", line[place:]))
    return [one for one in found if one[1]]


def html_line(text: str) -> str:
    """Escaped, with the isolating marks of plain text turned into elements."""
    escaped = escape(text, quote=True)
    return _ISOLATED.sub(_bdi, escaped)


def _bdi(match: re.Match[str]) -> str:
    opening = '<bdi dir="ltr">' if match.group(1) == LTR_ISOLATE else "<bdi>"
    return f"{opening}{match.group(2)}</bdi>"


def email_parts(content: NoticeContent) -> dict[str, Any]:
    """Subject, text and HTML; the slots are name, items and link."""
    subject = _one_line(content.line("subject") or content.line("headline"))
    parts = {
        "subject": [f"[DRILL] {subject}" if content.facts.is_drill else subject],
        "text": _text(content),
        "html": _html(content),
    }
    if content.photo is not None:
        shown = content.photo.mail
        parts["photo"] = [
            {
                "cid": _cid(content),
                "media_type": shown.media_type,
                "base64": base64.b64encode(shown.content).decode(),
            }
        ]
    return parts


def _cid(content: NoticeContent) -> str:
    """How the HTML names the picture that travels beside it; another photo, another name."""
    return f"{content.facts.picture[:16] or 'photo'}@holdfast"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _text(content: NoticeContent) -> list[Piece]:
    out = _Writer()

    def paragraph(*lines: str) -> None:
        kept = [line for line in lines if line]
        for number, line in enumerate(kept):
            for piece in text_pieces(line, is_rtl=content.is_rtl):
                if isinstance(piece, str):
                    out.literal(piece)
                else:
                    out.slot(piece["slot"])
            out.literal("\n" if number < len(kept) - 1 else "\n\n")

    line = content.line
    if content.facts.is_drill:
        paragraph("DRILL")
    paragraph(line("headline"))
    paragraph(f"{line('stop')} {line('hazard')}")
    paragraph(*(f"{n}. {one}" for n, one in enumerate(content.lines("actions"), start=1)))
    paragraph("{name}", line("bought_items"), "{items}")
    paragraph(line("remedy"))
    paragraph(line("answer"), "{link}")
    paragraph(line("gone"))
    paragraph(line("identify"))
    if content.photo is not None:
        paragraph(f"[{line('picture_alt')}]")
    paragraph(line("disposal"))
    paragraph(line("real_title"), line("real"))
    paragraph(line("sold"))
    paragraph(*content.lines("particulars"))
    paragraph(line("hurt"), *content.lines("contact"))
    paragraph(line("share"))
    paragraph(line("apology"))
    paragraph(content.facts.shop, *content.facts.sender_lines)
    return out.pieces


_BODY = (
    "margin:0;padding:0;background:#FAF9F6;color:#15181E;"
    "font:17px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif"
)
_BUTTON = (
    "display:inline-block;padding:14px 22px;border-radius:10px;background:#0B5563;color:#FFFFFF;"
    "font-weight:bold;text-decoration:none"
)


def _html(content: NoticeContent) -> list[Piece]:
    out = _Writer()

    def put(before: str, text: str, after: str) -> None:
        if not text:
            return
        out.literal(before)
        for piece in html_pieces(text):
            if isinstance(piece, str):
                out.literal(piece)
            else:
                out.slot(piece["slot"])
        out.literal(after)

    line = content.line
    out.literal(
        "<!doctype html>\n"
        f'<html lang="{escape(content.language)}" dir="{content.direction}">\n<head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(_plain(line('headline')))}</title></head>\n"
        f'<body style="{_BODY}">\n'
        '<div style="height:10px;background:#FFC61A;border-bottom:6px solid #15181E"></div>\n'
        '<div style="max-width:34em;margin:0 auto;padding:16px 20px 28px">\n'
    )
    if content.facts.is_drill:
        put('<p style="color:#5B2E91;font-weight:bold">', "DRILL", "</p>\n")
    put(
        '<h1 style="font-size:24px;line-height:1.25;margin:8px 0 12px">',
        line("headline"),
        "</h1>\n",
    )
    out.literal(
        '<p style="font-size:20px;line-height:1.35;font-weight:bold;color:#A8200D;margin:0 0 14px">'
    )
    put("", line("stop"), "<br>")
    put("", line("hazard"), "</p>\n")
    out.literal('<ol style="margin:0 0 16px;padding-inline-start:26px">')
    for one in content.lines("actions"):
        put('<li style="margin:6px 0">', one, "</li>")
    out.literal("</ol>\n")
    if content.photo is not None:
        shown = content.photo.mail
        alt = escape(_plain(line("picture_alt")), quote=True)
        out.literal(
            f'<p><img src="cid:{_cid(content)}" width="{shown.width}" height="{shown.height}"'
            f' style="max-width:100%;height:auto" alt="{alt}"></p>\n'
        )
    out.literal("<p>")
    put("", "{name}", "<br>")
    put("", line("bought_items"), "<br>")
    put("", "{items}", "</p>\n")
    put("<p>", line("remedy"), "</p>\n")
    put('<p style="margin-bottom:6px"><b>', line("answer"), "</b></p>\n")
    out.literal('<p style="margin-top:6px"><a style="' + _BUTTON + '" href="')
    out.slot("link")
    out.literal('"><bdi dir="ltr">')
    out.slot("link")
    out.literal("</bdi></a></p>\n")
    for name in ("gone", "identify", "disposal"):
        put("<p>", line(name), "</p>\n")
    put('<h2 style="font-size:17px;margin:22px 0 6px">', line("real_title"), "</h2>\n")
    put("<p>", line("real"), "</p>\n")
    put("<p>", line("sold"), "</p>\n")
    for one in content.lines("particulars"):
        put("<p>", one, "</p>\n")
    put('<p><b style="color:#A8200D">', line("hurt"), "</b></p>\n")
    for one in content.lines("contact"):
        put('<p style="margin:4px 0">', one, "</p>\n")
    put("<p>", line("share"), "</p>\n")
    put('<p style="color:#474D59">', line("apology"), "</p>\n")
    sender = [content.facts.shop, *content.facts.sender_lines]
    out.literal('<p style="font-size:15px;color:#474D59">')
    out.literal("<br>".join(escape(one) for one in sender if one))
    out.literal("</p>\n</div>\n</body>\n</html>\n")
    return out.pieces


def _plain(text: str) -> str:
    return _ISOLATED.sub(lambda match: match.group(2), text)
