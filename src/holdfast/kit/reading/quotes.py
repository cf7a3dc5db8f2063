"""What of a mail's text its sender says, what it only quotes, and whose words it passes on."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from email.utils import parseaddr

# As mail programs write them; a person who forwards adds to them, one who answers does not.
_FORWARDED = re.compile(
    r"^[ \t>]*(?:-{2,}[ \t]*(?:forwarded message|weitergeleitete nachricht|message transféré"
    r"|mensaje reenviado)\b.*|begin forwarded message:|anfang der weitergeleiteten nachricht:"
    r"|début du message transféré ?:|inicio del mensaje reenviado:)[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_FORWARDS = re.compile(r"\s*(?:fwd?|wg|tr|rv)[ \t]*:", re.IGNORECASE)  # a subject
_ORIGINAL = re.compile(
    r"^[ \t]*-{2,}[ \t]*(?:original message|ursprüngliche nachricht|message d'origine|"
    r"mensaje original).*$",
    re.IGNORECASE | re.MULTILINE,
)
_WROTE = re.compile(
    r"^[ \t]*(?:on|am|le|el)\b.{5,120}\b(?:wrote|schrieb|a écrit|escribió)\b.{0,80}:[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_NAMES_A_MAIL = re.compile(r"\S@\S|\d[:h]\d\d")  # an address or a time: no sentence of a person
_HEADS = (
    r"(?:from|von|de|da|to|an|à|para|cc|kopie|sent|gesendet|envoyé|enviado|date|datum|fecha"
    r"|subject|betreff|objet|asunto|reply-to|antwort an|répondre à|responder a)"
)
_BLOCK = re.compile(
    r"^[ \t>*]*(?:from|von|de|da)[ \t]*:\*?[ \t]*(?P<who>\S.*)\n"
    rf"(?:(?:[ \t>]*\n)?[ \t>*]*{_HEADS}[ \t]*:.*(?:\n|\Z)){{1,8}}",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTE = re.compile(r"^[ \t]*>.*\n?", re.MULTILINE)
_SIGNS = re.compile(r"^[ \t]*>[> \t]*", re.MULTILINE)
# Where everybody may have an address, one of them is no address of a firm.
_EVERYBODYS = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com icloud.com me.com aol.com "
    "gmx.de gmx.net gmx.at web.de t-online.de freenet.de proton.me protonmail.com orange.fr "
    "free.fr wanadoo.fr laposte.net libero.it yahoo.de yahoo.fr qq.com 163.com mail.ru "
    "yandex.ru".split()
)


@dataclass(frozen=True, slots=True)
class Words:
    """`own` is what is told, `quoted` how many letters were left out.

    `person` is the sender of what was forwarded, as the mail names them; empty where it does not.
    """

    own: str
    quoted: int = 0
    is_forwarded: bool = False
    person: str = ""


def words_of(text: str, *, subject: str = "", ours: Collection[str] = ()) -> Words:
    r"""What a mail says, to somebody whose own addresses are `ours`.

    What is quoted was said before, by whoever is answered. What is forwarded is what somebody
    wants us to read, unless it is a mail of our own that comes back.

    >>> words_of("It burned me!\n\nOn Monday the 3rd the shop wrote:\n> It can catch fire.").own
    'It burned me!'
    >>> told = "FYI\n\n-- Forwarded message --\nFrom: Kim <kim@example.org>\nTo: us\n\nIt burned!"
    >>> words_of(told).own, words_of(told).person
    ('FYI\n\nIt burned!', 'Kim <kim@example.org>')
    """
    text = text.replace("\r\n", "\n")
    if _FORWARDS.match(subject) or _FORWARDED.search(text):
        people = [one.group("who").strip() for one in _BLOCK.finditer(text)]
        strangers = [one for one in people if not is_ours(one, ours)]
        if strangers or not people:
            own = _BLOCK.sub("", _FORWARDED.sub("", _ORIGINAL.sub("", text)))
            own = re.sub(r"\n{3,}", "\n\n", _SIGNS.sub("", own)).strip()
            return Words(own, is_forwarded=True, person=strangers[-1] if strangers else "")
    own = _QUOTE.sub("", _unquoted(text)).strip() or _QUOTE.sub("", text).strip()
    return Words(own, quoted=max(0, len(text.strip()) - len(own)))


def own_words(text: str) -> str:
    """What the sender wrote, without the mail that is answered: its words are not theirs."""
    return words_of(text).own


def is_ours(who: str, ours: Collection[str]) -> bool:
    """Whether an address is one of a firm's own, or at its domain.

    >>> is_ours("News <news@shop.example>", ["help@shop.example"])
    True
    >>> is_ours("ana@gmail.com", ["shop@gmail.com"])
    False
    """
    address = _address(who)
    domain = address.rpartition("@")[2]
    known = {_address(one) for one in ours}
    if not address or address in known:
        return bool(address)
    return domain not in _EVERYBODYS and domain in {one.rpartition("@")[2] for one in known}


def _address(who: str) -> str:
    found = parseaddr(who.replace("[mailto:", "<").replace("]", ">"))[1].strip().casefold()
    return found if "@" in found else ""


def _unquoted(text: str) -> str:
    """Up to where an earlier mail begins; an answer that stands between quoted lines stays."""
    for shape in (_FORWARDED, _ORIGINAL, _BLOCK):
        if found := shape.search(text):
            text = text[: found.start()]
    kept, at = [], 0
    for found in _WROTE.finditer(text):
        kept.append(text[at : found.start()])
        at = found.end()
        if text[at:].lstrip().startswith(">"):
            continue
        if _NAMES_A_MAIL.search(found.group()):
            return "".join(kept)
        kept.append(found.group())
    return "".join([*kept, text[at:]])
