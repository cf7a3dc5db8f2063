"""A form of an authority as values: sections and fields in the authority's own order."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.kit.filings.catalogue import FactKind

#: Whose order the fields stand in. `law` says that the portal's own list could not be read.
ORDERS = {
    "form": "the authority's own form",
    "portal": "the authority's portal",
    "law": "field list follows the law's content list; portal order unknown",
}
#: What a filing is for; `progress` opens itself, `termination` needs its evidence.
PURPOSES = (
    "initial",
    "full",
    "accident",
    "strategy",
    "progress",
    "termination",
    "answer",
    "letter",
)


@dataclass(frozen=True, slots=True)
class When:
    """The condition under which a field is required: a fact above a number, or holding a word."""

    fact: str
    above: int | None = None
    has: str = ""

    @property
    def words(self) -> str:
        """The condition in words."""
        if self.above is not None:
            return f"{self.fact} is above {self.above}"
        return f"{self.fact} has {self.has}" if self.has else f"{self.fact} is known"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. It is filled from `fact` at `place`; without a fact it is this form's own answer.

    `place`: "" is everywhere, "here" the country of the filing, "regime" its regime, anything else
    itself. `rows` ("level", "country", "channel") makes a table of `facts`, one row a place.
    """

    key: str
    label: str
    kind: str
    source: str
    confidence: str
    required: bool = True
    when: When | None = None
    fact: str = ""
    facts: tuple[str, ...] = ()
    place: str = ""
    rows: str = ""
    choices: tuple[str, ...] = ()
    help: str = ""
    unit: str = ""
    personal: bool = False

    @property
    def own(self) -> FactKind:
        """What this form asks for and no fact of the base says, as a fact of its own."""
        return FactKind(
            key=self.key,
            name=self.label,
            kind=self.kind,
            meaning=self.help or self.label,
            unit=self.unit,
            choices=self.choices,
            personal=self.personal,
        )


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a form."""

    id: str
    name: str
    fields: tuple[Field, ...]


def evidence_section(lines: tuple[str, ...], source: str, confidence: str) -> Section:
    """What a request to end a recall must show: one answer a line, naming what shows it."""
    return Section(
        "evidence",
        "Evidence",
        tuple(
            Field(
                key=f"evidence_{number}",
                label=line[:1].upper() + line[1:],
                kind="text",
                source=source,
                confidence=confidence,
                help="The attached file by its SHA-256 or name, or the table it stands in.",
            )
            for number, line in enumerate(lines, 1)
        ),
    )


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a progress report is due again.

    `aligned` periods are those of the calendar (month, quarter), others count from the start.
    `due_after_days` counts from the last day of the period; `times` 0 is until the end.
    """

    value: int
    unit: str  # months, calendar_days
    aligned: bool = False
    due_after_days: int = 0
    times: int = 0
    source: str = ""
    confidence: str = "unknown"


@dataclass(frozen=True, slots=True)
class Read:
    """What was read to write the form down."""

    title: str
    kind: str = "primary"
    url: str = ""
    text_as_of: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One form of one authority, for duties of one regime."""

    id: str
    name: str
    authority: str
    regime: str
    obligations: tuple[str, ...]
    purpose: str
    order: str
    file_at: str
    sections: tuple[Section, ...]
    version: str
    order_note: str = ""
    machine: str = ""  # the format the authority publishes for machines; empty: none was found
    machine_note: str = ""
    schedule: Schedule | None = None
    other_regimes: tuple[str, ...] = ()
    reads: tuple[Read, ...] = ()
    note: str = ""
    evidence: tuple[str, ...] = ()  # what a termination request must show

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields in order."""
        return tuple(one for section in self.sections for one in section.fields)

    def field(self, key: str) -> Field | None:
        """The field of a key."""
        return next((one for one in self.fields if one.key == key), None)

    @property
    def unverified(self) -> tuple[str, ...]:
        """Keys of fields whose requirement was not read in the text it comes from."""
        return tuple(one.key for one in self.fields if one.confidence != "verified")
