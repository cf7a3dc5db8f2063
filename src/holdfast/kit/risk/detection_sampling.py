"""How many consignees to ask so that missed ones would show: Holdfast's own arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from holdfast.kit.refusals import Unreadable
from holdfast.kit.risk.source import Source

METHOD = "computed_detection_sampling"
SOURCE = Source(
    "None: computed by Holdfast, no authority's table",
    (),
    "computed",
    conventions=(
        "Drawn at random without putting back (hypergeometric).",
        "Missed consignees are the share of all, rounded up.",
    ),
)
SURE = Fraction(19, 20)
MOST = 10**9
LEAST_SHARE, LEAST_DOUBT = Fraction(1, 1000), Fraction(1, 10**6)


@dataclass(frozen=True, slots=True)
class Detection:
    """The checks that find at least one missed consignee, with the certainty asked for.

    `consignees` None is a number without bound.
    """

    consignees: int | None
    share: Fraction
    sure: Fraction
    checks: int

    @property
    def sentence(self) -> str:
        of = f" of {self.consignees}" if self.consignees is not None else ""
        return (
            f"Check {self.checks}{of}: if {_percent(self.share)} or more were missed, at least one "
            f"of them is found with {_percent(self.sure)}."
        )

    def as_json(self) -> dict[str, object]:
        return {
            "method": METHOD,
            **SOURCE.as_json(),
            "consignees": self.consignees,
            "share": f"{self.share.numerator}/{self.share.denominator}",
            "sure": f"{self.sure.numerator}/{self.sure.denominator}",
            "answer": self.checks,
            "checks": self.checks,
            "sentence": self.sentence,
        }


def detection(consignees: int | None, share: Fraction, sure: Fraction = SURE) -> Detection:
    """The least number of checks, exact; `share` above 0, `sure` above 0 and below 1.

    >>> detection(100, Fraction(1, 20)).checks, detection(None, Fraction(1, 20)).checks
    (45, 59)
    """
    if not 0 < share <= 1 or not 0 < sure < 1:
        raise Unreadable(
            "bad_share",
            "The share missed lies above 0 up to 1, the certainty between 0 and 1.",
            hint="--share 5% --sure 95%",
        )
    if consignees is not None and not 1 <= consignees <= MOST:
        raise Unreadable("bad_number", f"Consignees are a number from 1 to {MOST}.")
    if share < LEAST_SHARE or 1 - sure < LEAST_DOUBT:
        raise Unreadable(
            "bad_share",
            "So small a share or doubt is not worked out here: it asks for nearly everybody.",
            hint="The share from 0.1 % up, the certainty up to 99.9999 %.",
        )
    return Detection(consignees, share, sure, _fewest(consignees, share, 1 - sure))


def _fewest(consignees: int | None, share: Fraction, doubt: Fraction) -> int:
    if consignees is None:
        return _without_bound(share, doubt)
    found = consignees - ceil(consignees * share)
    missed_all, ways, checks = 1, 1, 0
    # The chance of drawing only such as were found, as one fraction of whole numbers.
    while missed_all * doubt.denominator > doubt.numerator * ways:
        missed_all *= found - checks
        ways *= consignees - checks
        checks += 1
    return checks


def _without_bound(share: Fraction, doubt: Fraction) -> int:
    kept, checks = Fraction(1), 0
    low, high = 0, 1
    while (1 - share) ** high > doubt:
        low, high = high, high * 2
    while high - low > 1:
        checks = (low + high) // 2
        kept = (1 - share) ** checks
        low, high = (checks, high) if kept > doubt else (low, checks)
    return high


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):g} %"
