"""What the serial numbers on an order line do to its certainty, where a scope asks for some."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from holdfast.kit.identifiers.serial_range import SerialRange
from holdfast.kit.trace.values import Certainty

BETWEEN = re.compile(r"[,;|/\n\t]+")
SHOWN = 4

Told = tuple[Certainty, str, str]
"""certainty, rule, words"""


def by_serial(written: str, units: Decimal, ranges: Sequence[SerialRange]) -> Told | None:
    """How serial numbers change a line that is in; None where they leave it as it is.

    `written` are the serial numbers of the line as recorded, `units` how many it has. Only a line
    whose every unit has a serial number outside all ranges is out: no record is no alibi, and one
    that merely looks like a number of a range may be one that was written down wrongly.

    >>> by_serial("VL0300", Decimal(1), [SerialRange.parse("VL0100..VL0250")])[1:]
    ('other_serial', 'Serial number VL0300 is not in VL0100..VL0250.')
    """
    asked = _some([str(one) for one in ranges])
    serials = [one.strip() for one in BETWEEN.split(written) if one.strip()]
    if not serials:
        return (
            Certainty.CANNOT_RULE_OUT,
            "no_serial",
            f"No serial number is recorded; {asked} is affected.",
        )
    if any(one.contains(serial) for serial in serials for one in ranges):
        return None
    named = _some(serials)
    alike = [s for s in serials if any(one.may_contain(s) for one in ranges)]
    if alike:
        return (
            Certainty.CANNOT_RULE_OUT,
            "serial_alike",
            f"Serial number {_some(alike)} reads like one of {asked}.",
        )
    if units > len(serials):
        return (
            Certainty.CANNOT_RULE_OUT,
            "no_serial",
            f"Of {units.normalize():f} units only serial number {named} is recorded.",
        )
    return Certainty.EXCLUDED, "other_serial", f"Serial number {named} is not in {asked}."


def _some(words: Sequence[str]) -> str:
    shown = ", ".join(words[:SHOWN])
    return shown if len(words) <= SHOWN else f"{shown} and {len(words) - SHOWN} more"
