"""EPC URNs: urn:epc:id, class and idpat, to and from the GS1 keys they stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote

from holdfast.kit.identifiers.check_digits import CSET_39, CSET_82, check_digit, is_digits
from holdfast.kit.identifiers.company_prefix import company_prefix
from holdfast.kit.identifiers.elements import Element, Elements, value_of
from holdfast.kit.identifiers.faults import BadIdentifier

LONGEST = 250
ANY = "*"
KINDS = ("id", "class", "idpat")

_ESCAPED = {ch: f"%{ord(ch):02X}" for ch in '"%&/<>?#'}
_TRIPLET = re.compile(r"%(?![0-9A-Fa-f]{2})")


class _Tail(NamedTuple):
    """One field behind prefix and reference: its AI (none where it joins the key) and alphabet."""

    ai: str
    alphabet: str
    longest: int
    exact: bool = False


class _Form(NamedTuple):
    """How a scheme becomes a key: `total` digits of prefix and reference, or 0 for text.

    `lead`: the reference's first digit goes in front (indicator, extension). `zero`: one is
    written before the key.
    """

    ai: str
    total: int
    lead: bool = False
    zero: str = ""
    tails: tuple[_Tail, ...] = ()
    alphabet: str = CSET_82


_DIGITS = "0123456789"
_TWO = _Tail("", _DIGITS, 2, exact=True)
_SERIAL = _Tail("21", CSET_82, 20)

FORMS: dict[str, _Form] = {
    "sgtin": _Form("01", 13, lead=True, tails=(_SERIAL,)),
    "lgtin": _Form("01", 13, lead=True, tails=(_Tail("10", CSET_82, 20),)),
    "upui": _Form("01", 13, lead=True, tails=(_Tail("235", CSET_82, 28),)),
    "itip": _Form("8006", 13, lead=True, tails=(_TWO, _TWO, _SERIAL)),
    "sscc": _Form("00", 17, lead=True),
    "sgln": _Form("414", 12, tails=(_Tail("254", CSET_82, 20),)),
    "pgln": _Form("417", 12),
    "grai": _Form("8003", 12, zero="0", tails=(_Tail("", CSET_82, 16),)),
    "gdti": _Form("253", 12, tails=(_Tail("", CSET_82, 17),)),
    "sgcn": _Form("255", 12, tails=(_Tail("", _DIGITS, 12),)),
    "gsrn": _Form("8018", 17),
    "gsrnp": _Form("8017", 17),
    "gsin": _Form("402", 16),
    "giai": _Form("8004", 0),
    "ginc": _Form("401", 0),
    "cpi": _Form("8010", 0, alphabet=CSET_39, tails=(_Tail("8011", _DIGITS, 12),)),
}
"""Every scheme that stands for a GS1 key."""

OTHERS = {
    "gid": re.compile(r"\d{1,9}\.\d{1,8}\.\d{1,11}"),
    "usdod": re.compile(r"[A-Z0-9]{5,6}\.\d{1,11}"),
    "adi": re.compile(r"[A-Z0-9]{5,6}\.[A-Z0-9#/-]{0,32}\.#?[A-Z0-9/-]{1,30}"),
    "bic": re.compile(r"[A-Z]{3}[JUZ]\d{7}"),
    "imovn": re.compile(r"\d{7}"),
}
"""Schemes of other issuers: read and written, but no GS1 key and no Digital Link."""


@dataclass(frozen=True, slots=True)
class Epc:
    """One EPC URN taken apart; `fields` are unescaped, the company prefix first.

    >>> epc = Epc.parse("urn:epc:id:sgtin:4012345.011111.9876")
    >>> epc.elements
    (Element(ai='01', value='04012345111118'), Element(ai='21', value='9876'))
    >>> str(Epc.of(epc.elements)) == str(epc)
    True
    """

    kind: str
    scheme: str
    fields: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Epc:
        """Read a URN; BadIdentifier says what was expected and what was got.

        >>> Epc.parse("urn:epc:id:sgtin:4012345.0111.9")
        Traceback (most recent call last):
        ...
        holdfast.kit.identifiers.faults.BadIdentifier: \
urn:epc:id:sgtin: expected 13 digits in company prefix and reference, got “4012345.0111”.
        """
        if len(text) > LONGEST:
            raise BadIdentifier("EPC URN", f"at most {LONGEST} characters", text)
        parts = text.strip().split(":", 4)
        if len(parts) != 5 or [part.lower() for part in parts[:2]] != ["urn", "epc"]:
            raise BadIdentifier("EPC URN", "urn:epc:id:… or class or idpat", text)
        kind, scheme, body = parts[2:]
        if kind == "id" and scheme in OTHERS:
            if not OTHERS[scheme].fullmatch(_unescaped(body)) or not body.isascii():
                raise BadIdentifier(f"urn:epc:id:{scheme}", f"the form of a {scheme}", body)
            return cls(kind, scheme, (_unescaped(body),))
        if kind not in KINDS or scheme not in FORMS or (kind == "class") != (scheme == "lgtin"):
            expected = "urn:epc:class:lgtin, or urn:epc:id or idpat of a known scheme"
            raise BadIdentifier("EPC URN", expected, text)
        form = FORMS[scheme]
        fields = body.split(".", len(form.tails) + 1)
        if len(fields) != len(form.tails) + 2:
            wanted = f"{len(form.tails) + 2} fields divided by full stops"
            raise BadIdentifier(f"urn:epc:{kind}:{scheme}", wanted, body)
        found = cls(kind, scheme, tuple(_unescaped(field) for field in fields))
        found._check()
        return found

    @classmethod
    def of(cls, elements: Elements, prefix_length: int | None = None) -> Epc:
        """The EPC of a key and its serial, lot or extension; a key alone becomes a pattern.

        The company prefix's length is taken from biip's table unless it is stated;
        UnknownPrefix where the table does not know it. A lot beside a serial is not part of an
        SGTIN and is left out.

        >>> str(Epc.of((Element("01", "04012345111118"),)))
        'urn:epc:idpat:sgtin:4012345.011111.*'
        >>> str(Epc.of((Element("414", "7612345000008"),), prefix_length=7))
        'urn:epc:id:sgln:7612345.00000.0'
        """
        scheme = _scheme_of(elements)
        form = FORMS[scheme]
        key = value_of(elements, form.ai)
        tails: list[str] = []
        if form.total:
            digits, tails = _taken_apart(scheme, form, key)
            first, plain = (digits[0], digits[1:]) if form.lead else ("", digits)
            prefix = _prefix(plain, form, prefix_length)
            reference = first + plain[len(prefix) :]
        else:
            prefix = company_prefix(key, prefix_length)
            reference = key[len(prefix) :]
        named = [tail.ai for tail in form.tails if tail.ai]
        tails += [value_of(elements, ai) for ai in named]
        if scheme == "sgln":
            tails = [tail or "0" for tail in tails]
        missing = bool(form.tails) and not tails[-1]
        if missing:
            tails[-1] = ANY
        kind = "idpat" if missing else "class" if scheme == "lgtin" else "id"
        found = cls(kind, scheme, (prefix, reference, *tails))
        found._check()
        return found

    @property
    def elements(self) -> Elements:
        """The key, then its serial, lot or extension; empty where no single key is named."""
        form = FORMS.get(self.scheme)
        if form is None or ANY in (self.fields[:-1] if form.tails else self.fields):
            return () if form is None or self.kind == "idpat" else self._elements(form)
        return self._elements(form)

    def _elements(self, form: _Form) -> Elements:
        prefix, reference, *tails = self.fields
        key = prefix + reference
        if form.total:
            digits = reference[:1] + prefix + reference[1:] if form.lead else key
            key = form.zero + digits + check_digit(digits)
        found = []
        for tail, value in zip(form.tails, tails, strict=True):
            if value == ANY and self.kind == "idpat":
                continue
            if not tail.ai:
                key += value
            elif not (tail.ai == "254" and value == "0"):
                found.append(Element(tail.ai, value))
        return (Element(form.ai, key), *found)

    @property
    def company_prefix(self) -> str:
        """The digits GS1 gave the company; empty for schemes of other issuers."""
        return self.fields[0] if self.scheme in FORMS and self.fields[0] != ANY else ""

    def __str__(self) -> str:
        written = ".".join(_escaped(field) for field in self.fields)
        return f"urn:epc:{self.kind}:{self.scheme}:{written}"

    def _check(self) -> None:
        form, where = FORMS[self.scheme], f"urn:epc:{self.kind}:{self.scheme}"
        fields = self._without_wildcards(where)
        if not fields:
            return
        prefix = fields[0]
        if not is_digits(prefix) or not 4 <= len(prefix) <= 12:
            raise BadIdentifier(where, "a company prefix of 6 to 12 digits", prefix)
        if len(fields) > 1:
            _check_reference(where, form, prefix, fields[1])
        for tail, value in zip(form.tails, fields[2:], strict=False):
            short = len(value) != tail.longest if tail.exact else not value
            if short or len(value) > tail.longest or any(ch not in tail.alphabet for ch in value):
                letters = "digits" if tail.alphabet == _DIGITS else "characters of set 82"
                least = tail.longest if tail.exact else 1
                raise BadIdentifier(where, f"{least} to {tail.longest} {letters}", value)
        if self.scheme == "cpi" and len(fields) == 3 and fields[2] != "0" and fields[2][0] == "0":
            raise BadIdentifier(where, "a serial without leading zero", fields[2])

    def _without_wildcards(self, where: str) -> tuple[str, ...]:
        if self.kind != "idpat":
            return self.fields
        fields = list(self.fields)
        if fields[-1] != ANY:
            raise BadIdentifier(where, "a pattern that ends in *", fields[-1])
        while fields and fields[-1] == ANY:
            fields.pop()
        return tuple(fields)


def _check_reference(where: str, form: _Form, prefix: str, reference: str) -> None:
    both = f"{prefix}.{reference}"
    if form.total:
        least = 1 if form.lead else 0
        if len(reference) < least or (reference and not is_digits(reference)):
            raise BadIdentifier(where, "digits as reference", both)
        if len(prefix) + len(reference) != form.total:
            expected = f"{form.total} digits in company prefix and reference"
            raise BadIdentifier(where, expected, both)
        return
    if not reference or len(prefix) + len(reference) > 30:
        raise BadIdentifier(where, "a reference, at most 30 characters with the prefix", both)
    if any(ch not in form.alphabet for ch in reference):
        letters = "set 39" if form.alphabet == CSET_39 else "set 82"
        raise BadIdentifier(where, f"a reference in characters of {letters}", reference)


def _scheme_of(elements: Elements) -> str:
    present = {ai for ai, value in elements if value}
    if "01" in present:
        return (
            "sgtin"
            if "21" in present or not present & {"10", "235"}
            else ("lgtin" if "10" in present else "upui")
        )
    for scheme, form in FORMS.items():
        if form.ai in present:
            return scheme
    got = "".join(map(str, elements))
    raise BadIdentifier("EPC", "a key that has an EPC form (01, 00, 414, 8003, 8004, …)", got)


def _taken_apart(scheme: str, form: _Form, key: str) -> tuple[str, list[str]]:
    """The digits before the check digit, and what of the tails stands in the key itself."""
    body = key[len(form.zero) :]
    digits, rest = body[: form.total], body[form.total + 1 :]
    whole = body[: form.total + 1]
    if len(whole) != form.total + 1 or not is_digits(whole):
        raise BadIdentifier(f"({form.ai})", f"{form.total + 1} digits", key)
    if check_digit(digits) != whole[-1]:
        raise BadIdentifier(f"({form.ai})", f"check digit {check_digit(digits)}", key)
    if scheme == "itip":
        return digits, [rest[:2], rest[2:]]
    joined = [tail for tail in form.tails if not tail.ai]
    if not joined and rest:
        raise BadIdentifier(f"({form.ai})", f"{form.total + 1} digits", key)
    return digits, [rest] if joined else []


def _prefix(plain: str, form: _Form, length: int | None) -> str:
    if form.ai == "01" and length is None and plain.startswith("00000") and plain[5:] > "0000000":
        return plain[:8]  # a GTIN-8: five zeros and its GS1-8 prefix stand for the prefix
    return company_prefix(plain, length)


def _escaped(field: str) -> str:
    return "".join(_ESCAPED.get(ch, ch) for ch in field)


def _unescaped(field: str) -> str:
    if not field.isascii() or _TRIPLET.search(field):
        raise BadIdentifier("EPC URN", "ASCII with % before two hexadecimal digits", field)
    return unquote(field)
