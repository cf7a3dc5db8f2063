"""`holdfast bench signals`: what the detector would have said on a history, and when."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holdfast.doors.cli.answer import Answer

if TYPE_CHECKING:
    from holdfast.kit.signals.detector import Finding
    from holdfast.kit.signals.replay import CaseFound, Replay, Score


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `bench signals DIR` to the verbs of `bench`; no database, no home needed."""
    verb = commands.bench_verbs.add_parser(  # type: ignore[attr-defined]
        "signals",
        parents=[common],
        help="replay a history of complaints day by day: lead times and false alarms",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="DIR holds complaints*.csv, reviews*.csv, recalls*.jsonl (each also .gz) and, if "
        "you like, cases.csv.\nExit 1: a case of cases.csv is not as expected.\n"
        "example:  holdfast bench signals ./history --json",
    )
    verb.add_argument("folder", metavar="DIR", type=Path, help="the history to replay")
    verb.set_defaults(run=_signals, needs_database=False)


def _signals(options: argparse.Namespace) -> Answer:
    from holdfast.kit.signals.history import read_history
    from holdfast.kit.signals.replay import Replay

    replay = Replay(read_history(options.folder))
    data = answer(replay)
    wrong = any(case["as_expected"] is False for case in data["cases"])
    return Answer(data, "\n".join(_told(data)), 1 if wrong else 0)


def answer(replay: Replay) -> dict[str, Any]:
    """Everything `--json` prints; false alarms are counted by the day of publication."""
    from holdfast.kit.signals.detector import THRESHOLD
    from holdfast.kit.signals.replay import CURVE, KNOWN_BY, makers
    from holdfast.kit.signals.telling import alarm_json

    scores = {way: replay.score(way) for way in KNOWN_BY}
    public = scores["publication"]
    return {
        "threshold": THRESHOLD,
        # What is said of an alarm on its day; nothing in it knows of any recall.
        "alarms": [alarm_json(alarm, way) for way in KNOWN_BY for alarm in scores[way].alarms],
        "judged": [
            _judged(replay, alarm, true)
            for way in KNOWN_BY
            for alarm, true in zip(scores[way].alarms, scores[way].true, strict=True)
        ],
        "cases": [_case(found) for found in replay.cases()],
        "makers": makers(replay.history.reports),
        "maker_years": round(public.maker_years, 4),
        "false_alarms": public.false_alarms,
        "false_alarms_per_100_maker_years": round(public.false_per_100, 4),
        "curve": [
            {"threshold": at, "known_by": way, **_counts(replay.score(way, at))}
            for at in CURVE
            for way in KNOWN_BY
        ],
        "by_report": _counts(scores["report"]),
        "by_publication": _counts(public),
        "naive": {
            "rule": "three reports of a maker in 60 days that name the same hazard",
            **{f"by_{way}": _counts(replay.naive(way)) for way in KNOWN_BY},
            "cases": [_case(found) for found in replay.naive_cases()],
        },
        "rows": dict(replay.history.rows),
    }


def _judged(replay: Replay, alarm: Finding, is_true: bool) -> dict[str, object]:
    """What hindsight says of an alarm; in the order of `alarms`."""
    before = replay.known_recall(alarm)
    return {
        "is_true": is_true,
        "recalled_before": before.announced_on.isoformat() if before else None,
        "recall_id": before.id if before else None,
    }


def _counts(score: Score) -> dict[str, object]:
    years = score.maker_years
    return {
        "alarms": len(score.alarms),
        "true": score.true.count(True),
        "false": score.false_alarms,
        "maker_years": round(years, 2),
        "alarms_per_100_maker_years": round(100 * len(score.alarms) / years, 4) if years else 0.0,
        "false_per_100_maker_years": round(score.false_per_100, 4),
    }


def _case(found: CaseFound) -> dict[str, Any]:
    alarm = found.by_publication or found.by_report
    return {
        "case": found.case.case,
        "recall_id": found.case.recall_id,
        "recall_on": found.case.recall_on.isoformat(),
        "alarm_on": alarm.on.isoformat() if alarm else None,
        "hazard": alarm.hazard if alarm else ", ".join(sorted(found.case.hazards)),
        "lead_days_report": found.lead("report"),
        "lead_days_publication": found.lead("publication"),
        "expect": found.case.expect or None,
        "as_expected": found.is_as_expected,
    }


def _told(data: dict[str, Any]) -> list[str]:
    rows = data["rows"]
    unused = {name: n for name, n in rows.items() if name not in ("read", "recalls read")}
    lines = [
        f"{rows.get('read', 0):,} reports of {data['makers']:,} makers "
        f"({data['maker_years']:,.0f} maker-years), {rows.get('recalls read', 0):,} recalls"
        + (f"; not used: {unused}" if unused else ""),
        "",
        f"{'rule':34}{'known by':13}{'alarms':>7}{'true':>6}{'false':>7}{'false/100 years':>23}",
    ]
    for way in ("report", "publication"):
        for name, of in (("product, threshold " + str(data["threshold"]), data), ("naive", None)):
            counts = (of or data["naive"])[f"by_{way}"]
            lines.append(
                f"{name:34}{way:13}{counts['alarms']:>7}{counts['true']:>6}{counts['false']:>7}"
                f"{counts['false_per_100_maker_years']:>23.2f}"
            )
    lines += ["", f"{'lead in days before the recall':60}{'by report':>11}{'by publication':>16}"]
    naive = {(one["case"], one["recall_id"]): one for one in data["naive"]["cases"]}
    silent = 0
    for case in data["cases"]:
        beside = naive[case["case"], case["recall_id"]]
        if not case["alarm_on"] and not case["expect"] and not beside["alarm_on"]:
            silent += 1
            continue
        verdict = {True: "", False: "  NOT AS EXPECTED", None: ""}[case["as_expected"]]
        lines.append(
            f"{case['case'][:59]:60}{_days(case['lead_days_report']):>11}"
            f"{_days(case['lead_days_publication']):>16}{verdict}"
        )
        lines.append(
            f"{'   naive rule':60}{_days(beside['lead_days_report']):>11}"
            f"{_days(beside['lead_days_publication']):>16}"
        )
    if silent:
        lines.append(f"{silent} more recalls were not seen coming by either rule.")
    lines += ["", "Alarms by the day of publication:"]
    for alarm, judged in zip(data["alarms"], data["judged"], strict=True):
        if alarm["known_by"] == "publication":
            mark = "true " if judged["is_true"] else "false"
            before = judged["recalled_before"]
            known = f" Recalled before, on {before} ({judged['recall_id']})." if before else ""
            lines.append(
                f"{alarm['on']}  {mark}  {alarm['score']:6.1f}  {alarm['sentence']}{known}"
            )
    return lines


def _days(lead: int | None) -> str:
    return "–" if lead is None else str(lead)
