"""The sender: claims a window, hands it over, settles it, and again until nothing is left to do."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from holdfast.ground.outbox.actions import (
    LEASE,
    Claimed,
    Ending,
    claim_window,
    hold_ramp,
    move_wave,
    note_trouble,
    recover_attempts,
    renew_leases,
    settle_window,
)
from holdfast.ground.outbox.carriers import CannotCarry, Carrier
from holdfast.ground.outbox.flight import Ended, Flight, read_flight
from holdfast.ground.outbox.lifecycle import SENDING
from holdfast.ground.outbox.mime import Compiled, Letterhead, compile_parts
from holdfast.ground.outbox.models import Message, Skeleton, Wave
from holdfast.ground.outbox.place import note_progress
from holdfast.ground.outbox.queries import counts, next_attempt_at, unfinished
from holdfast.ground.outbox.rules import is_going_wrong, ramp_size
from holdfast.ground.outbox.worker import Worker, is_dead, is_same_boot, read_worker
from holdfast.kit.actors import SYSTEM
from holdfast.kit.refusals import Forbidden
from holdfast.kit.renderings.joined import joined

WINDOW = 400
FIRST_PATIENCE = 60.0
DRAIN_WITHIN = 15.0

Fill = Callable[[Claimed], Mapping[str, str]]


@dataclass(slots=True)
class Progress:
    """What this sender has done so far, for whoever watches."""

    accepted: int = 0
    failed: int = 0
    unclear: int = 0
    trouble: str = ""


def this_moment() -> datetime:
    """Now."""
    return datetime.now(UTC)


class Sender:
    """One sender of one wave. `run` gives why it ended: done, paused, withdrawn, blocked, stopped.

    `fill` gives the values of one message: those in its row and the link, which is not stored.
    `alone` says that no other process can be sending, so that whatever is still being attempted
    was left by a dead one. `hold` is the pause between the first few and the rest.
    """

    def __init__(
        self,
        *,
        wave: Wave,
        carrier: Carrier,
        flight: Flight,
        worker: Worker,
        letterhead: Letterhead,
        fill: Fill,
        home: Path,
        alone: bool,
        hold: timedelta,
        window: int = WINDOW,
        tell: Callable[[Progress], None] | None = None,
    ) -> None:
        self.wave, self.carrier, self.flight = wave, carrier, flight
        self.me, self.worker = worker, str(worker)
        self.letterhead, self.fill, self.home = letterhead, fill, home
        self.alone, self.hold, self.window = alone, hold, window
        self.tell = tell or (lambda _progress: None)
        self.progress = Progress()
        self._retry_for = timedelta(seconds=carrier.retry_for)
        self._claimed: dict[Any, Claimed] = {}
        self._endings: list[Ending] = []
        self._compiled: dict[tuple[int, ...], Compiled] = {}
        self._renewed_at = self._committed_at = time.monotonic()
        self._told_at = 0.0

    # --- the loop ----------------------------------------------------------------------------

    def run(self, stop: threading.Event) -> str:
        """Send until nothing is left, somebody stops the wave, or the carrier cannot go on."""
        try:
            self._recover()
            while not stop.is_set():
                self._keep_leases()
                if self._should_commit():
                    self._commit()
                if self._claimed:
                    self._endings += self.carrier.turn(0.25)
                    self._ask_patience()
                    continue
                ended = self._rest(stop)
                if ended:
                    return ended
        except CannotCarry as error:
            raise Forbidden(
                "cannot_send",
                f"The mail server does not take our messages: {error}.",
                hint="Nothing was lost. Put it right and run the same command again.",
            ) from error
        finally:
            self._put_down()
        return "stopped"

    def _should_commit(self) -> bool:
        ended, age = len(self._endings), time.monotonic() - self._committed_at
        return ended >= min(self.window // 2, len(self._claimed)) or (ended > 0 and age > 0.5)

    def _commit(self) -> None:
        """One transaction: the next claim and the last settlement; then the next ones may leave."""
        endings, self._endings = self._endings, []
        room = self.window - len(self._claimed) + len(endings)
        moment = this_moment()
        with transaction.atomic():
            # Claim first: whoever pauses locks the wave and then the journal, and so do we.
            window = claim_window(
                wave=self.wave,
                most=self._within_ramp(room),
                worker=self.worker,
                by=SYSTEM,
                now=moment,
            )
            self.wave.state = window.state
            head = self._settle(endings, moment)
        self._committed_at = time.monotonic()
        for ending in endings:
            del self._claimed[ending.key]
        self.flight.forget_committed()
        note_progress(self.home, *head)
        self._watch(endings)
        if not window.is_sending or not self._all_released(window.released):
            self._take_back("the wave was stopped before this one began")
        self._hand_over(window.rows)

    def _settle(self, endings: Sequence[Ending], moment: datetime) -> tuple[int, str]:
        if not endings:
            return 0, ""
        return settle_window(
            wave=self.wave,
            endings=endings,
            claimed=self._claimed,
            worker=self.worker,
            retry_for=self._retry_for,
            by=SYSTEM,
            now=moment,
        )

    def _within_ramp(self, room: int) -> int:
        if self.wave.state != "ramping":
            return room
        rows = self._rows()
        first = ramp_size(rows.count(), self.wave.ramp_percent)
        return min(room, first - rows.filter(first_attempt_at__isnull=False).count())

    def _hand_over(self, rows: Iterable[Claimed]) -> None:
        parcels = []
        for row in rows:
            self._claimed[row.key] = row
            try:
                data = self._compile(row.texts).fill(
                    self.fill(row),
                    to=row.address,
                    message_id=row.message_id,
                    at=row.first_attempt_at,
                )
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                words = f"not handed over: the message cannot be written ({type(error).__name__})"
                self._endings.append(Ended(row.key, "permanent", 0, words))
                continue
            parcels.append((row.key, row.address, data))
        self.carrier.put(parcels)

    def _compile(self, texts: tuple[int, ...]) -> Compiled:
        found = self._compiled.get(texts)
        if found is None:
            skeletons = [Skeleton.objects.get(pk=number) for number in texts]
            found = compile_parts(
                joined([(one.language, one.parts) for one in skeletons]),
                language=", ".join(one.language for one in skeletons),
                letterhead=self.letterhead,
            )
            self._compiled[texts] = found
        return found

    def _all_released(self, released: frozenset[int]) -> bool:
        return all(released.issuperset(row.texts) for row in self._claimed.values())

    def _take_back(self, reason: str) -> None:
        for key in self.carrier.take_back():
            self._endings.append(Ended(key, "not_sent", 0, reason))

    # --- when nothing is in hand -------------------------------------------------------------

    def _rest(self, stop: threading.Event) -> str:
        """Why the sender is done; or wait a little for what is not due yet, and an empty word."""
        self.wave.refresh_from_db()
        if self.wave.state not in SENDING:
            return self.wave.state
        if self._recover():
            return ""
        left = unfinished(self.wave)
        if not left:
            return self._finish()
        if self.wave.state == "ramping" and self._within_ramp(1) <= 0:
            return self._after_ramp(stop)
        due = next_attempt_at(self.wave)
        if due is not None:
            stop.wait(min(1.0, max(0.01, (due - this_moment()).total_seconds())))
        elif self._rows().filter(state="attempting").exists():
            stop.wait(0.3)
        elif self._is_blocked():
            return "blocked"
        return ""

    def _finish(self) -> str:
        # Somebody may have added people, or finished it, since we counted: then look again.
        with contextlib.suppress(Forbidden):
            move_wave(wave=self.wave, move="finish", by=SYSTEM, now=this_moment())
        self.wave.refresh_from_db()
        return self.wave.state if self.wave.state not in SENDING else ""

    def _after_ramp(self, stop: threading.Event) -> str:
        moment = this_moment()
        found = counts(self.wave.recall, wave=self.wave.number, channel=self.wave.channel)
        if found["attempting"]:
            stop.wait(0.2)
        elif is_going_wrong(found["accepted"], found["failed"]):
            self._pause(
                f"{found['failed']} of the first {found['planned'] - found['queued']} failed"
            )
        elif self.wave.ramp_until is None:
            self.wave = hold_ramp(wave=self.wave, until=moment + self.hold, by=SYSTEM, now=moment)
        elif moment < self.wave.ramp_until:
            stop.wait(min(1.0, (self.wave.ramp_until - moment).total_seconds()))
        else:
            self.wave = move_wave(wave=self.wave, move="finish_ramp", by=SYSTEM, now=moment)
        return ""

    def _is_blocked(self) -> bool:
        """Rows wait, none is due later, none is in the air: their text is not released."""
        released = Skeleton.objects.filter(
            recall=self.wave.recall, channel=self.wave.channel, is_released=True
        )
        waiting = self._rows().filter(state__in=("queued", "ambiguous"), unclear__lt=2)
        ready = waiting.filter(skeleton__in=released).filter(
            Q(second=None) | Q(second__in=released)
        )
        return waiting.exists() and not ready.exists()

    def _pause(self, reason: str) -> None:
        with contextlib.suppress(Forbidden):
            self.wave = move_wave(
                wave=self.wave, move="pause", reason=reason, by=SYSTEM, now=this_moment()
            )

    def _rows(self) -> Any:
        return Message.objects.filter(
            recall=self.wave.recall, wave=self.wave.number, channel=self.wave.channel
        )

    # --- care --------------------------------------------------------------------------------

    def _keep_leases(self) -> None:
        age = time.monotonic() - self._renewed_at
        if not self._claimed or age < LEASE.total_seconds() / 3:
            if not self._claimed:
                self._renewed_at = time.monotonic()
            return
        held = renew_leases(worker=self.worker, by=SYSTEM, now=this_moment())
        self._renewed_at = time.monotonic()
        if held < len(self._claimed):
            # We slept so long that others took rows over: begin nothing more of this window.
            self._take_back("the lease had run out")

    def _ask_patience(self) -> None:
        has_delivered = self.progress.accepted > 0
        patience = self.carrier.retry_for if has_delivered else FIRST_PATIENCE
        if self.carrier.down_for > patience:
            raise Forbidden(
                "mail_server_down",
                f"The mail server cannot be reached: {self.carrier.trouble}.",
                hint="Nothing was lost. Run the same command again when it is back.",
            )
        self._report()

    def _watch(self, endings: Sequence[Ending]) -> None:
        """Count, and stop by ourselves when too much fails, unless it was launched without ramp."""
        for ending in endings:
            self.progress.accepted += ending.outcome == "accepted"
            self.progress.failed += ending.outcome == "permanent"
            self.progress.unclear += ending.outcome == "unknown"
        found = self.progress
        if self.wave.state != "sending" or self.wave.ramp_percent >= 100:
            return
        if is_going_wrong(found.accepted, found.failed) and found.accepted + found.failed >= 100:
            self._pause(f"{found.failed} of {found.accepted + found.failed} failed")

    def _report(self) -> None:
        if time.monotonic() - self._told_at > 0.5:
            self._told_at = time.monotonic()
            trouble = (self.carrier.trouble or "") if self.carrier.down_for else ""
            if trouble != self.progress.trouble:
                self.progress.trouble = trouble
                note_trouble(wave=self.wave, words=trouble, by=SYSTEM, now=this_moment())
            self.tell(self.progress)

    def _recover(self) -> int:
        """Settle what dead senders of this wave left behind."""
        moment, done = this_moment(), 0
        left = self._rows().filter(state="attempting").exclude(worker=self.worker)
        for row in left.values("worker").annotate(until=Max("leased_until")):
            other = read_worker(row["worker"])
            is_gone = self.alone or other is None or is_dead(other, self.me)
            if not is_gone and row["until"] is not None and row["until"] > moment:
                continue
            path = self.home / "flights" / (other.file_name if other else "none")
            record = read_flight(path) if other and other.host == self.me.host else None
            done += recover_attempts(
                wave=self.wave,
                dead=row["worker"],
                endings=record or {},
                is_complete=record is not None
                and other is not None
                and is_same_boot(other, self.me),
                retry_for=self._retry_for,
                by=SYSTEM,
                now=moment,
            )
            if record is not None:
                with contextlib.suppress(OSError):
                    path.unlink()
        return done

    def _put_down(self) -> None:
        """Leave nothing in the air: take back what has not begun, hear out what has, and settle."""
        self._take_back("the sender was stopped before this one began")
        until = time.monotonic() + DRAIN_WITHIN
        with contextlib.suppress(CannotCarry):
            while len(self._endings) < len(self._claimed) and time.monotonic() < until:
                self._endings += self.carrier.turn(0.25)
                self._take_back("the sender was stopped before this one began")
        settled = {ending.key for ending in self._endings}
        for key in self._claimed.keys() - settled:
            self._endings.append(Ended(key, "unknown", 0, "the sender was stopped"))
        self.carrier.close()
        if self._endings:
            head = self._settle(self._endings, this_moment())
            note_progress(self.home, *head)
            self._watch(self._endings)
            self._claimed.clear()
            self._endings = []
        self.flight.close()
        self._told_at = 0.0
        self._report()


def flight_for(home: Path, worker: Worker) -> Flight:
    """The record of one sender, in the home folder."""
    return Flight(home / "flights" / worker.file_name)
