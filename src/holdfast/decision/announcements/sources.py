"""The authorities that can be read; each connector declares its own."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from holdfast.kit.announcements import Source
from holdfast.kit.refusals import Unreadable


@lru_cache(maxsize=1)
def every_source() -> dict[str, Source]:
    """The sources of `settings.FEED_SOURCES` by key, in their order."""
    found = (import_string(path) for path in import_string(settings.FEED_SOURCES))
    return {source.key: source for source in found}


def source_named(key: str) -> Source:
    """One source. Raises `Unreadable` with the keys that there are."""
    source = every_source().get(key)
    if source is None:
        raise Unreadable(
            "unknown_source",
            f"No authority is known as “{key[:60]}”.",
            hint=f"Known: {', '.join(every_source())}.",
        )
    return source
