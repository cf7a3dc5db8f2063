"""Answers per 1,000 contacts, wave by wave: it tells when to change the channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from holdfast.ground.look.charts import svg
from holdfast.ground.look.charts.svg import Figure, Say, plain
from holdfast.ground.look.figures import Number

WIDTH, BASE, TALL = 790.0, 176.0, 150.0


@dataclass(frozen=True)
class Wave:
    """One wave: its name, when, how many were contacted and how many answered."""

    label: str
    when: str
    contacts: int
    answers: int

    @property
    def per_thousand(self) -> Decimal:
        """Answers per 1,000 contacts; none where nobody was contacted."""
        return Decimal(self.answers) * 1000 / self.contacts if self.contacts else Decimal(0)


@dataclass(frozen=True)
class Words:
    """The words of the picture in the reader's language."""

    title: str = "Answers per 1,000 contacts"
    wave: str = "Wave"
    contacts: str = "Contacts"
    answers: str = "Answers"
    rate: str = "Per 1,000"


def _whole(value: Number) -> int:
    return round(value)


def waves(
    name: str,
    bars: Sequence[Wave],
    *,
    say: Say = plain,
    words: Words | None = None,
    csv_url: str = "",
) -> Figure:
    """One bar per wave from zero."""
    words = words or Words()
    most = max((bar.per_thousand for bar in bars), default=Decimal(0))
    step = WIDTH / max(len(bars), 4)
    body = [svg.path(f"M0 {BASE}H{WIDTH}", "axk")]
    for position, bar in enumerate(bars):
        tall = float(bar.per_thousand / most) * TALL if most else 0.0
        x = step * position
        body.append(svg.rect(x, BASE - tall, step - 28, tall, "fa"))
        body.append(svg.text(x, BASE - tall - 7, say(_whole(bar.per_thousand)), "tb"))
        body.append(svg.text(x, BASE + 19, bar.label, "tb"))
        body.append(svg.text(x, BASE + 36, bar.when, ""))
    described = ", ".join(f"{bar.label} {say(_whole(bar.per_thousand))}" for bar in bars)
    return Figure(
        name=name,
        title=words.title,
        description=f"{described}.",
        svg=svg.drawing(name, words.title, f"{described}.", WIDTH, 220, "".join(body), "ch"),
        head=(words.wave, words.contacts, words.answers, words.rate),
        rows=tuple(
            (bar.label, say(bar.contacts), say(bar.answers), say(_whole(bar.per_thousand)))
            for bar in bars
        ),
        numeric=frozenset({1, 2, 3}),
        csv_url=csv_url,
    )
