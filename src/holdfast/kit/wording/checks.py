"""The checks of one text: banned words, outcome, length, and the elements a regime requires."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from holdfast.kit.wording.facts import Facts, facts_of
from holdfast.kit.wording.findings import Element, Finding
from holdfast.kit.wording.folding import Folded, fold
from holdfast.kit.wording.inline import sentence_for, struck_sentence
from holdfast.kit.wording.profile import Profile, RequiredElement
from holdfast.kit.wording.sentences import Sentence, sentences
from holdfast.kit.wording.source import Passage
from holdfast.kit.wording.tongue import Tongue

MAX_WORDS = 20
HAZARD_WITHIN = 20


@dataclass(frozen=True, slots=True)
class Read:
    """A passage prepared for the checks."""

    passage: Passage
    tongue: Tongue
    profile: Profile
    folded: Folded
    sentences: list[Sentence]
    facts: Facts


def prepare(passage: Passage, tongue: Tongue, profile: Profile) -> Read:
    """Fold, split and take the facts out of a passage, once."""
    return Read(
        passage,
        tongue,
        profile,
        fold(passage.text, latin=tongue.latin),
        sentences(passage.text, tongue),
        facts_of(passage.text, tongue.language),
    )


def finding_at(read: Read, rule: str, severity: str, start: int, end: int, **words: str) -> Finding:
    """A finding about `start..end` of the passage, with its line and column in the file."""
    line, column = read.passage.position(start)
    quoted = " ".join(read.passage.text[start:end].split())
    return Finding(
        rule=rule,
        severity=severity,
        text=quoted if len(quoted) <= 160 else quoted[:157] + "…",
        start=start,
        end=end,
        line=line,
        column=column,
        language=read.tongue.language,
        where=read.passage.where,
        why=words["why"],
        source=words["source"],
        suggestion=words["suggestion"],
        confidence=words.get("confidence", ""),
        inline=words.get("inline", ""),
    )


def hits(
    text: str, pattern: re.Pattern[str], harmless: re.Pattern[str] | None
) -> list[tuple[int, int]]:
    """Where a pattern stands in folded text, but for places where the words are harmless."""
    found = [match.span() for match in pattern.finditer(text)]
    if found and harmless is not None:
        spared = [match.span() for match in harmless.finditer(text)]
        found = [
            (start, end)
            for start, end in found
            if not any(start < stop and begin < end for begin, stop in spared)
        ]
    return found


def banned(read: Read) -> Iterator[Finding]:
    """Words that make the danger sound smaller."""
    for rule in read.tongue.banned:
        if rule.group in read.profile.allowed:
            continue
        law = read.profile.rule_for(rule.group).in_language(read.tongue.language)
        source = f"{law.citation} ({law.confidence}); {read.profile.own_rule}"
        for start, end in hits(read.folded.text, rule.pattern, rule.harmless):
            begin, stop = read.folded.span(start, end)
            quoted = " ".join(read.passage.text[begin:stop].split())
            yield finding_at(
                read,
                f"banned.{rule.id}",
                read.profile.severities["banned"],
                begin,
                stop,
                why=f"“{quoted}” lowers the danger in the reader's mind.",
                source=source,
                suggestion=rule.suggestion,
                confidence=law.confidence,
                inline=struck(read, begin, stop),
            )


def struck(read: Read, start: int, end: int) -> str:
    """The sentence the words stand in, the words marked as going."""
    inside = next((one for one in read.sentences if one.start <= start < one.end), None)
    if inside is None:
        return ""
    return struck_sentence(read.passage.text, inside.start, max(inside.end, end), start, end)


def outside_languages(read: Read) -> Iterator[Finding]:
    """A text in a language the regime does not name: fine beside the others, not instead."""
    named = read.profile.languages
    if named and read.tongue.language not in named:
        yield finding_at(
            read,
            "other_language",
            read.profile.severities["other_language"],
            0,
            0,
            why=f"{read.profile.name} asks for a text in {', '.join(named)}; this one is in "
            f"{read.tongue.language}.",
            source=f"{read.profile.law} ({read.profile.languages_confidence})",
            suggestion=f"Have one in {', '.join(named)} too.",
            confidence=read.profile.languages_confidence,
        )


def left_unchecked(read: Read) -> Iterator[Finding]:
    """What is no small thing to leave out: the regime's own rules, and the list of words."""
    if read.profile.wording == "unknown":
        yield finding_at(
            read,
            "not_checked.regime",
            read.profile.severities["not_checked"],
            0,
            0,
            why=f"What {read.profile.name} asks of a notice is not known to us; the house's own "
            "rules were applied.",
            source=f"{read.profile.law} (unknown)",
            suggestion="Have counsel say what the notice must contain, and record it.",
            confidence="unknown",
        )
    if "banned" not in read.tongue.parts:
        yield finding_at(
            read,
            "not_checked.banned",
            read.profile.severities["not_checked"],
            0,
            0,
            why="Words that make the danger sound smaller were not checked in this language "
            f"({read.tongue.name}).",
            source="Holdfast: what is not known is said",
            suggestion="Let somebody who speaks it read the text for such words.",
            confidence="unknown",
        )


def outcomes_of(read: Read) -> list[int]:
    """Places in the text, in order, where it says what can happen to a person."""
    spans = hits(read.folded.text, read.tongue.outcome, read.tongue.not_outcome)
    return [read.folded.span(start, end)[0] for start, end in spans]


def mechanism(read: Read, outcomes: list[int]) -> Iterator[Finding]:
    """A mechanism ("may overheat") needs an outcome in its own sentence or the next one."""
    for match in read.tongue.mechanism.finditer(read.folded.text):
        start, end = read.folded.span(*match.span())
        at = next((n for n, one in enumerate(read.sentences) if one.start <= start < one.end), None)
        if at is None:
            continue
        until = read.sentences[min(at + 1, len(read.sentences) - 1)].end
        if any(read.sentences[at].start <= place < until for place in outcomes):
            continue
        elsewhere = bool(outcomes)
        yield finding_at(
            read,
            "mechanism_without_outcome",
            "warn" if elsewhere else read.profile.severities["mechanism_without_outcome"],
            start,
            end,
            why="This says what happens in the product, not what can happen to a person."
            + (" The outcome stands too far away." if elsewhere else ""),
            source="Holdfast wording rule W5; London Fire Brigade guidance on recall notices",
            suggestion=read.tongue.outcome_suggestion,
        )


def hazard_first(read: Read, outcomes: list[int]) -> Iterator[Finding]:
    """What can happen stands within the first 20 words, the heading not counted."""
    if not outcomes or not read.sentences:
        return
    first = read.sentences[0]
    heading = first if _is_heading(read, first) else None
    begin = heading.end if heading and len(read.sentences) > 1 else first.start
    if outcomes[0] < begin:
        return
    count = len(re.findall(r"\w+", read.passage.text[begin : outcomes[0]]))
    if count < HAZARD_WITHIN:
        return
    yield finding_at(
        read,
        "hazard_late",
        read.profile.severities["hazard_late"],
        outcomes[0],
        min(len(read.passage.text), outcomes[0] + 20),
        why=f"What can happen to a person comes after {count} words; "
        f"it belongs in the first {HAZARD_WITHIN}.",
        source="Holdfast wording rule W5: people act when they understand the danger",
        suggestion="Begin with: stop using it, and what it can do to a person.",
    )


def _is_heading(read: Read, sentence: Sentence) -> bool:
    text = fold(read.passage.text[sentence.start : sentence.end], latin=read.tongue.latin).text
    word = read.tongue.elements.get("recall_word")
    return bool(
        (word is not None and word.search(text)) or read.tongue.heading_pattern.search(text)
    )


def long_sentences(read: Read) -> Iterator[Finding]:
    """Sentences above 20 words."""
    for number, one in enumerate(read.sentences, start=1):
        if one.words > MAX_WORDS:
            yield finding_at(
                read,
                "sentence_too_long",
                read.profile.severities["sentence_too_long"],
                one.start,
                one.end,
                why=f"Sentence {number} has {one.words} words; aim at {MAX_WORDS}.",
                source="Holdfast wording rule W8; GAO 1982: most letters were too hard to read",
                suggestion="Make two sentences of it.",
            )


def elements(read: Read, outcomes: list[int]) -> tuple[list[Element], list[Finding]]:
    """Each required element: there, missing, or not to be seen in this kind of file."""
    rows: list[Element] = []
    found: list[Finding] = []
    for wanted in read.profile.elements:
        present = _present(read, wanted.check, outcomes)
        rows.append(
            Element(
                wanted.id,
                wanted.label,
                present,
                wanted.severity,
                wanted.law,
                wanted.confidence,
            )
        )
        if present is not True:
            found.append(_missing(read, wanted, present))
    found.extend(_remedy_choice(read))
    return rows, found


def _missing(read: Read, wanted: RequiredElement, present: bool | None) -> Finding:
    what = wanted.label[0].lower() + wanted.label[1:]
    if present is None:
        severity = read.profile.severities["element_not_checkable"]
        why = f"A text file cannot show it: {what}. Check it in the page."
        if wanted.check != "picture":
            why = f"Not checked in this language ({read.tongue.name}): {what}. Read it yourself."
    elif wanted.check == "contact" and read.facts.mails:
        severity = "warn"
        why = "An e-mail address alone is neither a free phone number nor an interactive service."
    else:
        severity = wanted.severity
        why = f"Missing: {what}."
    return finding_at(
        read,
        f"element.{wanted.id}",
        severity,
        0,
        0,
        why=why,
        source=f"{wanted.law} ({wanted.confidence})",
        suggestion=_add(read, wanted),
        confidence=wanted.confidence,
        inline=sentence_for(wanted.check, read.tongue.language),
    )


def _add(read: Read, wanted: RequiredElement) -> str:
    if wanted.check == "heading":
        known = read.profile.headings.get(read.tongue.language)
        text = known.text if known and known.text else read.tongue.heading
        if not text:
            return "Take the exact heading from the law in this language."
        sure = "" if known and known.confidence == "verified" else " (unverified)"
        return f"Begin with “{text}”{sure}."
    if wanted.check == "outcome":
        return read.tongue.outcome_suggestion
    return "Show it on the page." if wanted.check == "picture" else "Say it in the text."


def _present(read: Read, check: str, outcomes: list[int]) -> bool | None:
    """Whether it is there; None where the file, or what we know of the language, cannot show."""
    text, patterns = read.folded.text, read.tongue.elements
    if check == "heading":
        return _has_heading(read)
    if check == "picture":
        if read.passage.has_picture is None:
            seen = patterns.get("picture")
            return True if seen is not None and seen.search(text) else None
        return read.passage.has_picture
    if check == "contact":
        return bool(read.facts.phones or read.facts.urls)
    if check == "date":
        return any(date.count("-") == 2 for date in read.facts.dates)
    if check in ("outcome", "reason"):
        if "outcome" not in read.tongue.parts:
            return None
        told = check == "reason" and bool(read.tongue.mechanism.search(text) or _said(read, check))
        return bool(outcomes) or told
    if check == "remedy":
        return bool(remedies(read)) if "remedy_refund" in patterns else None
    if check == "recall_heading":
        head = fold(_head(read), latin=read.tongue.latin).text
        word = patterns.get("recall_word")
        return bool(word.search(head)) if word is not None else None
    wanted = patterns.get(check)
    return bool(wanted.search(text)) if wanted is not None else None


def _said(read: Read, check: str) -> bool:
    wanted = read.tongue.elements.get(check)
    return wanted is not None and bool(wanted.search(read.folded.text))


def _has_heading(read: Read) -> bool | None:
    top = read.folded.text[:2000]
    if "heading" in read.tongue.parts:
        return bool(read.tongue.heading_pattern.search(top))
    known = read.profile.headings.get(read.tongue.language)
    if known is None or not known.text:
        return None
    return fold(known.text, latin=read.tongue.latin).text in top


def _head(read: Read) -> str:
    for one in read.sentences[:1]:
        return read.passage.text[one.start : one.end]
    return ""


def remedies(read: Read) -> list[str]:
    """Which remedies the text offers."""
    kinds = ("refund", "replacement", "repair")
    return [kind for kind in kinds if _said(read, f"remedy_{kind}")]


def _remedy_choice(read: Read) -> Iterator[Finding]:
    offered = remedies(read)
    if offered and len(offered) < read.profile.minimum_remedies:
        yield finding_at(
            read,
            "remedy_choice",
            read.profile.severities["remedy_choice"],
            0,
            0,
            why=f"Only one remedy is offered ({offered[0]}); the law asks for a choice of two.",
            source="Regulation (EU) 2023/988, Art. 37 (verified): one only if others are "
            "impossible or disproportionate",
            confidence="verified",
            suggestion="Offer a second remedy, or record why there can be only one.",
        )
