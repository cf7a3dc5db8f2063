"""A replayed history is scored as the contract says, and told by the command."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from holdfast.doors.cli.benching_signals import answer
from holdfast.kit.refusals import Unreadable
from holdfast.kit.signals.cost import COUNTED
from holdfast.kit.signals.history import hazards_named, read_history
from holdfast.kit.signals.replay import Replay, maker_years, naively
from holdfast.kit.signals.report import Report
from tests.kit.signals.labelled import COMPLAINTS, REVIEWS
from tests.kit.signals.made import START, complaints, recalls, report

FIRE = "The kettle caught fire on the counter number {n} and we were scared to death by it."
FINE = "The handle is a little loose, number {n}, nothing else to say about this thing today."


def folder(path: Path, *, cases: str = "", until: date | None = None) -> Path:
    """Two makers; Acme's kettles burn in 2022 and are recalled, Beta's burn and are not."""
    path.mkdir(exist_ok=True)
    rows = [
        (f"Q{n}", START + timedelta(days=60 * n), "Acme Inc.", FINE.format(n=n)) for n in range(12)
    ]
    rows += [(f"A{n}", START + timedelta(days=800 + n), "ACME", FIRE.format(n=n)) for n in range(5)]
    rows += [
        (f"B{n}", START + timedelta(days=900 + n), "Beta Corp", FIRE.format(n=n)) for n in range(5)
    ]
    complaints(path / "complaints.csv", [row for row in rows if not until or row[1] <= until])
    recalls(
        path / "recalls.jsonl",
        [
            {
                "id": "22001",
                "date": "2022-12-01",
                "title": "Acme Recalls Kettles Due to Fire Hazard",
                "products": ["Kettles"],
                "hazard": "The kettle can overheat, posing a fire hazard.",
            }
        ],
    )
    if cases:
        (path / "cases.csv").write_text(
            "case,recall_id,recall_date,maker,product,hazard,expect\n" + cases
        )
    return path


def test_alarms_are_true_where_the_maker_is_recalled_for_the_hazard(tmp_path: Path) -> None:
    data = answer(Replay(read_history(folder(tmp_path / "a"))))
    public = [
        (one["maker"], one["hazard"], judged["is_true"])
        for one, judged in zip(data["alarms"], data["judged"], strict=True)
        if one["known_by"] == "publication"
    ]
    assert set(public) == {
        ("ACME", "fire", True),
        ("Beta Corp", "fire", False),
    }
    assert data["false_alarms"] == 1
    assert data["makers"] == 2
    assert data["false_alarms_per_100_maker_years"] == pytest.approx(
        100 / data["maker_years"], rel=1e-3
    )


def test_without_cases_the_recalls_are_the_cases(tmp_path: Path) -> None:
    (case,) = answer(Replay(read_history(folder(tmp_path / "a"))))["cases"]
    assert case["recall_id"] == "22001"
    assert case["lead_days_report"] == case["lead_days_publication"] + 25
    assert (
        case["alarm_on"]
        == (date(2022, 12, 1) - timedelta(days=case["lead_days_publication"])).isoformat()
    )


def test_a_named_case_says_whether_it_is_as_expected(tmp_path: Path) -> None:
    named = (
        "kettles,22001,2022-12-01,Acme,,fire,alarm\n"
        "quiet,1,2022-12-01,Beta Corporation,,fire,silent\n"
        "other,2,2022-12-01,Acme,,choking,silent\n"
    )
    data = answer(Replay(read_history(folder(tmp_path / "a", cases=named))))
    assert [one["as_expected"] for one in data["cases"]] == [True, False, True]


def test_what_a_case_leaves_open_is_taken_from_its_recall_or_left_open(tmp_path: Path) -> None:
    named = (
        "kettles,22001,2022-12-01,Acme,,,alarm\n"
        "told of,,2022-12-01,Acme,,what nobody knows,silent\n"
        "not told of,,2022-12-01,Nobody,,,silent\n"
    )
    data = answer(Replay(read_history(folder(tmp_path / "a", cases=named))))
    assert [one["as_expected"] for one in data["cases"]] == [True, None, True]
    assert data["rows"]["cases of no known hazard"] == 2


def test_a_recall_for_another_hazard_makes_no_alarm_true(tmp_path: Path) -> None:
    where = folder(tmp_path / "a")
    recalls(
        where / "recalls.jsonl",
        [{"id": "1", "date": "2022-12-01", "title": "Acme Recalls Kettles Due to Fall Hazard"}],
    )
    replay = Replay(read_history(where))
    assert replay.score("publication").true.count(True) == 0


def test_an_alarm_is_false_when_the_recall_comes_too_late(tmp_path: Path) -> None:
    where = folder(tmp_path / "a")
    recalls(
        where / "recalls.jsonl",
        [{"id": "1", "date": "2025-12-01", "title": "Acme Recalls Kettles Due to Fire Hazard"}],
    )
    assert Replay(read_history(where)).score("report").true.count(True) == 0


@pytest.mark.parametrize("days", [0, 700, 801, 802, 803, 902, 904])
def test_a_folder_cut_at_a_day_gives_the_same_alarms_up_to_it(tmp_path: Path, days: int) -> None:
    until = START + timedelta(days=days)
    whole_folder, part_folder = (
        folder(tmp_path / name, until=u) for name, u in (("c", None), ("d", until))
    )
    (part_folder / "recalls.jsonl").unlink()
    told, cut = (answer(Replay(read_history(one)))["alarms"] for one in (whole_folder, part_folder))
    assert [one for one in told if one["on"] <= until.isoformat()] == [
        one for one in cut if one["on"] <= until.isoformat()
    ]
    whole = Replay(read_history(folder(tmp_path / "a"))).alarms("report")
    part = Replay(read_history(folder(tmp_path / "b", until=until))).alarms("report")
    assert [one for one in whole if one.on <= until] == part


def test_maker_years_run_from_the_first_report_to_the_end() -> None:
    told = [report(1, 0), report(2, 365, maker="beta"), report(3, 730)]
    assert maker_years(told, "report") == pytest.approx((730 + 365) / 365.25)


def test_one_report_with_a_wrong_year_lengthens_no_history() -> None:
    told = [report(n, 30 * n) for n in range(25)]
    years = maker_years(told, "report")
    assert maker_years([*told, report(99, 9_000, maker="beta")], "report") == years
    late = [report(90 + n, 9_000 + n) for n in range(2)]
    assert maker_years([*told, *late], "report") == pytest.approx(9_001 / 365.25)
    # One in twenty may be wrong, at either end: a time of 0 is the first of January 1970.
    more = [report(200 + n, 30 * n) for n in range(25)]
    early = report(98, -18_000, maker="beta")
    assert maker_years([*told, *more, *late], "report") == years
    assert maker_years([*told, *more, early], "report") == pytest.approx(2 * years)


def test_the_naive_rule_is_three_of_a_kind_in_sixty_days() -> None:
    assert naively([report(n, 31 * n) for n in range(3)], "report") == []
    (one,) = naively([report(n, 30 * n) for n in range(3)], "report")
    assert one.on == START + timedelta(days=60)


def test_the_naive_rule_looks_at_each_report_of_a_flood_a_few_times() -> None:
    looked = 0

    class Watched(Report):
        def known_on(self, known_by: str) -> date:
            nonlocal looked
            looked += 1
            return super().known_on(known_by)

    told = [report(n, 0) for n in range(500)]
    watched = [Watched(**{name: getattr(one, name) for name in Report.__slots__}) for one in told]
    (one,) = naively(watched, "report")
    assert len(one.reports) == 3
    assert looked <= 6 * len(told)


@pytest.mark.parametrize(
    ("case", "is_found"),
    [
        ("kettles,22001,2022-12-01,,,fire,", True),  # the recall it names says whose it is
        ("kettles,,2022-12-01,Acme Kettle Works of Ohio,,fire,", True),
        ("kettles,,2022-12-01,,Acme electric kettles,fire,", True),
        ("kettles,,2022-12-01,Nobody Ltd,Kettles,fire,", False),  # the goods name no maker
        ("kettles,,2022-12-01,Nobody Ltd,77,fire,", False),
        ("kettles of 77,,2022-12-01,,,fire,", False),
    ],
)
def test_a_case_is_found_by_whatever_names_its_maker(
    tmp_path: Path, case: str, is_found: bool
) -> None:
    (one,) = answer(Replay(read_history(folder(tmp_path / "a", cases=case))))["cases"]
    assert bool(one["alarm_on"]) is is_found


def test_short_reviews_of_one_day_are_not_the_same_review(tmp_path: Path) -> None:
    said = ("Sand in it", "Rocks inside", "Glass found", "Sand in it")
    (tmp_path / "reviews.csv").write_text(
        "asin,reviewText,unixReviewTime\n"
        + "".join(f"B000000001,{text},1360022400\n" for text in said)
    )
    history = read_history(tmp_path)
    assert len(history.reports) == 3
    assert history.rows["the same row again"] == 1


def test_a_history_in_which_nothing_was_told_yet_has_no_alarms(tmp_path: Path) -> None:
    complaints(tmp_path / "complaints.csv", [])
    data = answer(Replay(read_history(tmp_path)))
    assert (data["alarms"], data["cases"], data["maker_years"]) == ([], [], 0)
    complaints(tmp_path / "complaints.csv", [("", START, "Acme", FIRE)])
    with pytest.raises(Unreadable):  # rows, and none of them can be used
        read_history(tmp_path)


def test_names_of_hazards_in_cases_may_be_words() -> None:
    assert hazards_named("sand and grit") == {"foreign_body"}
    assert hazards_named("mold") == {"mould"}
    assert hazards_named("Fall; Laceration") == {"fall", "laceration"}
    assert hazards_named("magnet ingestion") == {"ingestion"}
    assert hazards_named("magnets") == {"ingestion"}
    assert hazards_named("choking_hazard") == {"choking"}
    assert hazards_named("mercury; collision") == {"poisoning", "impact"}


def test_bad_rows_are_counted_and_never_stop_it(tmp_path: Path) -> None:
    where = folder(tmp_path / "a")
    with (where / "complaints.csv").open("a") as file:
        file.write('X1,13/45/2020,,K,77,Acme,,"fire\0",\n')
        file.write("X2,,,K,77,Acme,,text,\n")
        file.write("X3,1/1/2021,,K,77,unknown,,text,\n")
        file.write("Q0,1/1/2020,,K,77,Acme,,text,\n")
        file.write("X4\n")
        file.write("X5,1/1/9999,,K,77,Acme,,text,\n")
        file.write(",1/1/2021,,K,77,Acme,,text,\n")
    rows = read_history(where).rows
    assert rows["without: no number"] == 1
    assert rows["without: no day"] == 4
    assert rows["without: no maker"] == 1
    assert rows["the same row again"] == 1
    assert "years after all others" not in rows


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "<html>not found</html>"])
def test_a_file_without_its_columns_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "complaints.csv").write_text(content)
    with pytest.raises(Unreadable) as refused:
        read_history(tmp_path)
    assert refused.value.code == "columns_missing"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("complaints.csv.gz", b"no gzip", "file_unreadable"),
        ("recalls.jsonl.gz", b"\x1f\x8b\x08\x00broken", "file_unreadable"),
        ("recalls.jsonl", b"<html>", "bad_json"),
        ("cases.csv", b"case,recall_date,hazard\nx,soon,fire\n", "bad_day"),
        (
            "cases.csv",
            b"case,recall_date,hazard,expect\nx,2022-12-01,fire,loud\n",
            "bad_expect",
        ),
    ],
)
def test_a_broken_file_is_refused_by_name(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    where = folder(tmp_path / "a")
    (where / name).write_bytes(content)
    with pytest.raises(Unreadable) as refused:
        read_history(where)
    assert (refused.value.code, refused.value.file) == (code, name)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    for where in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(Unreadable):
            read_history(where)


CASES = """case,recall_id,recall_date,maker,product,hazard,expect
Buckyballs,13168,2013-04-12,MAXFIELD & OBERTON HOLDINGS LLC,Buckyballs,ingestion,alarm
Bravo pogo sticks,11290,2011-07-29,BRAVO SPORTS,Pogo sticks,fall; laceration,alarm
Quinoa with grit,,2013-04-26,,B0036FB6FY,sand and grit,alarm
Plum Organics pouches,,2013-11-08,,B005MHRB7G,spoilage,silent
Plum Kids pouches,,2013-11-08,,B00886PPFS,spoilage,silent
Almond butter with metal,,2013-08-16,,B006R7F0PU,metal,silent
Hazelnut butter with metal,,2013-08-16,,B00555H0LC,metal,silent
"""


def test_the_named_cases_of_the_real_histories_are_found_early(
    real_data: Path, tmp_path: Path
) -> None:
    links = {"complaints.csv.gz": COMPLAINTS, "reviews.csv.gz": REVIEWS}
    for name, path in links.items():
        (tmp_path / name).symlink_to(real_data / path)
    (tmp_path / "cases.csv").write_text(CASES)
    data = answer(Replay(read_history(tmp_path)))
    leads = {one["case"]: one["lead_days_publication"] for one in data["cases"]}
    assert leads["Buckyballs"] >= 480
    assert leads["Bravo pogo sticks"] >= 105
    assert leads["Quinoa with grit"] >= 55
    assert all(one["as_expected"] for one in data["cases"])
    assert json.loads(json.dumps(data)) == data
    # What the setting shows of a threshold is what was counted here.
    counted = {
        one["threshold"]: one["alarms"] for one in data["curve"] if one["known_by"] == "publication"
    }
    assert all(abs(counted[at] - alarms) <= 2 for at, alarms, _false in COUNTED)
    assert len(counted) == len(COUNTED)
    # Without the list of recalls only the cases can make an alarm true.
    assert data["by_publication"]["alarms"] <= 20
