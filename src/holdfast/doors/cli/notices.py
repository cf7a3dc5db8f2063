"""Notices on the command line: lint a file, draft, edit, approve, and write letters and files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from holdfast.doors.cli.answer import Answer
from holdfast.doors.cli.notice_files import add_files
from holdfast.doors.cli.notice_lint import lint_notice
from holdfast.doors.cli.notice_state import how_it_stands
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
    lint.set_defaults(run=lint_notice, needs_database=False)
    _notice_words(commands, common)
    add_files(commands)


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
    return how_it_stands(recall, options, refused)


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
