"""A notice as the studio shows it: the page with its blocked words, the e-mail, the photo."""

from __future__ import annotations

import base64
import re
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from holdfast.kit.renderings.content import NoticeContent
from holdfast.kit.renderings.mail import email_parts
from holdfast.kit.renderings.page import page_body

# The page's own style sheet is not here: the desk's classes do the same.
_STYLED = (
    ("<h3>", '<h3 class="ph1">'),
    ("<h4>", '<p class="b mt">'),
    ("</h4>", "</p>"),
    ("<p>", '<p class="mt">'),
    ('class="big"', 'class="btn big"'),
)


def photo_shown(content: NoticeContent) -> dict[str, Any]:
    """The photo as the page shows it, and how heavy each of its drawings is."""
    if content.photo is None:
        return {}
    shown = content.photo.page
    return {
        "src": f"data:{shown.media_type};base64,{base64.b64encode(shown.content).decode()}",
        "width": shown.width,
        "height": shown.height,
        "page": len(shown.content),
        "mail": len(content.photo.mail.content),
        "paper": len(content.photo.paper.content),
    }


def page_preview(content: NoticeContent, form: str, blocked: list[str]) -> SafeString:
    """The page as people will see it, blocked words underlined."""
    if form != "page":
        return SafeString()
    body = page_body(content, answer_url=content.facts.url, level=3)
    for tag, styled in _STYLED:
        body = body.replace(tag, styled)
    for words in sorted(set(filter(None, blocked)), key=len, reverse=True):
        body = re.sub(
            re.escape(str(escape(words))), lambda hit: f"<mark>{hit.group()}</mark>", body
        )
    return mark_safe(body)  # noqa: S308 - the renderer escapes every word of the text


def mail_preview(content: NoticeContent) -> str:
    """The e-mail's text with each person's values shown by name."""
    pieces = email_parts(content)["text"]
    return "".join(one if isinstance(one, str) else f"[{one['slot']}]" for one in pieces)
