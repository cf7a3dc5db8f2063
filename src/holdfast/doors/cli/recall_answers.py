"""What the recall commands do once their words are read: one action or query, then an answer."""

from __future__ import annotations

import argparse
import csv
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from holdfast.decision.intake.actions import record_signal
from holdfast.decision.intake.queries import read_message
from holdfast.decision.recalls.actions import (
    close_recall,
    confirm_scope,
    evaluate_hazard,
    open_recall,
    propose_decision,
    propose_scope,
    record_dissent,
    refuse_scope,
    sign_decision,
)
from holdfast.decision.recalls.models import Decision, Recall, ScopeVersion
from holdfast.decision.recalls.queries import (
    Found,
    asked_criteria,
    find_scope,
    latest_scope,
    recall_named,
    timeline,
)
from holdfast.decision.recalls.queries.lines import HEADER, scope_lines
from holdfast.decision.recalls.rules import OUTCOMES
from holdfast.doors.cli.answer import Answer
from holdfast.insight.measures.room import closing_facts, room
from holdfast.kit.actors import Actor
from holdfast.kit.reading import Reading
from holdfast.kit.refusals import Forbidden, Unreadable
from holdfast.kit.trace.criteria import Criteria, parse_days, sentences
from holdfast.response.holds.actions import (
    add_hold,
    assign_hold,
    fail_hold,
    list_places,
    stop_hold,
    waive_hold,
)
from holdfast.response.holds.models import Hold
from holdfast.response.holds.queries import holds_of
from holdfast.response.holds.rules import KINDS, SETTLED
from holdfast.supply.traceability.actions import record_receipt

CERTAINTIES = ("confirmed", "probable", "cannot_rule_out", "excluded")
MOST_MAIL = 10_000_000


def opened(options: argparse.Namespace, raw: bytes, *, by: Actor, now: datetime) -> Answer:
    """`recall open`: what the e-mail says, corrected by what the words say."""
    if len(raw) > MOST_MAIL:
        raise Unreadable("mail_too_large", "The message is larger than 10 MB.", file=options.mail)
    known_at = _time(options.known_at) if options.known_at else None
    letter, reading = read_message(raw, now=now) if raw.strip() else (None, Reading(()))
    read = [fact.as_json() for fact in reading.facts]
    products = tuple(options.product) or tuple(filter(None, [reading.first("product")]))
    lots = tuple(options.lot) or reading.values("lot")
    mechanism = options.mechanism or reading.first("mechanism")
    data: dict[str, object] = {
        "products": list(products),
        "lots": list(lots),
        "mechanism": mechanism,
        "facts": read,
        "questions": list(reading.questions),
    }
    if options.dry_run:
        suggested = reading.first("outcome")
        return Answer({"recall": None, "dry_run": True, "outcome_suggested": suggested, **data})
    if not options.outcome:
        harms = reading.values("outcome")
        raise Unreadable(
            "outcome_needed",
            "Nobody has said what can happen to a person.",
            hint=(f"The message suggests {' or '.join(harms)}. " if harms else "")
            + f"Add --outcome, one of: {', '.join(OUTCOMES)}.",
            extra={"suggested": list(harms)},
        )
    signal = None
    if letter is not None:
        signal = record_signal(letter=letter, reading=reading, known_at=known_at, by=by, now=now)
    recall = open_recall(
        outcome=options.outcome,
        outcome_words=options.outcome_words,
        title=options.title,
        products=products,
        lots=lots,
        mechanism=mechanism,
        signal=signal,
        known_at=known_at,
        by=by,
        now=now,
    )
    data = {
        "recall": recall.ref,
        "title": recall.title,
        "state": recall.state,
        "outcome": recall.outcome,
        **data,
    }
    text = f"{recall.ref} opened: {recall.title}. A person can suffer: {OUTCOMES[recall.outcome]}."
    asked = [f"  ? {question}" for question in reading.questions]
    return Answer(data, "\n".join([text, *asked, f"Next: holdfast recall scope {recall.ref}"]))


def scoped(options: argparse.Namespace, *, by: Actor, now: datetime) -> Answer:
    """`recall scope`: propose, confirm or refuse a version, or only show what it would be."""
    recall = recall_named(options.recall)
    criteria = _criteria(options)
    last = latest_scope(recall)
    if options.refuse is not None:
        return _refused(recall, last, options.refuse, by=by, now=now)
    asked = criteria or asked_criteria(recall)
    if options.lines:
        _ask_writable(options.lines)
    version = None
    with transaction.atomic():
        _record_arrivals(options.arrived, asked, by=by, now=now)
        found = find_scope(asked)
        if not options.dry_run:
            version = _settled(recall, asked, found, options, by=by, now=now)
        if options.lines:
            _write_lines(options.lines, asked, version)
        transaction.set_rollback(options.dry_run)
    data = _scope_json(recall, version, found)
    data["created"] = version is not None and (last is None or version.number > last.number)
    if options.dry_run:
        data["dry_run"] = True
    return Answer(data, _scope_text(recall, version, found), 0 if found.is_as_hoped else 1)


def _settled(
    recall: Recall,
    criteria: Criteria,
    found: Found,
    options: argparse.Namespace,
    *,
    by: Actor,
    now: datetime,
) -> ScopeVersion:
    # One transaction: a confirmation that is refused leaves no proposal behind either.
    with transaction.atomic():
        version = propose_scope(
            recall=recall,
            criteria=criteria,
            rationale=options.rationale,
            found=found,
            by=by,
            now=now,
        )
        if options.confirm:
            version = confirm_scope(version=version, digest=found.digest, by=by, now=now)
    return version


def _record_arrivals(words: list[str], asked: Criteria, *, by: Actor, now: datetime) -> None:
    """`--arrived B17=2026-02-18..2026-03-10`: a receipt by hand, for the one product asked."""
    for word in words:
        lot, sign, days = word.partition("=")
        if not sign or len(asked.products) != 1:
            raise Unreadable(
                "bad_arrival",
                f"“{word}” does not say which lot of which product came when.",
                hint="Name one product: --product VL-10K --arrived B17=2026-02-18..2026-03-10",
            )
        first, last = parse_days(days)
        record_receipt(
            lot=lot, product=asked.products[0], came_on=first, gone_on=last, by=by, now=now
        )


def _refused(
    recall: Recall, last: ScopeVersion | None, reason: str, *, by: Actor, now: datetime
) -> Answer:
    if last is None:
        raise Forbidden("no_scope", f"{recall.ref} has no scope to refuse.")
    version = refuse_scope(version=last, reason=reason, by=by, now=now)
    data: dict[str, object] = {
        "recall": recall.ref,
        "version": version.number,
        "state": version.state,
    }
    return Answer(data, f"Scope v{version.number} is refused.")


def _criteria(options: argparse.Namespace) -> Criteria:
    first, last = parse_days(options.shipped) if options.shipped is not None else (None, None)

    def words(given: list[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word.strip() for word in given if word.strip()))

    return Criteria(
        products=words(options.product),
        lots=words(options.lot),
        suppliers=words(options.supplier),
        receipts=words(options.receipt),
        sites=words(options.site),
        markets=tuple(word.upper() for word in words(options.market)),
        shipped_from=first,
        shipped_to=last,
    )


def _scope_json(recall: Recall, version: ScopeVersion | None, found: Found) -> dict[str, object]:
    counts = found.counts
    return {
        "recall": recall.ref,
        "version": version.number if version else None,
        "state": version.state if version else "not stored",
        **{certainty: counts[certainty] for certainty in CERTAINTIES},
        "in_scope": counts["in_scope"],
        "unreachable": counts["unreachable"],
        "spellings": found.spellings,
        "lots": found.lots,
        "warnings": found.warnings,
        "criteria": found.criteria.as_json(),
        "sentences": sentences(found.criteria),
        "difference": version.difference if version else None,
        "digest": found.digest,
    }


def _scope_text(recall: Recall, version: ScopeVersion | None, found: Found) -> str:
    said = f"scope v{version.number}, {version.state}" if version else "scope, not stored"
    rows = [f"{recall.ref} {said}: {'; '.join(sentences(found.criteria))}."]
    rows.append(f"{'':18}{'lines':>10}{'units':>12}{'people':>10}")
    for name in (*CERTAINTIES, "in_scope"):
        count: Any = found.counts[name]
        label = name.replace("_", " ")
        rows.append(f"{label:18}{count['lines']:>10}{count['units']:>12}{count['people']:>10}")
    gone: Any = found.counts["unreachable"]
    rows.append(
        f"Out of reach: {gone['lines_without_customer']} lines with "
        f"{gone['units_without_customer']} units in {gone['orders_without_customer']} orders have "
        f"no customer; {gone['people_without_contact']} people have no address of any kind."
    )
    rows += [f"! {w['message']} {w['hint']}" for w in found.warnings]
    if version and version.state == "proposed":
        rows.append(f"Next: holdfast recall scope {recall.ref} --confirm")
    return "\n".join(rows)


def _ask_writable(name: str) -> None:
    """A file that cannot be written is refused before anything is stored."""
    half = _half(name)
    try:
        half.open("w").close()
        half.unlink()
    except OSError as error:
        raise _not_written(name, error) from error


def _half(name: str) -> Path:
    target = Path(name)
    return target.with_name(f".{target.name}.{os.getpid()}.part")


def _not_written(name: str, error: OSError) -> Unreadable:
    return Unreadable(
        "file_not_written",
        f"{name} cannot be written: {error.strerror}.",
        hint="Name a file in a folder that exists and is yours.",
        file=name,
    )


def _write_lines(name: str, criteria: Criteria, version: ScopeVersion | None) -> None:
    """Every line of the instance; cells a spreadsheet would run are made harmless."""
    half = _half(name)
    try:
        with half.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            for row in scope_lines(criteria, version):
                writer.writerow([_harmless(cell) for cell in row])
        half.replace(Path(name))
    except OSError as error:
        half.unlink(missing_ok=True)
        raise _not_written(name, error) from error


def _harmless(cell: object) -> object:
    text = str(cell)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def decided(options: argparse.Namespace, *, by: Actor, now: datetime) -> Answer:
    """`recall decide`: judge the risk, write the decision, sign it or dissent from it."""
    recall = recall_named(options.recall)
    with transaction.atomic():
        if options.severity is not None or options.probability:
            if options.severity is None or not options.probability:
                raise Unreadable(
                    "risk_needed",
                    "The risk needs both --severity and --probability.",
                    hint="--severity 4 --probability 1/1000",
                )
            evaluate_hazard(
                recall=recall,
                severity=options.severity,
                probability=options.probability,
                scenario=options.scenario,
                by=by,
                now=now,
            )
        decision = _proposed(recall, options, by=by, now=now)
        if options.dissent is not None:
            record_dissent(
                decision=decision, sha256=decision.sha256, words=options.dissent, by=by, now=now
            )
        if options.sign:
            decision = sign_decision(decision=decision, sha256=decision.sha256, by=by, now=now)
    recall.refresh_from_db()
    risk = recall.evaluations.order_by("-pk").first()
    data: dict[str, object] = {
        "recall": recall.ref,
        "state": recall.state,
        "decision": decision.number,
        "decision_state": decision.state,
        "sha256": decision.sha256,
        "content": decision.content,
        "risk": risk.result if risk else None,
        "signatures": [
            {"person": s.person, "stance": s.stance, "words": s.words, "alone": s.is_alone}
            for s in decision.signatures.order_by("pk")
        ],
    }
    level = risk.level if risk else "unknown"
    text = f"{recall.ref}: decision no. {decision.number} is {decision.state}; risk {level}."
    if decision.state == "proposed":
        text += f"\nNext: holdfast recall decide {recall.ref} --sign"
    return Answer(data, text)


def _proposed(recall: Recall, options: argparse.Namespace, *, by: Actor, now: datetime) -> Decision:
    """A new decision where words are given, else the one that waits for signatures."""
    new = options.measure or options.remedy or options.reason or options.severity is not None
    if not new:
        last = recall.decisions.order_by("-number").first()
        if last is None:
            raise Unreadable(
                "no_decision",
                f"{recall.ref} has no decision yet.",
                hint="Give --severity, --probability, --remedy and --reason.",
            )
        return last
    return propose_decision(
        recall=recall,
        measures=options.measure or ["stop_sale", "stop_use", "recall"],
        remedies=options.remedy,
        reason=options.reason,
        evidence=options.evidence,
        by=by,
        now=now,
    )


def held(options: argparse.Namespace, *, by: Actor, now: datetime) -> Answer:
    """`recall hold`: list the places to stop, or settle some of them."""
    recall = recall_named(options.recall)
    named = [(kind, name) for kind in KINDS for name in getattr(options, kind)]
    if not options.list:
        with transaction.atomic():
            if not named and not options.all:
                list_places(recall=recall, by=by, now=now)
            places = [
                add_hold(recall=recall, kind=kind, name=name, owner=options.owner, by=by, now=now)
                for kind, name in named
            ]
            if options.all:
                list_places(recall=recall, by=by, now=now)
                places += list(recall.holds.exclude(state__in=SETTLED).order_by("pk"))
            for hold in places:
                _settle(hold, options, by=by, now=now)
    rows = holds_of(recall, now=now)
    waiting = sum(row["state"] not in SETTLED for row in rows)
    data: dict[str, object] = {"recall": recall.ref, "open": waiting, "holds": rows}
    lines = [
        f"{row['state']:11} {KINDS[str(row['kind'])]:20} {row['name']}  "
        f"{row.get('took') or row.get('waiting')}  {row['proof']}".rstrip()
        for row in rows
    ]
    return Answer(data, "\n".join([*lines, f"{waiting} of {len(rows)} places are still open."]))


def _settle(hold: Hold, options: argparse.Namespace, *, by: Actor, now: datetime) -> None:
    if options.owner:
        hold = assign_hold(hold=hold, owner=options.owner, by=by, now=now)
    proof = options.proof or options.stopped
    if proof is not None and (proof or options.stopped is not None):
        stop_hold(hold=hold, proof=proof, by=by, now=now)
    elif options.failed is not None:
        fail_hold(hold=hold, reason=options.failed, by=by, now=now)
    elif options.not_needed is not None:
        waive_hold(hold=hold, reason=options.not_needed, by=by, now=now)


def standing(options: argparse.Namespace, *, by: Actor, now: datetime) -> Answer:
    """`recall status`: everything about one recall at this moment."""
    recall = recall_named(options.recall)
    data = room(recall, now=now)
    if options.timeline:
        data["timeline"] = timeline(recall)
    return Answer(data, _status_text(data))


def _status_text(data: dict[str, Any]) -> str:
    rows = [f"{data['recall']} {data['title']}: {data['state']}"]
    if data["scope"]:
        whole = data["scope"]["in_scope"]
        rows.append(
            f"Scope v{data['scope']['version']}, {data['scope']['state']}: {whole['units']} units, "
            f"{whole['people']} people"
        )
    rows.append(f"Stops: {data['holds']['settled']} of {data['holds']['all']} settled")
    for phase, steps in data["checklist"].items():
        done = sum(step["is_done"] for step in steps)
        rows.append(f"{phase.capitalize():9} {done} of {len(steps)}")
    if data["next"]:
        rows.append(f"Next: {data['next']['words']}")
    return "\n".join(rows)


def closed(options: argparse.Namespace, *, by: Actor, now: datetime) -> Answer:
    """`recall close`: refused with what is still open."""
    recall = recall_named(options.recall)
    facts, left_open = closing_facts(recall)
    try:
        recall = close_recall(
            recall=recall,
            facts=facts,
            left_open=left_open,
            reason=options.reason,
            by=by,
            now=now,
        )
    except Forbidden as refusal:
        refusal.extra = {**refusal.extra, "open": left_open}
        raise
    data: dict[str, object] = {"recall": recall.ref, "state": recall.state, "left_open": left_open}
    return Answer(data, f"{recall.ref} is closed.")


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Unreadable(
            "bad_time", f"“{text}” is no time.", hint="Write 2026-04-14T07:52+02:00."
        ) from error
    if at.tzinfo is None:
        raise Unreadable(
            "time_without_zone", f"“{text}” names no zone.", hint="Write 2026-04-14T07:52+02:00."
        )
    return at
