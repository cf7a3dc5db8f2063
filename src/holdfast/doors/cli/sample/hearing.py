"""What customers of Lumen & Vale told of other products: one alarm waits, one is investigated."""

from __future__ import annotations

from datetime import timedelta

from holdfast.decision.intake.actions import take_in_all, take_in_complaint
from holdfast.decision.intake.rules.told import Told
from holdfast.decision.investigations.actions import (
    finish_task,
    open_investigation,
    record_finding,
    score_product,
)
from holdfast.decision.investigations.models import Alarm
from holdfast.doors.cli.sample.company import Days
from holdfast.kit.actors import Actor

# days ago, product, lot, channel, kind, text
NIGHT_LIGHT = (
    (24, "N33", "form", "complaint",
     "The night light gets very hot after an hour. The plastic around the plug has melted."),
    (20, "N33", "email", "complaint",
     "Das Nachtlicht wurde sehr heiß und roch verschmort, das Gehäuse ist geschmolzen."),
    (17, "", "portal", "complaint",
     "It smelled of burning plastic in our daughter's room. There is a scorched mark on the wall."),
    (13, "N33", "form", "return",
     "Returned: overheating. The bottom is melted and brown, I do not dare to use it again."),
    (10, "N32", "portal", "review",
     "One star. After three months it started smoking in the socket. Be careful."),
    (8, "N33", "email", "complaint",
     "Smoke came out of the night light at two in the morning. We unplugged it, nobody was hurt."),
    (5, "N33", "form", "injury",
     "My son touched the light and burned his finger, a blister. We put it under cold water."),
    (3, "N33", "portal", "complaint",
     "There was a spark and then the socket was hot, the night light had melted on one side."),
)  # fmt: skip
TORCH = (
    (96, "T07", "form", "complaint",
     "The batteries inside the torch are leaking and I got a rash from the fluid on my hands."),
    (91, "T07", "email", "complaint",
     "The battery of the torch leaked. The fluid burned the skin of my thumb a little."),
    (88, "T07", "form", "return",
     "Returned. A leaking battery, the acid got on my skin and it itched all day."),
    (84, "", "portal", "complaint",
     "Nach zwei Wochen ist die Batterie ausgelaufen, die Haut an der Hand war gerötet."),
    (80, "T07", "portal", "complaint",
     "Battery leaking again, my wife has a skin irritation on two fingers since then."),
)  # fmt: skip
OTHERS = (
    ("UC-3", "review", "The cable is shorter than I thought. Works well otherwise."),
    ("UC-3", "complaint", "The plug does not sit tight in my phone any more after a month."),
    ("UC-3", "return", "Wrong colour, I ordered the black one."),
    ("UC-3", "complaint", "Parcel arrived a week late and the box was dented."),
    ("UC-3", "review", "Charges slowly. For that price I had expected more."),
    ("DL-3", "complaint", "The lamp flickers when it is dimmed. Can you send another one?"),
    ("DL-2", "complaint", "The switch of the desk lamp is loose. Is there a spare part?"),
    ("DL-2", "review", "Nice light, but the arm sinks down by itself."),
    ("VL-20K", "complaint", "The display shows 100 % and then nothing. Please refund."),
    ("VL-20K", "review", "Heavy, but it lasts for a whole weekend."),
    ("VL-20K", "return", "Bought twice by mistake, still sealed."),
    ("NL-1", "review", "Lovely warm light, our little one sleeps much better."),
    ("NL-1", "complaint", "The sensor does not react when it gets dark."),
    ("NL-1", "review", "Too bright for us, otherwise fine."),
    ("TR-5", "review", "Bright and small. The strap could be longer."),
    ("TR-5", "complaint", "The button sticks after it fell into the sand."),
    ("TR-5", "complaint", "Lens came scratched out of the box."),
    ("TR-5", "chargeback", "Bank asks for the money back, parcel not received."),
    ("UC-3", "complaint", "One of the two cables in the pack does not work at all."),
    ("DL-2", "return", "Does not go with our furniture."),
)  # fmt: skip


def hear(*, by: Actor, days: Days) -> None:
    """Take it all in on its days; the torch is looked into, the night light waits to be read."""
    quiet = [
        Told(
            text=text, kind=kind, channel="form", product=product,
            received_at=days.ago(97 - 4.5 * number), source_id=f"LV-K{number:03d}",
        )
        for number, (product, kind, text) in enumerate(OTHERS)
    ]  # fmt: skip
    take_in_all(tolds=quiet, by=by, now=days.ago(1))
    alarm = _tell(TORCH, "TR-5", by, days)
    if alarm is not None:
        _look_into(alarm, by, days)
    _tell(NIGHT_LIGHT, "NL-1", by, days)


def _tell(
    rows: tuple[tuple[int, str, str, str, str], ...], product: str, by: Actor, days: Days
) -> Alarm | None:
    last = None
    for number, (ago, lot, channel, kind, text) in enumerate(rows):
        at = days.ago(ago, 8 + number)
        told = Told(
            text=text, product=product, lot=lot, channel=channel, kind=kind, received_at=at,
            email=f"{product.lower()}{number}@example.org",
        )  # fmt: skip
        complaint = take_in_complaint(told=told, by=by, now=at)
        if kind != "review":
            last = (complaint, at)
    if last is None:
        return None
    complaint, at = last
    score_product(complaint=complaint, by=by, now=at + timedelta(minutes=1))
    return Alarm.objects.filter(product=complaint.product, state="open").order_by("-score").first()


def _look_into(alarm: Alarm, by: Actor, days: Days) -> None:
    found = open_investigation(alarm=alarm, by=by, now=days.ago(78, 14))
    for task, note in zip(
        found.tasks.order_by("pk")[:2],
        ("Five read; all of them about the battery.", "Brown crust on the contact of two of four."),
        strict=False,
    ):
        finish_task(task=task, note=note, by=by, now=days.ago(71, 11))
    record_finding(
        investigation=found,
        words="Two of four returned torches have cells that leak at the negative pole.",
        bearing="for",
        by=by,
        now=days.ago(70, 10),
    )
