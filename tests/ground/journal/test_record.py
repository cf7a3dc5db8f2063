"""Recording: every fact once, in order, under the root that a second implementation computes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

import pymerkle
import pytest
from django.db import transaction
from django.utils import timezone as django_timezone

from holdfast.ground.journal.actions import record, record_all
from holdfast.ground.journal.events import Fact
from holdfast.ground.journal.models import Entry
from holdfast.ground.journal.queries import frontier, head
from holdfast.kit.actors import SYSTEM
from holdfast.kit.ledger import EMPTY_ROOT, NotCanonical, leaf_hash, root_of
from holdfast.kit.refusals import Unreadable

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class DoorPainted(Fact):
    """A fact that only these tests know."""

    words = "The door was painted {colour}"
    colour: object
    coats: int = 1
    more: dict[str, object] = field(default_factory=dict)


def paint(colour: object = "blue", **more: object) -> Entry:
    with transaction.atomic():
        return record(DoorPainted(colour, **more), by=SYSTEM, now=NOW, subject="R-2026-001")  # type: ignore[arg-type]


def test_an_empty_journal_has_the_root_of_nothing() -> None:
    Entry.objects.all()._raw_delete("default")  # a fresh instance has its founding entry
    assert head() == (0, EMPTY_ROOT.hex())
    assert paint().index == 1


def test_every_root_is_the_one_that_pymerkle_computes() -> None:
    for number in range(40):
        paint(f"colour {number}")
    theirs = pymerkle.InmemoryTree()
    for entry in Entry.objects.order_by("index"):
        theirs.append_entry(entry.line())
        assert theirs.get_root().hex() == entry.root
    assert head() == (theirs.get_size(), theirs.get_root().hex())


def test_the_line_that_is_hashed_can_be_rebuilt_from_the_columns() -> None:
    entry = paint('“Grün”\n\\ / "x" \u2028\x7f\x01', more={"z": None, "a": [True, "ß"]})
    kept = Entry.objects.get(pk=entry.pk)
    assert leaf_hash(kept.line()).hex() == kept.leaf
    read = json.loads(kept.line())
    assert list(read) == ["at", "by", "index", "kind", "payload", "subject"]
    assert read["payload"] == kept.fields
    assert read["at"] == "2026-03-02T09:00:00.000000+00:00"


def test_many_facts_of_one_change_give_the_same_tree_as_one_by_one() -> None:
    before = [
        bytes.fromhex(leaf)
        for leaf in Entry.objects.order_by("index").values_list("leaf", flat=True)
    ]
    with transaction.atomic():
        entries = record_all([DoorPainted(n) for n in range(1_203)], by=SYSTEM, now=NOW)
    assert [each.fields["colour"] for each in entries] == list(range(1_203))
    leaves = before + [leaf_hash(each.line()) for each in entries]
    assert head() == (len(leaves), root_of(leaves).hex())
    assert frontier().root() == root_of(leaves)
    paint()
    assert head()[0] == len(leaves) + 1


def test_times_are_kept_in_utc_and_a_time_without_zone_is_refused() -> None:
    with transaction.atomic():
        entry = record(
            DoorPainted("red"), by=SYSTEM, now=NOW.astimezone(timezone(timedelta(hours=5)))
        )
    assert entry.at == "2026-03-02T09:00:00.000000+00:00"
    with pytest.raises(ValueError, match="without a zone"), transaction.atomic():
        record(DoorPainted("red"), by=SYSTEM, now=datetime(2026, 3, 2))


@pytest.mark.parametrize("value", [1.5, float("nan"), NOW, {1: 2}, {"a": [0.1]}])
def test_a_value_without_one_form_is_not_recorded(value: object) -> None:
    count = head()
    with pytest.raises(NotCanonical), transaction.atomic():
        record(DoorPainted(value), by=SYSTEM, now=NOW)
    assert head() == count


@pytest.mark.parametrize(
    "text",
    [
        "jane@shop.example",
        "told Jane <jane.doe+x@mail.shop.example> by mail",
        "call +49 171 1234567 at once",
        "tel:01711234567",
        "0049 171 1234567",
        "+1 (555) 010-9999",
    ],
)
def test_what_looks_like_a_persons_address_is_refused_by_name_of_the_field(text: str) -> None:
    count = head()
    with pytest.raises(Unreadable, match=r"more\.reasons") as refused, transaction.atomic():
        record(DoorPainted("x", more={"reasons": ["fine", text]}), by=SYSTEM, now=NOW)
    assert refused.value.code == "personal_data"
    assert text not in refused.value.message
    assert head() == count


@pytest.mark.parametrize(
    "text",
    [
        "customer:12",
        "4006381333931",
        "(01)04006381333931(10)B17",
        "<m.1.2.abc@holdfast.example>",
        "2026-03-02T09:00:00+00:00",
        "R-2026-001",
        "536365",
        "00340123450000000018",
        "lot B17 + B18, 2026-01-05..2026-02-01",
        "https://shop.example/r/R-2026-001",
        "5 @ 3.20",
        "0.5 + 12345678",
        "a" * 64,
        "1234567890" * 6 + "abcd",
    ],
)
def test_the_numbers_of_the_trade_are_recorded(text: str) -> None:
    assert paint(text).fields["colour"] == text


def test_a_fact_is_recorded_only_inside_the_transaction_of_its_change(
    django_db_blocker: object,
) -> None:
    class NoTransaction:
        in_atomic_block = False

    from holdfast.ground.journal import actions

    kept = actions.connection
    actions.connection = NoTransaction()  # type: ignore[assignment]
    try:
        with pytest.raises(RuntimeError, match="inside the transaction"):
            record(DoorPainted("x"), by=SYSTEM, now=django_timezone.now())
    finally:
        actions.connection = kept


def test_entries_cannot_be_changed_or_taken_away_through_the_models() -> None:
    entry = paint()
    for attempt in (
        entry.save,
        entry.delete,
        lambda: Entry.objects.filter(pk=entry.pk).update(payload="{}"),
        lambda: Entry.objects.all().delete(),
        lambda: Entry.objects.bulk_update([entry], ["payload"]),
    ):
        with pytest.raises(TypeError, match="only ever added"):
            attempt()
