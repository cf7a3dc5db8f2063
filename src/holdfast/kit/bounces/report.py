"""One delivery status notification (RFC 3464) as a value: which message, which end, in whose words.

Whatever stands in a mail can be forged. So a report says only what it claims; whether it is about a
message of ours, to that address, is asked where the messages are known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

from holdfast.kit.bounces.parts import Part, cut, headers, parts_of

LONGEST = 10_000_000
LONGEST_STATUS = 200_000
MOST_RECIPIENTS = 100
ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")
_STATUS_KINDS = ("message/delivery-status", "message/global-delivery-status")
_MAIL_KINDS = ("message/rfc822", "message/global")
_HEAD_KINDS = ("text/rfc822-headers", "message/global-headers", "text/rfc822-header")
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,200}>")
_STATUS = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})(?!\d)")
_CODE = re.compile(r"(?<!\d)([245])\d\d(?=[ -])")
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail server says about one message to one address.

    `action` is one of `ACTIONS`; `addresses` are all spellings the report gives of the address it
    is about, as written to first; `words` is the server's own reason, one printable line.
    """

    message_id: str
    action: str
    status: str
    addresses: tuple[str, ...]
    words: str

    @property
    def is_final(self) -> bool:
        """Whether the server has given up: nothing of this message will arrive any more."""
        return self.action == "failed"

    def is_about(self, address: str) -> bool:
        """Whether it is about this address, in any spelling of the domain and letter case."""
        wanted = _plain(address)
        return bool(wanted) and any(_plain(one) == wanted for one in self.addresses)


class NoReport(ValueError):
    """A mail that reports no delivery; the words say what it is or lacks."""


def read_report(content: bytes) -> list[Report]:
    """The reports in one mail, one for each recipient it names; raises `NoReport` with a reason."""
    if len(content) > LONGEST:
        raise NoReport(f"the mail has {len(content):,} bytes; a report has at most {LONGEST:,}")
    whole = cut(content)
    parts = parts_of(whole)
    if whole.kind != "multipart/report" and not any(one.kind in _STATUS_KINDS for one in parts):
        raise NoReport(f"the mail is no delivery report but {_shown(whole.kind) or 'a plain text'}")
    status = next((one for one in parts if one.kind in _STATUS_KINDS), None)
    if status is None:
        raise NoReport("the report has no part that a machine can read")
    message_id = _message_id(parts)
    if not message_id:
        raise NoReport("the report does not say which message it is about")
    groups = _groups(status)
    found = [_report(message_id, group) for group in groups[1 : MOST_RECIPIENTS + 1]]
    if not found and groups and _field(groups[0], "Action"):
        found = [_report(message_id, groups[0])]  # some servers forget the blank line between them
    if not found:
        raise NoReport("the report names no recipient")
    return found


def _groups(status: Part) -> list[Message]:
    """The blocks of fields: first the one about the mail, then one for each recipient."""
    told = status.text()[:LONGEST_STATUS].strip("\n")
    blocks = re.split(r"\n[ \t]*\n", told, maxsplit=MOST_RECIPIENTS + 1)
    return [headers(block.strip("\n").encode()) for block in blocks if block.strip()]


def _message_id(parts: list[Part]) -> str:
    """The Message-ID of the mail that came back, from its header, never from the report's own."""
    for part in parts:
        if part.kind in _MAIL_KINDS:
            inner = cut(part.text().encode()).head
        elif part.kind in _HEAD_KINDS:
            inner = headers(part.text().strip("\n").split("\n\n", 1)[0].encode())
        else:
            continue
        found = _MESSAGE_ID.search(_field(inner, "Message-ID"))
        if found:
            return found.group()
    return ""


def _report(message_id: str, group: Message) -> Report:
    said = _field(group, "Action").strip().lower()
    words = _line(_after(_field(group, "Diagnostic-Code")))
    status = _STATUS.search(_field(group, "Status")) or _STATUS.search(words)
    code = _CODE.search(words)
    kind = status.group(1) if status else code.group(1) if code else ""
    addresses = [
        _address(_field(group, name)) for name in ("Original-Recipient", "Final-Recipient")
    ]
    return Report(
        message_id=message_id,
        action=_action(said, kind),
        status=status.group() if status else "",
        addresses=tuple(dict.fromkeys(one for one in addresses if one)),
        words=words,
    )


def _action(said: str, kind: str) -> str:
    """The server's own word; without one, what the class of its code means. Nothing is guessed."""
    word = said.split()[0].rstrip(";,.") if said else ""
    if word == "failed" and kind == "2":
        raise NoReport("the report contradicts itself: failed, with a code of success")
    if word in ACTIONS:
        return word
    if word:
        raise NoReport("the report names an end that the standard does not know")
    if kind in ("5", "4", "2"):
        return {"5": "failed", "4": "delayed", "2": "delivered"}[kind]
    raise NoReport("the report does not say what became of the message")


def _field(group: Message, name: str) -> str:
    return " ".join(str(group.get(name, "")).split())


def _after(value: str) -> str:
    """`smtp; 550 no such user` without its type."""
    kind, sign, rest = value.partition(";")
    return rest.strip() if sign and " " not in kind.strip() else value


def _address(value: str) -> str:
    """`rfc822; jo+40x.example` as an address; xtext (RFC 3461) is undone where there is no @."""
    address = _after(value).strip().strip("<>")
    if "@" not in address:
        address = _XTEXT.sub(lambda found: chr(int(found.group(1), 16)), address)
    return address if address.count("@") and len(address) <= 320 else ""


def _plain(address: str) -> str:
    local, _, domain = address.strip().strip("<>").rpartition("@")
    try:
        domain = domain.rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return f"{local}@{domain}".casefold() if local and domain else ""


def _line(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()[:300]


def _shown(kind: str) -> str:
    return re.sub(r"[^a-z0-9/.+-]", "", kind.lower())[:60]
