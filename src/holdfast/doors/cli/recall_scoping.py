"""What `recall scope` does once its words are read: propose, confirm, refuse, write the lines."""

from __future__ import annotations

import argparse
import csv
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from holdfast.decision.recalls.actions import (
    confirm_scope,
    gather_scope,
    propose_scope,
    refuse_scope,
)
from holdfast.decision.recalls.models import Recall, ScopeVersion
from holdfast.decision.recalls.queries import (
    Found,
    asked_criteria,
    latest_scope,
    recall_named,
)
from holdfast.decision.recalls.queries.lines import HEADER, scope_lines
from holdfast.doors.cli.answer import Answer
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, Unreadable
from holdfast.kit.tables.countries import country_code
from holdfast.kit.trace.criteria import Criteria, parse_days, sentences
from holdfast.supply.traceability.actions import record_receipt

CERTAINTIES = ("confirmed", "probable", "cannot_rule_out", "excluded")


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
        found = gather_scope(criteria=asked, by=by, now=now)
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
        variants=words(options.variant),
        lots=words(options.lot),
        suppliers=words(options.supplier),
        receipts=words(options.receipt),
        sites=words(options.site),
        markets=tuple(country_code(word) or word.upper() for word in words(options.market)),
        serials=words(options.serial),
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
