"""The tests give published and exact values, and do what they promise on made-up histories."""

from __future__ import annotations

import csv
import gzip
from datetime import date, timedelta
from math import exp
from pathlib import Path

import numpy as np
import pytest

from holdfast.kit.refusals import Unreadable
from holdfast.kit.signals.cusum import cusum, first_crossing
from holdfast.kit.signals.discovery import q_values
from holdfast.kit.signals.disproportionality import Prior, fit_prior, pair_table, shrink
from holdfast.kit.signals.maxsprt import plan
from holdfast.kit.signals.nowcast import delay_shares, nowcast
from holdfast.kit.signals.scan import scan
from holdfast.kit.signals.special import digamma, gamma_below, poisson_at_least
from holdfast.kit.signals.synthetic import Setting, counts, detecting, knowing, performance
from tests.kit.signals.made import START, report


def test_special_functions_have_their_known_values() -> None:
    assert digamma(np.array([1.0, 0.5, 10.0])) == pytest.approx(
        [-0.5772156649015329, -1.9635100260214235, 2.251752589066721], abs=1e-11
    )
    assert gamma_below(np.array([1.0, 1.0]), np.array([0.5, 20.0])) == pytest.approx(
        [1 - exp(-0.5), 1 - exp(-20.0)], abs=1e-12
    )
    assert poisson_at_least(np.array([0.0, 1.0, 2.0]), np.array([2.0, 2.0, 2.0])) == pytest.approx(
        [1, 1 - exp(-2), 1 - 3 * exp(-2)], abs=1e-12
    )


@pytest.mark.parametrize(
    ("most", "critical"),
    [(1, 2.853937), (2, 3.046977), (5, 3.297183), (10, 3.467952), (20, 3.628123)],
)
def test_maxsprt_has_the_published_critical_values(most: float, critical: float) -> None:
    assert plan(most).critical == pytest.approx(critical, abs=2e-6)


def test_maxsprt_signals_by_chance_as_seldom_as_it_says() -> None:
    chance = np.random.default_rng(7)
    made = plan(5.0, alpha=0.1)
    signals = 0
    for _ in range(2_000):
        times = chance.exponential(size=30).cumsum()
        signals += any(made.is_signal(n, at) for n, at in enumerate(times, 1) if at <= 5)
    assert signals / 2_000 == pytest.approx(0.1, abs=0.025)
    assert made.power(3.0) > made.power(1.5) > 0.1


@pytest.mark.parametrize("limits", [(0, 0.05, 1), (10, 0.9, 1), (10, 0.05, 0), (5_000, 0.05, 1)])
def test_maxsprt_refuses_what_it_is_not_made_for(limits: tuple[float, float, int]) -> None:
    with pytest.raises(Unreadable):
        plan(*limits)


def test_cusum_takes_exposure_into_account() -> None:
    told = [1.0, 1.0, 2.0, 4.0, 4.0]
    assert first_crossing(cusum(told, [1.0] * 5), 2.0) == 3
    assert first_crossing(cusum(told, [1.0, 1.0, 2.0, 4.0, 4.0]), 2.0) is None
    with pytest.raises(Unreadable):
        cusum(told, [1.0])


PUBLISHED = Prior(3.25379064, 0.39988801, 2.02613219, 1.90808279, 0.06534557)
# First rows and highest EB05 of the openEBGM vignettes: RR, PRR, EBGM, EB05, EB95.
ROWS = {
    ("1-PHENYLALANINE", "HEART RATE INCREASED"): (27.74, 27.96, 2.23, 0.49, 13.85),
    ("11 UNSPECIFIED VITAMINS", "ASTHMA"): (258.15, 279.58, 2.58, 0.52, 15.78),
    ("11 UNSPECIFIED VITAMINS", "DYSPNOEA"): (13.06, 13.11, 1.92, 0.47, 11.77),
    ("11 UNSPECIFIED VITAMINS", "HYPERSENSITIVITY"): (18.96, 19.06, 2.09, 0.48, 12.95),
    ("REUMOFAN PLUS", "WEIGHT INCREASED"): (None, None, 23.26, 15.68, 33.48),
    ("REUMOFAN PLUS", "IMMOBILE"): (None, None, 18.28, 10.16, 30.83),
}


def test_disproportionality_equals_the_published_values(real_data: Path) -> None:
    with gzip.open(real_data / "complaints_caers/caers.csv.gz", "rt") as file:
        table = pair_table((r["id"], r["var1"], r["var2"]) for r in csv.DictReader(file))
    assert (len(table.pairs), table.reports) == (17_189, 3_356)
    places = {pair: at for at, pair in enumerate(table.pairs)}
    at = [places[pair] for pair in ROWS]
    published = shrink(PUBLISHED, table.count[at], table.expected[at])
    told = zip(
        *(table.relative[at], table.proportional[at], published.geometric_mean),
        *(published.quantile(0.05), published.quantile(0.95)),
        strict=True,
    )
    close = (0.005, 0.005, 0.005, 0.011, 0.011)  # they bisect quantiles to two decimals
    for (pair, wanted), found in zip(ROWS.items(), told, strict=True):
        for value, known, within in zip(found, wanted, close, strict=True):
            assert known is None or float(value) == pytest.approx(known, abs=within), pair
    fitted = fit_prior(table)
    assert fitted.shape_1 == pytest.approx(PUBLISHED.shape_1, rel=0.01)
    assert fitted.share == pytest.approx(PUBLISHED.share, rel=0.01)
    own = shrink(fitted, table.count, table.expected)
    assert own.geometric_mean[at] == pytest.approx(published.geometric_mean, abs=0.02)
    many = table.count >= 2
    whole = shrink(fitted, table.count[many], table.expected[many])
    assert int((whole.quantile(0.05) >= 2).sum()) == 131


def test_ror_has_an_interval_and_survives_empty_cells() -> None:
    rows = [(str(n), "a" if n < 10 else "b", "x" if n < 8 else "y") for n in range(30)]
    table = pair_table(rows)
    ratio, low, high = table.odds(table.pairs.index(("a", "x")))
    assert low < ratio < high
    assert ratio > 1


def test_a_scan_finds_the_bad_lot_and_the_bad_week() -> None:
    chance = np.random.default_rng(3)
    lots = {f"L{n}": 100.0 for n in range(20)}
    crowd = scan({"L3": 9, "L5": 1, "L8": 1}, lots, chance)
    assert crowd is not None
    assert (crowd.values, crowd.reports) == (("L3",), 9)
    assert crowd.p_value <= 0.002
    days = [f"D{n:02}" for n in range(30)]
    told = {"D10": 3, "D11": 4, "D12": 3, "D20": 1}
    crowd = scan(told, dict.fromkeys(days, 1.0), chance, ordered=days)
    assert crowd is not None
    assert crowd.values == ("D10", "D11", "D12")


def test_a_scan_of_nothing_much_finds_nothing_much() -> None:
    chance = np.random.default_rng(3)
    lots = {f"L{n}": 100.0 for n in range(20)}
    crowd = scan({"L1": 1, "L7": 1, "L9": 1}, lots, chance)
    assert crowd is not None
    assert crowd.p_value > 0.5
    assert scan({}, lots, chance) is None
    # A lot that made half of all units may have half of the reports.
    crowd = scan({"big": 5, "L1": 1, "L2": 1}, {"big": 2_000.0, **lots}, chance)
    assert crowd is not None
    assert crowd.p_value > 0.1
    with pytest.raises(Unreadable):
        scan({"unknown": 2}, lots, chance)


def test_real_reports_with_lots_are_scanned(real_data: Path) -> None:
    with gzip.open(real_data / "complaints_maude/maude.csv.gz", "rt") as file:
        rows = [row for row in csv.DictReader(file) if row["lot_number"].strip()]
    told: dict[str, int] = {}
    for row in rows:
        told[row["lot_number"]] = told.get(row["lot_number"], 0) + 1
    crowd = scan(told, dict.fromkeys(told, 1.0), np.random.default_rng(1), rounds=199)
    assert crowd is not None
    assert crowd.reports == max(told.values())


def test_false_discovery_follows_the_worked_example_of_its_authors() -> None:
    p = np.array(
        [
            *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
            *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0),
        ]
    )
    assert int((q_values(p) <= 0.05).sum()) == 4
    assert np.all(q_values(p, dependent=True) >= q_values(p))
    assert len(q_values(np.array([]))) == 0


def test_a_nowcast_fills_in_what_is_not_told_yet() -> None:
    chance = np.random.default_rng(5)
    as_of = date(2024, 6, 1)
    told = []
    for back in range(400):
        on = as_of - timedelta(days=back)
        for _ in range(10):
            told.append((on, on + timedelta(days=int(chance.exponential(15)))))
    known = [(on, at) for on, at in told if at <= as_of]
    last = nowcast(told, as_of, days=30, longest=120)
    seen = sum(one.told for one in last)
    full = sum(one.estimate or one.told for one in last)
    assert seen < 200
    assert full == pytest.approx(300, rel=0.15)
    assert nowcast(known, as_of, days=30, longest=120) == last
    assert (shares := delay_shares(known, as_of, 120)) == sorted(shares)
    inside = [one for one in last if one.low is not None and one.high is not None]
    assert sum(one.low <= 10 <= one.high for one in inside) >= 0.8 * len(inside)  # type: ignore[operator]


def test_a_day_nobody_can_have_told_of_is_unknown() -> None:
    as_of = date(2024, 6, 1)
    old = [(as_of - timedelta(days=100 + n), as_of - timedelta(days=60 + n)) for n in range(50)]
    today = nowcast(old, as_of, days=1)[0]
    assert (today.told, today.estimate) == (0, None)


def test_no_rule_is_faster_than_the_one_that_knows_the_rates() -> None:
    setting = Setting(per_day=0.02, risk=10.0, onset=400, days=700)
    best = performance(knowing(setting), setting, np.random.default_rng(1), histories=80)
    own = performance(detecting, setting, np.random.default_rng(1), histories=80)
    assert best.power > 0.95
    assert own.power > 0.9
    assert best.mean_delay <= own.mean_delay + 3


def test_made_histories_are_as_busy_as_they_should_be() -> None:
    setting = Setting(per_day=0.5, risk=4.0, onset=50, days=100)
    told = counts(setting, 400, np.random.default_rng(2))
    assert told[:, :50].mean() == pytest.approx(0.5, rel=0.05)
    assert told[:, 50:].mean() == pytest.approx(2.0, rel=0.05)


def test_the_beginning_is_where_the_tests_think() -> None:
    assert report(1, 0).reported_on == START
