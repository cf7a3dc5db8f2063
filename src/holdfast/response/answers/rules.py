"""How a post is read in, which recall it is about, and what a correction may say. Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from holdfast.kit.ledger import canonical_json
from holdfast.kit.listening.replies import LONGEST_CLAIM, Straight, repeats
from holdfast.kit.refusals import Unreadable
from holdfast.kit.storable import storable
from holdfast.kit.wording.findings import Finding
from holdfast.kit.wording.lint import lint_text

KINDS = {
    "hand": "Pasted",
    "file": "File",
    "mail": "E-mail",
    "webhook": "Webhook",
    "feed": "RSS or Atom feed",
}
LONGEST_TEXT = 5_000
CUT = " […]"  # where a longer one ends, so that nobody takes it for the whole
MOST_SIGHTINGS = 10_000  # of one text; what comes after is a flood that is known already
SIGNED_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Post:
    """One post as it came: where it stands, who wrote it, when, and how many read it, if known."""

    text: str
    url: str = ""
    author: str = ""
    said_at: datetime | None = None
    audience: int = 0
    language: str = ""
    key: str = ""  # what makes this sighting one and the same when it comes again

    def clean(self) -> Post:
        """The same within bounds, without NUL; refuses one without words."""
        text = _kept(self.text).strip()
        if len(text) > LONGEST_TEXT:
            text = text[: LONGEST_TEXT - len(CUT)].rstrip() + CUT
        if not text:
            raise Unreadable("no_text", "The post has no text.", column="text")
        return Post(
            text,
            _web(self.url),
            " ".join(_kept(self.author).split())[:200],
            self.said_at,
            min(max(self.audience, 0), 10**10),
            _kept(self.language)[:5].casefold().split("-")[0],
            _kept(self.key),
        )


def _kept(text: str) -> str:
    return storable(text.replace("\x00", ""))


def _web(url: str) -> str:
    """An address that may be a link on a page; anything but http and https is dropped."""
    bare = "".join(_kept(url).split())[:1000]
    return bare if bare.casefold().startswith(("http://", "https://")) else ""


def sighting_key(source: str, post: Post, position: int = 0) -> str:
    """Where a post was seen: its address or id, else its words and its place among identical rows.

    The same file, the same feed entry and the same delivery give the same key again.
    """
    place = post.key or post.url
    said = post.said_at.isoformat() if post.said_at else ""
    parts = [source, place] if place else [source, post.author, said, post.text, str(position)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def named_in(text: str, recalls: Mapping[str, Iterable[str]]) -> str:
    """The one recall whose product, lot or number a text names; nothing where several or none."""
    folded = f" {' '.join(text.casefold().split())} "
    found = {
        ref
        for ref, names in recalls.items()
        if any(len(name) > 2 and name.casefold() in folded for name in names)
    }
    return found.pop() if len(found) == 1 else ""


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """What a webhook has to send: HMAC-SHA-256 over the time, a dot and the body, in hex."""
    return hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def source_secret(key: bytes, number: int, salt: str) -> bytes:
    """The secret of one webhook: derived from this instance's key, so the database holds none."""
    return hmac.new(key, f"mentions:{number}:{salt}".encode(), hashlib.sha256).hexdigest().encode()


def is_signed(secret: bytes, timestamp: str, body: bytes, given: str, now: datetime) -> bool:
    """Whether the sender knows the secret and spoke within five minutes."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        return False
    if abs(now.timestamp() - int(timestamp)) > SIGNED_WITHIN.total_seconds():
        return False
    wanted = signature(secret, timestamp, body)
    given = given.removeprefix("sha256=").strip()
    return hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace"))


def correction_sha256(language: str, said: Straight) -> str:
    """The hash an approval binds to."""
    form = {"language": language, **said.as_json()}
    return hashlib.sha256(canonical_json(form)).hexdigest()


def said_from(words: Mapping[str, object]) -> Straight:
    """A stored page as a value."""
    return Straight(
        str(words.get("headline", "")),
        tuple(str(one) for one in _listed(words.get("fact"))),
        tuple(str(one) for one in _listed(words.get("steps"))),
        str(words.get("claim", "")),
    )


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def correction_findings(said: Straight, *, language: str, regime: str) -> tuple[Finding, ...]:
    """What the notice linter says of a correction page; `block` holds an approval up.

    A claim is shown as wrong, so words in it that play a danger down only warn; in the headline it
    may not stand at all. The elements a whole notice needs stand in the notice, which is linked.
    """
    text = "\n".join((said.headline, *said.fact, *said.steps))
    report = lint_text(text, regime=regime, language=language)
    found = [one for one in report.findings if one.rule.startswith("banned.")]
    if said.claim:
        claimed = lint_text(said.claim, regime=regime, language=language).findings
        found += [_softened(one) for one in claimed if one.rule.startswith("banned.")]
        if repeats(said.headline, said.claim):
            found.append(_own("correction.headline", said.headline, language))
    return tuple(found)


def _softened(one: Finding) -> Finding:
    return replace(one, severity="warn")


def _own(rule: str, text: str, language: str) -> Finding:
    return Finding(
        rule=rule,
        severity="block",
        text=text,
        start=0,
        end=len(text),
        line=1,
        column=1,
        why="The headline says the wrong claim again.",
        source="Holdfast: a correction states the fact first (docs/street.md)",
        suggestion="Describe the claim in other words, or leave it out.",
        language=language,
    )


def claim_words(text: str) -> str:
    """The wrong claim in one line; refused where it is a whole post."""
    claim = " ".join(text.replace("\x00", " ").split())
    if len(claim) > LONGEST_CLAIM:
        raise Unreadable(
            "claim_too_long",
            f"The claim has {len(claim)} characters; {LONGEST_CLAIM} are the most.",
            hint="Say in one short sentence what is claimed; do not paste the post.",
        )
    return claim
