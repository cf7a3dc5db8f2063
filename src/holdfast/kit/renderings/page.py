"""A notice as a page: the body for the portal and previews, and one static file a seller can upload anywhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from html import escape

from holdfast.kit.renderings.content import NoticeContent
from holdfast.kit.renderings.mail import html_line
from holdfast.kit.renderings.signs import label_svg, sign_svg
from holdfast.kit.wording.library import language_name, library, library_languages

STYLE = (
    ":root{color-scheme:light dark;--c:#FAF9F6;--s:#FFF;--i:#15181E;--q:#474D59;--l:#DDD9D0;--a:#0B5563;--o:#FFF;--d:#A8200D}"
    "@media(prefers-color-scheme:dark){:root{--c:#0F1216;--s:#171B21;--i:#ECEAE4;--q:#B9BDC6;--l:#2B313A;--a:#63C7DA;--o:#0A0C0F;--d:#FF9485}}"
    "*{box-sizing:border-box}body{margin:0;background:var(--c);color:var(--i);font:400 17px/1.5 system-ui,-apple-system,"
    '"Segoe UI",Roboto,"Noto Sans","Noto Sans Arabic",sans-serif;font-variant-numeric:tabular-nums}'
    "h1,h2,p,ol,ul,figure{margin:0;padding:0}ol,ul{list-style:none}a{color:var(--a)}"
    ".tape{block-size:16px;background:repeating-linear-gradient(-45deg,#FFC61A 0 12px,#15181E 12px 24px)}"
    ".pub{max-inline-size:34rem;margin-inline:auto;padding:0 20px 28px}"
    ".from{display:flex;justify-content:space-between;gap:12px;font-size:15px;color:var(--q);padding-block:10px;flex-wrap:wrap}"
    "h1{font-size:24px;line-height:1.2;margin-block:8px 12px}h2{font-size:17px;margin-block:22px 6px}"
    ".stop{display:grid;grid-template-columns:60px 1fr;gap:14px;align-items:start;font-size:20px;line-height:1.3;font-weight:680;color:var(--d)}"
    ".stop b{display:block}.stop svg{inline-size:100%;block-size:auto}.do{counter-reset:d;margin-block:14px}"
    ".do li{counter-increment:d;position:relative;padding:7px 0;padding-inline-start:30px;border-block-start:1px solid var(--l)}"
    ".do li::before{content:counter(d);position:absolute;inset-inline-start:2px;font-weight:700;color:var(--q)}"
    "p+p{margin-block-start:10px}.big{display:flex;align-items:center;justify-content:center;min-block-size:52px;border-radius:10px;"
    "background:var(--a);color:var(--o);font-weight:650;text-decoration:none;margin-block:14px;padding:8px 16px;text-align:center}"
    ".pic{margin-block:20px;font-size:15px;color:var(--q)}.pic svg{max-inline-size:100%;block-size:auto;direction:ltr}"
    "bdi[dir=ltr]{white-space:nowrap}.q{color:var(--q)}.hz{color:var(--d);font-weight:650}section+section{border-block-start:8px solid var(--l);margin-block-start:32px;padding-block-start:8px}"
    ":focus-visible{outline:3px solid var(--a);outline-offset:3px}[lang=ar]{line-height:1.65}"
    "@media print{.tape{print-color-adjust:exact}body{background:#fff;color:#000}}"
)  # fmt: skip


def page_body(content: NoticeContent, *, answer_url: str = "", level: int = 1) -> str:
    """The notice as HTML without head; `answer_url` adds one large link, `level` is the heading's."""
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
    if has_lot and line("picture"):
        code = content.facts.product_code or content.facts.product
        drawing = label_svg(code, ", ".join(content.facts.lots), _plain(line("picture")))
        parts.append(
            f'<figure class="pic">{drawing}<figcaption>{html_line(line("picture"))}</figcaption></figure>'
        )
    parts += [_paragraph(line("identify")), _paragraph(line("disposal"))]
    parts += [
        f"<h{level + 1}>{html_line(line('real_title'))}</h{level + 1}>",
        _paragraph(line("real")),
    ]
    parts.append(_paragraph(line("sold")))
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
        f'<section id="{escape(one.language)}" lang="{escape(one.language)}" dir="{one.direction}">\n'
        f"{page_body(one, answer_url=answer_url)}\n</section>"
        for one in contents
    )
    drill = '<p class="hz">DRILL</p>' if first.facts.is_drill else ""
    return (
        f'<!doctype html>\n<html lang="{escape(first.language)}" dir="{first.direction}">\n<head>\n'
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy_for(STYLE), quote=True)}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(_plain(first.line('headline')))}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f'<div class="tape" aria-hidden="true"></div>\n<div class="pub">\n'
        f'<header class="from"><b><bdi>{escape(first.facts.shop)}</bdi></b>{nav}</header>\n{drill}'
        f"<main>\n{sections}\n</main>\n</div>\n</body>\n</html>\n"
    )
