"""How old somebody is, read out of a text in four languages."""

from __future__ import annotations

import re

_NUMBERS = {
    word: number
    for words in (
        "one two three four five six seven eight nine ten eleven twelve",
        "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        "un deux trois quatre cinq six sept huit neuf dix onze douze",
        "un dos tres cuatro cinco seis siete ocho nueve diez once doce",
    )
    for number, word in enumerate(words.split(), 1)
}
_WRITTEN = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_COUNT = rf"(?<![.\d])\b(?=[\dacdefhnoqstuvz])(?P<count>\d{{1,3}}|{_WRITTEN})"
_HALF = r"(?:\s?(?P<half>1/2|½|and a half))?[\s-]{0,2}"
_MONTHS, _YEARS = (
    r"months?|mos?\b|monate?n?|mois\b|mes(?:es)?\b",
    r"years?|yrs?|jahre?n?|ans?\b|años?",
)
_UNIT = rf"(?:(?P<months>{_MONTHS})|{_YEARS})"
_AGED = r"(?:aged?|alter|âgée?s? de|de|avait|il a|elle a|tiene|tenía)"
_CHILD = (
    r"(?:(?:grand)?(?:sons?|daughters?|child)|children|kids?|boys?|girls?|baby|babies|toddlers?|"
    r"nephews?|nieces?|infants?|twins?)\b"
)
_AGES = tuple(
    re.compile(written)
    for written in (
        rf"{_COUNT}\s(?:{_YEARS})\s(?:and\s)?(?P<more>\d{{1,2}})\smonths?(?:\sold)?\b",
        # 3 years old, 9-month-old, zwei Jahre alt, siebenjährig, 4 años de edad
        rf"{_COUNT}{_HALF}{_UNIT}[\s-]{{0,2}}(?:olds?|alte?[nrs]?|de edad)\b",
        rf"{_COUNT}\s?-?jährige?[nrs]?\b",
        rf"{_COUNT}\s?(?:y/?o\b|y\.o\.)",
        # my 14 month daughter
        rf"{_COUNT}{_HALF}{_UNIT}\s(?:\w+\s)?{_CHILD}",
        # aged 5 months, âgé de 3 ans, tiene 2 años
        rf"\b{_AGED}\s(?:of\s)?{_COUNT}\s{_UNIT}\b",
        # my son (then 4), a daughter who’s 7, his 3rd birthday, her baby is 19 months
        rf"{_CHILD}\s\(?(?:then|aged?|ages|whos|who is)\s?(?P<count>\d{{1,2}})\b"
        r"(?!\s?(?:\+|and (?:up|over)|mo|-))",
        rf"{_CHILD}\s\((?P<count>\d{{1,2}})\)",
        rf"(?:his|her|my|{_CHILD})\s(?P<count>\d{{1,2}})(?:st|nd|rd|th)\sbirthday",
        rf"(?:\b(?:he|she|care)|{_CHILD})\s(?:is|was|turned)\s(?:\w+\s)?{_COUNT}\s{_UNIT}\b"
        r"(?! (?:ago|later|before|old))",
    )
)
_NOT_OF_A_PERSON = re.compile(
    r"recommend|manufacturer|label(?:l?ed)?|\bbox\b|packag|for ages|garant|warrant|advertis"
    r"|\brated\b|suggested|minimum"
)
_SIGN = re.compile(  # where an age may stand; the patterns above are tried only around it
    r"(?<![a-z])(?:years?|yrs?|months?|mos?|y/?o|y\.o|monat|jahr|mois|ans?|años?|mes|meses)"
    r"|\b(?:then|aged?|ages|whos|who is) ?\d|\(\d{1,2}\)|birthday|jährig"
)
_SOME_NUMBER = re.compile(rf"\d|{_WRITTEN}")
_SENTENCE = re.compile(r"[.!?;]\s")
_BEFORE, _AFTER = 60, 30  # characters around it that are looked at


def ages_in_months(plain: str) -> tuple[int, ...]:
    """Ages told in a text in lower case, in months, each once; a maker's recommendation is none."""
    found: dict[int, int] = {}  # place of the number: months
    read: list[tuple[int, int]] = []
    for sign in _SIGN.finditer(plain):
        first = max(0, sign.start() - _BEFORE)
        part = plain[first : sign.end() + _AFTER]
        if not _SOME_NUMBER.search(part):
            continue
        for pattern in _AGES:
            for one in pattern.finditer(part):
                span = (first + one.start("count"), first + one.end())
                before = _SENTENCE.split(plain[max(0, span[0] - _BEFORE) : span[0]])[-1]
                if _NOT_OF_A_PERSON.search(before) or any(
                    a < span[1] and span[0] < b for a, b in read
                ):
                    continue
                read.append(span)
                found[span[0]] = _months(one.groupdict())
    return tuple(dict.fromkeys(found[at] for at in sorted(found)))


def _months(told: dict[str, str | None]) -> int:
    count = told["count"] or ""
    number = int(count) if count.isdigit() else _NUMBERS[count]
    if told.get("months"):
        return number
    return 12 * number + (6 if told.get("half") else 0) + int(told.get("more") or 0)
