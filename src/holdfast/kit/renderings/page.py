"""A notice as a page: the body for previews, and one static file to upload anywhere."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

from holdfast.kit.renderings.content import NoticeContent
from holdfast.kit.renderings.mail import html_line
from holdfast.kit.renderings.signs import label_svg, sign_svg
from holdfast.kit.wording.library import language_name, library, library_languages


def _style() -> str:
    """The style sheet without comments and line ends, as its hash is taken."""
    written = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
    return re.sub(r"/\*.*?\*/|\n\s*", "", written, flags=re.DOTALL)


STYLE = _style()


def page_body(content: NoticeContent, *, answer_url: str = "", level: int = 1) -> str:
    """The notice without head; `answer_url` adds one large link, `level` is the heading's."""
    line = content.line
    has_lot = bool(content.facts.lots)
    parts = [
        f"<h{level}>{html_line(line('headline'))}</h{level}>",
        f'<p class="stop">{_sign(content)}<span><b>{html_line(line("stop"))}</b>'
        f" {html_line(line('hazard'))}</span></p>",
        '<ol class="do">'
        + "".join(f"<li>{html_line(one)}</li>" for one in content.lines("actions"))
        + "</ol>",
        _paragraph(line("remedy")),
    ]
    if answer_url:
        parts.append(_answer(content, answer_url))
    parts.append(_paragraph(line("gone")))
    if content.photo is not None:
        parts.append(
            f'<figure class="pic">{_photo(content)}'
            f"<figcaption>{html_line(line('identify'))}</figcaption></figure>"
        )
    elif has_lot and line("picture"):
        code = content.facts.product_code or content.facts.product
        drawing = label_svg(code, ", ".join(content.facts.lots), _plain(line("picture")))
        parts.append(
            f'<figure class="pic">{drawing}'
            f"<figcaption>{html_line(line('picture'))}</figcaption></figure>"
        )
    if content.photo is None:
        parts.append(_paragraph(line("identify")))
    parts.append(_paragraph(line("disposal")))
    parts += [
        f"<h{level + 1}>{html_line(line('real_title'))}</h{level + 1}>",
        _paragraph(line("real")),
    ]
    parts.append(_paragraph(line("sold")))
    parts += [_paragraph(one) for one in content.lines("particulars")]
    if line("contact_title"):
        parts.append(f"<h{level + 1}>{html_line(line('contact_title'))}</h{level + 1}>")
    parts.append(_paragraph(line("hurt"), "hz"))
    parts += [_paragraph(one) for one in content.lines("contact")]
    parts += [_paragraph(line("share")), _paragraph(line("apology"), "q")]
    return "\n".join(part for part in parts if part)


def _sign(content: NoticeContent) -> str:
    known = content.language if content.language in library_languages() else "en"
    warning = library(known).say("sign.warning")
    return sign_svg(content.facts.hazard, f"{warning}: {_plain(content.line('hazard'))}")


def _photo(content: NoticeContent) -> str:
    """The photo inside the page itself: a page that is uploaded somewhere has nothing beside it."""
    if content.photo is None:
        return ""
    shown = content.photo.page
    packed = base64.b64encode(shown.content).decode()
    alt = escape(_plain(content.line("picture_alt")), quote=True)
    return (
        f'<img src="data:{shown.media_type};base64,{packed}" alt="{alt}"'
        f' width="{shown.width}" height="{shown.height}">'
    )


def _answer(content: NoticeContent, url: str) -> str:
    if not url.startswith(("https://", "http://", "mailto:")):
        return ""
    return (
        f'<a class="big" href="{escape(url, quote=True)}">{html_line(content.line("answer"))}</a>'
    )


def _paragraph(text: str, kind: str = "") -> str:
    if not text:
        return ""
    return f'<p class="{kind}">{html_line(text)}</p>' if kind else f"<p>{html_line(text)}</p>"


def _plain(text: str) -> str:
    return "".join(char for char in text if not "\u2066" <= char <= "\u2069")


def policy_for(style: str) -> str:
    """The content security policy of a static page: nothing but this one style."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def static_page(contents: Sequence[NoticeContent], *, answer_url: str = "") -> str:
    """One self-contained HTML file with all languages, the first one on top."""
    first = contents[0]
    nav = ""
    if len(contents) > 1:
        links = " · ".join(
            f'<a lang="{escape(one.language)}" href="#{escape(one.language)}">'
            f"{escape(language_name(one.language, one.language))}</a>"
            for one in contents
        )
        nav = f'<nav aria-label="Languages">{links}</nav>'
    sections = "\n".join(
        f'<section id="{escape(one.language)}" lang="{escape(one.language)}"'
        f' dir="{one.direction}">\n'
        f"{page_body(one, answer_url=answer_url)}\n</section>"
        for one in contents
    )
    drill = '<p class="hz">DRILL</p>' if first.facts.is_drill else ""
    return (
        f'<!doctype html>\n<html lang="{escape(first.language)}" dir="{first.direction}">\n<head>\n'
        '<meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy"'
        f' content="{escape(policy_for(STYLE), quote=True)}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(_plain(first.line('headline')))}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f'<div class="tape" aria-hidden="true"></div>\n<div class="pub">\n'
        f'<header class="from"><b><bdi>{escape(first.facts.shop)}</bdi></b>{nav}</header>\n{drill}'
        f"<main>\n{sections}\n</main>\n</div>\n</body>\n</html>\n"
    )
