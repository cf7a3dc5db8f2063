"""The gates that look at pages: what answers must be ours, and show this very notice."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import urlsplit

from holdfast.decision.recalls.models import Recall
from holdfast.ground.outbox.models import Skeleton
from holdfast.response.outreach.rules import Fetched, Gate, PageMark, mark_in, page_mark

Probe = Callable[[str, str], Fetched]
"""(address, our own address) -> what came"""
_URL = re.compile(r"https?://[^\s<>\"')\]]+")
MOST_LINKS = 20


def page_gate(
    recall: Recall, texts: Collection[Skeleton], *, public_url: str, key: bytes, probe: Probe
) -> Gate:
    """The notice page is up: this recall's own, with an approved text, and no other.

    Before the launch the page does not exist yet; then this instance must be what says so.
    """
    url = f"{public_url}/n/{recall.ref}"
    fetched = probe(url, public_url)
    why = _not_ours(fetched, public_url, page_mark(key))
    mark = mark_in(fetched.text)
    if not why and mark.recall != recall.ref:
        if fetched.status == 404 and recall.state != "telling":
            words = f"{public_url} is this instance; the page appears with the launch"
            return Gate("page", "green", words)
        why = f"answers {fetched.status} with another page of this instance"
    if not why and mark.text not in {text.text_sha256[: len(mark.text)] for text in texts}:
        why = "shows another text than the approved one; an old copy may be kept somewhere"
    if why:
        return Gate("page", "red", f"{url} {why}"[:300])
    return Gate("page", "green", f"{url} shows the approved text")


def links_gate(
    recall: Recall, texts: Collection[Skeleton], *, public_url: str, key: bytes, probe: Probe
) -> Gate:
    """Every link answers: those to us with a page of this instance, the others where they point."""
    ours = page_mark(key)
    own = [f"{public_url}/{path}" for path in (f"check/{recall.ref}", "check", "recall", "r/look")]
    bad, elsewhere = [], [url for url in _written(texts) if not url.startswith(f"{public_url}/")]
    wanted = list(dict.fromkeys([*own, *_written(texts)]))
    looked_at = wanted[: MOST_LINKS + len(own)]
    for url in looked_at:
        fetched = probe(url, public_url)
        why = _broken(fetched, url) if url in elsewhere else _not_ours(fetched, public_url, ours)
        if why:
            bad.append(f"{url} {why}")
    count = len(looked_at)
    if bad:
        return Gate("links", "red", f"{len(bad)} of {count} are wrong: {bad[0]}"[:300])
    words = f"{count} of {count} answer"
    if there := sum(url in elsewhere for url in looked_at):
        words += f", {there} elsewhere"
    if len(wanted) > count:
        words += f"; {len(wanted) - count} more were not looked at"
    return Gate("links", "green", words)


def _written(texts: Collection[Skeleton]) -> list[str]:
    """Addresses that stand in the approved words themselves."""
    pieces: list[Any] = [
        piece for text in texts for part in ("text", "html") for piece in text.parts.get(part, ())
    ]
    found = {
        url.rstrip(".,;:")
        for piece in pieces
        if isinstance(piece, str)
        for url in _URL.findall(piece)
    }
    return sorted(url for url in found if "{" not in url and "//www.w3.org/" not in url)


def _not_ours(fetched: Fetched, public_url: str, ours: PageMark) -> str:
    """Why what came is no page of this instance; empty if it is."""
    if not fetched.status:
        return fetched.why
    there = _host(fetched.url)
    if there != _host(public_url):
        return f"leads to {there}"
    if fetched.status >= 500:
        return f"answers {fetched.status}"
    if mark_in(fetched.text).instance != ours.instance:
        return f"answers {fetched.status}, but not with a page of this instance"
    return ""


def _broken(fetched: Fetched, url: str) -> str:
    """Why an address of somebody else is not what the notice names; empty if nothing shows."""
    if not fetched.status:
        return fetched.why
    here, there = _host(url), _host(fetched.url)
    if not (here == there or there.endswith(f".{here}") or here.endswith(f".{there}")):
        return f"leads to {there}"
    return "" if fetched.status < 400 else f"answers {fetched.status}"


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
