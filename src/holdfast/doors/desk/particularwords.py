"""What a text tells besides hazards, in the reader’s language: parts, body parts, ages, harm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from holdfast.decision.intake.models import Complaint
from holdfast.kit.signals.taxonomy import taxonomy

PARTS = {
    "battery": gettext_lazy("battery"),
    "charger": gettext_lazy("charger"),
    "wire": gettext_lazy("wire or cable"),
    "cord": gettext_lazy("cord or hose"),
    "drive": gettext_lazy("motor, gear or blade"),
    "wheel": gettext_lazy("wheel"),
    "seat": gettext_lazy("seat"),
    "handle": gettext_lazy("handle or lever"),
    "frame": gettext_lazy("frame or pole"),
    "strap": gettext_lazy("strap or buckle"),
    "button": gettext_lazy("button or snap"),
    "eye": gettext_lazy("eye of a toy"),
    "magnet": gettext_lazy("magnet"),
    "screw": gettext_lazy("screw, bolt or pin"),
    "spring": gettext_lazy("spring or coil"),
    "lid": gettext_lazy("lid or cover"),
    "ball": gettext_lazy("ball or bead"),
    "pedal": gettext_lazy("pedal or brake"),
    "glass": gettext_lazy("glass"),
}
BODY = {
    "ear": gettext_lazy("ear"),
    "eye": gettext_lazy("eye"),
    "head": gettext_lazy("head"),
    "face": gettext_lazy("face or mouth"),
    "neck": gettext_lazy("neck or throat"),
    "hand": gettext_lazy("hand or finger"),
    "arm": gettext_lazy("arm"),
    "leg": gettext_lazy("leg or foot"),
    "trunk": gettext_lazy("trunk of the body"),
    "skin": gettext_lazy("skin"),
}
GOODS = {
    "food": gettext_lazy("food or drink"),
    "toy": gettext_lazy("toy"),
    "electrical": gettext_lazy("electrical goods"),
    "cosmetic": gettext_lazy("cosmetics"),
    "medicine": gettext_lazy("medicine"),
    "furniture": gettext_lazy("furniture"),
    "clothing": gettext_lazy("clothing or jewellery"),
    "vehicle": gettext_lazy("vehicle or ride-on"),
    "household": gettext_lazy("household goods"),
    "products": gettext_lazy("goods other than food"),
}
YEAR = 12  # months
IN_YEARS = 24  # months, from here on


def particular_rows(one: Complaint) -> list[dict[str, Any]]:
    """`{name, values}` of what was read, each value with the words that named it."""
    read = one.particulars or {}
    goods = [(GOODS.get(kind, kind), words) for kind, words in read.get("goods", {}).items()]
    of_food = {hazard.key for hazard in taxonomy().hazards if hazard.goods == "food"}
    if not goods and any(row.hazard in of_food for row in one.hazards.all()):
        goods = [(_("not known; the rules read it as if it might be food"), "")]
    rows = [
        (_("Kind of goods"), goods),
        (_("Part that failed"), [(PARTS.get(k, k), w) for k, w in read.get("parts", {}).items()]),
        (
            _("Part of the body"),
            [(BODY.get(k, k), w) for k, w in read.get("body_parts", {}).items()],
        ),
        (_("Age"), [(_age(months), "") for months in read.get("ages_in_months", [])]),
        (_("Harm"), [("", read["harm"])] if read.get("harm") else []),
    ]
    return [{"name": name, "values": values} for name, values in rows if values]


def named_most(complaints: Iterable[Complaint]) -> list[dict[str, Any]]:
    """How many of these name each part and part of the body, most first; a count, no test."""
    read = [one.particulars or {} for one in complaints]
    rows = [
        (
            _("Parts that failed"),
            PARTS,
            Counter(key for one in read for key in one.get("parts", ())),
        ),
        (
            _("Parts of the body"),
            BODY,
            Counter(key for one in read for key in one.get("body_parts", ())),
        ),
    ]
    return [
        {"name": name, "values": [(words.get(key, key), n) for key, n in told.most_common(4)]}
        for name, words, told in rows
        if told
    ]


def _age(months: int) -> str:
    if months >= IN_YEARS:
        years = months // YEAR
        return ngettext("%(n)s year", "%(n)s years", years) % {"n": years}
    return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
