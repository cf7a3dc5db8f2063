"""Bringing a small file in takes one line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from holdfast.ground.access.models import Organisation
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Unreadable
from holdfast.supply.imports.actions import Outcome, bring_in
from holdfast.supply.imports.reading import Wishes
from holdfast.supply.orders.models import OrderLine

NOW = datetime(2026, 4, 14, 8, 5, tzinfo=UTC)
LEAD = Actor("person:1", "Lea Lead", frozenset({"lead"}), 1)
Bring = Callable[..., Outcome]


@pytest.fixture
def bring(tmp_path: Path, db: None) -> Bring:
    """Write a file and import it: `bring(text, kind="orders", **wishes)`."""
    Organisation.objects.update_or_create(pk=1, defaults={"zone": "Europe/Berlin"})

    def bring(
        data: str | bytes, kind: str = "orders", name: str = "file.csv", **said: object
    ) -> Outcome:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        extra = {key: said.pop(key) for key in ("is_rehearsal", "watch") if key in said}
        outcome = bring_in(
            path=str(path),
            kind=kind,
            wishes=Wishes(**said),  # type: ignore[arg-type]
            by=LEAD,
            now=NOW,
            **extra,  # type: ignore[arg-type]
        )
        assert outcome.rows == outcome.imported + outcome.merged + outcome.rejected
        return outcome

    return bring


@pytest.fixture
def refused(bring: Bring) -> Callable[..., Unreadable]:
    """Import a file that must be refused and leave nothing behind."""

    def refused(data: str | bytes, kind: str = "orders", **said: object) -> Unreadable:
        before = OrderLine.objects.count()
        with pytest.raises(Unreadable) as caught:
            bring(data, kind, **said)
        assert OrderLine.objects.count() == before
        return caught.value

    return refused


def left(order: str = "") -> dict[str, int]:
    """Order number and product -> units left of it, for sales."""
    lines = OrderLine.objects.filter(kind="sale").order_by("order_number", "sku", "position")
    return {
        f"{line.order_number}/{line.sku}/{line.position}": int(line.quantity - line.cancelled)
        for line in lines
    }
