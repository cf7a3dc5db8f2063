"""The law folder holds what its schema says, and every fact keeps its source and confidence."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from holdfast.kit.regimes.calendars import calendar
from holdfast.kit.regimes.clock_facts import NAMES
from holdfast.kit.regimes.places import categories, places
from holdfast.kit.regimes.reading import CASES, FOLDER, versions
from holdfast.kit.regimes.yamltext import read_yaml
from holdfast.kit.regimes.zones import zone

SCHEMA = json.loads((FOLDER.parent / "schema.json").read_text(encoding="utf-8"))
LAWS = sorted(path for path in FOLDER.glob("*/*.yaml") if path.name != CASES)


@pytest.mark.parametrize("path", LAWS, ids=lambda path: path.parent.name)
def test_a_law_has_the_shape_of_the_schema(path: Path) -> None:
    data = read_yaml(path)
    faults = [
        f"{'/'.join(map(str, fault.absolute_path))}: {fault.message}"
        for fault in jsonschema.Draft202012Validator(SCHEMA).iter_errors(data)
    ]
    assert not faults
    assert data["id"] == path.parent.name


@pytest.mark.parametrize("path", LAWS, ids=lambda path: path.parent.name)
def test_a_law_brings_cases_a_lawyer_can_read(path: Path) -> None:
    named = {case["duty"] for case in read_yaml(path.parent / CASES)}
    assert named == {duty["id"] for duty in read_yaml(path)["obligations"]}


def test_the_schema_knows_the_facts_the_clocks_know() -> None:
    assert SCHEMA["$defs"]["fact"]["enum"] == list(NAMES)


def test_laws_name_categories_zones_and_calendars_that_exist() -> None:
    known = set(categories())
    for law in versions():
        narrower = [kind for duty in law.obligations for kind in duty.categories]
        assert {*law.categories, *law.excludes, *narrower} <= known, law.id
        if law.authority.zone:
            assert zone(law.authority.zone)
            assert calendar(law.authority.calendar)
        assert len({duty.id for duty in law.obligations}) == len(law.obligations), law.id


def test_every_country_has_a_zone_and_a_calendar() -> None:
    for place in places():
        assert zone(place.zone), place.code
        assert calendar(place.calendar), place.code


def test_no_number_stands_where_the_law_gives_only_a_word() -> None:
    words = {"immediate", "without_undue_delay", "set_by_authority", "on_demand", "standing"}
    words |= {"record_only", "voluntary", "no_fixed_deadline"}
    for law in versions():
        for duty in law.obligations:
            assert (duty.deadline.value is None) == (duty.deadline.unit in words), duty.id


def test_two_versions_of_a_law_never_apply_on_one_day() -> None:
    for law in versions():
        for other in versions():
            if law.id == other.id and law is not other:
                first, second = sorted((law, other), key=lambda one: str(one.valid_from))
                assert first.valid_to is not None
                assert second.valid_from is not None
                assert first.valid_to < second.valid_from
