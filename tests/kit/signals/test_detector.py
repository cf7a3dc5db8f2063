"""The detector alarms for bursts, not for a steady trickle, and never looks ahead."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.kit.signals.detector import THRESHOLD, Detector, alarms
from holdfast.kit.signals.replay import KNOWN_BY, replayed
from holdfast.kit.signals.report import HARM_WEIGHTS, Report
from holdfast.kit.signals.telling import sentence
from tests.kit.signals.made import START, report


def test_three_grave_reports_in_a_week_are_an_alarm_that_names_them() -> None:
    told = [report(n, 800 + 2 * n, harm=3) for n in range(3)]
    found = alarms(replayed([report(99, 0, "fall", "other"), *told], "report"))
    assert [(one.maker, one.hazard, len(one.reports)) for one in found] == [("acme", "fire", 3)]
    assert found[0].on == START + timedelta(days=804)
    assert found[0].expected < 0.1


def test_two_reports_are_never_an_alarm() -> None:
    assert alarms(replayed([report(n, 800 + n, harm=4) for n in range(2)], "report")) == []


def test_a_steady_trickle_is_told_once_and_then_usual() -> None:
    raised = alarms(replayed([report(n, 45 * n) for n in range(80)], "report"))
    assert [one.on for one in raised] <= [START + timedelta(days=365)]
    assert len(raised) == 1


def test_the_same_text_counts_once() -> None:
    told = [report(n, 800 + n, harm=3, fingerprint="same") for n in range(50)]
    detector = Detector()
    for one in told:
        assert detector.hear(one.reported_on, [one]) == []
    assert detector.duplicates == 49


def test_a_flood_of_one_day_weighs_five() -> None:
    told = [report(n, 800) for n in range(500)]
    best = max(replayed(told, "report"), key=lambda one: one.score)
    assert best.weighed == 5.0


def test_reports_that_speak_of_a_recall_weigh_half() -> None:
    assert report(1, 0, is_echo=True).weight == report(1, 0).weight / 2


def test_one_defect_under_several_kinds_of_goods_is_found() -> None:
    told = [report(n, 800 + n, harm=3, product=str(n % 3), product_name=str(n)) for n in range(6)]
    (alarm,) = alarms(replayed([report(99, 0, "fall", "other"), *told], "report"))
    assert (alarm.maker, alarm.product, len(alarm.reports)) == ("acme", "", 3)
    assert "on 3 kinds of goods by Acme" in sentence(alarm)


def test_who_heard_of_a_recall_and_came_to_no_harm_is_none_of_three() -> None:
    told = [report(n, 800 + n, harm=3) for n in range(2)]
    for heard, found in ((report(9, 803, harm=0, is_echo=True), 0), (report(9, 803, harm=0), 1)):
        assert (
            len(alarms(replayed([report(99, 0, "fall", "other"), *told, heard], "report"))) == found
        )


def test_where_nobody_is_asked_for_harm_reports_weigh_what_others_weigh_without_any() -> None:
    assert HARM_WEIGHTS[0] < report(1, 0, harm=None).weight < HARM_WEIGHTS[1]


def test_an_alarm_is_not_repeated_within_a_year() -> None:
    told = [report(n, 800 + n // 2, harm=3) for n in range(200)]
    raised = alarms(replayed(told, "report"))
    days = [one.on for one in raised]
    assert len(days) == 1


def test_publication_comes_later_than_the_report() -> None:
    told = [report(n, 800 + n, harm=3) for n in range(4)]
    first = {way: alarms(replayed(told, way))[0].on for way in KNOWN_BY}
    assert (first["publication"] - first["report"]).days == 30


histories = st.lists(
    st.tuples(
        st.integers(0, 400),
        st.sampled_from(["fire", "fall", "", "choking"]),
        st.sampled_from(["acme", "beta"]),
        st.sampled_from([0, 1, 3, None]),
        st.sampled_from(["complaints", "reviews"]),
        st.sampled_from(["", "a", "b"]),
    ),
    max_size=60,
)


def made(rows: list[tuple[int, str, str, int | None, str, str]]) -> list[Report]:
    return [
        report(number, day, hazard, maker, harm=harm, stream=stream, fingerprint=text)
        for number, (day, hazard, maker, harm, stream, text) in enumerate(rows)
    ]


@settings(max_examples=60, deadline=None)
@given(histories, st.integers(0, 400), st.sampled_from(KNOWN_BY))
def test_what_comes_later_changes_no_alarm(rows: list[tuple], cut: int, way: str) -> None:
    told = made(rows)
    last = START + timedelta(days=cut)
    until = [one for one in told if one.known_on(way) <= last]
    for threshold in (0.5, THRESHOLD):
        whole = [one for one in alarms(replayed(told, way), threshold) if one.on <= last]
        assert whole == alarms(replayed(until, way), threshold)


@settings(max_examples=30, deadline=None)
@given(histories, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(rows: list[tuple], chance: object) -> None:
    told = made(rows)
    mixed = list(told)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert replayed(told, "report") == replayed(mixed, "report")
