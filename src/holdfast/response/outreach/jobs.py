"""Sending a wave from here: the one place that brings text, people, links and carrier together."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from holdfast.decision.recalls.models import Recall
from holdfast.ground.access.queries import organisation
from holdfast.ground.outbox.actions import Claimed, move_wave
from holdfast.ground.outbox.carriers import CannotCarry, Carrier, carrier_for
from holdfast.ground.outbox.jobs import Progress, Sender, flight_for
from holdfast.ground.outbox.lifecycle import SENDING
from holdfast.ground.outbox.mime import Letterhead, compile_parts
from holdfast.ground.outbox.models import Wave
from holdfast.ground.outbox.queries import require_sending_home, unfinished, why_not_to_send
from holdfast.ground.outbox.worker import only_sender, this_worker
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, Unreadable
from holdfast.response.outreach.actions import note_trial, take_out_answered
from holdfast.response.outreach.queries import released_texts, speakers, versions
from holdfast.response.outreach.rules import EMAIL, trial_code
from holdfast.response.remedies.queries import link_numbers
from holdfast.response.remedies.rules import link_token

HOLD = timedelta(minutes=5)
MOST_COLLEAGUES = 20


@dataclass(frozen=True, slots=True)
class Setting:
    """What sending needs to know of this instance."""

    home: Path
    key: bytes
    public_url: str

    @classmethod
    def here(cls) -> Setting:
        return cls(Path(settings.HOME), settings.LINK_KEY, settings.PUBLIC_URL)


def letterhead(recall: Recall | None = None) -> Letterhead:
    """Who the messages come from: who speaks in the notice, at the organisation's address."""
    org = organisation()
    name = speakers(recall)[0] if recall else org.name
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    own = org.contact_email.strip()
    return Letterhead(sender=own or f"recall@{host}", name=name, reply_to=own)


def id_host() -> str:
    """The right side of Message-IDs: the domain that the messages come from."""
    domain = letterhead().sender.rpartition("@")[2]
    return domain if domain.isascii() and domain else "holdfast.invalid"


def send_wave(
    *,
    wave: Wave,
    setting: Setting,
    stop: threading.Event,
    by: Actor,
    hold: timedelta = HOLD,
    wait: bool = True,
    tag: str = "",
    tell: Callable[[Progress], None] | None = None,
) -> str:
    """Send from this process until nothing of the wave is left; gives why it ended.

    On the embedded database one process sends at a time: the others wait for it (or, without
    `wait`, come back with `busy`). On PostgreSQL every process takes windows of its own.
    """
    if connection.vendor != "sqlite":
        return _send(wave, setting, stop, by, hold, tag, tell, alone=False)
    with only_sender(setting.home, wait=wait) as mine:
        if not mine:
            return "busy"
        return _send(wave, setting, stop, by, hold, tag, tell, alone=True)


def _send(
    wave: Wave,
    setting: Setting,
    stop: threading.Event,
    by: Actor,
    hold: timedelta,
    tag: str,
    tell: Callable[[Progress], None] | None,
    *,
    alone: bool,
) -> str:
    require_sending_home(setting.home)
    recall = Recall.objects.get(ref=wave.recall)
    if "system" not in by.roles:
        take_out_answered(recall=recall, wave=wave, by=by, now=datetime.now(UTC))
    me = this_worker(tag)
    head = letterhead(recall)
    flight = flight_for(setting.home, me)
    try:
        carrier = carrier_for(wave.channel, sender=head.sender, recorder=flight)
    except Forbidden:
        flight.close()
        raise
    sender = Sender(
        wave=wave,
        carrier=carrier,
        flight=flight,
        worker=me,
        letterhead=Letterhead(carrier.sender, head.name, head.reply_to),
        fill=_filler(wave, setting),
        home=setting.home,
        alone=alone,
        hold=hold,
        tell=tell,
    )
    return sender.run(stop)


def _filler(wave: Wave, setting: Setting) -> Callable[[Claimed], dict[str, str]]:
    links = f"{setting.public_url}/r/"
    same = {
        "check_link": f"{setting.public_url}/check/{wave.recall}",
        "page": f"{setting.public_url}/n/{wave.recall}",
        "reference": wave.recall,
        "wave": str(wave.number),
    }
    key, recall = setting.key, wave.recall
    numbers = link_numbers(Recall.objects.get(ref=recall))

    def fill(row: Claimed) -> dict[str, str]:
        number = numbers.get(row.recipient, 1)
        token = link_token(key, recall=recall, recipient=row.recipient, number=number)
        return {**same, **row.values, "link": links + token}

    return fill


def send_trial(
    *,
    recall: Recall,
    wave: int,
    addresses: Iterable[str],
    setting: Setting,
    by: Actor,
    now: datetime,
) -> str:
    """Send the notice in every approved language to colleagues; gives the code they must read."""
    to = list(dict.fromkeys(address.strip() for address in addresses if address.strip()))
    if not to or len(to) > MOST_COLLEAGUES:
        raise Unreadable("addresses", f"Name one to {MOST_COLLEAGUES} addresses for the test.")
    texts = released_texts(recall)
    if not texts:
        raise Forbidden("no_text", "No text is approved, so there is nothing to test.")
    require_sending_home(setting.home)
    code = trial_code(setting.key, recall=recall.ref, texts=versions(texts.values()))
    head = letterhead(recall)
    carrier = carrier_for(EMAIL, sender=head.sender, recorder=None)
    parcels = []
    page = f"{setting.public_url}/n/{recall.ref}"
    values = {
        "name": organisation().name,
        "link": page,
        "check_link": f"{setting.public_url}/check/{recall.ref}",
        "page": page,
        "items": "1 × …",
        "order": "…",
        "units": "1",
        "reference": recall.ref,
        "wave": str(wave),
    }
    for name, text in sorted(texts.items()):
        mark = f"[TEST {code}] {text.law} ".replace("  ", " ")
        parts = {**text.parts, "subject": [mark, *text.parts["subject"]]}
        compiled = compile_parts(
            parts,
            language=text.language,
            letterhead=Letterhead(carrier.sender, head.name, head.reply_to),
        )
        for number, address in enumerate(to):
            stamp = f"{now:%Y%m%d%H%M%S%f}"
            identity = (
                f"<test-{code.lower()}-{name.replace(':', '-')}-{number}-{stamp}@{id_host()}>"
            )
            data = compiled.fill(values, to=address, message_id=identity, at=now)
            parcels.append(((name, address), address, data))
    try:
        _deliver(carrier, parcels)
    finally:
        carrier.close()
    note_trial(
        recall=recall,
        wave=wave,
        code=code,
        languages=", ".join(sorted(texts)),
        count=len(to),
        by=by,
        now=now,
    )
    return code


def _deliver(carrier: Carrier, parcels: Sequence[tuple[object, str, bytes]]) -> None:
    carrier.put(parcels)
    left, until = len(parcels), time.monotonic() + 60
    try:
        while left and time.monotonic() < until:
            for ending in carrier.turn(0.25):
                left -= 1
                if ending.outcome != "accepted":
                    raise Forbidden(
                        "test_not_taken", f"The mail server did not take the test: {ending.reply}"
                    )
    except CannotCarry as error:
        raise Forbidden("cannot_send", f"The mail server does not take it: {error}.") from error
    if left:
        raise Forbidden("mail_server_down", f"The mail server does not answer: {carrier.trouble}.")


def send_due_waves(*, stop: threading.Event, by: Actor) -> int:
    """For workers: join every wave that is being sent; gives how many had something left."""
    joined = 0
    setting = Setting.here()
    for wave in Wave.objects.filter(state__in=SENDING).order_by("pk"):
        if stop.is_set() or why_not_to_send(setting.home):
            break
        if not unfinished(wave):
            with contextlib.suppress(Forbidden):
                move_wave(wave=wave, move="finish", by=by, now=datetime.now(UTC))
            continue
        with contextlib.suppress(Forbidden):
            ended = send_wave(
                wave=wave,
                setting=setting,
                stop=stop,
                by=by,
                wait=False,
                tag=f"{threading.get_ident() % 10**8:08d}",
            )
            joined += ended not in ("busy", "blocked")
    return joined
