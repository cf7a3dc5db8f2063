"""Numbers of trade items and marketplace codes in any text: spaced, hyphened, shortened, in lists.

American notices print a UPC as on the package (`7 08953 60202 8`), without its ends
(`93709-30010`), without its check digit (`6-20133-00600`) or short (UPC-E). Each is read for what
it can stand for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from holdfast.kit.identifiers.check_digits import check_digit, has_check_digit
from holdfast.kit.identifiers.faults import BadIdentifier
from holdfast.kit.identifiers.gtin import Gtin

_CHAIN = re.compile(r"(?<![\w.,])\d+(?:(?: ?[-\u2010-\u2014] ?| )\d+)*(?![\w])")
_GROUP = re.compile(r"\d+")
_LABEL = re.compile(r"\b(?:upcs?|upc-?[ae]|eans?|gtins?|bar ?codes?|jan|isbn)\b", re.IGNORECASE)
_ASIN = re.compile(r"(?<![A-Za-z0-9])B0[0-9A-Z]{8}(?![A-Za-z0-9])")
COMPLETE = (12, 13, 14)
SHORT = (8,)
SHORTEST = 8
MOST_GROUPS = 6
_GOES_ON = re.compile(r"[\s,;/&|+]*(?:and|or|und|et|y|e|to|through)?[\s,;/&|+]*", re.IGNORECASE)
"""What stands between two numbers of one list."""
_PRINTED = {
    (1, 5, 5, 1), (1, 5, 6), (6, 6), (7, 5), (6, 5, 1), (1, 10, 1), (11, 1),  # UPC
    (1, 6, 6), (7, 6), (12, 1), (1, 6, 5, 1), (2, 5, 5, 1), (3, 5, 5), (3, 4, 5, 1),  # EAN
    (13, 1), (1, 7, 5, 1), (1, 7, 6), (1, 2, 5, 5, 1), (3, 5, 5, 1), (1, 1, 5, 5, 1),  # GTIN-14
    (1, 1, 5, 6), (1, 2, 5, 6),
    (1, 5, 5), (6, 5), (5, 5, 1), (5, 6), (10, 1), (5, 5), (4, 4), (1, 6, 1), (7, 1),
}  # fmt: skip
REACH = 160
"""Characters behind the word UPC within which a number counts as announced by it."""


@dataclass(frozen=True, slots=True)
class Code:
    """A number that may name a trade item, and how the text shows it.

    `gtin` has 14 digits. Where the text leaves out the first digit of a UPC, `gtin` is empty and
    `body` has the ten digits in the middle, which say the company and its item. `sure` is false
    where the check digit does not fit, where the number can be read two ways, or where nothing
    says that it is a code.
    """

    shown: str
    gtin: str = ""
    body: str = ""
    sure: bool = True


def asins(text: str) -> list[str]:
    """Ten-character codes of the form a large marketplace gives.

    >>> asins("also sold as B00BHKIBDYC, B00HKIBDYC")
    ['B00HKIBDYC']
    """
    return list(dict.fromkeys(_ASIN.findall(text)))


def codes(text: str, *, announced: bool = False) -> list[Code]:
    """Every number in a text that may name a trade item, those with all digits first.

    `announced`: the whole text is known to hold codes, as in a column of that name.

    >>> [code.gtin for code in codes("Ramen, UPC# 7 08953 60202 8")]
    ['00708953602028']
    >>> [code.body for code in codes("Baking mix, UPC 93709-30010, Lot 12")]
    ['9370930010']
    >>> codes("call 1-800-555-0199 before 2013-09-24")
    []
    """
    found: dict[tuple[str, str], Code] = {}
    labels = [label.end() for label in _LABEL.finditer(text)]
    carried = -1
    for chain in _CHAIN.finditer(text):
        if chain.end() - chain.start() < SHORTEST:
            continue
        near = announced or any(0 <= chain.start() - end <= REACH for end in labels)
        near = near or (carried >= 0 and bool(_GOES_ON.fullmatch(text, carried, chain.start())))
        carried = chain.end() if near else -1
        for code in _of_chain(chain.group(), announced=near):
            known = found.get((code.gtin, code.body))
            if known is None or (code.sure and not known.sure):
                found[code.gtin, code.body] = code
    return sorted(found.values(), key=lambda code: not code.gtin)


def whole_codes(text: str) -> list[str]:
    """Only numbers with all their digits and a check digit that fits, as fourteen digits.

    >>> whole_codes("0 36602 30146 7 and 36602-30146, 20130924")
    ['00036602301467']
    """
    whole = (
        code.gtin
        for code in codes(text)
        if code.sure and len("".join(_GROUP.findall(code.shown))) in COMPLETE
    )
    return list(dict.fromkeys(whole))


def _of_chain(chain: str, *, announced: bool) -> Iterator[Code]:
    """Groups that hang together, read from the left; a group belongs to one number only.

    A number with all its digits and a fitting check digit goes before a longer one without.
    """
    spans = [(one.start(), one.end()) for one in _GROUP.finditer(chain)]
    at = 0
    while at < len(spans):
        found: tuple[int, list[Code]] | None = None
        for end in range(min(len(spans), at + MOST_GROUPS), at, -1):
            shape = [stop - start for start, stop in spans[at:end]]
            shown = chain[spans[at][0] : spans[end - 1][1]]
            read = _read(shown, shape, announced=announced)
            if sum(shape) in COMPLETE and read and read[0].sure:
                found = end, read
                break
            if read and found is None:
                found = end, read
        if found is not None:
            yield from found[1]
        at = found[0] if found is not None else at + 1


def _read(shown: str, shape: list[int], *, announced: bool) -> list[Code]:
    """What one number in groups of these lengths can stand for; mostly nothing, rarely two."""
    digits = "".join(_GROUP.findall(shown))
    length = len(digits)
    if len(shape) > 1 and not _as_printed(shape):
        return []
    if length in COMPLETE:
        fits = has_check_digit(digits)
        return [Code(shown, gtin=digits.zfill(14), sure=fits)] if fits or announced else []
    if length == 11:
        return _of_eleven(shown, digits, shape, announced=announced)
    if length == 10 and (announced or shape == [5, 5]):
        return [Code(shown, body=digits, sure=announced)]
    if length in SHORT and announced:
        return _of_short(shown, digits)
    return []


def _as_printed(shape: list[int]) -> bool:
    """Whether the groups are those under the bars, or of a UPC without one of its ends."""
    return tuple(shape) in _PRINTED


def _of_eleven(shown: str, digits: str, shape: list[int], *, announced: bool) -> list[Code]:
    """A UPC without its check digit, or without its first one."""
    whole = (digits + check_digit(digits)).zfill(14)
    if shape in ([1, 5, 5], [6, 5]):
        return [Code(shown, gtin=whole)]
    if shape in ([5, 5, 1], [5, 6], [10, 1]):
        first = next(n for n in "0123456789" if has_check_digit(n + digits))
        return [Code(shown, gtin=(first + digits).zfill(14))]
    if not announced:
        return []
    if not has_check_digit("0" + digits):
        return [Code(shown, gtin=whole)]
    return [Code(shown, gtin=digits.zfill(14), sure=False), Code(shown, gtin=whole, sure=False)]


def _of_short(shown: str, digits: str) -> list[Code]:
    """UPC-E or GTIN-8."""
    if len(digits) == 8 and digits[0] in "01":
        try:
            return [Code(shown, gtin=Gtin.of_upc_e(digits).value)]
        except BadIdentifier:
            pass
    if len(digits) == 8 and has_check_digit(digits):
        return [Code(shown, gtin=digits.zfill(14))]
    return []
