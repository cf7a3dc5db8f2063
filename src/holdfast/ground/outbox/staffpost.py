"""The house's own post: a few messages to its people, one after the other, when there is a way."""

from __future__ import annotations

import time
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from holdfast.ground.access.queries import address_of
from holdfast.ground.outbox.actions import claim_staff_mail, settle_staff_mail
from holdfast.ground.outbox.carriers import CannotCarry, carrier_for, way_out
from holdfast.ground.outbox.mime import Letterhead, compile_parts
from holdfast.ground.outbox.models import StaffMail
from holdfast.ground.outbox.queries import why_not_to_send
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Forbidden, Unreadable

CHANNEL = "email"
WITHIN = 15.0
MOST = 20


def send_staff_mail(
    *, home: Path, letterhead: Letterhead, host: str, by: Actor, now: datetime
) -> int:
    """Send what waits, or note that nobody was mailed and why; gives how many were taken."""
    taken = 0
    for _ in range(MOST):
        mail = claim_staff_mail(by=by, now=now)
        if mail is None:
            break
        state, why = _try(mail, home, letterhead, host)
        settle_staff_mail(mail=mail, state=state, why=why, by=by, now=now)
        taken += state == "accepted"
        if state == "queued":  # nobody answers now: the others need not wait for the same
            break
    return taken


def _try(mail: StaffMail, home: Path, letterhead: Letterhead, host: str) -> tuple[str, str]:
    way, address = way_out(CHANNEL, ask=False), address_of(mail.person)
    if not way.is_open:
        return "unsent", f"no mail server: {way.words}"
    if not address:
        return "unsent", "no e-mail address is known"
    why = why_not_to_send(home)
    if why:
        return "unsent", why
    try:
        return _deliver(mail, address, letterhead, host)
    except (CannotCarry, Forbidden, Unreadable) as error:
        return "failed", str(error)


def _deliver(mail: StaffMail, address: str, head: Letterhead, host: str) -> tuple[str, str]:
    carrier = carrier_for(CHANNEL, sender=head.sender, recorder=None)
    try:
        sender = Letterhead(carrier.sender, head.name, head.reply_to)
        parts = {"subject": [mail.subject], "text": [mail.text]}
        data = compile_parts(parts, language="en", letterhead=sender).fill(
            {},
            to=address,
            message_id=f"<staff-{sha256(mail.key.encode()).hexdigest()[:32]}@{host}>",
            at=mail.planned_at,
        )
        carrier.put([(mail.pk, address, data)])
        until = time.monotonic() + WITHIN
        while time.monotonic() < until:
            for ending in carrier.turn(0.25):
                return ("accepted" if ending.outcome == "accepted" else "failed"), ending.reply
        return "queued", carrier.trouble or "the mail server does not answer"
    finally:
        carrier.close()
