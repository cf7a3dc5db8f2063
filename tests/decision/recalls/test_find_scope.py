"""The scope of a recall against a plain re-reading of the contract over the same rows."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from holdfast.decision.recalls.queries import find_scope
from holdfast.decision.recalls.queries.lines import scope_lines
from holdfast.ground.access.models import Organisation
from holdfast.kit.refusals import Unreadable
from holdfast.kit.trace.criteria import Criteria
from holdfast.supply.orders.models import Customer, OrderLine
from holdfast.supply.traceability.models import Receipt
from tests.decision.conftest import Shop, moment

CERTAINTIES = ("confirmed", "probable", "cannot_rule_out", "excluded")


def plain_certainty(line: OrderLine, criteria: Criteria, zone: ZoneInfo, receipts, lots) -> str:
    """One line, every receipt, no index, no cache: the contract read aloud."""
    units = line.quantity - line.cancelled
    if line.kind != "sale" or units <= 0:
        return "excluded"
    code = line.product.code.casefold()
    if criteria.products and code not in {p.casefold() for p in criteria.products}:
        return "excluded"
    if not criteria.products and line.product.kind == "pseudo":
        return "excluded"
    is_unsaid = bool(criteria.markets) and not line.market
    if criteria.markets and line.market and line.market not in criteria.markets:
        return "excluded"
    if (criteria.shipped_from or criteria.shipped_to) and line.moved_at is None:
        is_unsaid = True
    elif criteria.shipped_from or criteria.shipped_to:
        day = line.moved_at.astimezone(zone).date()
        if criteria.shipped_from and day < criteria.shipped_from:
            return "excluded"
        if criteria.shipped_to and day > criteria.shipped_to:
            return "excluded"
    told = plain_lot_certainty(line, receipts, lots)
    if told != "excluded" and is_unsaid:
        told = "cannot_rule_out"
    if told == "excluded" or not criteria.serials or line.serial in SERIALS_ASKED:
        return told
    return "excluded" if line.serial and units <= 1 else "cannot_rule_out"


SERIALS_ASKED = {"SN-10", "SN-11", "SN-12"}


def plain_lot_certainty(line: OrderLine, receipts, lots) -> str:
    """The three cases of a line that fits everything but the lot."""
    if lots is None:
        return "confirmed"
    if line.lot:
        return "confirmed" if line.lot in lots else "excluded"
    there = [
        r
        for r in receipts
        if r.product_id == line.product_id
        and (r.site == line.site or not r.site or not line.site)
        and line.moved_at is not None
        and (r.received_at is None or r.received_at <= line.moved_at)
        and (r.depleted_at is None or line.moved_at < r.depleted_at)
    ]
    candidates = {r.lot for r in there}
    # A receipt that says neither where nor when may be an answer, but is no alibi for others.
    placed = any(r.site or r.received_at or r.depleted_at for r in there)
    if not candidates & lots and not placed:
        known = any(r.lot in lots and r.product_id == line.product_id for r in receipts)
        return "cannot_rule_out" if known else "excluded"
    hit = candidates & lots
    if not hit:
        return "excluded"
    if hit == candidates:
        return "probable"
    if all(r.quantity is not None for r in there) and sum(r.quantity for r in there) > 0:
        bad = sum((r.quantity for r in there if r.lot in hit), Decimal(0))
        share = Fraction(bad) / Fraction(sum(r.quantity for r in there))
    else:
        share = Fraction(len(hit), len(candidates))
    return "probable" if share >= Fraction(1, 2) else "cannot_rule_out"


def fill(shop: Shop, rng: random.Random, *, closed: bool) -> None:
    """A messy little shop: three products, postage, lots here and there, gaps everywhere."""
    for code in ("VL-10K", "VL-20K", "LAMP"):
        shop.product(code)
    shop.product("POST", kind="pseudo")
    for _ in range(rng.randint(0, 9)):
        start = rng.randint(0, 20)
        end = start + rng.randint(-1, 15) if closed or rng.random() < 0.5 else None
        shop.receipt(
            rng.choice(["B15", "B16", "B17", "B18"]),
            rng.choice(["VL-10K", "VL-20K", "LAMP"]),
            rng.choice([start, start, None]),
            end,
            quantity=rng.choice([None, 0, 5, 10, Decimal("2.5")]),
            site=rng.choice(["", "Lyon", "Gdańsk"]),
            supplier=rng.choice(["", "S-07", "S-08"]),
        )
    for _ in range(60):
        quantity = rng.choice([1, 2, Decimal("0.5"), 12])
        kind = rng.choice(["sale"] * 8 + ["cancellation", "adjustment"])
        shop.line(
            rng.choice(["VL-10K", "VL-10K", "VL-20K", "LAMP", "POST"]),
            day=rng.choice([None, *[rng.randint(0, 30) + rng.choice([0, 0.5]) for _ in range(9)]]),
            quantity=quantity if kind == "sale" else -quantity,
            cancelled=rng.choice([0, 0, 0, quantity]) if kind == "sale" else 0,
            kind=kind,
            person=rng.choice(["anna", "ben", "cem", "dora", None]),
            site=rng.choice(["", "Lyon", "Gdańsk"]),
            lot=rng.choice(["", "", "", "B15", "B17", "B99"]),
            market=rng.choice(["DE", "FR", ""]),
            serial=rng.choice(["", "", "SN-9", "SN-10", "SN-11", "SN-12", "SN-13", "SX-11"]),
        )


def some_criteria(rng: random.Random) -> Criteria:
    return Criteria(
        products=rng.choice([(), ("vl-10K",), ("VL-10K", "LAMP"), ("POST", "VL-20K")]),
        lots=rng.choice([(), ("B17",), ("B17", "B15"), ("B17", "B99")]),
        suppliers=rng.choice([(), (), ("S-07",)]),
        markets=rng.choice([(), (), ("DE",)]),
        shipped_from=rng.choice([None, None, date(2026, 2, 8)]),
        shipped_to=rng.choice([None, None, date(2026, 2, 20)]),
    )


def with_serials(criteria: Criteria, rng: random.Random) -> Criteria:
    """The same, now and then only for some serial numbers; they need a product or a lot beside."""
    is_asked = rng.random() < 0.4 and (criteria.products or criteria.by_lot)
    return replace(criteria, serials=("SN-10..SN-12",)) if is_asked else criteria


def plain_lots(criteria: Criteria, receipts) -> set[str] | None:
    if not (criteria.lots or criteria.suppliers):
        return None
    found = set()
    for lot in criteria.lots:
        theirs = [r for r in receipts if r.lot == lot]
        named = [r.supplier.code if r.supplier else "" for r in theirs]
        if not theirs or not criteria.suppliers or set(named) & {"", *criteria.suppliers}:
            found.add(lot)
    if not criteria.lots:
        found = {r.lot for r in receipts if r.supplier and r.supplier.code in criteria.suppliers}
    return found


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_every_line_has_the_certainty_of_the_plain_reading(shop, seed, zone):
    rng = random.Random(f"{zone}{seed}")
    Organisation.objects.update(zone=zone)
    fill(shop, rng, closed=True)
    criteria = with_serials(some_criteria(rng) or Criteria(products=("VL-10K",)), rng)
    receipts = list(Receipt.objects.select_related("supplier"))
    lots = plain_lots(criteria, receipts)
    # A lot that was never received stands for the products named beside it.
    received = {r.lot for r in receipts}
    orphan = bool(lots and criteria.products and any(lot not in received for lot in lots))
    found = find_scope(criteria)
    stored = {line: certainty for line, certainty, *_ in found.lines}
    for line in OrderLine.objects.select_related("product"):
        want = plain_certainty(line, criteria, ZoneInfo(zone), receipts, lots)
        got = stored.get(line.pk, "excluded")
        if orphan and want == "excluded" and got == "cannot_rule_out":
            continue
        assert got == want, (line.sku, line.moved_at, line.lot, line.site, criteria)


@pytest.mark.parametrize("seed", range(15))
def test_open_windows_never_move_a_line_into_or_out_of_confirmed_or_excluded(shop, seed):
    rng = random.Random(seed)
    fill(shop, rng, closed=False)
    criteria = Criteria(lots=("B17",))
    receipts = list(Receipt.objects.select_related("supplier"))
    stored = {line: certainty for line, certainty, *_ in find_scope(criteria).lines}
    between = {"probable", "cannot_rule_out"}
    for line in OrderLine.objects.select_related("product"):
        want = plain_certainty(line, criteria, ZoneInfo("UTC"), receipts, {"B17"})
        got = stored.get(line.pk, "excluded")
        assert got == want or {got, want} == between


@pytest.mark.parametrize("seed", range(15))
def test_the_four_certainties_partition_all_lines_and_count_people_and_units(shop, seed):
    rng = random.Random(seed)
    fill(shop, rng, closed=True)
    criteria = some_criteria(rng) or Criteria(products=("VL-10K",))
    found = find_scope(criteria)
    rows = list(scope_lines(criteria))
    assert len(rows) == OrderLine.objects.count()
    assert sum(found.counts[c]["lines"] for c in CERTAINTIES) == len(rows)
    keys = dict(Customer.objects.values_list("key", "pk"))
    for certainty in CERTAINTIES:
        theirs = [row for row in rows if row[6] == certainty]
        count = found.counts[certainty]
        assert count["lines"] == len(theirs)
        assert Decimal(str(count["units"])) == sum(Decimal(str(row[5])) for row in theirs)
        assert count["people"] == len({keys[row[2]] for row in theirs if row[2]})
        assert all(row[7] for row in theirs), "every line has its reason"
    inside = [row for row in rows if row[6] != "excluded"]
    gone = found.counts["unreachable"]
    nameless = [row for row in inside if not row[2]]
    assert gone["lines_without_customer"] == len(nameless)
    assert gone["orders_without_customer"] == len({row[1] for row in nameless})
    assert Decimal(str(gone["units_without_customer"])) == sum(
        Decimal(str(row[5])) for row in nameless
    )
    assert found.counts["in_scope"]["people"] == len({row[2] for row in inside if row[2]})
    assert gone["people_without_contact"] == found.counts["in_scope"]["people"]


def test_a_product_matches_whatever_its_case_and_lists_the_spellings(shop):
    shop.line("vl-10k")
    shop.line("vl-10k", sku="VL-10K")
    shop.line("VL-10KX")
    found = find_scope(Criteria(products=("Vl-10K",)))
    assert found.counts["confirmed"]["lines"] == 2
    assert found.spellings == {"Vl-10K": ["VL-10K", "vl-10k"]}
    assert found.is_as_hoped


def test_a_product_that_is_not_found_is_said_with_near_spellings(shop):
    shop.line("VL-10K")
    found = find_scope(Criteria(products=("VL-1OK",)))
    assert found.counts["excluded"]["lines"] == 1
    assert not found.is_as_hoped
    assert "VL-10K" in found.warnings[0]["hint"]


def test_postage_is_in_a_scope_only_when_it_is_named(shop):
    shop.product("POST", kind="pseudo")
    shop.line("POST")
    shop.line("VL-10K")
    dates = Criteria(shipped_from=date(2026, 1, 1))
    assert find_scope(dates).counts["confirmed"]["lines"] == 1
    assert find_scope(Criteria(products=("post",))).counts["confirmed"]["lines"] == 1


def test_days_are_those_of_the_shop_and_both_ends_are_included(shop):
    Organisation.objects.update(zone="Asia/Tokyo")
    late = datetime(2026, 2, 20, 14, 59, tzinfo=UTC)  # 23:59 on the 20th in Tokyo
    shop.line("VL-10K", moved_at=late)
    shop.line("VL-10K", moved_at=late + timedelta(minutes=1))
    asked = Criteria(
        products=("VL-10K",), shipped_from=date(2026, 2, 20), shipped_to=date(2026, 2, 20)
    )
    assert find_scope(asked).counts["confirmed"]["lines"] == 1


def test_a_cancelled_line_stays_visible_with_no_units(shop):
    shop.line("VL-10K", quantity=2, cancelled=2)
    shop.line("VL-10K", quantity=3, cancelled=1)
    asked = Criteria(products=("VL-10K",))
    rows = list(scope_lines(asked))
    assert rows[0][5:] == (0, "excluded", "cancelled")
    assert find_scope(asked).counts["confirmed"] == {"lines": 1, "units": 2, "people": 1}


def test_a_lot_nobody_received_is_no_alibi_where_its_product_is_named(shop):
    shop.line("VL-10K")
    found = find_scope(Criteria(products=("VL-10K",), lots=("B17",)))
    assert found.counts["cannot_rule_out"]["lines"] == 1
    assert not found.is_as_hoped
    assert any(w["code"] == "lot_not_found" for w in found.warnings)


def test_a_lot_that_only_order_lines_name_says_that_it_was_never_received(shop):
    shop.line("VL-10K", lot="B17")
    shop.line("VL-10K")
    found = find_scope(Criteria(lots=("b17",)))
    assert found.counts["confirmed"]["lines"] == 1
    assert found.counts["excluded"]["lines"] == 1
    assert found.is_as_hoped
    assert [w["code"] for w in found.warnings] == ["lot_never_received"]


def test_reasons_are_whole_sentences(shop):
    shop.receipt("B16", "VL-10K", 0, 20, quantity=38, site="Lyon")
    shop.receipt("B17", "VL-10K", 0, 20, quantity=62, site="Lyon")
    shop.line("VL-10K", day=24 - 6, site="Lyon")
    found = find_scope(Criteria(lots=("B17",)))
    assert found.lines[0][4] == (
        "Shipped 18 Feb 2026 from Lyon; lots B16 and B17 were in stock then; "
        "62 % of the units were B17."
    )


def test_what_an_order_does_not_say_leaves_nobody_out(shop):
    shop.receipt("B17", "VL-10K", 0, 30)
    for more in (
        {"market": ""},
        {"market": "", "country": "European Community"},
        {"market": "", "country": "Channel Islands"},
        {"market": "DE"},
        {"market": "FR"},
        {"market": "DE", "day": None},
        {"market": "", "day": 28},
        {"market": "", "lot": "B17"},
        {"market": "", "lot": "B16"},
    ):
        shop.line("VL-10K", **more)
    first = min(OrderLine.objects.values_list("pk", flat=True))
    narrow = {"markets": ("DE",), "shipped_to": date(2026, 2, 20)}
    found = find_scope(Criteria(products=("VL-10K",), **narrow))
    doubt, sure = ("cannot_rule_out", "not_recorded"), ("confirmed", "criteria")
    got = {pk - first: (certainty, rule) for pk, certainty, _, rule, *_ in found.lines}
    assert got == {0: doubt, 1: doubt, 3: sure, 5: doubt, 7: doubt, 8: doubt}
    said = {pk - first: reason for pk, _, _, _, reason, _ in found.lines}
    assert said[0] == "No market is recorded, so DE cannot be ruled out."
    assert said[1] == "The order says “European Community”, so DE cannot be ruled out."
    assert [warning["message"] for warning in found.warnings] == [
        "4 lines have no market recorded and cannot be ruled out.",
        "1 lines have no ship or order date recorded and cannot be ruled out.",
    ]
    out = [row[7] for row in scope_lines(found.criteria) if row[6] == "excluded"]
    assert out[0] == "Sold to Channel Islands, which is not in the scope."
    assert out[1:] == [
        "Sold to FR, which is not in the scope.",
        "Shipped 28 Feb 2026, after the dates in the scope.",
    ]
    by_lot = find_scope(Criteria(products=("VL-10K",), lots=("B17",), **narrow))
    got = {pk - first: certainty for pk, certainty, *_ in by_lot.lines}
    assert got == {0: doubt[0], 1: doubt[0], 3: "probable", 5: doubt[0], 7: doubt[0]}
    assert by_lot.lines[-1][4].startswith("The order names lot B17, which is affected. No market")


def test_a_market_that_is_no_country_is_said_to_be_none(shop):
    shop.line("VL-10K", market="DE")
    found = find_scope(Criteria(products=("VL-10K",), markets=("Germany", "ATLANTIS")))
    assert found.counts["confirmed"]["lines"] == 1
    assert not found.is_as_hoped
    assert [warning["message"] for warning in found.warnings] == ["“ATLANTIS” is no country."]


def test_the_same_rows_give_the_same_digest_and_other_rows_another(shop):
    shop.line("VL-10K")
    asked = Criteria(products=("VL-10K",))
    first = find_scope(asked).digest
    assert find_scope(asked).digest == first
    shop.line("VL-10K")
    assert find_scope(asked).digest != first


def test_a_variant_narrows_the_products_or_names_them(shop):
    for code, variant in (("MUG-R", "Red"), ("MUG-B", "Blue"), ("CUP-R", "red"), ("LAMP", "")):
        product = shop.product(code)
        product.variant = variant
        product.save()
        shop.line(code)
    red = find_scope(Criteria(variants=("RED",)))
    assert red.counts["confirmed"]["lines"] == 2
    both = find_scope(Criteria(variants=("red",), products=("mug-r", "mug-b")))
    assert both.counts["confirmed"]["lines"] == 1
    assert not find_scope(Criteria(variants=("Rot",))).is_as_hoped


def test_a_receipt_is_named_by_its_number_its_lot_and_site_or_its_day(shop):
    first = shop.receipt("B17", "VL-10K", 1, 9, site="Lyon")
    shop.receipt("B18", "VL-10K", 20, 29, site="Lyon")
    shop.line("VL-10K", day=5, site="Lyon")
    shop.line("VL-10K", day=25, site="Lyon")
    for word in (str(first.pk), "b17@lyon", "2026-02-01"):
        assert find_scope(Criteria(receipts=(word,))).counts["probable"]["lines"] == 1
    assert not find_scope(Criteria(receipts=("B99@Lyon",))).is_as_hoped


def test_a_scope_of_nothing_is_refused(shop):
    with pytest.raises(Unreadable, match="something to look for"):
        find_scope(Criteria())


def test_the_order_in_which_goods_left_decides_between_open_windows(shop):
    shop.receipt("B16", "VL-10K", 1, None, quantity=10, site="Lyon")
    shop.receipt("B17", "VL-10K", 2, None, quantity=10, site="Lyon")
    for number in range(20):
        shop.line("VL-10K", day=3 + number, site="Lyon")
    found = find_scope(Criteria(lots=("B17",)))
    got = [certainty for _, certainty, *_ in found.lines]
    assert got[:5] == ["cannot_rule_out"] * 5
    assert got[-5:] == ["probable"] * 5
    assert moment(3) < moment(22)
    assert "the order in which goods left" in found.lines[0][4]


def test_a_range_of_serial_numbers_leaves_out_only_units_whose_number_is_another(shop):
    shop.product("VL-10K")
    for serial, quantity in (
        ("VL0120", 1), ("vl 0250", 1), ("VL0251", 1), ("VLO130", 1), ("", 1), ("VL0300", 2),
        ("VL0300; VL0301", 2), ("VL0300, VL0200", 2),
    ):  # fmt: skip
        shop.line("VL-10K", serial=serial, quantity=quantity)
    criteria = Criteria(products=("VL-10K",), serials=("VL0100..VL0250",))
    found = find_scope(criteria)
    pks = OrderLine.objects.order_by("pk").values_list("pk", flat=True)
    number = {pk: place for place, pk in enumerate(pks)}
    assert {number[pk]: (certainty, rule) for pk, certainty, _, rule, *_ in found.lines} == {
        0: ("confirmed", "criteria"),
        1: ("confirmed", "criteria"),
        3: ("cannot_rule_out", "serial_alike"),
        4: ("cannot_rule_out", "no_serial"),
        5: ("cannot_rule_out", "no_serial"),
        7: ("confirmed", "criteria"),
    }
    assert [one["code"] for one in found.warnings] == ["serial_not_recorded"]
    rows = {row[0]: row for row in scope_lines(criteria)}
    said = [row[7] for row in rows.values() if row[6] == "excluded"]
    assert said == [
        "Serial number VL0251 is not in VL0100..VL0250.",
        "Serial number VL0300, VL0301 is not in VL0100..VL0250.",
    ]


def test_a_range_of_serial_numbers_needs_a_product_and_two_sound_ends(shop):
    with pytest.raises(Unreadable, match="nothing without its product"):
        find_scope(Criteria(serials=("VL0100..VL0250",)))
    shop.product("VL-10K")
    with pytest.raises(Unreadable, match="no range of serial numbers"):
        find_scope(Criteria(products=("VL-10K",), serials=("VL0250..VL0100",)))


def test_criteria_stored_before_serial_numbers_could_be_asked_keep_their_digest():
    stored = Criteria(products=("VL-10K",)).as_json()
    assert "serials" not in stored
    asked = Criteria(products=("VL-10K",), serials=("A1..A9",))
    assert Criteria.from_json(asked.as_json()) == asked
    assert asked.digest() != Criteria.from_json(stored).digest()
