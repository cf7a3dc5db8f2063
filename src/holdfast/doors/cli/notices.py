"""Notices on the command line: lint a file, draft, edit, approve, and write letters and files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from holdfast.doors.cli.answer import Answer
from holdfast.kit.pictures import PHOTO
from holdfast.kit.refusals import Unreadable

FACTS = ("phone", "email", "url", "shop", "product_name", "sold_from", "sold_to")
# What only some regimes ask for, as a US notice does.
PARTICULARS = {
    "units": ("N", "how many units are recalled"),
    "price": ("WORDS", "what it cost: $39.00"),
    "made_from": ("DAY", "first day it was made"),
    "made_to": ("DAY", "last day it was made"),
    "maker": ("NAME", "manufacturer or importer"),
    "incidents": ("N", "incidents known, 0 for none"),
    "injuries": ("N", "people injured, 0 for none"),
    "deaths": ("N", "deaths, 0 for none"),
    "noticed_on": ("DAY", "date of the notice"),
}


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `notice lint` and `recall notice`, and the print room's flags to `recall notify`."""
    group = commands.add_parser("notice", help="check the wording of a notice")
    verbs = group.add_subparsers(dest="verb", metavar="VERB", required=True)
    lint = verbs.add_parser(
        "lint",
        parents=[common],
        help="required elements, banned words, reading level",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="FILE is .txt, .md, .html, .eml or .json. Exit 0 nothing blocks, 1 something does.\n"
        "example:  holdfast notice lint notice.txt --regime eu_gpsr --language de",
    )
    lint.add_argument("file", metavar="FILE", help="the notice; - reads plain text from the pipe")
    lint.add_argument(
        "--regime",
        default="eu_gpsr",
        help="eu_gpsr (default), us_cpsc_consumer, … ; a wrong id lists them all",
    )
    lint.add_argument("--language", help="two letters; else as the file says")
    lint.set_defaults(run=_lint, needs_database=False)
    _notice_words(commands, common)
    _print_words(commands)


def _notice_words(commands: Any, common: argparse.ArgumentParser) -> None:
    verb = commands.recall_verbs.add_parser(
        "notice",
        parents=[common],
        help="what people are told: draft, edit, approve",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example:  holdfast recall notice R-2026-001 --draft --phone 08005550142\n"
        'example:  holdfast recall notice R-2026-001 --photo bank.jpg --alt en="Black power bank"',
    )
    verb.add_argument("recall", metavar="R", help="its short id: R-2026-001")
    verb.add_argument("--draft", action="store_true", help="write it from scope and decision")
    verb.add_argument("--phone", help="the number people call")
    verb.add_argument("--email", help="the address people write to")
    verb.add_argument("--url", help="the address people type; else the public one")
    verb.add_argument("--shop", help="the name people know you by")
    verb.add_argument("--product-name", help="the product as people know it")
    verb.add_argument("--sold-from", metavar="DAY", help="first day of sale: 2026-02-06")
    verb.add_argument("--sold-to", metavar="DAY", help="last day of sale")
    asked = verb.add_argument_group("facts only some regimes ask for, with --draft")
    for name, (value, words) in PARTICULARS.items():
        asked.add_argument(f"--{name.replace('_', '-')}", metavar=value, help=words)
    verb.add_argument("--language", action="append", default=[], help="draft these; repeatable")
    verb.add_argument(
        "--edit",
        metavar="TEXT",
        help="change words, with --set; a text is en, or en:us_cpsc_consumer",
    )
    verb.add_argument("--set", action="append", default=[], metavar="FIELD=WORDS", dest="words")
    verb.add_argument(
        "--approve",
        metavar="TEXT",
        action="append",
        default=[],
        help="approve the words of a text, or of all; binds to their hash",
    )
    verb.add_argument("--photo", metavar="FILE", help="the product's photo: JPEG, PNG or WebP")
    verb.add_argument(
        "--alt",
        metavar="LANGUAGE=WORDS",
        action="append",
        default=[],
        help="what the photo shows, in each language of the notice; repeatable",
    )
    verb.add_argument("--no-photo", action="store_true", help="take the photo out again")
    verb.add_argument("--sha256", default="", help="approve only if the words have this hash")
    verb.add_argument("--unapprove", metavar="TEXT", help="take an approval back")
    verb.add_argument("--reason", default="", help="why it is taken back")
    verb.add_argument("--show", metavar="TEXT", help="print the words of a text")
    verb.add_argument(
        "--regime", help="with --show: the words under another law; they are not sent"
    )
    verb.set_defaults(run=_notice)


def _print_words(commands: Any) -> None:
    """`recall notify` writes files too; the flags are added where its own are."""
    verb = commands.recall_verbs.choices.get("notify")
    if verb is None:
        return
    files = verb.add_argument_group("files instead of, or beside, a mail server")
    files.add_argument("--letters", metavar="FILE.pdf", help="print-ready letters, one sheet each")
    files.add_argument("--paper", choices=("a4", "letter"), default="a4")
    files.add_argument(
        "--letters-to",
        choices=("all", "without-email"),
        default="all",
        help="everybody with a postal address (default), or those no e-mail reaches",
    )
    files.add_argument("--merge", metavar="FILE.csv", help="a table for a mail merge")
    files.add_argument("--eml", metavar="FILE.zip", help="one message file a person")
    files.add_argument("--page", metavar="FILE.html", help="the notice as one page to upload")
    files.add_argument(
        "--page-law", metavar="REGIME", default="", help="its law, if not the own one"
    )
    send = verb.get_default("run")
    verb.set_defaults(run=lambda options: _files_and_send(options, send))


def _lint(options: argparse.Namespace) -> Answer:
    from holdfast.kit.wording.lint import lint_file

    name = options.file
    try:
        if name == "-":
            content = sys.stdin.buffer.read(1_100_000)
        else:
            with Path(name).open("rb") as file:
                content = file.read(1_100_000)
    except OSError as error:
        raise Unreadable(
            "unreadable",
            f"The file cannot be read: {error.strerror or error}.",
            hint="Check the name.",
            file=name,
        ) from None
    try:
        reports = lint_file(
            content,
            "notice.txt" if name == "-" else name,
            regime=options.regime,
            language=options.language,
            today=datetime.now(UTC).date(),
        )
    except Unreadable as refusal:
        refusal.file = refusal.file or name
        raise
    blocked = any(not report.ok for report in reports)
    data: dict[str, object] = {"file": name, **_joined([one.as_json() for one in reports])}
    return Answer(data, "\n".join(_report_lines(name, reports)), 1 if blocked else 0)


def _joined(reports: list[dict[str, object]]) -> dict[str, object]:
    """One report as it is; several with their sums and all findings in one list."""
    if len(reports) == 1:
        return {**reports[0], "texts": [reports[0]["language"]]}

    def total(key: str) -> int:
        return sum(int(str(one[key])) for one in reports)

    findings: list[object] = []
    for one in reports:
        findings += list(one["findings"])  # type: ignore[call-overload]
    return {
        "regime": reports[0]["regime"],
        "language": None,
        "texts": [one["language"] for one in reports],
        "ok": all(one["ok"] for one in reports),
        "block": total("block"),
        "warn": total("warn"),
        "advice": total("advice"),
        "findings": findings,
        "findings_left_out": total("findings_left_out"),
        "profile": reports[0]["profile"],
        "banner": reports[0]["banner"],
        "not_checked": _once(reports),
        "reports": reports,
    }


def _once(reports: list[dict[str, object]]) -> list[object]:
    """What was not checked in any of the texts, each once."""
    found: list[object] = []
    for one in reports:
        rows: Any = one["not_checked"]
        found += [row for row in rows if row not in found]
    return found


def _report_lines(name: str, reports: list[Any]) -> list[str]:
    lines = [f"NOTE: {reports[0].banner}"] if reports[0].banner else []
    for report in reports:
        for one in report.findings:
            place = f"{name}:{one.line}:{one.column}"
            quoted = f" “{one.text}”" if one.text else ""
            lines.append(f"{place}: {one.severity}: {one.rule}{quoted}: {one.why}")
            lines.append(f"    {one.suggestion}  [{one.source}]")
            if one.inline:
                lines.append(f"    > {one.inline}")
        there = sum(1 for element in report.elements if element.present)
        lines.append(
            f"{report.language}, {report.regime}: {report.count('block')} block, "
            f"{report.count('warn')} warn, {report.count('advice')} advice; "
            f"{there} of {len(report.elements)} required elements seen"
        )
        lines += [f"not checked: {one.what}. {one.why}" for one in report.not_checked]
    return lines


def _notice(options: argparse.Namespace) -> Answer:
    from django.conf import settings

    from holdfast.decision.recalls.queries import recall_named
    from holdfast.doors.cli import acting
    from holdfast.response.notices.actions import draft_notice
    from holdfast.response.notices.queries import text_in

    by = acting.actor(options)
    recall = recall_named(options.recall)
    changes = {
        "product" if name == "product_name" else name: value
        for name in (*FACTS, *PARTICULARS)
        if (value := getattr(options, name)) is not None
    }
    if changes and not options.draft:
        raise Unreadable("usage", "Facts belong to a draft.", hint="Add --draft.")
    if options.draft:
        draft_notice(
            recall=recall,
            url=f"{settings.PUBLIC_URL}/recall",
            changes=changes,
            languages=[code.lower() for code in options.language],
            by=by,
            now=acting.now(),
        )
    if options.edit or options.words:
        _edit(recall, options, by)
    if options.photo or options.alt or options.no_photo:
        _picture(recall, options, by)
    refused: list[dict[str, object]] = []
    if options.approve:
        refused = _approve(recall, options, by)
    if options.unapprove:
        from holdfast.response.notices.actions import withdraw_approval

        withdraw_approval(
            text=text_in(recall, options.unapprove), reason=options.reason, by=by, now=acting.now()
        )
    return _state(recall, options, refused)


def _edit(recall: Any, options: argparse.Namespace, by: Any) -> None:
    from holdfast.doors.cli import acting
    from holdfast.response.notices.actions import edit_text
    from holdfast.response.notices.queries import text_in

    if not options.edit or not options.words:
        raise Unreadable(
            "usage",
            "An edit names a language and the words.",
            hint="--edit en --set hazard=“It can catch fire.”",
        )
    changes: dict[str, str] = {}
    for word in options.words:
        name, sign, value = word.partition("=")
        if not sign:
            raise Unreadable("usage", f"“{word[:60]}” is not FIELD=WORDS.")
        changes[name.strip()] = value.replace("\\n", "\n")
    edit_text(text=text_in(recall, options.edit), changes=changes, by=by, now=acting.now())


def _picture(recall: Any, options: argparse.Namespace, by: Any) -> None:
    from holdfast.doors.cli import acting
    from holdfast.response.notices.actions import drop_photo, set_photo

    if options.no_photo:
        if options.photo or options.alt:
            raise Unreadable("usage", "--no-photo takes the photo out; it stands alone.")
        drop_photo(recall=recall, by=by, now=acting.now())
        return
    if not options.photo:
        raise Unreadable(
            "usage",
            "--alt says what a photo shows.",
            hint="Name the photo with --photo, or change its words: --edit en --set picture_alt=…",
        )
    alts: dict[str, str] = {}
    for given in options.alt:
        language, sign, words = given.partition("=")
        if not sign:
            raise Unreadable("usage", f"“{given[:60]}” is not LANGUAGE=WORDS.")
        alts[language] = words
    try:
        with Path(options.photo).open("rb") as file:
            data = file.read(PHOTO.most_bytes + 1)
    except OSError as error:
        raise Unreadable(
            "unreadable",
            f"The photo cannot be read: {error.strerror or error}.",
            hint="Check the name.",
            file=options.photo,
        ) from None
    try:
        set_photo(recall=recall, data=data, alts=alts, by=by, now=acting.now())
    except Unreadable as refusal:
        if refusal.code.startswith("picture_"):
            refusal.file = options.photo
        raise


def _approve(recall: Any, options: argparse.Namespace, by: Any) -> list[dict[str, object]]:
    """Approve the languages named; with `all` what cannot be approved is listed, the rest is."""
    from holdfast.doors.cli import acting
    from holdfast.kit.refusals import Forbidden
    from holdfast.response.notices.actions import approve_text
    from holdfast.response.notices.queries import current_notice, text_in

    if "all" not in options.approve:
        for code in options.approve:
            approve_text(text=text_in(recall, code), sha256=options.sha256, by=by, now=acting.now())
        return []
    notice = current_notice(recall)
    texts = (
        list(notice.texts.exclude(state="superseded").order_by("language", "law")) if notice else []
    )
    if not texts:
        text_in(recall, "en")
    refused: list[dict[str, object]] = []
    for text in texts:
        try:
            approve_text(text=text, by=by, now=acting.now())
        except Forbidden as refusal:
            refused.append({"text": text.name, "language": text.language, **refusal.as_json()})
            last = refusal
    if refused and len(refused) == len(texts):
        raise last
    return refused


def _state(recall: Any, options: argparse.Namespace, refused: list[dict[str, object]]) -> Answer:
    from holdfast.kit.wording.library import library
    from holdfast.response.notices.queries import (
        approved_texts,
        by_law,
        checked,
        coverage,
        current_notice,
        is_approved,
        text_laws,
    )

    notice = current_notice(recall)
    if notice is None:
        hint = f"{recall.ref} has no notice yet. Next: holdfast recall notice {recall.ref} --draft"
        return Answer({"recall": recall.ref, "version": None, "texts": []}, hint)
    rows: list[dict[str, object]] = []
    lines = [f"{recall.ref}, notice v{notice.version}"]
    texts = list(notice.texts.select_related("notice__recall").order_by("language", "law"))
    laws = text_laws(recall)
    people = coverage(recall, by_law([*approved_texts(recall).values(), *texts]), laws)
    for text in texts:
        found = checked(text)
        row: dict[str, object] = {
            "text": text.name,
            "language": text.language,
            "regime": text.law or laws.own,
            "regimes": list(laws.served_by(text.law)),
            "state": text.state,
            "approved": is_approved(text),
            "sha256": text.sha256,
            "people": people.people.get(text.name, 0),
            "library": library(text.language).status,
            "elements": len(found.elements),
            "elements_present": found.present,
            "missing": list(found.missing),
            "block": len(found.blocking),
            "warn": found.report.count("warn"),
        }
        if options.show and options.show.lower() == text.name:
            shown = _shown_under(text, options.regime)
            row |= shown
            words: Any = shown["words"]
            lines += [f"  {name}: {value}" for name, value in words.items()]
        rows.append(row)
        lines.append(
            f"  {text.name:3} {text.state:10} {row['people']:>6} people, "
            f"{found.present} of {len(found.elements)} elements, {len(found.blocking)} block"
        )
    uncovered, waiting = dict(people.uncovered), dict(people.waiting)
    asked = laws.counts_asked()
    for law, counts in asked.items():
        lines.append(f"  {law} asks for {', '.join(counts)}; until then its people get {laws.own}")
    if waiting:
        lines.append(f"  no text under their law: {people.waiting.total()} people {waiting}")
    if uncovered:
        lines.append(f"  read another language: {people.not_covered} people {uncovered}")
    lines += [f"  not approved: {one['message']}" for one in refused]
    data = {
        "recall": recall.ref,
        "version": notice.version,
        "photo": notice.facts.get("picture", ""),
        "regimes": list(laws.laws),
        "texts": rows,
        "approved": sorted(str(row["text"]) for row in rows if row["approved"]),
        "people_waiting": waiting,
        "counts_asked": {law: list(counts) for law, counts in asked.items()},
        "people_uncovered": uncovered,
        "refused": refused,
    }
    return Answer(data, "\n".join(lines), 1 if refused else 0)


def _shown_under(text: Any, regime: str | None) -> dict[str, object]:
    """The words of a text as they are, or as another law wants them, with what that law says."""
    from holdfast.response.notices.queries import content_of
    from holdfast.response.notices.rules import check, for_regime

    if not regime:
        return {"words": text.content}
    content = for_regime(content_of(text), regime)
    found = check(content, has_picture=bool(content.facts.picture))
    return {
        "words": dict(content.words),
        "regime": content.facts.regime,
        "regime_findings": found.report.as_json(),
        "is_sent": False,
    }


def _files_and_send(options: argparse.Namespace, send: Callable[..., Answer]) -> Answer:
    """Write the files that are asked for, then let `notify` do or tell the rest."""
    asked = {
        form: getattr(options, form)
        for form in ("letters", "merge", "eml", "page")
        if getattr(options, form)
    }
    if not asked:
        return send(options)
    files = {} if options.dry_run else _write_files(options, asked)
    answer = send(options)
    answer.data["files"] = files
    answer.text = "\n".join(
        [answer.text, *(f"{form}: {one['people']} in {one['file']}" for form, one in files.items())]
    ).strip()
    return answer


def _write_files(options: argparse.Namespace, asked: dict[str, str]) -> dict[str, Any]:
    from django.conf import settings

    from holdfast.decision.recalls.queries import recall_named
    from holdfast.doors.cli import acting
    from holdfast.response.notices.actions import write_notice_file

    by, now = acting.actor(options), acting.now()
    recall = recall_named(options.recall)
    for name in asked.values():
        if not Path(name).resolve().parent.is_dir():
            raise Unreadable("no_folder", f"There is no folder for “{name}”.", file=name)
    files: dict[str, Any] = {}
    for form, name in asked.items():
        made = write_notice_file(
            recall=recall,
            form=form,
            key=settings.LINK_KEY,
            public_url=settings.PUBLIC_URL,
            paper=options.paper,
            only_without_email=options.letters_to == "without-email",
            law=options.page_law,
            by=by,
            now=now,
        )
        Path(name).write_bytes(made.content)
        files[form] = {"file": name, "people": made.people, "sha256": made.sha256}
        files[form]["remarks"] = list(made.remarks)
        if form == "letters":
            files[form]["paper"] = options.paper
    return files
