"""What `recall filing` and `recall fact` do once their words are read."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any

from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries import recall_named
from holdfast.doors.cli.answer import Answer
from holdfast.doors.cli.attaching import attached
from holdfast.kit.actors import Actor
from holdfast.kit.filings.catalogue import catalogue
from holdfast.kit.filings.rendering import file_name
from holdfast.kit.filings.values import shown
from holdfast.kit.quantities import whole_number
from holdfast.kit.refusals import NotFound, Unreadable
from holdfast.response.filings.actions import (
    acknowledge_filing,
    amend_filing,
    draft_filing,
    erase_person,
    explain_contradiction,
    export_filing,
    open_progress_reports,
    propose_filing,
    record_filed,
    release_filing,
    state_fact,
    take_back_filing,
    update_filing,
    withdraw_filing,
)
from holdfast.response.filings.models import Filing
from holdfast.response.filings.queries import (
    Desk,
    fact_base,
    filing_numbered,
    filing_rows,
    latest_filings,
    statements_of,
    versions_of,
)


def filed(options: argparse.Namespace, *, by: Actor, now: datetime) -> Answer:
    """`recall filing`: the steps that are named, in their order; then how everything stands."""
    recall = recall_named(options.recall)
    if options.open_reports:
        open_progress_reports(by=by, now=now)
    _explain(recall, options.explain, by, now)
    erased = _erase(recall, options, by, now)
    one = _chosen(recall, options, by, now)
    written: list[dict[str, str]] = []
    if one is not None:
        one = _fill(one, options, by, now)
        one = _settle(one, options, by, now)
        written = _write(one, options, by, now)
        one = _send(one, options, by, now)
    shown = None if one is None else [filing_numbered(recall, one.number)]
    rows = filing_rows(recall, shown, at=now)
    open_ones = Desk(recall, now).open_contradictions()
    data: dict[str, object] = {
        "recall": recall.ref,
        "filings": rows,
        "contradictions": [
            {"fact": c.key, "place": c.place, "one": c.one, "other": c.other, "words": c.words()}
            for c in open_ones
        ],
    }
    if written:
        data["files"] = written
    if erased:
        data["erased"] = erased
    if one is not None and options.differences:
        data["differences"] = [
            {"version": each.version, "says_otherwise": said}
            for each, said in versions_of(one, at=now)
        ]
    lines = [_line(row) for row in rows] or ["No filings yet."]
    lines += [f"  wrote {each['file']}" for each in written]
    lines += [f"Contradiction: {c.words()}" for c in open_ones]
    if erased:
        lines.insert(0, _erased_words(erased))
    waits = bool(open_ones) or any(row["missing"] for row in rows)
    waits = bool(erased["remains"]) if erased else waits
    return Answer(data, "\n".join(lines), 1 if waits else 0)


def _erase(
    recall: Recall, options: argparse.Namespace, by: Actor, now: datetime
) -> dict[str, Any] | None:
    if not options.erase:
        return None
    done = erase_person(recall=recall, words=options.erase, reason=options.because, by=by, now=now)
    return {
        "statements": done.statements,
        "fields": done.fields,
        "remains": list(done.remains),
    }


def _erased_words(erased: dict[str, Any]) -> str:
    words = f"Erased from {erased['statements']} statements and {erased['fields']} filed fields."
    if erased["remains"]:
        words += f" The words still stand, bound by hashes, in: {'; '.join(erased['remains'])}."
    return words


def _chosen(recall: Recall, options: argparse.Namespace, by: Actor, now: datetime) -> Filing | None:
    """The filing the options speak of: a new one, the one named, or the only one there is."""
    if options.draft:
        return draft_filing(
            recall=recall,
            form=options.draft,
            country=options.country,
            obligation=options.obligation,
            occurrence=options.about,
            cut_off=_cut_off(options),
            by=by,
            now=now,
        )
    if options.filing:
        number, _, version = options.filing.upper().removeprefix("F-").partition("V")
        if not whole_number(number):
            raise Unreadable("bad_filing", f"“{options.filing}” names no filing.", hint="F-3")
        return filing_numbered(recall, whole_number(number), whole_number(version) or None)
    works = (
        *(options.set, options.unknown, options.propose, options.release, options.export),
        *(options.preview, options.filed, options.amend, options.take_back, options.withdraw),
        *(options.differences, options.acknowledged is not None, options.cut_off),
    )
    if not any(works):
        return None
    there = latest_filings(recall)
    if len(there) != 1:
        raise NotFound(
            "which_filing",
            f"{recall.ref} has {len(there)} filings; say which one.",
            hint="--filing " + " or ".join(f"F-{each.number}" for each in there)
            if there
            else "Begin one with --draft FORM.",
        )
    return there[0]


def _cut_off(options: argparse.Namespace) -> datetime | None:
    """The moment chosen; none where the draft is to follow the facts."""
    if options.cut_off in ("", None, "now"):
        return None
    return moment(options.cut_off, "--cut-off")


def _fill(one: Filing, options: argparse.Namespace, by: Actor, now: datetime) -> Filing:
    if options.amend:
        one = amend_filing(filing=one, reason=options.amend, by=by, now=now)
    if options.take_back:
        one = take_back_filing(filing=one, reason=options.take_back, by=by, now=now)
    if options.cut_off and not options.draft:
        one = update_filing(filing=one, cut_off=_cut_off(options), by=by, now=now)
    as_of = min(one.cut_off, now) if one.cut_off_chosen else now
    as_of = moment(options.as_of, "--as-of") if options.as_of else as_of
    for given, is_known in (
        *((g, True) for g in options.set),
        *((g, False) for g in options.unknown),
    ):
        name, value = _pair(given)
        state_fact(
            recall=one.recall,
            name=name,
            value=value if is_known else "",
            unknown="" if is_known else value,
            as_of=as_of,
            source=options.source,
            filing=one,
            by=by,
            now=now,
        )
    return one


def _settle(one: Filing, options: argparse.Namespace, by: Actor, now: datetime) -> Filing:
    if options.withdraw:
        return withdraw_filing(filing=one, reason=options.withdraw, by=by, now=now)
    if options.propose:
        one = propose_filing(filing=one, by=by, now=now)
    if options.release:
        one = release_filing(filing=one, sha256=one.sha256, by=by, now=now)
    return one


def _write(
    one: Filing, options: argparse.Namespace, by: Actor, now: datetime
) -> list[dict[str, str]]:
    """The files in the folder that is named; a preview of a draft changes nothing."""
    kinds = [word for given in options.format for word in given.split(",")] or ["pdf"]
    written = []
    for folder, is_final in ((options.export, True), (options.preview, False)):
        if not folder:
            continue
        for kind in kinds:
            if is_final:
                name, content, digest = export_filing(filing=one, kind=kind, by=by, now=now)
            else:
                desk = Desk(one.recall, now)
                content, digest = desk.paper(one, kind, at=desk.cut_off(one)), ""
                name = "PREVIEW-" + file_name(desk.frozen(one).content, kind)
            path = Path(folder) / name
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            except OSError as error:
                raise Unreadable(
                    "cannot_write", f"{path} cannot be written: {error.strerror}.", file=str(path)
                ) from error
            written.append({"file": str(path), "format": kind, "sha256": digest})
    return written


def _send(one: Filing, options: argparse.Namespace, by: Actor, now: datetime) -> Filing:
    receipt = ""
    if options.receipt:
        receipt = attached(one.recall, options.receipt, f"filing:{one.label}", by=by, now=now)
    if options.filed:
        at = moment(options.filed_at, "--filed-at") if options.filed_at else None
        one = record_filed(
            filing=one,
            reference=options.filed,
            filed_at=at,
            receipt_sha256=receipt,
            by=by,
            now=now,
        )
    if options.acknowledged is not None:
        one = acknowledge_filing(
            filing=one, reference=options.acknowledged, receipt_sha256=receipt, by=by, now=now
        )
    return one


def _explain(recall: Recall, given: list[str], by: Actor, now: datetime) -> None:
    for each in given:
        name, words = _pair(each)
        key, _, place = name.partition("@")
        found = [
            c for c in Desk(recall, now).open_contradictions() if c.key == key and c.place == place
        ]
        if not found:
            raise NotFound(
                "no_contradiction",
                f"Nothing contradicts itself about {name}.",
                hint=f"See what does: holdfast recall filing {recall.ref} --list",
            )
        for mark in {c.mark for c in found}:
            explain_contradiction(
                recall=recall,
                key=mark[0],
                place=mark[1],
                one=mark[2],
                other=mark[3],
                words=words,
                by=by,
                now=now,
            )


def _line(row: dict[str, Any]) -> str:
    head = f"{row['filing']} v{row['version']}  {row['country']:2}  {row['state']:12} {row['name']}"
    if row["needed"] is not None:
        head += f"  {row['done']} of {row['needed']}"
    lines = [head]
    lines += [f"    missing: {m['label']}  ({', '.join(m['facts'])})" for m in row["missing"]]
    lines += [f"    waits: {words}" for words in row["blocked_by"]]
    if row["reference"]:
        lines.append(f"    {row['filed_at']}  {row['reference']}")
    return "\n".join(lines)


def stated(options: argparse.Namespace, *, by: Actor, now: datetime) -> Answer:
    """`recall fact`: state what is given, then show the base as of now."""
    recall = recall_named(options.recall)
    as_of = moment(options.as_of, "--as-of") if options.as_of else now
    given = [(g, True) for g in options.facts] + [(g, False) for g in options.unknown]
    if given and not options.source:
        raise Unreadable(
            "source_needed",
            "A fact needs its source.",
            hint='Add --source "importer, letter of 4 May".',
        )
    for each, is_known in given:
        name, value = _pair(each)
        state_fact(
            recall=recall,
            name=name,
            value=value if is_known else "",
            unknown="" if is_known else value,
            as_of=as_of,
            source=options.source,
            by=by,
            now=now,
        )
    base = fact_base(recall, at=now)
    rows = [
        {
            "fact": f"{key}@{place}" if place else key,
            "value": value.value,
            "unknown": value.unknown or None,
            "unit": catalogue()[key].unit or None,
            "source": value.source,
            "by": value.by,
            "as_of": value.as_of.isoformat() if value.as_of else None,
        }
        for (key, place), value in sorted({**base.computed, **base.stated}.items())
        if value.is_known
    ]
    data: dict[str, object] = {"recall": recall.ref, "at": now.isoformat(), "facts": rows}
    if options.history:
        data["history"] = statements_of(recall)
    lines = [_fact_line(row) for row in rows]
    return Answer(data, "\n".join(lines) or "No facts yet.")


def _fact_line(row: dict[str, Any]) -> str:
    fact = catalogue()[row["fact"].partition("@")[0]]
    said = f"not known: {row['unknown']}" if row["unknown"] else shown(fact, row["value"])
    first = said.splitlines()[0] if said else ""
    return f"{row['fact']:34} {first[:60]}  ({row['source']})"


def _pair(given: str) -> tuple[str, str]:
    name, sign, value = given.partition("=")
    if not sign or not name.strip():
        raise Unreadable("usage", f"“{given[:60]}” is no NAME=VALUE.", hint="incidents=4")
    return name.strip(), value


def moment(text: str, option: str) -> datetime:
    """A time with its zone, as an option gives it."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(
            "bad_time", f"{option}: “{text[:40]}” is no time.", hint="2026-05-04T10:20:00+02:00"
        ) from None
    if found.utcoffset() is None:
        raise Unreadable(
            "time_without_zone", f"{option}: “{text}” has no zone.", hint=f"{text}+02:00"
        )
    return found
