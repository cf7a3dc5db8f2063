"""What a consumer page tells: the approved words of the notice, or the least that must be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from holdfast.decision.recalls.models import Recall
from holdfast.doors.portal.speech import SPOKEN, Speech
from holdfast.kit.wording.library import library
from holdfast.response.notices.models import NoticeText

# Products that hold cells: they go to a collection point and never into the post.
BATTERY_OUTCOMES = frozenset({"fire", "explosion", "burn"})
ACTIONS = {
    "fire": ("action.unplug", "action.outside", "action.answer"),
    "explosion": ("action.unplug", "action.outside", "action.answer"),
    "burn": ("action.switch_off", "action.keep_from_children", "action.answer"),
    "electric_shock": ("action.switch_off", "action.keep_from_children", "action.answer"),
    "poisoning": ("action.do_not_eat", "action.see_doctor", "action.answer"),
    "infection": ("action.do_not_eat", "action.see_doctor", "action.answer"),
    "allergic_reaction": ("action.do_not_eat", "action.see_doctor", "action.answer"),
    "drowning": ("action.do_not_enter_water", "action.keep_from_children", "action.answer"),
    "fall": ("action.do_not_climb", "action.keep_from_children", "action.answer"),
}
OTHERWISE = ("action.keep_from_children", "action.do_not_give", "action.answer")


@dataclass(frozen=True)
class Told:
    """The notice as one page shows it, all in one language."""

    title: str
    stop: str
    hazard: str
    hazard_label: str
    is_fire: bool
    steps: Sequence[str]
    sold: str
    more: str
    sorry: str
    model: str
    lot: str
    ended: str
    is_approved: bool

    @property
    def lot_plain(self) -> str:
        return self.lot


def told(recall: Recall, speech: Speech) -> Told:
    """The approved text in this language, else in English, else title, danger and "stop"."""
    text = _approved(recall, speech.language)
    words: dict[str, Any] = text.content if text else {}
    least = _least(recall, speech.language)
    hazard = str(words.get("hazard") or least["hazard"])
    stop = str(words.get("stop") or least["stop"])
    lots = [lot.strip() for lot in recall.lot.split(",") if lot.strip()]
    closed = recall.closed_at if recall.state == "closed" else None
    return Told(
        title=str(words.get("headline") or words.get("title") or least["title"]),
        stop=stop,
        hazard=hazard,
        hazard_label=f"{speech.say('warning')}: {hazard or recall.outcome}",
        is_fire=recall.outcome in ("fire", "burn", "explosion"),
        steps=[str(step) for step in words.get("actions") or words.get("do") or least["steps"]],
        sold=str(words.get("sold") or ""),
        more=str(words.get("cannot_do_without") or words.get("more") or ""),
        sorry=str(words.get("apology") or words.get("sorry") or speech.say("sorry")),
        model=recall.product_code or recall.title,
        lot=lots[0] if len(lots) == 1 else "",
        ended=speech.day(closed.date(), with_year=True) if closed else "",
        is_approved=text is not None,
    )


def _least(recall: Recall, language: str) -> dict[str, Any]:
    """What the phrase library can always say: the product, the danger, stop, what to do."""
    phrases = library(language)
    product = recall.title.partition(", lot")[0]
    title = (
        phrases.say("heading.lot", product=product, lot=recall.lot)
        if recall.lot
        else phrases.say("heading.all", product=product)
    )
    key = f"hazard.{recall.outcome}"
    hazard = (
        phrases.say(key)
        if key in phrases and recall.outcome != "other"
        else phrases.say("hazard.other", outcome=recall.outcome_words)
    )
    return {
        "title": title,
        "hazard": hazard,
        "stop": phrases.say("stop"),
        "steps": [phrases.say(step) for step in ACTIONS.get(recall.outcome, OTHERWISE)],
    }


def is_battery(recall: Recall) -> bool:
    """Whether it must be kept away from bins and parcels."""
    return recall.outcome in BATTERY_OUTCOMES


def _approved(recall: Recall, language: str) -> NoticeText | None:
    texts = NoticeText.objects.filter(notice__recall=recall, state="approved")
    return (
        texts.filter(language=language).order_by("-notice__version").first()
        or texts.filter(language="en").order_by("-notice__version").first()
        or texts.order_by("-notice__version", "language").first()
    )


def languages_of(recall: Recall | None) -> list[str]:
    """Languages a reader may choose: those with an approved text, or all we can speak."""
    if recall is None:
        return list(SPOKEN)
    approved = set(
        NoticeText.objects.filter(notice__recall=recall, state="approved").values_list(
            "language", flat=True
        )
    )
    found = [code for code in SPOKEN if code in approved]
    return found or list(SPOKEN)
