"""Replays a history day by day with what was known then, and scores the alarms against recalls."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from holdfast.kit.signals.burst import MAKER_PRIOR, YEAR
from holdfast.kit.signals.detector import THRESHOLD, Detector, Finding, alarms, is_quiet
from holdfast.kit.signals.history import History, NamedCase
from holdfast.kit.signals.known_recall import TRUE_WITHIN_DAYS, KnownRecall, RecallList
from holdfast.kit.signals.makers import is_named, maker_key, names_somebody, recall_words
from holdfast.kit.signals.report import Report
from holdfast.kit.signals.span import spans

KNOWN_BY = ("report", "publication")
CURVE = (3.0, 4.0, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0, 8.0, 10.0, 12.0)
NAIVE_REPORTS = 3
NAIVE_DAYS = 60


def replayed(reports: Iterable[Report], known_by: str) -> list[Finding]:
    """Every finding, in the order of days; the detector sees one day at a time.

    Which kind of goods a report is about is chosen by who reports, so that one defect may stand
    under several: each maker is looked at as a whole too.
    """
    detector, of_makers = Detector(), Detector(breadth=MAKER_PRIOR)
    found: list[Finding] = []
    ordered = sorted(reports, key=lambda one: (one.known_on(known_by), one.id))
    for day, group in groupby(ordered, key=lambda one: one.known_on(known_by)):
        told = list(group)
        found += detector.hear(day, told)
        several = [replace(one, product="") for one in told if one.product != one.maker]
        found += of_makers.hear(day, several)
    return found


def naively(reports: Iterable[Report], known_by: str) -> list[Finding]:
    """The rule to beat: three reports of a maker in sixty days that name the same hazard."""
    told: dict[tuple[str, str], deque[Report]] = defaultdict(deque)
    found: list[Finding] = []
    raised: dict[tuple[str, str], date] = {}
    for report in sorted(reports, key=lambda one: (one.known_on(known_by), one.id)):
        on = report.known_on(known_by)
        about = (report.stream, report.maker, report.product)
        for hazard in report.hazards:
            key = (report.maker, hazard)
            recent = told[key]
            recent.append(report)
            while (on - recent[0].known_on(known_by)).days > NAIVE_DAYS:
                recent.popleft()
            if len(recent) >= NAIVE_REPORTS and not is_quiet(raised.get(key), on):
                raised[key] = on
                n = float(len(recent))
                found.append(Finding(on, *about, hazard, n, NAIVE_DAYS, 0.0, n, tuple(recent)))
    return found


@dataclass(frozen=True)
class Score:
    """Alarms against recalls, for one way of knowing."""

    alarms: tuple[Finding, ...]
    true: tuple[bool, ...]
    maker_years: float

    @property
    def false_alarms(self) -> int:
        return self.true.count(False)

    @property
    def false_per_100(self) -> float:
        """False alarms in a hundred maker-years."""
        return 100 * self.false_alarms / self.maker_years if self.maker_years else 0.0


@dataclass(frozen=True)
class CaseFound:
    """One case with the first alarm for it by each way of knowing, or none.

    `is_told_of`: any alarm at all came for its maker or product in time, whatever its hazard.
    """

    case: NamedCase
    by_report: Finding | None
    by_publication: Finding | None
    is_told_of: bool = False

    def lead(self, known_by: str) -> int | None:
        """Days from the alarm to the recall."""
        alarm = self.by_report if known_by == "report" else self.by_publication
        return (self.case.recall_on - alarm.on).days if alarm else None

    @property
    def is_as_expected(self) -> bool | None:
        """Nothing where nobody said what to expect, or where the case's hazard is not known."""
        found = bool(self.by_report or self.by_publication)
        if not self.case.hazards and self.is_told_of:
            return None
        return {"alarm": found, "silent": not found}.get(self.case.expect)


class Replay:
    """One history replayed both ways, once, and scored at any threshold."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.recalls = RecallList(history.recalls)
        self._findings = {way: replayed(history.reports, way) for way in KNOWN_BY}
        self.cases_known = history.cases if history.cases is not None else self._own_cases()

    def alarms(self, known_by: str, threshold: float = THRESHOLD) -> list[Finding]:
        return alarms(self._findings[known_by], threshold)

    def score(self, known_by: str, threshold: float = THRESHOLD) -> Score:
        """The product's alarms at this threshold."""
        return self.scored(self.alarms(known_by, threshold), known_by)

    def naive(self, known_by: str) -> Score:
        """The naive rule on the same history."""
        return self.scored(naively(self.history.reports, known_by), known_by)

    def scored(self, found: Sequence[Finding], known_by: str) -> Score:
        """Any list of alarms against the recalls of this history."""
        true = tuple(self.is_true(one) for one in found)
        return Score(tuple(found), true, maker_years(self.history.reports, known_by))

    def is_true(self, alarm: Finding) -> bool:
        """Is the maker or brand recalled for this hazard within the next 1,095 days?"""
        return any(
            0 < (recall.announced_on - alarm.on).days <= TRUE_WITHIN_DAYS
            and alarm.hazard in recall.hazards
            for recall in self._recalls_of(alarm)
        )

    def cases(self, threshold: float = THRESHOLD) -> list[CaseFound]:
        """Each case with the earliest alarm that would have told of it."""
        raised = {way: self.alarms(way, threshold) for way in KNOWN_BY}
        return [
            CaseFound(
                case,
                self._first(case, raised["report"]),
                self._first(case, raised["publication"]),
                any(self._is_early(alarm, case) for way in KNOWN_BY for alarm in raised[way]),
            )
            for case in self.cases_known
        ]

    def naive_cases(self) -> list[CaseFound]:
        """What the naive rule makes of the same cases."""
        raised = {way: naively(self.history.reports, way) for way in KNOWN_BY}
        return [
            CaseFound(
                case,
                self._first(case, raised["report"]),
                self._first(case, raised["publication"]),
            )
            for case in self.cases_known
        ]

    def _first(self, case: NamedCase, raised: Sequence[Finding]) -> Finding | None:
        for alarm in raised:
            if alarm.hazard in case.hazards and self._is_early(alarm, case):
                return alarm
        return None

    def _is_early(self, alarm: Finding, case: NamedCase) -> bool:
        early = 0 < (case.recall_on - alarm.on).days <= TRUE_WITHIN_DAYS
        return early and self._is_of(alarm, case)

    def _is_of(self, alarm: Finding, case: NamedCase) -> bool:
        """Does the case, or the recall it names, name the alarm's maker, brand or product?"""
        brands = {one.brand for one in alarm.reports}
        names = {alarm.maker, maker_key(alarm.maker), *brands} - {""}
        if not case.maker or alarm.product == alarm.maker:
            names.add(maker_key(alarm.product))  # else many makers make such a product
        if names & ({maker_key(case.maker), maker_key(case.product)} - {""}):
            return True
        said = [recall_words(case.maker, (case.product, case.recall_id, case.case))]
        if case.recall_id in self.recalls.by_id:
            said.append(self.recalls.by_id[case.recall_id].words)
        # A number alone, such as a kind of product, may stand for anything in a phrase.
        telling = [one for one in names if names_somebody(one) and not one.isdecimal()]
        return any(is_named(one, text) for one in telling for text in said)

    def known_recall(self, alarm: Finding) -> KnownRecall | None:
        """The last recall of this maker for this hazard that was announced before the alarm."""
        before = [
            recall
            for recall in self._recalls_of(alarm)
            if recall.announced_on <= alarm.on and alarm.hazard in recall.hazards
        ]
        return max(before, key=lambda one: one.announced_on, default=None)

    def _recalls_of(self, alarm: Finding) -> list[KnownRecall]:
        brands = {one.brand for one in alarm.reports if one.brand}
        found = list(self.recalls.of(alarm.maker, *sorted(brands)))
        found += [
            KnownRecall(case.recall_id or case.case, case.recall_on, case.hazards)
            for case in self.history.cases or ()
            if self._is_of(alarm, case)
        ]
        return found

    def _own_cases(self) -> list[NamedCase]:
        """Every recall of a maker that somebody had reported on before it."""
        first: dict[str, date] = {}
        brands: dict[str, set[str]] = defaultdict(set)
        for one in self.history.reports:
            first[one.maker] = min(first.get(one.maker, one.reported_on), one.reported_on)
            brands[one.maker].add(one.brand)
        found = {}
        for maker, began in first.items():
            for recall in self.recalls.of(maker, *sorted(brands[maker])):
                if recall.announced_on > began and (maker, recall.id) not in found:
                    found[maker, recall.id] = NamedCase(
                        recall.title or recall.id,
                        recall.id,
                        recall.announced_on,
                        recall.hazards,
                        maker,
                    )
        return sorted(found.values(), key=lambda one: (one.recall_on, one.recall_id, one.maker))


def maker_years(reports: Iterable[Report], known_by: str) -> float:
    """Years from each maker's first report to the end of its source's history, added up.

    A history ends with the last day of a report; a late publication does not lengthen it, nor
    does a report with a wrong year, at either end.
    """
    first: dict[tuple[str, str], date] = {}
    reports = list(reports)
    span = spans(reports)
    for one in reports:
        on, key = max(one.known_on(known_by), span[one.stream][0]), (one.stream, one.maker)
        first[key] = min(first.get(key, on), on)
    days = (max((span[stream][1] - on).days, 0) for (stream, _), on in first.items())
    return sum(days) / YEAR


def makers(reports: Iterable[Report]) -> int:
    """How many makers are reported on."""
    return len({one.maker for one in reports})
