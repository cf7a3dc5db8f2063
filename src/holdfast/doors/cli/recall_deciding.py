"""What `recall decide` and `recall hold` do once their words are read."""

from __future__ import annotations

import argparse
import re
from datetime import datetime
from pathlib import Path

from django.db import transaction

from holdfast.decision.recalls.actions import (
    evaluate_hazard,
    propose_decision,
    record_dissent,
    sign_decision,
)
from holdfast.decision.recalls.models import Decision, Recall
from holdfast.decision.recalls.queries import (
    recall_named,
)
from holdfast.doors.cli.answer import Answer
from holdfast.doors.cli.attaching import attached
from holdfast.doors.cli.risk import scenarios_of
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Unreadable
from holdfast.kit.risk import eu_grid
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


def decided(options: argparse.Namespace, *, by: Actor, now: datetime) -> Answer:
    """`recall decide`: judge the risk, write the decision, sign it or dissent from it."""
    recall = recall_named(options.recall)
    with transaction.atomic():
        if _judges(options):
            evaluate_hazard(
                recall=recall,
                scenarios=scenarios_of(options),
                presumed=options.presume,
                method=options.method or eu_grid.METHOD,
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
    if risk and "sentence" in risk.result:
        text += f"\n{risk.result['sentence']}"
    if decision.state == "proposed":
        text += f"\nNext: holdfast recall decide {recall.ref} --sign"
    return Answer(data, text)


def _judges(options: argparse.Namespace) -> bool:
    """Do the words judge the risk anew?"""
    given = options.probability, options.scenario, options.scenarios, options.presume
    return options.severity is not None or any(given)


def _proposed(recall: Recall, options: argparse.Namespace, *, by: Actor, now: datetime) -> Decision:
    """A new decision where words are given, else the one that waits for signatures."""
    new = options.measure or options.remedy or options.reason or _judges(options)
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
        evidence=[_evidence(recall, word, by=by, now=now) for word in options.evidence],
        by=by,
        now=now,
    )


def _evidence(recall: Recall, word: str, *, by: Actor, now: datetime) -> str:
    """The hash of an attached file; a path is attached first."""
    if re.fullmatch(r"[0-9a-fA-F]{64}", word):
        return word
    return attached(recall, word, "decision", by=by, now=now)


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
        sha256 = ""
        if proof and _is_file(proof):
            sha256 = attached(hold.recall, proof, f"hold:{hold.pk}", by=by, now=now)
            proof = Path(proof).name
        stop_hold(hold=hold, proof=proof, proof_sha256=sha256, by=by, now=now)
    elif options.failed is not None:
        fail_hold(hold=hold, reason=options.failed, by=by, now=now)
    elif options.not_needed is not None:
        waive_hold(hold=hold, reason=options.not_needed, by=by, now=now)


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except OSError:  # words longer than a file name may be
        return False
