"""The value formats of EPCIS: URIs, times, numbers, as RFC 3986, RFC 3339 and XML Schema say."""

from __future__ import annotations

import calendar
import re
from functools import lru_cache

_H16 = r"[0-9A-Fa-f]{1,4}"
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)"
_IPV4 = rf"(?:{_OCTET}\.){{3}}{_OCTET}"
_LS32 = rf"(?:{_H16}:{_H16}|{_IPV4})"
_IPV6 = "|".join(
    [
        rf"(?:{_H16}:){{6}}{_LS32}",
        rf"::(?:{_H16}:){{5}}{_LS32}",
        rf"(?:{_H16})?::(?:{_H16}:){{4}}{_LS32}",
        rf"(?:(?:{_H16}:)?{_H16})?::(?:{_H16}:){{3}}{_LS32}",
        rf"(?:(?:{_H16}:){{0,2}}{_H16})?::(?:{_H16}:){{2}}{_LS32}",
        rf"(?:(?:{_H16}:){{0,3}}{_H16})?::{_H16}:{_LS32}",
        rf"(?:(?:{_H16}:){{0,4}}{_H16})?::{_LS32}",
        rf"(?:(?:{_H16}:){{0,5}}{_H16})?::{_H16}",
        rf"(?:(?:{_H16}:){{0,6}}{_H16})?::",
    ]
)
_CHAR = r"(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})"
_PCHAR = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
_FUTURE = r"v[0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+"
_HOST = rf"(?:\[(?:{_IPV6}|{_FUTURE})\]|{_CHAR}*)"
_AUTHORITY = rf"(?:(?:{_CHAR}|:)*@)?{_HOST}(?::[0-9]*)?"
_URI = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.-]*:"
    rf"(?://{_AUTHORITY}(?:/{_PCHAR}*)*|/(?:{_PCHAR}+(?:/{_PCHAR}*)*)?|{_PCHAR}+(?:/{_PCHAR}*)*|)"
    rf"(?:\?(?:{_PCHAR}|[/?])*)?(?:#(?:{_PCHAR}|[/?])*)?"
)
_RFC3339 = re.compile(
    r"([0-9]{4})-(0[1-9]|1[0-2])-([0-9]{2})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(?:\.[0-9]+)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])",
    re.IGNORECASE | re.ASCII,
)
_STAMP = re.compile(
    r"([0-9]{4})-(1[0-2]|0[1-9])-(3[01]|0[1-9]|[12][0-9])"
    r"T(?:2[0-3]|[01][0-9]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
    r"(Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
)
_OFFSET = re.compile(r"[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?|-?INF|NaN")
_LANGUAGE = re.compile(r"(?:[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)?")
_HEX_XML = re.compile(r"(?:[0-9A-Fa-f]{2})*")


@lru_cache(maxsize=20_000)
def is_uri(text: str) -> bool:
    """Whether the text is an absolute URI (RFC 3986), as the JSON schema asks for."""
    return len(text) <= 8_192 and _URI.fullmatch(text) is not None


@lru_cache(maxsize=20_000)
def is_time(text: str) -> bool:
    """Whether the text is a date and time with its zone (RFC 3339)."""
    return _on_calendar(_RFC3339.fullmatch(text))


@lru_cache(maxsize=20_000)
def is_stamp(text: str) -> bool:
    """Whether the text is an EPCIS DateTimeStamp in XML: xsd:dateTime with its zone."""
    found = _STAMP.fullmatch(text)
    return found is not None and found[4] is not None and _on_calendar(found)


@lru_cache(maxsize=2_000)
def is_xsd_time(text: str) -> bool:
    """Whether the text is an xsd:dateTime, with or without a zone."""
    return _on_calendar(_STAMP.fullmatch(text))


def is_offset(text: str) -> bool:
    """Whether the text is a time-zone offset such as +02:00."""
    return _OFFSET.fullmatch(text) is not None


def is_language(text: str) -> bool:
    """Whether the text is a language tag, as xml:lang takes it; the empty one takes it back."""
    return _LANGUAGE.fullmatch(text) is not None


def is_decimal(text: str) -> bool:
    """Whether XML Schema takes it as a decimal."""
    return _DECIMAL.fullmatch(text) is not None


def is_double(text: str) -> bool:
    """Whether XML Schema takes it as a double."""
    return _DOUBLE.fullmatch(text) is not None


def is_hex_pairs(text: str) -> bool:
    """Whether XML Schema takes it as hexBinary."""
    return _HEX_XML.fullmatch(text) is not None


def _on_calendar(found: re.Match[str] | None) -> bool:
    if found is None:
        return False
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    return year > 0 and 1 <= day <= calendar.monthrange(year, month)[1]
