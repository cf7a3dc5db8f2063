"""What events are worth to the trace: the mapping of docs/epcis.md, case by case."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.kit.epcis.derive import derive
from holdfast.kit.epcis.things import thing, trace_key
from tests.kit.epcis.build import (
    LOTS,
    MAKER,
    MAKER_KEY,
    PLANT,
    PLANT_KEY,
    STORE,
    STORE_KEY,
    amount,
    captured,
    item,
    lgtin,
    made,
    objects,
    packed,
    sscc,
)

pytestmark = pytest.mark.once

P1, P2 = "040123450000000016", "040123450000000023"


def rows(table: str, *events: dict[str, Any]) -> list[tuple[Any, ...]]:
    return derive(captured(*events)).tables[table]


def at(text: str) -> datetime:
    day, hour = text.split("T")
    return datetime(2026, 3, int(day), int(hour), tzinfo=UTC)


def test_the_keys_are_what_the_tests_say() -> None:
    assert [thing(sscc(1)).key, thing(sscc(2)).key] == [P1, P2]
    assert [thing(PLANT).key, thing(STORE).key] == [PLANT_KEY, STORE_KEY]
    assert trace_key(lgtin("A")) == LOTS + "A"
    assert trace_key("https://x.example/gtin/4012345111118/lot/A") == LOTS + "A"
    assert trace_key("(01)04012345111118(10)A") == LOTS + "A"
    assert trace_key("(00)040123450000000016") == P1
    assert trace_key("B17") == "B17"


def test_a_stay_is_from_add_to_delete() -> None:
    found = rows(
        "packings",
        packed("01T10", sscc(1), lgtin("A")),
        packed("04T10", sscc(1), lgtin("A"), action="DELETE"),
    )
    assert found == [(P1, LOTS + "A", at("01T10"), at("04T10"))]


def test_a_delete_without_children_empties_the_container() -> None:
    found = rows(
        "packings",
        packed("01T10", sscc(1), sscc(2), lgtin("A")),
        packed("04T10", sscc(1), action="DELETE"),
        packed("05T10", sscc(1), lgtin("B")),
    )
    assert found == [
        (P1, LOTS + "A", at("01T10"), at("04T10")),
        (P1, LOTS + "B", at("05T10"), None),
        (P1, P2, at("01T10"), at("04T10")),
    ]


def test_what_left_without_having_come_was_inside_before() -> None:
    found = rows("packings", packed("04T10", sscc(1), lgtin("A"), action="DELETE"))
    assert found == [(P1, LOTS + "A", None, at("04T10"))]
    emptied_before = rows(
        "packings",
        packed("02T10", sscc(1), action="DELETE"),
        packed("04T10", sscc(1), lgtin("A"), action="DELETE"),
    )
    assert emptied_before == [(P1, LOTS + "A", at("02T10"), at("04T10"))]


def test_what_was_seen_inside_was_inside() -> None:
    found = rows(
        "packings",
        packed("02T10", sscc(1), lgtin("A"), action="OBSERVE"),
        packed("03T10", sscc(1), lgtin("A"), action="OBSERVE"),
    )
    assert found == [(P1, LOTS + "A", at("02T10"), None)]


def test_part_of_a_quantity_that_leaves_leaves_the_rest_inside() -> None:
    packing = packed("01T10", sscc(1), childQuantityList=[amount("A", 10)])

    def taken(day: str, quantity: float | None) -> dict[str, Any]:
        listed = [amount("A", quantity)]
        return packed(day, sscc(1), action="DELETE", childQuantityList=listed)

    assert rows("packings", packing, taken("02T10", 4)) == [(P1, LOTS + "A", at("01T10"), None)]
    for rest in (6, None):
        end = [(P1, LOTS + "A", at("01T10"), at("03T10"))]
        assert rows("packings", packing, taken("02T10", 4), taken("03T10", rest)) == end


def test_a_container_repacked_at_one_moment_has_two_stays() -> None:
    found = rows(
        "packings",
        packed("01T10", sscc(1), lgtin("A")),
        packed("02T10", sscc(1), lgtin("A"), action="DELETE"),
        packed("02T10", sscc(1), lgtin("A")),
    )
    assert found == [
        (P1, LOTS + "A", at("01T10"), at("02T10")),
        (P1, LOTS + "A", at("02T10"), None),
    ]


def test_items_are_known_by_the_lot_they_were_made_in() -> None:
    found = derive(
        captured(
            packed("02T10", sscc(1), item(1), item(2), item(9)),
            objects(
                "01T10",
                "commissioning",
                item(1),
                item(2),
                action="ADD",
                ilmd={"cbvmda:lotNumber": "A"},
            ),
        )
    ).tables
    nine = "(01)04012345111118(21)9"
    assert found["packings"] == [
        (P1, LOTS + "A", at("02T10"), None),
        (P1, nine, at("02T10"), None),
    ]
    assert found["receipts"] == [
        (LOTS + "A", "04012345111118", PLANT_KEY, at("01T10"), None, Decimal(2), ""),
        (nine, "04012345111118", "", None, None, None, ""),
    ]


def test_a_digital_link_with_lot_and_serial_tells_the_lot_itself() -> None:
    link = "https://shop.example/01/04012345111118/10/A/21/7"
    came = packed("02T10", sscc(1), link)
    assert rows("packings", came) == [(P1, LOTS + "A", at("02T10"), None)]
    left = packed("03T10", sscc(1), item(7), action="DELETE")
    assert rows("packings", came, left) == [(P1, LOTS + "A", at("02T10"), at("03T10"))]


def test_inputs_become_outputs() -> None:
    found = rows(
        "transformations",
        made("01T10", [amount("R1", 5, "KGM"), amount("R2", 3, "KGM")], [amount("A", 100)]),
    )
    assert found == [
        (LOTS + "R1", LOTS + "A", at("01T10"), Decimal(5), "KGM"),
        (LOTS + "R2", LOTS + "A", at("01T10"), Decimal(3), "KGM"),
    ]
    several = rows("transformations", made("01T10", [amount("R", 5)], [amount("A"), amount("B")]))
    assert several == [
        (LOTS + "R", LOTS + "A", at("01T10"), None, ""),
        (LOTS + "R", LOTS + "B", at("01T10"), None, ""),
    ]


def test_a_transformation_told_in_parts_is_one() -> None:
    told = {"transformationID": "urn:x:mix:1"}
    found = rows(
        "transformations",
        made("02T10", [], [amount("A")], **told),
        made("01T10", [amount("R1", 2)], [], **told),
        made("03T10", [amount("R2")], [], **told),
    )
    assert found == [
        (LOTS + "R1", LOTS + "A", at("02T10"), Decimal(2), ""),
        (LOTS + "R2", LOTS + "A", at("03T10"), None, ""),
    ]


def test_a_container_that_goes_in_stands_for_what_is_inside() -> None:
    found = rows(
        "transformations",
        packed("01T10", sscc(1), lgtin("R")),
        made("02T10", [sscc(1)], [amount("A")]),
    )
    assert [row[:3] for row in found] == [(LOTS + "R", LOTS + "A", at("02T10"))]


def test_a_process_of_very_many_inputs_and_outputs_has_one_row_each() -> None:
    inputs = [amount(f"R{n}") for n in range(500)]
    outputs = [amount(f"A{n}") for n in range(500)]
    found = rows("transformations", made("01T10", inputs, outputs))
    assert len(found) == 1000
    assert {row[1] for row in found if row[0].startswith(LOTS + "R")} == {
        row[0] for row in found if row[1].startswith(LOTS + "A")
    }


def test_a_journey_is_from_shipping_to_receiving() -> None:
    parties = {
        "sourceList": [{"type": "owning_party", "source": MAKER}],
        "destinationList": [{"type": "location", "destination": STORE}],
    }
    found = rows(
        "shipments",
        objects("01T10", "shipping", sscc(1)),
        objects("01T12", "departing", sscc(1), destinationList=parties["destinationList"]),
        objects("02T10", "receiving", sscc(1), site=STORE),
        objects("05T10", "shipping", sscc(1), site=STORE, **parties),
        objects("06T10", "shipping", lgtin("A")),
        objects("07T10", "void_shipping", lgtin("A")),
    )
    assert found == [
        (P1, PLANT_KEY, STORE_KEY, at("01T10"), at("02T10")),
        (P1, MAKER_KEY, STORE_KEY, at("05T10"), None),
    ]


def test_a_lot_lies_where_it_was_received_until_all_of_it_left() -> None:
    sold = {"sourceList": [{"type": "owning_party", "source": MAKER}]}
    came = objects("01T10", "receiving", quantityList=[amount("A", 10)], **sold)
    some = objects("02T10", "shipping", quantityList=[amount("A", 4)])
    rest = objects("03T10", "retail_selling", quantityList=[amount("A", 6)])
    window = (LOTS + "A", "04012345111118", PLANT_KEY, at("01T10"))
    assert rows("receipts", came, some) == [(*window, None, Decimal(10), MAKER_KEY)]
    assert rows("receipts", came, some, rest) == [(*window, at("03T10"), Decimal(10), MAKER_KEY)]


def test_receiving_a_pallet_is_receiving_the_lots_in_its_cases() -> None:
    found = rows(
        "receipts",
        packed("01T10", sscc(2), lgtin("A")),
        packed("01T12", sscc(1), sscc(2)),
        packed("03T10", sscc(2), lgtin("A"), action="DELETE"),
        objects("02T10", "receiving", sscc(1), site=STORE),
        objects("04T10", "receiving", sscc(1), site=PLANT),
    )
    places = [(row[2], row[3]) for row in found]
    assert places == [(STORE_KEY, at("02T10"))]


def test_an_error_declaration_withdraws_its_event_whenever_it_arrives() -> None:
    wrong = packed("01T10", sscc(1), lgtin("A"), eventID="urn:uuid:1")
    right = packed("01T10", sscc(1), lgtin("B"), eventID="urn:uuid:2")
    by_content = {**wrong, "errorDeclaration": {"declarationTime": "2026-03-09T00:00:00Z"}}
    by_name = packed(
        "01T10",
        sscc(1),
        lgtin("Z"),
        eventID="urn:uuid:1",
        errorDeclaration={
            "declarationTime": "2026-03-09T00:00:00Z",
            "reason": "incorrect_data",
            "correctiveEventIDs": ["urn:uuid:2"],
        },
    )
    for declaration in (by_content, by_name):
        for order in ([wrong, right, declaration], [declaration, right, wrong]):
            assert rows("packings", *order) == [(P1, LOTS + "B", at("01T10"), None)]


def test_quantities_no_table_holds_are_unknown() -> None:
    for quantity in (-5, 1e30):
        found = rows("transformations", made("01T10", [amount("R", quantity)], [amount("A")]))
        assert found == [(LOTS + "R", LOTS + "A", at("01T10"), None, "")]


days = st.integers(1, 6).map(lambda day: f"0{day}T10")
lots = st.sampled_from("ABC")
cases = st.integers(1, 3).map(sscc)
items = st.integers(1, 4).map(item)
children = st.one_of(lots.map(lgtin), cases, items)
actions = st.sampled_from(["ADD", "DELETE", "OBSERVE"])
steps = st.sampled_from("shipping departing receiving storing retail_selling void_shipping".split())
sites = st.sampled_from([PLANT, STORE])
some_events = st.one_of(
    st.builds(
        lambda day, parent, child, action: packed(day, parent, child, action=action),
        days,
        cases,
        children,
        actions,
    ),
    st.builds(lambda day, parent: packed(day, parent, action="DELETE"), days, cases),
    st.builds(
        lambda day, step, what, site: objects(day, step, what, site=site),
        days,
        steps,
        children,
        sites,
    ),
    st.builds(
        lambda day, step, lot, n: objects(day, step, quantityList=[amount(lot, n)]),
        days,
        steps,
        lots,
        st.integers(1, 3),
    ),
    st.builds(
        lambda day, lot, serial: objects(
            day, "commissioning", serial, action="ADD", ilmd={"cbvmda:lotNumber": lot}
        ),
        days,
        lots,
        items,
    ),
    st.builds(
        lambda day, one, other: made(day, [amount(one, 2)], [amount(other)]), days, lots, lots
    ),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(some_events, max_size=12), st.randoms(use_true_random=False), st.data())
def test_the_order_in_which_events_arrive_means_nothing(
    events: list[dict[str, Any]], chance: random.Random, data: st.DataObject
) -> None:
    for number in data.draw(st.lists(st.integers(0, 11), max_size=3)):
        if number < len(events):
            declared = {"declarationTime": "2026-03-09T00:00:00Z"}
            events.append({**events[number], "errorDeclaration": declared})
    found = captured(*events)
    expected = derive(found)
    for _ in range(3):
        chance.shuffle(found)
        assert derive([*found, *found[:2]]) == expected
    for container, child, start, end in expected.tables["packings"]:
        assert container != child
        assert start is None or end is None or start < end
    for row in expected.tables["receipts"]:
        assert row[4] is None or row[3] is None or row[3] <= row[4]
