"""Units, claims and remedies on the command line."""

from __future__ import annotations

import argparse
from decimal import Decimal, InvalidOperation

from holdfast.doors.cli.answer import Answer
from holdfast.kit.refusals import Unreadable


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `recall units`, `recall claims` and `recall remedies`."""
    verbs = commands.recall_verbs  # type: ignore[attr-defined]
    _units_words(verbs, common)
    _claims_words(verbs, common)
    _remedies_words(verbs, common)


def _units_words(verbs: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    units = verbs.add_parser(
        "units",
        parents=[common],
        help="the unit ledger: balances, moving, counting",
        epilog="example:  holdfast recall units R-2026-001 --json",
    )
    units.add_argument("recall", metavar="R")
    units.add_argument("--place", default="", help="site:Lyon, line:12, consignee:C-01")
    units.add_argument("--level", default="", help="manufacturer, distributor, retailer, consumer")
    units.add_argument("--from", dest="source", default="", metavar="STATE")
    units.add_argument("--to", dest="target", default="", metavar="STATE")
    units.add_argument("--quantity", default="", metavar="N")
    units.add_argument("--lot", default=None)
    units.add_argument("--kind", default="", help="count, statement, certificate, receipt, …")
    units.add_argument("--evidence", default="", help="what proves it, in words")
    units.add_argument("--counted", default="", metavar="N", help="what was counted at --place")
    units.add_argument("--enter", action="store_true", help="units no order line knows, at --place")
    units.set_defaults(run=_units)


def _claims_words(verbs: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    claims = verbs.add_parser(
        "claims",
        parents=[common],
        help="claims: counts, export of payouts, settling",
        epilog="example:  holdfast recall claims R-2026-001 --export payouts.csv",
    )
    claims.add_argument("recall", metavar="R")
    claims.add_argument("--export", metavar="FILE.csv", default="", help="hand over what is due")
    claims.add_argument("--again", metavar="EXPORT", default="", help="write that file once more")
    claims.add_argument("--paid", metavar="EXPORT", default="", help="an export was paid")
    claims.add_argument(
        "--delivered",
        metavar="REFERENCE",
        action="append",
        default=[],
        help="a parcel arrived, or proof of disposal came in",
    )
    claims.add_argument("--accept", metavar="REFERENCE", default="", help="a claim in review")
    claims.add_argument("--refuse", metavar="REFERENCE", default="", help="a claim in review")
    claims.add_argument("--evidence", default="", help="bank list, parcel list, reason")
    claims.set_defaults(run=_claims)


def _remedies_words(verbs: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    remedies = verbs.add_parser(
        "remedies",
        parents=[common],
        help="what people may choose, and how easy it is",
        epilog="example:  holdfast recall remedies R-2026-001 --offer refund --offer replacement",
    )
    remedies.add_argument("recall", metavar="R")
    remedies.add_argument("--offer", action="append", default=[], metavar="REMEDY")
    remedies.add_argument("--days", action="append", default=[], metavar="REMEDY=N")
    remedies.add_argument("--proof", default="declaration", help="declaration, photo or return")
    remedies.add_argument("--replacement", default="", metavar="NAME", help="what they get instead")
    remedies.add_argument("--one-choice-because", default="", metavar="REASON")
    remedies.add_argument("--effort-because", default="", metavar="REASON")
    remedies.set_defaults(run=_remedies)


def _units(options: argparse.Namespace) -> Answer:
    from holdfast.decision.recalls.queries import recall_named
    from holdfast.doors.cli.acting import actor, now
    from holdfast.response.units.actions import count_stock, enter_units, move_units
    from holdfast.response.units.queries import ledger_report

    recall = recall_named(options.recall)
    told: dict[str, object] = {}
    shared = {"recall": recall, "place": options.place, "by": actor(options), "now": now()}
    if options.counted:
        told["gap"] = count_stock(counted=_number(options.counted, "--counted"), **shared)
    elif options.enter:
        enter_units(
            level=options.level, quantity=_number(options.quantity, "--quantity"),
            lot=options.lot or "", evidence=options.evidence, **shared,
        )  # fmt: skip
    elif options.target:
        move_units(
            level=options.level or "consumer", source=options.source, target=options.target,
            quantity=_number(options.quantity, "--quantity"), lot=options.lot, kind=options.kind,
            evidence=options.evidence, **shared,
        )  # fmt: skip
    report = {**told, **ledger_report(recall)}
    lines = [str(sentence) for sentence in report["sentences"]]
    for rate in report["rates"]:
        share = "–" if rate["share"] is None else f"{100 * rate['share']:.1f} %"
        lines.append(f"{rate['level']}: {rate['corrected']} of {rate['of']} corrected, {share}")
    return Answer(report, "\n".join(lines), 0 if report["balances"] else 1)


def _claims(options: argparse.Namespace) -> Answer:
    from holdfast.decision.recalls.queries import recall_named
    from holdfast.doors.cli.acting import actor, now
    from holdfast.response.remedies.actions import fulfil_claims, pay_export, review_claim
    from holdfast.response.remedies.queries import claim_counts, claim_named

    recall, by, moment = recall_named(options.recall), actor(options), now()
    told: dict[str, object] = {"recall": recall.ref}
    if options.export:
        told |= _export(options, recall, by, moment)
    if options.paid:
        told["paid"] = pay_export(
            recall=recall, export=options.paid, evidence=options.evidence, by=by, now=moment
        )
    if options.delivered:
        told["delivered"] = fulfil_claims(
            recall=recall, references=options.delivered, evidence=options.evidence,
            by=by, now=moment,
        )  # fmt: skip
    for reference, accept in ((options.accept, True), (options.refuse, False)):
        if reference:
            claim = claim_named(recall, reference)
            review_claim(claim=claim, accept=accept, reason=options.evidence, by=by, now=moment)
    told |= claim_counts(recall, moment.date())
    lines = [f"{key.replace('_', ' ')}: {value}" for key, value in told.items()]
    return Answer(told, "\n".join(lines))


def _export(options: argparse.Namespace, recall, by, moment) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """Write the file first, under a name of its own; only then are the payouts marked for ever."""
    import os
    import secrets

    from django.db import transaction

    from holdfast.kit.sheets import csv_pieces
    from holdfast.response.remedies.actions import export_payouts
    from holdfast.response.remedies.queries import PAYOUT_HEADER, payout_rows, payouts_of_export

    export = options.again or f"P-{moment:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    half = f"{options.export}.part"
    try:
        with transaction.atomic():
            if options.again:
                payouts = list(payouts_of_export(recall, export))
            else:
                payouts = export_payouts(recall=recall, export=export, by=by, now=moment)
            with open(half, "wb") as file:
                file.writelines(csv_pieces(PAYOUT_HEADER, payout_rows(payouts)))
                file.flush()
                os.fsync(file.fileno())
        os.replace(half, options.export)
    except OSError as error:
        raise Unreadable(
            "not_writable",
            f"The payouts cannot be written to {options.export}: {error.strerror or error}.",
            file=options.export,
            hint="Nothing was marked as exported. Name a file in a folder you may write to.",
        ) from None
    return {"export": export, "exported": len(payouts), "file": options.export}


def _remedies(options: argparse.Namespace) -> Answer:
    from holdfast.decision.recalls.queries import recall_named
    from holdfast.doors.cli.acting import actor, now
    from holdfast.response.remedies.actions import set_remedies
    from holdfast.response.remedies.queries import terms_of

    recall = recall_named(options.recall)
    if options.offer:
        set_remedies(
            recall=recall,
            options=[word for given in options.offer for word in given.split(",")],
            within_days=_days(options.days),
            proof=options.proof,
            exception_reason=options.one_choice_because,
            effort_reason=options.effort_because,
            replacement=options.replacement,
            by=actor(options),
            now=now(),
        )
    terms, replacement = terms_of(recall)
    ease = terms.ease()
    told: dict[str, object] = {
        "recall": recall.ref,
        "remedies": list(terms.remedies),
        "within_days": dict(terms.within_days),
        "proof": terms.proof,
        "replacement": replacement,
        "ease": ease.as_json(),
    }
    lines = [f"{name} within {terms.within_days[name]} days" for name in terms.remedies]
    lines += [f"ease grade {ease.letter}", *(point.why for point in ease.points)]
    return Answer(told, "\n".join(lines))


def _days(given: list[str]) -> dict[str, int]:
    days: dict[str, int] = {}
    for word in given:
        name, _equals, number = word.partition("=")
        if not number.isdecimal() or len(number) > 5:
            raise Unreadable("bad_days", f"--days {word} is not REMEDY=N.", hint="--days refund=4")
        days[name] = int(number)
    return days


def _number(text: str, flag: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        raise Unreadable("bad_number", f"{flag} {text!r} is no number of units.", hint=f"{flag} 12")
    return number
