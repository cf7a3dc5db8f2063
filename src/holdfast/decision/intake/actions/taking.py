"""Taking complaints in: read, linked, compared with earlier ones, kept, and told to the journal."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from holdfast.decision.intake.events import ComplaintReceived, FirstInformationNoted
from holdfast.decision.intake.models import (
    Complaint,
    ComplaintLink,
    HazardReading,
    Informant,
    TextMark,
)
from holdfast.decision.intake.policies import may_take_in
from holdfast.decision.intake.queries.duplicates import Earlier, Repeats
from holdfast.decision.intake.queries.linking import Link, Linker, best_product, codes_and_titles
from holdfast.decision.intake.rules.likeness import marks, phrases
from holdfast.decision.intake.rules.told import (
    CHANNELS,
    KINDS,
    LONGEST_TEXT,
    Told,
    adds_to,
    fingerprint,
    hurt,
    identity,
    identity_of_more,
    says_something,
    voice_key,
)
from holdfast.decision.intake.rules.urgency import URGENT, harm, particulars, urgency
from holdfast.ground.journal.actions import record_all
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Unreadable
from holdfast.kit.signals.code_reading import read_codes
from holdfast.kit.signals.goods import goods_of
from holdfast.kit.signals.hazard_reading import Reading, read_hazards
from holdfast.kit.signals.makers import maker_key
from holdfast.kit.signals.taxonomy import taxonomy
from holdfast.kit.signals.unread import unread_language
from holdfast.kit.storable import storable
from holdfast.supply.orders.models import Customer

AT_ONCE = 500
LOCK = 0x486F6C69  # one who takes in at a time on PostgreSQL; SQLite has one writer anyway
SLACK = timedelta(days=1)  # a day in another zone may be tomorrow here
EARLIEST = 1971  # an empty day of a spreadsheet is 1900 or 1904, one of a computer 1970
WORDS = tuple(one.name for one in fields(Told) if one.type == "str")
AS_WRITTEN = (
    "product", "product_name", "brand", "model", "maker", "gtin", "lot", "serial", "order",
    "category",
)  # fmt: skip


@dataclass
class Taken:
    """What became of some reports: the new complaints, and how many were known already.

    `nameless` counts the rows of the file that are alike and name nobody: each is one of its own.
    """

    complaints: list[Complaint] = field(default_factory=list)
    merged: int = 0
    known: list[Complaint] = field(default_factory=list)
    nameless: Counter[str] = field(default_factory=Counter)


@dataclass
class _Ready:
    """A complaint on its way into the tables, with everything that belongs to it."""

    told: Told
    complaint: Complaint
    reading: Reading
    links: list[Link]
    phrases: frozenset[int]
    repeats: Repeats | None = None


@transaction.atomic
def take_in_complaint(*, told: Told, known_by: str = "", by: Actor, now: datetime) -> Complaint:
    """Keep one report. The same report again gives the complaint there is, and records nothing.

    Raises:
        Unreadable: it says nothing, or its kind or channel is none.
    """
    may_take_in(by)
    if not says_something(told.whole):
        raise Unreadable(
            "nothing_told", "Please write a few words about what happened.", hint="Any language."
        )
    taken = take_in_all(tolds=[told], known_by=known_by, by=by, now=now)
    return (taken.complaints or taken.known)[0]


@transaction.atomic
def take_in_all(
    *,
    tolds: Iterable[Told],
    is_import: bool = False,
    known_by: str = "",
    by: Actor,
    now: datetime,
) -> Taken:
    """Keep many reports; of an import, only the urgent ones get entries of their own.

    On PostgreSQL everybody else who takes in waits until this transaction ends, so call it before
    rows are locked and facts recorded.
    """
    may_take_in(by)
    _wait_for_others()
    taken, linker, earlier = Taken(), Linker(), Earlier()
    chunk: list[Told] = []
    for told in tolds:
        chunk.append(told)
        if len(chunk) == AT_ONCE:
            _take(
                chunk,
                taken,
                linker,
                earlier,
                is_import=is_import,
                known_by=known_by,
                by=by,
                now=now,
            )
            chunk = []
    if chunk:
        _take(chunk, taken, linker, earlier, is_import=is_import, known_by=known_by, by=by, now=now)
    return taken


def _wait_for_others() -> None:
    """Until what others take in stands: the same incident at two doors at one moment is one."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _take(
    tolds: Sequence[Told],
    taken: Taken,
    linker: Linker,
    earlier: Earlier,
    *,
    is_import: bool,
    known_by: str,
    by: Actor,
    now: datetime,
) -> None:
    new = _new_ones([_cut(one, now) for one in tolds], taken, now)
    codes = [read_codes(told.whole) for told, _, _ in new]
    linker.look_ahead([told for told, _, _ in new], codes)
    links = [linker.links(told, found) for (told, _, _), found in zip(new, codes, strict=True)]
    products = codes_and_titles(filter(None, map(best_product, links)))
    ready = [
        _read(*one, some, products, known_by=known_by, by=by, now=now)
        for one, some in zip(new, links, strict=True)
    ]
    earlier.look_up([one.complaint for one in ready], [one.phrases for one in ready])
    for one in ready:
        one.repeats = earlier.repeats(one.complaint, one.phrases)
        if one.repeats is None:
            earlier.add(one.complaint, one.phrases)
    _keep(ready, by=by, now=now)
    taken.complaints += [one.complaint for one in ready]
    _record(ready, products, is_single=not is_import, by=by, now=now)


def _new_ones(tolds: Sequence[Told], taken: Taken, now: datetime) -> list[tuple[Told, str, str]]:
    """`(told, voice, identity)` of what was not told before; the rest is counted as merged.

    What repeats a report's number and words but says more (another product, lot, order, or that
    somebody was hurt) is a report of its own.
    """
    named = []
    for told in tolds:
        key = voice_key(told)
        voice = salted_hmac("holdfast.intake.voice", key).hexdigest()[:32] if key else ""
        same = identity(told, voice, now)
        if told.line and not (told.source_id or voice or told.order or told.serial):
            taken.nameless[same] += 1
            same = identity(told, voice, now, nth=taken.nameless[same])
        named.append((told, voice, same, identity_of_more(told, same)))
    asked = {one for _, _, same, more in named for one in (same, more)}
    known = {one.identity: one for one in Complaint.objects.filter(identity__in=asked)}
    marked: dict[str, tuple[Told, str]] = {}
    for told, voice, same, more in named:
        said: tuple[dict[str, Any], int] | None = None
        if same in known:
            said = known[same].told, known[same].harm or 0
        elif same in marked:
            said = asdict(marked[same][0]), hurt(marked[same][0])
        kept = more if said is not None and adds_to(told, *said) else same
        if kept in known:
            taken.known.append(known[kept])
        if kept in known or kept in marked:
            taken.merged += 1
        else:
            marked[kept] = (told, voice)
    return [(*one, kept) for kept, one in marked.items()]


def _cut(told: Told, now: datetime) -> Told:
    """As it can be kept: known words, a text of bounded length, no day that cannot be."""
    if told.kind not in KINDS or told.channel not in CHANNELS:
        raise Unreadable(
            "unknown_kind",
            f"“{told.kind}” by “{told.channel}” is no kind of complaint.",
            hint=f"Kinds: {', '.join(KINDS)}; channels: {', '.join(CHANNELS)}.",
        )
    said = {name: storable(getattr(told, name).replace("\0", "")) for name in WORDS}
    told, notes = replace(told, **said), list(told.notes)  # type: ignore[arg-type]
    text = unicodedata.normalize("NFC", told.text)
    if len(text) > LONGEST_TEXT:
        notes.append(f"Its text had {len(text):,} characters; the first {LONGEST_TEXT:,} are kept.")
        text = text[:LONGEST_TEXT]
    if not says_something(text) and not says_something(told.title):
        notes.append("It has no text.")
    title = " ".join(unicodedata.normalize("NFC", told.title).split())[:300]
    days: dict[str, datetime | None] = {}
    for name, words in (
        ("happened_at", "happened"), ("received_at", "was received"),
        ("published_at", "was published"), ("sent_at", "was passed on"),
    ):  # fmt: skip
        at = getattr(told, name)
        if at and at.year < EARLIEST:
            notes.append(f"It says that it {words} in the year {at.year}, which cannot be.")
            at = None
        elif at and at > now + SLACK:
            notes.append(f"It says that it {words} on {at:%Y-%m-%d}, which is in the future.")
            at = None
        days[name] = at
    is_dated = days["received_at"] or days["published_at"] or told.is_outside
    if told.line is not None and days["happened_at"] and not is_dated:
        notes.append("It does not say when you were told; the day it happened is taken.")
    return replace(told, text=text, title=title, notes=tuple(notes), **days)  # type: ignore[arg-type]


def _read(
    told: Told,
    voice: str,
    same: str,
    links: list[Link],
    products: Mapping[int, tuple[str, str]],
    *,
    known_by: str,
    by: Actor,
    now: datetime,
) -> _Ready:
    product = best_product(links)
    _code, title = products.get(product or 0, ("", ""))
    named = f"{title} {told.product_name} {told.category}"
    goods = goods_of(named, told.whole, told.goods)
    reading = read_hazards(told.whole, goods=goods.read_as)
    foreign = unread_language(told.whole)
    if foreign == "und" and reading.hazards:
        foreign = ""  # a language nobody named, and yet something was read
    level, why = urgency(told, reading, is_foreign=bool(foreign))
    received = _received(told, now)
    known_at, known_how = _first_known(told, received, now)
    complaint = Complaint(
        kind=told.kind,
        channel=told.channel,
        source=told.source[:40],
        source_id=told.source_id[:120],
        identity=same,
        title=told.title,
        text=told.text,
        language=told.language[:12] or foreign or reading.language,
        is_foreign=bool(foreign),
        country=told.country[:2],
        told={name: value for name in AS_WRITTEN if (value := getattr(told, name)[:300])},
        notes=list(told.notes),
        happened_at=told.happened_at,
        received_at=received,
        published_at=told.published_at,
        known_at=known_at,
        known_how=known_how,
        known_by=known_by or by.key,
        taken_in_at=now,
        taken_in_by=by.key,
        line=told.line,
        read_by=f"hazards {taxonomy().version}",
        urgency=level,
        urgency_why=why[:300],
        harm=harm(told, reading),
        particulars=particulars(None if foreign else reading, goods),
        stars=told.stars,
        is_echo=told.is_echo,
        fingerprint=fingerprint(told.whole),
        voice=voice,
        product_id=product,
        maker=(maker_key(told.maker) or maker_key(told.brand))[:120],
    )
    return _Ready(told, complaint, reading, links, phrases(told.whole))


def _received(told: Told, now: datetime) -> datetime:
    """When whoever was told first had it: not before it is told live, and never a time to come.

    A file is a record of earlier days; where it names only the day of what happened, that is the
    earliest it can have been, and no clock begins too late.
    """
    told_on = told.received_at or told.published_at
    if told_on is None and told.line is not None:
        told_on = told.happened_at
    return min(told_on or now, now)


def _first_known(told: Told, received: datetime, now: datetime) -> tuple[datetime, str]:
    """When this firm first had it. What the public told others counts from when it reached us."""
    if not told.is_outside:
        return received, "received here"
    if told.sent_at:
        return min(told.sent_at, now), f"passed on to us by {told.source}"
    return now, f"taken in from {told.source}"


def _keep(ready: Sequence[_Ready], *, by: Actor, now: datetime) -> None:
    Complaint.objects.bulk_create([one.complaint for one in ready], batch_size=AT_ONCE)
    repeating = []
    for one in ready:
        if one.repeats is not None:
            one.complaint.duplicate_of = one.repeats.of
            one.complaint.duplicate_why = one.repeats.why
            one.complaint.duplicate_by, one.complaint.duplicate_at = by.key, now
            repeating.append(one.complaint)
    Complaint.objects.bulk_update(
        repeating,
        ["duplicate_of", "duplicate_why", "duplicate_by", "duplicate_at"],
        batch_size=AT_ONCE,
    )
    Informant.objects.bulk_create(_informants(ready))
    HazardReading.objects.bulk_create([row for one in ready for row in _hazard_rows(one)])
    ComplaintLink.objects.bulk_create(
        link_row(link, one.complaint, by=by, now=now) for one in ready for link in one.links
    )
    TextMark.objects.bulk_create(
        TextMark(complaint=one.complaint, mark=mark)
        for one in ready
        if one.repeats is None
        for mark in marks(one.phrases)
    )


def link_row(link: Link, complaint: Complaint, *, by: Actor, now: datetime) -> ComplaintLink:
    """A link that a rule found, as it is kept; not stored yet."""
    return ComplaintLink(
        complaint=complaint,
        kind=link.kind,
        product_id=link.product,
        order_line_id=link.order_line,
        value=link.value[:200],
        certainty=link.certainty,
        reason=link.reason[:300],
        made_by=by.key,
        made_at=now,
    )


def _informants(ready: Sequence[_Ready]) -> list[Informant]:
    told = [one for one in ready if one.told.name or one.told.email or one.told.phone]
    written = {one.told.email.strip() for one in told if one.told.email}
    emails = written | {email.casefold() for email in written}  # shops keep either
    buyers = Customer.objects.filter(email__in=emails).values_list("email", "pk")
    known = {email.casefold(): pk for email, pk in buyers}
    return [
        Informant(
            complaint=one.complaint,
            name=one.told.name.strip()[:200],
            email=one.told.email.strip()[:320],
            phone=one.told.phone.strip()[:64],
            customer_id=known.get(one.told.email.strip().casefold()),
        )
        for one in told
    ]


def _hazard_rows(one: _Ready) -> list[HazardReading]:
    rows: dict[tuple[str, bool], HazardReading] = {}
    for mention in one.reading.mentions:
        is_denied = mention.denied
        rank = (
            one.reading.hazards.index(mention.hazard)
            if mention.hazard in one.reading.hazards and not is_denied
            else len(one.reading.hazards)
        )
        row = rows.setdefault(
            (mention.hazard, is_denied),
            HazardReading(
                complaint=one.complaint, hazard=mention.hazard, rank=rank, is_denied=is_denied,
                words=[],
            ),
        )  # fmt: skip
        row.words.append([mention.words, mention.start, mention.end])
    return list(rows.values())


def _record(
    ready: Sequence[_Ready],
    products: Mapping[int, tuple[str, str]],
    *,
    is_single: bool,
    by: Actor,
    now: datetime,
) -> None:
    facts: list[ComplaintReceived | FirstInformationNoted] = []
    for one in ready:
        complaint = one.complaint
        if is_single:
            facts.append(
                ComplaintReceived(
                    complaint=complaint.pk,
                    ref=complaint.ref,
                    kind=complaint.kind,
                    channel=complaint.channel,
                    source=complaint.source,
                    text_sha256=one.told.text_sha256,
                    hazards=one.reading.hazards,
                    harm=complaint.harm,
                    urgency=complaint.urgency,
                    product=products[complaint.product_id][0] if complaint.product_id else "",
                    duplicate_of=complaint.duplicate_of.ref if complaint.duplicate_of else "",
                    received_at=complaint.received_at.isoformat(),
                )
            )
        if complaint.urgency == URGENT and _tells_first(complaint):
            facts.append(
                FirstInformationNoted(
                    complaint=complaint.pk,
                    ref=complaint.ref,
                    known_at=complaint.known_at.isoformat(),
                    how=complaint.known_how,
                    why=_without_words(complaint.urgency_why),
                    hazards=one.reading.hazards,
                    harm=complaint.harm,
                )
            )
    if facts:
        record_all(facts, by=by, now=now)


def _tells_first(complaint: Complaint) -> bool:
    """Is this the first that was known of it? What repeats another may have come in before it."""
    of = complaint.duplicate_of
    return of is None or complaint.known_at < of.known_at


def _without_words(why: str) -> str:
    """The reason without the person's own words, which could be forgotten nowhere else."""
    return why.partition(": “")[0].rstrip(".") + "."


def digest_of(complaints: Iterable[Complaint]) -> str:
    """SHA-256 over the identity of each, in order: what a file brought in."""
    told = hashlib.sha256()
    for one in complaints:
        told.update(one.identity.encode() + b"\n")
    return told.hexdigest()
