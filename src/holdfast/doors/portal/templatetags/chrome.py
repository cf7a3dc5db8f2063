"""`{% say "key" slot=value %}`: a string of the page's chrome in the page's language."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: dict[str, Any], key: str, **slots: object) -> SafeString:
    """The string `key` with its slots, in the language of the page."""
    said: SafeString = context["speech"].say(key, **slots)
    return said
