"""A complete notice in one language from the facts, of library sentences only."""

from __future__ import annotations

from datetime import date
from typing import Any

from holdfast.kit.renderings.content import NoticeFacts
from holdfast.kit.renderings.laws import lines_given
from holdfast.kit.wording.library import Library, country_name, day_in_words, library

LITHIUM_WORDS = (
    "power bank",
    "powerbank",
    "battery",
    "akku",
    "lithium",
    "batterie",
    "bateria",
    "scooter",
    "e-bike",
)
# What to do, by what can happen. The first line makes it safe now; the last asks for the answer.
ACTIONS: dict[str, tuple[str, ...]] = {
    "fire": ("unplug", "outside", "answer"),
    "burn": ("switch_off", "keep_from_children", "answer"),
    "explosion": ("unplug", "outside", "answer"),
    "electric_shock": ("switch_off", "keep_from_children", "answer"),
    "choking": ("keep_from_children", "do_not_give", "answer"),
    "strangulation": ("keep_from_children", "take_apart", "answer"),
    "suffocation": ("keep_from_children", "do_not_give", "answer"),
    "drowning": ("do_not_enter_water", "do_not_give", "answer"),
    "cut": ("keep_from_children", "do_not_give", "answer"),
    "crushing": ("keep_from_children", "do_not_give", "answer"),
    "fall": ("do_not_climb", "keep_from_children", "answer"),
    "poisoning": ("do_not_eat", "see_doctor", "answer"),
    "infection": ("do_not_eat", "see_doctor", "answer"),
    "allergic_reaction": ("do_not_eat", "see_doctor", "answer"),
    "hearing_damage": ("keep_from_children", "do_not_give", "answer"),
    "eye_damage": ("keep_from_children", "do_not_give", "answer"),
    "other": ("keep_from_children", "do_not_give", "answer"),
}
HAZARDS = tuple(ACTIONS)
FOOD = "food"


def is_lithium(facts: NoticeFacts) -> bool:
    """Whether it may hold lithium cells, which nobody may post or bin: said so, or by its name."""
    name = facts.product.casefold()
    return facts.kind == "lithium" or any(word in name for word in LITHIUM_WORDS)


def draft(facts: NoticeFacts, language: str) -> dict[str, Any]:
    """The words of a notice; personal slots ({order}, {month}, {name}) stay open in `bought`."""
    words = library(language)
    hazard = facts.hazard if f"hazard.{facts.hazard}" in words else "other"
    return {
        "subject": _named(words, "subject", facts),
        "headline": _named(words, "heading", facts),
        "stop": words.say("stop"),
        "hazard": words.say(f"hazard.{hazard}", outcome=_outcome(facts)),
        "actions": [words.say(f"action.{key}") for key in ACTIONS[hazard]],
        "remedy": remedy_sentence(words, facts.remedies),
        "bought": words.say("bought"),
        "bought_items": words.say("bought.items"),
        "answer": words.say("answer"),
        "gone": words.say("gone"),
        "identify": identify_sentences(words, facts),
        "picture": _picture(words, facts),
        "disposal": words.say(_disposal(facts, hazard)),
        "sold": _sold(words, facts, language),
        "particulars": particulars(words, facts, language),
        "real_title": words.say("real.title"),
        "real": words.say("real.phone" if facts.phone else "real", url=short_address(facts.url)),
        "contact_title": words.say("contact.title"),
        "contact": _contact(words, facts),
        "hurt": words.say("hurt"),
        "share": words.say("share"),
        "apology": words.say("apology"),
        "card": card(words, facts.remedies),
    }


def _named(words: Library, kind: str, facts: NoticeFacts) -> str:
    if not facts.lots:
        return words.say(f"{kind}.all", product=facts.product)
    key = f"{kind}.lots" if len(facts.lots) > 1 and f"{kind}.lots" in words else f"{kind}.lot"
    return words.say(key, product=facts.product, lot=facts.lots)


def _outcome(facts: NoticeFacts) -> str:
    outcome = facts.outcome_words.strip()
    return outcome if not outcome or outcome[-1] in ".!?" else f"{outcome}."


def remedy_sentence(words: Library, remedies: tuple[str, ...]) -> str:
    """What a person can choose from; whole sentences, no joining of halves."""
    named = [words.say(f"remedy.{one}") for one in remedies[:3] if f"remedy.{one}" in words]
    if not named:
        return ""
    slots = dict(zip(("first", "second", "third"), named, strict=False))
    said = words.say(("remedy.one", "remedy.two", "remedy.three")[len(named) - 1], **slots)
    return f"{said} {words.say('remedy.free')}"


def identify_sentences(words: Library, facts: NoticeFacts) -> str:
    """Which units are affected: by lot, ship dates and country, as the scope is bounded."""
    said = [words.say("identify", lot=facts.lots)] if facts.lots else []
    first, last = facts.shipped_days()
    if first or last:
        key = _bound(first, last)
        days = {
            name: day_in_words(day, words.language)
            for name, day in (("from", first), ("to", last))
            if day is not None
        }
        said.append(words.say(f"identify.lot.{key}" if facts.lots else f"identify.{key}", **days))
        said.append(words.say("identify.unsure"))
    if facts.markets:
        lands = tuple(country_name(code, words.language) for code in facts.markets)
        said.append(words.say("identify.covers" if said else "identify.markets", markets=lands))
    return " ".join(said) or words.say("identify.all")


def _bound(first: date | None, last: date | None) -> str:
    if first is None:
        return "until"
    if last is None:
        return "since"
    return "day" if first == last else "dates"


def _picture(words: Library, facts: NoticeFacts) -> str:
    if not facts.lots:
        return ""
    return words.say("picture", product=facts.product_code or facts.product, lot=facts.lots)


def _disposal(facts: NoticeFacts, hazard: str) -> str:
    if hazard in ("fire", "explosion", "burn") and is_lithium(facts):
        return "disposal.lithium"
    if hazard in ("poisoning", "infection", "allergic_reaction") and facts.kind == FOOD:
        return "disposal.food"
    return "disposal.after"


def _sold(words: Library, facts: NoticeFacts, language: str) -> str:
    first, last = facts.sold_days()
    if first is None or last is None:
        return words.say("sold.by", shop=facts.shop)
    days = {"from": day_in_words(first, language), "to": day_in_words(last, language)}
    return words.say("sold.between", shop=facts.shop, **days)


def particulars(words: Library, facts: NoticeFacts, language: str) -> list[str]:
    """What the regime of the facts asks beyond the rest, and only that: counts, price, dates.

    Where one law demands the number of people hurt and another forbids to say that there is none,
    these lines are what tells the two texts apart. A fact nobody has given makes no line.
    """
    slots: dict[str, dict[str, str | tuple[str, ...]]] = {
        "date": {"date": _in_words(facts.noticed_on, language)},
        "units": {"units": facts.units},
        "price": {"price": facts.price},
        "made": {
            "from": _in_words(facts.made_from, language),
            "to": _in_words(facts.made_to, language),
        },
        "manufacturer": {"maker": facts.maker},
        "retailer": {"retailers": facts.retailers or (facts.shop,)},
        "incidents": {
            "incidents": facts.incidents,
            "injuries": facts.injuries,
            "deaths": facts.deaths,
        },
    }
    return [words.say(f"particulars.{one}", **slots[one]) for one in lines_given(facts)]


def _in_words(day: str, language: str) -> str:
    return day_in_words(date.fromisoformat(day), language) if day else ""


def _contact(words: Library, facts: NoticeFacts) -> list[str]:
    ways = (
        ("contact.phone", "phone", facts.phone),
        ("contact.email", "email", facts.email),
        ("contact.url", "url", short_address(facts.url)),
    )
    return [words.say(key, **{slot: value}) for key, slot, value in ways if value]


def card(words: Library, remedies: tuple[str, ...]) -> list[str]:
    """The lines of the answer card: the remedies, then "no longer have it", then "hurt"."""
    keys = [f"card.{one}" for one in remedies if f"card.{one}" in words][:3]
    keys += ["card.thrown", "card.given", "card.never", "card.hurt"]
    return [words.say(key) for key in keys]


def short_address(url: str) -> str:
    """An address as people type it: without scheme and closing slash."""
    return url.removeprefix("https://").removeprefix("http://").rstrip("/")
