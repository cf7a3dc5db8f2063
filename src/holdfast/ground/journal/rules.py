"""What a journal entry must not hold: personal data, which could never be forgotten again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from holdfast.kit.refusals import Unreadable

EMAIL = re.compile(r"[^\s@<>\"',;:()\[\]]+@[^\s@<>\"',;:()\[\]]+\.[^\s@<>\"',;:()\[\].\d]{2,}")
#: A number written for dialling: +49 171 1234567, 0049…, tel:…; never a bare run of digits, which
#: is a GTIN, a lot or an order here.
PHONE = re.compile(
    r"(?<![\w.+-])(?:tel:\s*\+?|\+|00(?=[1-9]\d?[\s/-]))\(?\d(?:[\s()./-]*\d){7,14}(?!\w)"
)
#: The id of a message looks like an address and is none.
MESSAGE_ID = re.compile(r"<[^<>@\s]+@[^<>@\s]+>")


def refuse_personal_data(payload: object) -> None:
    """Refuse values that look like an e-mail address or a telephone number, naming the field."""
    for path, text in _texts(payload, ""):
        if not _may_hold(text) or MESSAGE_ID.fullmatch(text):
            continue
        found = "an e-mail address" if EMAIL.search(text) else ""
        found = found or ("a telephone number" if PHONE.search(text) else "")
        if found:
            raise Unreadable(
                "personal_data",
                f"“{path}” holds what looks like {found}; the journal keeps no personal data, "
                "because nothing in it can be erased.",
                hint="Say who by role or by number (“the supplier's quality manager”), and attach "
                "the original as an evidence file.",
                column=path,
            )


def masked(text: str) -> str:
    """A text with e-mail addresses and telephone numbers taken out, for what leaves this house."""
    if not _may_hold(text) or MESSAGE_ID.fullmatch(text):
        return text
    return PHONE.sub("[number]", EMAIL.sub("[address]", text))


def _may_hold(text: str) -> bool:
    """Cheap, since it is asked of every text of every entry: without these there is nothing."""
    return "@" in text or "+" in text or "00" in text or "tel:" in text


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield path or "key", str(key)
            yield from _texts(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner, path)
