"""Photographs on the command line: whose picture it is, what was read in it, one in, one out."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.doors.cli.answer import Answer
from holdfast.doors.cli.watching_alarms import watch_verb, who
from holdfast.kit.refusals import NotFound, Unreadable

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from holdfast.decision.announcements.models import Announcement, Photograph
    from holdfast.supply.catalog.models import Product

MOST_SHOWN = 1_000
MOST_TEXT = 160


def add(commands: argparse._SubParsersAction, common: argparse.ArgumentParser) -> None:  # type: ignore[type-arg]
    """Add `watch photographs`."""
    verb = watch_verb(
        commands.watch_verbs,  # type: ignore[attr-defined]
        common,
        "photographs",
        "pictures by which products and announcements are known again",
        "--add kettle.jpg --product K-100",
        _photographs,
    )
    one = verb.add_mutually_exclusive_group()
    one.add_argument("--add", metavar="FILE", help="JPEG, PNG or WebP; kept as it is drawn anew")
    one.add_argument("--drop", type=int, metavar="PHOTO", help="take it out; it matches no more")
    one.add_argument("--save", type=int, metavar="PHOTO", help="write the picture to --out")
    one.add_argument("--read", action="store_true", help="read now what else the worker reads")
    verb.add_argument("--out", metavar="FILE.jpg", help="where --save writes")
    whose = verb.add_mutually_exclusive_group()
    whose.add_argument("--product", default="", metavar="CODE", help="of this product of ours")
    whose.add_argument("--announcement", type=int, metavar="N", help="of this announcement")


def _photographs(options: argparse.Namespace) -> Answer:
    from holdfast.kit.phototext import INSTALL, can_read_words

    _check(options)
    product = _product(options.product) if options.product else None
    told = _announcement(options.announcement) if options.announcement is not None else None
    done, words = _done(options, product, told)
    found = _found(product, told)
    shown = list(found[:MOST_SHOWN])
    data: dict[str, object] = {
        "reads_words": can_read_words(),
        **done,
        "photographs": [_data(one) for one in shown],
        "left_out": max(0, found.count() - len(shown)),
    }
    lines = [*words, *(_words(one) for one in shown[:20])] or ["No photograph is here."]
    if not can_read_words():
        lines.append(f"Barcodes are read, words are not: {INSTALL}")
    return Answer(data, "\n".join(lines))


def _check(options: argparse.Namespace) -> None:
    if bool(options.out) != (options.save is not None):
        raise Unreadable(
            "save_where",
            "--save PHOTO and --out FILE.jpg belong together.",
            hint="holdfast watch photographs --save 12 --out 12.jpg",
        )


def _done(
    options: argparse.Namespace, product: Product | None, told: Announcement | None
) -> tuple[dict[str, object], list[str]]:
    """What was asked for besides the list: for the JSON, and in words."""
    from holdfast.decision.announcements.actions import (
        add_photograph,
        drop_photograph,
        read_photographs,
    )
    from holdfast.decision.announcements.queries import photograph_numbered

    actor, at = who()
    if options.add:
        row = add_photograph(
            data=_bytes(options.add),
            product=product,
            announcement=told,
            by=actor(options),
            now=at,
        )
        return {"added": row.pk}, [f"Photograph no. {row.pk} of {row} is kept; --read reads it."]
    if options.drop is not None:
        drop_photograph(photograph=photograph_numbered(options.drop), by=actor(options), now=at)
        return {"dropped": options.drop}, [f"Photograph no. {options.drop} is taken out."]
    if options.read:
        read, by = 0, actor(options)
        while some := read_photographs(by=by, now=at):
            read += some
        return {"read": read}, [f"{read:,} photographs were read."]
    if options.save is not None:
        row = photograph_numbered(options.save)
        if not row.content:
            raise NotFound("no_photograph", "This picture was not fetched yet.")
        _write(options.out, bytes(row.content))
        return {"saved": options.out}, [f"Photograph no. {row.pk} is in {options.out}."]
    return {}, []


def _bytes(name: str) -> bytes:
    from holdfast.kit.identifiers.photo import LIMITS

    try:
        with Path(name).open("rb") as file:
            data = file.read(LIMITS.most_bytes + 1)
    except OSError as error:
        raise Unreadable(
            "file_unreadable", f"{name} cannot be read: {error.strerror}.", file=name
        ) from error
    if len(data) > LIMITS.most_bytes:
        raise Unreadable("picture_large", "This picture is too large.", file=name)
    return data


def _write(name: str, content: bytes) -> None:
    try:
        Path(name).write_bytes(content)
    except OSError as error:
        raise Unreadable(
            "file_unwritable", f"{name} cannot be written: {error.strerror}.", file=name
        ) from error


def _product(code: str) -> Product:
    from holdfast.supply.catalog.models import Product
    from holdfast.supply.catalog.rules import code_key

    found = Product.objects.filter(code_key=code_key(code.strip())).first()
    if found is None:
        raise NotFound("no_product", f"There is no product with the code “{code[:60]}”.")
    return found


def _announcement(number: int) -> Announcement:
    from holdfast.decision.announcements.queries import announcement_numbered

    return announcement_numbered(number)


def _found(product: Product | None, told: Announcement | None) -> QuerySet[Photograph]:
    """Those of one thing, else those of our products as the desk lists them."""
    from holdfast.decision.announcements.queries import photographs_of_products

    if told is not None:
        return told.photographs.select_related("announcement").defer("content").order_by("pk")
    found = photographs_of_products()
    return found.filter(product=product) if product else found


def _data(row: Photograph) -> dict[str, object]:
    return {
        "photograph": row.pk,
        "product": row.product.code if row.product else None,
        "announcement": row.announcement_id,
        "origin": row.origin,
        "url": row.url,
        "state": row.state,
        "words": row.words,
        "text": row.text,
        "has_words": row.has_words,
        "sha256": row.sha256,
        "added_at": row.added_at,
        "read_at": row.read_at,
    }


def _words(row: Photograph) -> str:
    read = " ".join(row.text.split())[:MOST_TEXT] or row.words
    return f"no. {row.pk}: {row} ({row.origin}, {row.state}){f': {read}' if read else ''}"
