"""A tally is the same however it came about, and scores out of it are those of the detector."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import date, timedelta

import numpy as np
import pytest

from holdfast.kit.signals.census import Census
from holdfast.kit.signals.detector import Detector, Product, Told
from holdfast.kit.signals.discovery import of_findings
from holdfast.kit.signals.exposure import Exposure
from holdfast.kit.signals.report import Report
from holdfast.kit.signals.seasons import month_of
from holdfast.kit.signals.sweep import Seen, Sweep
from holdfast.kit.signals.tally import One, PackedReports, Tally, Telling

BEGIN = date(2019, 1, 10)
DAYS = 1_900
TODAY = BEGIN + timedelta(days=DAYS)
HAZARDS = ("fire", "burn", "choking", "laceration")


def tellings(seed: int, number: int, names: Sequence[str] = ("",)) -> list[Telling]:
    """Reports of one unit: some of one person, some in the same words, many each December."""
    chance = random.Random(seed)
    voices: dict[str, int] = {}
    made = []
    for at in range(number):
        day = BEGIN + timedelta(days=chance.randrange(DAYS))
        if chance.random() < 0.25:
            day = date(BEGIN.year + chance.randrange(5), 12, chance.randrange(1, 29))
        if chance.random() < 0.25:
            day = TODAY - timedelta(days=chance.randrange(40))
        person = chance.choice(["", "", "ana", "bo", f"p{at}"])
        voice = voices.setdefault(person, at + 1) if person else 0
        made.append(
            Telling(
                at + 1,
                day,
                chance.choice([*names, None]) if len(names) > 1 else names[0],
                tuple(chance.sample(HAZARDS, chance.randrange(4))),
                chance.choice([None, None, 0, 1, 2, 3, 4]),
                chance.random() < 0.1,
                chance.random() < 0.2,
                voice,
                f"{chance.randrange(max(2, number // 2)):016x}" if chance.random() < 0.3 else "",
            )
        )
    return made


def reports(told: Sequence[Telling], product: Product) -> list[tuple[date, list[Report]]]:
    """Day by day; who spoke in the year before, and the same words, are left out. In plain code."""
    spoke: dict[tuple[int, str], date] = {}
    said: set[tuple[str, str]] = set()
    days: dict[date, list[Report]] = {}
    for one in sorted(told, key=lambda one: (one.day, one.complaint)):
        if one.name is None:
            continue
        if one.voice:
            last = spoke.get((one.voice, one.name))
            if last is not None and (one.day - last).days <= 365:
                continue
            spoke[one.voice, one.name] = one.day
        if one.print.strip("0"):
            if (one.print, one.name) in said:
                continue
            said.add((one.print, one.name))
        of = product if one.name == "" else (*product[:2], one.name)
        report = Report(
            f"C-{one.complaint}", *of, one.hazards, one.day, one.day, one.harm, one.is_echo,
            one.is_praise,
        )  # fmt: skip
        days.setdefault(one.day, []).append(report)
    return sorted(days.items())


@pytest.mark.parametrize("seed", range(6))
def test_report_by_report_it_is_what_all_of_them_make_at_once(seed: int) -> None:
    told = tellings(seed, 90, names=("a", "b", "c"))
    whole = Tally.of(told)
    cuts = sorted(random.Random(seed).sample(range(90), 5))
    grown: Tally | None = None
    for low, high in zip([0, *cuts], [*cuts, 90], strict=True):
        grown = Tally.of(told[low:high], grown)
    assert grown is not None
    assert (grown.content, grown.names, grown.hazards) == (
        whole.content, whole.names, whole.hazards,
    )  # fmt: skip
    kept = Tally.read(whole.content, whole.names, whole.hazards)
    assert kept.habits() == whole.habits()
    counted = [one for _, day in reports(told, ("s", "m", "")) for one in day]
    known = whole.habits()
    assert known is not None
    assert known.heard == len(counted)
    assert sum(known.by_month.values()) == sum(
        bool(one.hazards) or one.harm is not None for one in counted
    )


def test_reports_that_come_out_of_turn_stand_where_all_at_once_puts_them() -> None:
    told = [one._replace(day=TODAY) for one in tellings(3, 12, names=("a", "b"))]
    late, early = Tally.of(told[6:]), told[:6]
    assert Tally.of(early, late).rows["complaint"].tolist() == [
        number
        for name in late.names
        for number in sorted(one.complaint for one in told if (one.name or late.names[0]) == name)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_what_a_detector_asks_of_a_tally_is_what_it_keeps_report_by_report(seed: int) -> None:
    """Every running total and every month, to the last digit, floods and second hazards too."""
    told = tellings(seed, 200)
    told += [
        one._replace(complaint=900 + n, day=TODAY, voice=0, print="")
        for n, one in enumerate(tellings(seed, 30))
    ]
    product = ("s", "m", "p")
    one = One.of(Tally.of(told), "", product, TODAY)
    whole, of_hazard, by_month = Told(), defaultdict(Told), Counter[int]()
    for on, day in reports(told, product):
        for report in day:
            if not report.hazards and report.harm is None:
                continue
            whole.keep(on, report.weight, report)
            by_month[month_of(on)] += 1
            for place, hazard in enumerate(report.own_hazards[:2]):
                of_hazard[hazard].keep(on, report.weight * (0.5 if place else 1.0), report)
    assert dict(one.months) == dict(by_month)
    assert set(one.hazards) == set(of_hazard)
    for packed, kept in [(one.whole, whole), *((one.hazards[h], of_hazard[h]) for h in of_hazard)]:
        assert packed.totals == pytest.approx(kept.totals, abs=1e-9)
        for back in range(0, 900, 9):
            assert packed.place(TODAY - timedelta(days=back)) == kept.place(
                TODAY - timedelta(days=back)
            )
        begin = TODAY - timedelta(days=100)
        assert [r.id for r in packed.told_between(begin, TODAY)] == [
            r.id for r in kept.told_between(begin, TODAY)
        ]


@pytest.mark.parametrize("seed", range(4))
def test_every_score_out_of_tallies_is_that_of_the_detector(seed: int) -> None:
    """Today's and each day's of the last year, with calendar, sales, floods and two sources."""
    chance = random.Random(seed)
    units: list[tuple[Product, list[Telling]]] = [
        ((f"s{n % 2}", f"m{n}", f"p{n}"), tellings(100 * seed + n, chance.choice([4, 40, 300])))
        for n in range(9)
    ]
    flood = [
        one._replace(complaint=9_000 + n, day=TODAY - timedelta(days=3), voice=0, print="")
        for n, one in enumerate(tellings(seed, 30))
    ]
    units[0][1].extend(flood)
    sold = {
        units[n][0]: Exposure.of(
            (BEGIN - timedelta(days=900) + timedelta(days=day), 3.0 + day / 99)
            for day in range(DAYS)
        )
        for n in (1, 2, 3)
    }
    census = Census()
    tallies = [(product, Tally.of(told), "") for product, told in units]
    for product, tally, _ in tallies:
        census.add(product[0], [tally])
    habits = census.habits()
    days: dict[date, list[Report]] = {}
    for product, told in units:
        for on, some in reports(told, product):
            days.setdefault(on, []).extend(some)
    begin, threshold = TODAY - timedelta(days=365), 1.0
    whole, hearing = Detector(exposure=sold), []
    for on, some in sorted(days.items()):
        found = whole.hear(on, some)
        hearing += [one for one in found if on >= begin and one.score >= threshold]
    sweep = Sweep(tallies, census, habits, TODAY, sold)
    seen = list(sweep.since(begin, threshold))
    assert len(seen) == len(hearing) > 20
    swept = {(one.on, one.product, one.hazard): one for one in seen}
    for one in hearing:
        other = swept[one.on, (one.stream, one.maker, one.product), one.hazard]
        assert (other.window, other.reports) == (one.window, len(one.reports))
        assert (other.score, other.expected, other.weighed) == pytest.approx(
            (one.score, one.expected, one.weighed)
        )
        assert other.harm == max((report.harm or 0) for report in one.reports)
    best = {one.product: one for one in sweep.now(TODAY)}
    for product, tally, _ in tallies:
        alone = Detector(habits, sold)
        one = One.of(tally, "", product, TODAY)
        alone.restore(product, one.whole, one.hazards, one.months)
        mine, others = alone.look_again(TODAY), whole.look_again(TODAY, [product])
        assert [(one.hazard, one.window, len(one.reports)) for one in mine] == [
            (one.hazard, one.window, len(one.reports)) for one in others
        ]
        assert [one.score for one in mine] == pytest.approx([one.score for one in others])
        if mine:
            packed = mine[0].reports
            assert isinstance(packed, PackedReports)
            assert [one.id for one in packed] == [one.id for one in others[0].reports]
            assert packed.worst_harm == best[product].harm
            steps = zip(alone.course(mine[0]), whole.course(others[0]), strict=True)
            for own, other_step in steps:
                assert astuple(own)[:3] == astuple(other_step)[:3]
                assert astuple(own)[3:] == pytest.approx(astuple(other_step)[3:])
            assert (best[product].score, best[product].expected) == pytest.approx(
                (mine[0].score, mine[0].expected)
            )
        else:
            assert product not in best


def plain(complaint: int, day: date, hazard: str) -> Telling:
    """One report of somebody nobody knows, in words of their own."""
    return Telling(complaint, day, "", (hazard,), None, False, False, 0, "")


def swept(told: Mapping[int, Sequence[Telling]], on: date) -> list[Seen]:
    """What the product scores with, over products of one source, as of a day."""
    census = Census()
    tallies = [(("s", f"m{at}", ""), Tally.of(some), "") for at, some in told.items()]
    census.add("s", [tally for _, tally, _ in tallies])
    return list(Sweep(tallies, census, census.habits(), TODAY).now(on))


def test_what_comes_later_is_not_in_the_scores_of_a_day() -> None:
    on = TODAY - timedelta(days=100)
    days = [on + timedelta(days=3 * (n - 4)) for n in range(9)]
    told = [plain(n + 1, day, "fire") for n, day in enumerate(days)]
    (early,) = swept({0: [one for one in told if one.day <= on]}, on)
    census = Census()
    census.add("s", [Tally.of(told)])
    whole = Sweep([(("s", "m0", ""), Tally.of(told), "")], census, {
        "s": census.habits_on("s", on)}, TODAY)  # fmt: skip
    (later,) = whole.now(on)
    assert (later.score, later.reports) == (early.score, 5)


@pytest.mark.parametrize("seed", [11, 12])
def test_of_a_whole_catalogue_hardly_anything_is_raised_by_chance_and_the_planted_one_is(
    seed: int,
) -> None:
    chance = random.Random(seed)
    products, hazards = 1_200, ("fire", "burn", "choking", "laceration", "fall", "shock")
    told: dict[int, list[Telling]] = {at: [] for at in range(products)}
    for number in range(10 * products):
        day = TODAY - timedelta(days=chance.randrange(1_500))
        told[chance.randrange(products)].append(plain(number + 1, day, chance.choice(hazards)))
    told[7] += [
        plain(20_000 + n, TODAY - timedelta(days=chance.randrange(30)), "fire") for n in range(20)
    ]
    seen = swept(told, TODAY)
    shares = of_findings(seen, products * len(hazards))
    raised = [
        (one.product[1], one.hazard)
        for one, share in zip(seen, shares, strict=True)
        if share <= 0.05
    ]
    assert ("m7", "fire") in raised
    assert len(raised) <= 2


def test_what_a_source_was_like_on_a_day_is_what_was_told_up_to_it() -> None:
    told = tellings(7, 200)
    census = Census()
    census.add("s", [Tally.of(told)])
    on = BEGIN + timedelta(days=900)
    upto = Tally.of([one for one in told if one.day <= on])
    assert census.habits_on("s", on) == upto.habits()
    (found,) = census.common("s", "fire", on, 1)
    known = upto.habits()
    assert known is not None
    share = (known.by_hazard["fire"] + 20 / 16) / (known.heard + 20) * 16
    assert found == pytest.approx(np.sqrt(share))
