"""Where a company prefix ends, by the table of GS1 prefixes that biip carries."""

from __future__ import annotations

import re

from holdfast.kit.identifiers.faults import BadIdentifier, UnknownPrefix

_LEADING = re.compile(r"[0-9]+")

SHORTEST, LONGEST = 4, 12
"""TDS writes 6 to 12 digits; four and five are assigned and written with the same rules."""


def company_prefix(digits: str, length: int | None = None) -> str:
    """The company prefix in front of a key without indicator or extension digit.

    A stated length counts; else the table decides, and what it does not know is refused.

    >>> company_prefix("4012345111118")
    '4012345'
    >>> company_prefix("7612345678900", length=7)
    '7612345'
    """
    if length is not None:
        if not SHORTEST <= length <= LONGEST:
            raise BadIdentifier("company prefix", "a length of 4 to 12 digits", str(length))
        return digits[:length]
    found = _in_table(digits)
    if not found:
        raise UnknownPrefix("company prefix", "a prefix of known length (state the length)", digits)
    return found


def _in_table(digits: str) -> str:
    # An asset's or a part's reference may go on in letters; GTIN-8 have no company prefix.
    leading = _LEADING.match(digits)
    if leading is None or digits.startswith("000000"):
        return ""
    from biip import ParseError  # noqa: PLC0415 (unpacking the table costs 50 ms)
    from biip.gs1_prefixes import GS1CompanyPrefix  # noqa: PLC0415 (as above)

    try:
        found = GS1CompanyPrefix.extract(leading[0])
    except ParseError:
        return ""
    known = str(found.value) if found else ""
    return known if SHORTEST <= len(known) <= min(LONGEST, len(leading[0])) else ""
