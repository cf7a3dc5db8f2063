"""Order lines that came as trace events become order lines of the shop, so that people are told."""

from __future__ import annotations

import csv
import hashlib
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import ROUND_UP, Decimal
from pathlib import Path

from django.conf import settings

from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Unreadable
from holdfast.supply.imports.actions.bringing import Outcome, bring_in
from holdfast.supply.imports.models import ImportRun
from holdfast.supply.imports.reading import Wishes
from holdfast.supply.orders.models import Customer
from holdfast.supply.orders.rules import EVENTS

Line = tuple[str, str, str, str, str, str, str, datetime | None, Decimal | None]
"""line, order, customer, sku, lot, container, site, shipped at, quantity"""
HEAD = (
    "order",
    "customer",
    "product",
    "lot",
    "container",
    "site",
    "shipped_at",
    "quantity",
    "kind",
)
LEAST = Decimal("0.001")
PEOPLE_AT_ONCE = 900


def bring_recorded_lines(*, lines: Sequence[Line], by: Actor, now: datetime) -> Outcome | None:
    """Bring these lines in, all or none; lines that are there already are merged.

    A line that says no quantity counts as one unit. None where there was nothing new
    to bring.
    """
    if not lines:
        return None
    with tempfile.TemporaryDirectory(dir=settings.HOME, prefix=".recorded-") as folder:
        path = Path(folder) / "order_lines.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(HEAD)
            writer.writerows(map(_row, lines))
        if _is_known(path):
            return None
        wishes = Wishes(
            format="csv", source=EVENTS, people=_source_of(row[2] for row in lines), decimal="."
        )
        outcome = bring_in(path=str(path), kind="orders", wishes=wishes, by=by, now=now)
    if outcome.rejected:
        first = outcome.rejects[0]
        raise Unreadable(
            "recorded_lines_unusable",
            f"{outcome.rejected} order lines of the recorded events cannot be used, the first for "
            f"its {first.column}: {first.reason}.",
            hint="A scope without them would leave people out. Correct the order_lines table and "
            "import it again.",
        )
    return outcome


def _is_known(path: Path) -> bool:
    """Were exactly these rows brought in last? Then nothing would change but the journal."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return ImportRun.objects.filter(source=EVENTS, file_sha256=sha256).exists()


def _row(line: Line) -> list[str]:
    name, order, customer, sku, lot, container, site, shipped, quantity = line
    # The line's own name keeps its identity whatever other lines come later.
    number = name if not order or name.startswith(order) else f"{order}/{name}"
    units = Decimal(1) if quantity is None else quantity.quantize(LEAST, rounding=ROUND_UP)
    kind = "cancellation" if units < 0 else "sale"
    at = "" if shipped is None else shipped.isoformat()
    return [number, customer, sku, lot, container, site, at, f"{units:f}", kind]


def _source_of(customers: Iterable[str]) -> str:
    """The shop that knows most of these customer numbers, so that they are its people."""
    numbers = sorted({number for number in customers if number})
    known: Counter[str] = Counter()
    sources = {
        key.partition(":")[0]
        for key in Customer.objects.exclude(key__startswith="email:").values_list("key", flat=True)
    }
    for source in sorted(sources - {"email", "phone", "address"}):
        for start in range(0, len(numbers), PEOPLE_AT_ONCE):
            keys = [f"{source}:{number}" for number in numbers[start : start + PEOPLE_AT_ONCE]]
            known[source] += Customer.objects.filter(key__in=keys).count()
    best = max(sorted(known), key=lambda source: known[source], default=EVENTS)
    return best if known[best] else EVENTS
