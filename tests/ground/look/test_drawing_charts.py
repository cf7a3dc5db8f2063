"""Charts drawn on the server: honest axes, no inline style, numbers behind them."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.ground.look import figures, marks
from holdfast.ground.look.charts import balance, curve, funnel, spark, timeline, waves
from holdfast.ground.look.charts.course import Bar, course
from holdfast.ground.look.charts.svg import Figure, width_of

NOW = datetime(2026, 5, 4, 8, 20, tzinfo=UTC)
STEPS = (
    funnel.Step("In scope", 7640, kind="whole"),
    funnel.Step("Owner reachable", 7284, "no address"),
    funnel.Step("Remedied", 3056, "not remedied", "corrected"),
)
SVG = "{http://www.w3.org/2000/svg}"


def every_figure() -> list[Figure]:
    """One of each chart with ordinary values."""
    return [
        funnel.funnel("fu", STEPS),
        curve.curve(
            "cu",
            [
                curve.Level("Warehouses", ((0, 0.4), (19, 0.93))),
                curve.Level("Consumers", ((0, 0.0), (3, 0.12), (19, 0.4)), strong=True),
            ],
            waves=[curve.Wave(1, 0), curve.Wave(2, 3)],
            target=(60, 0.6),
        ),
        balance.balance(
            "ba",
            [
                balance.Level(
                    "Consumers",
                    (
                        balance.Part("refunded", 1812, "final"),
                        balance.Part("still use it", 12, "danger"),
                        balance.Part("no answer", 3746, "unknown"),
                    ),
                )
            ],
        ),
        timeline.timeline(
            "ti",
            ["Known", "Decided", "Told"],
            [
                timeline.Entry(0, NOW - timedelta(days=3), "Fire no. 1", "1 May", danger=True),
                timeline.Entry(1, NOW - timedelta(days=2), "Recall", "2 May"),
            ],
            now=NOW,
        ),
        waves.waves("wa", [waves.Wave("1 · E-mail", "15 Apr", 5980, 2093)]),
    ]


def parsed(markup: str) -> ET.Element:
    """The drawing as a tree; the namespace is the browser's business."""
    return ET.fromstring(markup.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


@pytest.mark.parametrize("figure", every_figure(), ids=lambda f: f.name)
def test_every_chart_is_well_formed_and_says_what_it_shows(figure: Figure) -> None:
    for markup in filter(None, (figure.svg, figure.narrow)):
        tree = parsed(markup)
        title, description = tree.find(f"{SVG}title"), tree.find(f"{SVG}desc")
        assert title is not None
        assert title.text == figure.title
        assert description is not None
        assert description.text == figure.description
        assert tree.get("aria-labelledby", "").split() == [title.get("id"), description.get("id")]


@pytest.mark.parametrize("figure", every_figure(), ids=lambda f: f.name)
def test_every_chart_obeys_the_strict_policy_and_carries_its_numbers(figure: Figure) -> None:
    markup = figure.svg + figure.narrow
    assert not re.search(r"\sstyle=|<script|\son\w+=|https?://", markup)
    assert figure.rows
    assert all(len(row) == len(figure.head) for row in figure.rows)


def test_ids_of_two_drawings_of_one_page_do_not_collide() -> None:
    ids = [i for f in every_figure() for i in re.findall(r' id="([^"]+)"', f.svg + f.narrow)]
    assert len(ids) == len(set(ids))


def test_names_from_outside_are_escaped() -> None:
    figure = funnel.funnel("x", [funnel.Step("<script>alert(1)</script>", 5, kind="whole")])
    assert "<script" not in figure.svg
    assert "&lt;script" in figure.svg


def test_the_curve_draws_both_reference_lines_at_their_height_with_their_source() -> None:
    figure = every_figure()[1]
    assert figure.svg.count('class="ref"') == 2
    assert "FY2013–16" in figure.svg
    assert "press release only" in figure.svg
    assert f"M46.0 {14 + 350 * 0.94:.1f}H" in figure.svg
    assert f"M46.0 {14 + 350 * 0.5:.1f}H" in figure.svg


def test_the_curve_starts_at_zero_and_ends_at_a_hundred_whatever_the_data() -> None:
    figure = curve.curve("c", [curve.Level("Consumers", ((0, 0.9), (1, 0.91)), strong=True)])
    assert ">0</text>" in figure.svg
    assert ">100\N{NO-BREAK SPACE}%</text>" in figure.svg


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=8))
def test_funnel_bars_are_in_proportion_to_their_units(units: list[int]) -> None:
    units = sorted(units, reverse=True)
    figure = funnel.funnel("f", [funnel.Step(f"s{n}", u) for n, u in enumerate(units)])
    bars = [float(w) for w in re.findall(r'width="([\d.]+)" height="20.0" class', figure.svg)]
    shown = [u for u in units if u and u * bars[0] / units[0] > 0] if units[0] else []
    assert len(bars) == len(shown)
    for bar, amount in zip(bars, shown, strict=True):
        assert abs(bar - bars[0] * amount / units[0]) < 0.11


def test_a_balance_names_what_is_unknown_and_never_hides_a_small_danger() -> None:
    figure = every_figure()[2]
    assert "3,746 unknown" in figure.svg
    assert "still use it 12" in figure.description
    assert ("Consumers", "still use it", "12") in figure.rows


def test_a_crowded_timeline_keeps_every_entry_in_the_table() -> None:
    crowd = [
        timeline.Entry(0, NOW - timedelta(minutes=n), f"Entry number {n} of many", f"{n}")
        for n in range(40)
    ]
    figure = timeline.timeline("t", ["Known"], crowd, now=NOW)
    assert len(figure.rows) == 40
    assert figure.svg.count("<circle") == 40


def test_empty_charts_are_drawn_without_dividing_by_nothing() -> None:
    assert funnel.funnel("f", [funnel.Step("In scope", 0, kind="whole")]).svg
    assert curve.curve("c", []).svg
    assert balance.balance("b", [balance.Level("Consumers", ())]).svg
    assert timeline.timeline("t", ["Known"], [], now=NOW).svg
    assert waves.waves("w", [waves.Wave("1", "", 0, 0)]).svg
    assert "polyline" not in spark.spark([])


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (3056, 7640, "40\N{NO-BREAK SPACE}%"),
        (7639, 7640, "99\N{NO-BREAK SPACE}%"),
        (1, 7640, "<\N{NO-BREAK SPACE}1\N{NO-BREAK SPACE}%"),
        (0, 7640, "0\N{NO-BREAK SPACE}%"),
        (0, 0, "–"),
    ],
)
def test_a_share_is_never_rounded_to_all_or_to_nothing(part: int, whole: int, words: str) -> None:
    assert figures.percent(part, whole) == words


def test_figures_follow_the_reader() -> None:
    assert figures.count(7640) == "7,640"
    assert figures.count(7640, "de") == "7.640"
    assert figures.count(Decimal("1.50")) == "1.5"
    assert figures.signed(118) == "+118"
    assert figures.signed(-3) == "−3"
    assert figures.count(None) == "–"


@pytest.mark.parametrize("name", [*marks.STATE])
def test_every_mark_is_hidden_from_people_who_hear_the_word(name: str) -> None:
    assert 'aria-hidden="true"' in marks.state(name)
    assert parsed(marks.state(name)) is not None


def test_the_days_under_a_course_keep_apart_in_every_language() -> None:
    for day in ("26 Nov", "26 نوفمبر", "26. September 26"):
        bars = [Bar(f"{day} 2026", n, n, 0.5, n > 6, day) for n in range(10)]
        figure = course("co", bars)
        for drawing, width in ((figure.svg, 790.0), (figure.narrow, 358.0)):
            spots = [
                (float(x) - width_of(day) / 2, float(x) + width_of(day) / 2)
                for x in re.findall(rf'<text x="([\d.]+)"[^>]*>{day}<', drawing)
            ]
            spots.sort()
            assert len(spots) >= 2, (day, width)
            assert spots[-1][1] <= width, (day, width)
            assert all(one[1] < other[0] for one, other in itertools.pairwise(spots)), (day, width)
