"""`{{ words|told }}`: what a room said in English, in the reader's language."""

from __future__ import annotations

from django import template

from holdfast.doors.desk.ruled import in_words

register = template.Library()


@register.filter
def told(words: str) -> str:
    """A refusal, a reason or a finding; what no sentence is kept for stays as it is."""
    return in_words(words)
