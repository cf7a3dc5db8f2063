"""Where the laws of a notice part: what each asks beyond the rest, and which share one text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from holdfast.kit.renderings.content import COUNTS, NoticeFacts
from holdfast.kit.wording.laws import law_followed
from holdfast.kit.wording.profile import profile, regime_id

# Elements only some laws ask for, in the order they are said, and the facts each line is made of;
# without a retailer named the shop is one.
LINES = {
    "date": ("noticed_on",),
    "units": ("units",),
    "price": ("price",),
    "made": ("made_from", "made_to"),
    "manufacturer": ("maker",),
    "retailer": ("shop",),
    "incidents": ("incidents", "injuries", "deaths"),
}
_KNOWN_BEST = ("known", "partly", "unknown")


def lines_asked(regime: str) -> tuple[str, ...]:
    """The elements of `LINES` a regime asks for."""
    asked = {element.id for element in profile(regime).elements}
    return tuple(one for one in LINES if one in asked)


def lines_given(facts: NoticeFacts) -> tuple[str, ...]:
    """Those the regime of the facts asks for and every fact is known of."""
    return tuple(
        one for one in lines_asked(facts.regime) if all(getattr(facts, name) for name in LINES[one])
    )


def facts_lacking(facts: NoticeFacts) -> tuple[str, ...]:
    """Facts the regime asks for and nobody has given; a count is never taken for none."""
    names = (name for one in lines_asked(facts.regime) for name in LINES[one])
    return tuple(name for name in names if not getattr(facts, name))


def counts_lacking(facts: NoticeFacts) -> tuple[str, ...]:
    """Of these the counts: a text that must state them cannot go out without."""
    return tuple(name for name in facts_lacking(facts) if name in COUNTS)


@dataclass(frozen=True)
class TextLaws:
    """The laws a notice stands under, the recall's own first, and which of them share a text.

    Two laws share one where their texts are the same word for word and lack the same counts. A
    text's law is empty where it is the recall's own, else a regime's id.
    """

    laws: tuple[str, ...]
    facts: NoticeFacts
    _texts: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def own(self) -> str:
        """The recall's own law."""
        return self.laws[0]

    def text_for(self, country: str) -> str:
        """The law of the text a person in this country is told."""
        return self.text_of(law_followed(country, self.own))

    def text_of(self, law: str) -> str:
        """The law of the text that serves this law too; itself where none of the notice does.

        A law whose counts nobody has given gets no text of its own: people under it are told in the
        recall's own, for a warning that waits for a number warns nobody.
        """
        found = self._texts.get(law)
        if found is None and law != self.own and counts_lacking(replace(self.facts, regime=law)):
            found = self._texts[law] = ""
        if found is None:
            same = (one for one in self.laws if self._lines(one) == self._lines(law))
            first = next(same, law)
            found = self._texts[law] = "" if first == self.own else first
        return found

    def texts(self) -> tuple[str, ...]:
        """The laws that need a text of their own, the recall's own (empty) first."""
        return tuple(dict.fromkeys(self.text_of(one) for one in self.laws))

    def counts_asked(self) -> dict[str, tuple[str, ...]]:
        """Laws that would have a text of their own, and the counts they wait for."""
        asked = {one: counts_lacking(replace(self.facts, regime=one)) for one in self.laws[1:]}
        return {law: counts for law, counts in asked.items() if counts}

    def served_by(self, text_law: str) -> tuple[str, ...]:
        """The laws of the notice that one text serves."""
        return tuple(one for one in self.laws if self.text_of(one) == text_law)

    def _lines(self, law: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        facts = replace(self.facts, regime=law)
        return lines_given(facts), counts_lacking(facts)


def in_order(own: str, others: Sequence[str]) -> tuple[str, ...]:
    """The own law, then the others once each, those whose rules are known best first."""

    def rank(law: str) -> tuple[int, str]:
        return _KNOWN_BEST.index(profile(law).wording), law

    own = regime_id(own)
    return (own, *sorted({regime_id(one) for one in others} - {own}, key=rank))
