"""`{{ words|told }}`: what a room said in English, in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from holdfast.doors.desk.ruled import in_words, reason_in_words

register = template.Library()


@register.filter
def told(words: str) -> str:
    """A refusal, a reason or a finding; what no sentence is kept for stays as it is."""
    return in_words(words)


@register.filter
def quoted(words: str) -> SafeString:
    """Words of somebody else between the quotes of the reader's language."""
    before, after = _("“…”").split("…")
    return format_html("{}<bdi>{}</bdi>{}", before, words, after)


@register.filter
def why(reason: str) -> str:
    """Why a line is in a scope, in the reader's language."""
    return reason_in_words(reason)
