"""One regime as values: who must tell whom what, by when, and how sure we are of each statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from holdfast.kit.regimes.counting import COUNTED, RollOver

CONFIDENCES = ("verified", "recalled", "unknown")
ROLES: dict[str, str] = {
    "manufacturer": "Manufacturer",
    "importer": "Importer",
    "distributor": "Distributor",
    "retailer": "Retailer",
    "marketplace": "Online marketplace",
    "authorised_representative": "Authorised representative",
    "responsible_person": "Responsible person",
    "food_business": "Food business",
    "user_facility": "Facility that uses devices",
    "hospital": "Hospital",
    "rental_company": "Rental company",
    "service_provider": "Service provider",
    "authority": "Authority",
}


@dataclass(frozen=True, slots=True)
class Authority:
    """Who is told. Without zone and calendar it is the authority of the country of sale."""

    name: str
    zone: str = ""
    calendar: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bound:
    """What bounds a start nobody named yet: the end of another duty, or a fact and a period."""

    after: str = ""
    fact: str = ""
    value: int = 0
    unit: str = "calendar_days"
    citation: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """Another value of the same period and when it applies; shown beside, never counted."""

    value: int
    unit: str
    when: str
    citation: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when: `value` of `unit` from the earliest of `starts`, or the law's own `words`."""

    value: int | None
    unit: str
    starts: tuple[str, ...]
    is_before: bool = False
    counts_first_day: bool | None = None
    hours_skip_days_off: bool | None = None
    roll_over: RollOver | None = None
    words: str = ""
    stricter_value: int | None = None
    stricter_unit: str = ""
    variants: tuple[Variant, ...] = ()
    at_latest: tuple[Bound, ...] = ()
    note: str = ""

    @property
    def is_counted(self) -> bool:
        """Does the law give a number?"""
        return self.unit in COUNTED and self.value is not None


@dataclass(frozen=True, slots=True)
class Counting:
    """How a regime counts where a duty says nothing of its own."""

    text: str = ""
    counts_first_day: bool = False
    hours_skip_days_off: bool = False
    roll_over: RollOver | None = None
    citation: str = ""
    confidence: str = "unknown"


@dataclass(frozen=True, slots=True)
class Obligation:
    """One duty of one regime."""

    id: str
    name: str
    who: tuple[str, ...]
    when: str
    deadline: Deadline
    file_at: str
    citation: str
    confidence: str
    who_note: str = ""
    categories: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    abroad: tuple[str, ...] = ()  # facts of another country that start it
    abroad_text: str = ""
    confidence_note: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a regime says about one matter: notices, remedies, reports, end, records, penalties."""

    text: str
    confidence: str
    content: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    every_value: int = 0
    every_unit: str = ""
    every_times: int = 0
    citation: str = ""
    confidence_note: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement was read."""

    title: str
    kind: str
    url: str = ""
    text_as_of: str = ""
    read_on: str = ""
    note: str = ""


MATTERS = (
    "consumer_notice",
    "remedies",
    "progress_reports",
    "termination",
    "record_retention",
    "penalties",
)


@dataclass(frozen=True, slots=True)
class Regime:
    """One version of one regime; it applies from `valid_from` to `valid_to`, both included."""

    id: str
    name: str
    jurisdiction: str
    valid_from: date | None
    valid_to: date | None
    reference: tuple[str, ...]
    categories: tuple[str, ...]
    excludes: tuple[str, ...]
    authority: Authority
    counting: Counting
    obligations: tuple[Obligation, ...]
    sources: tuple[Source, ...]
    confidence: str
    confidence_note: str = ""
    also_in: tuple[str, ...] = ()
    not_in: tuple[str, ...] = ()
    scope_note: str = ""
    excludes_note: str = ""
    statements: dict[str, Statement] = field(default_factory=dict)
    exemptions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def applies_on(self, day: date) -> bool:
        """Is this version in force on that day?"""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def obligation(self, name: str) -> Obligation:
        """The obligation of that id; KeyError where there is none."""
        return {found.id: found for found in self.obligations}[name]
