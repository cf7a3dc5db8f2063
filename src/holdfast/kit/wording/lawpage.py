"""docs/notice-law.md, written from the data: per regime what is known, from where, how surely.

`python -m holdfast.kit.wording.lawpage > docs/notice-law.md` writes it anew.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from holdfast.kit.wording.profile import Profile, profile, regimes
from holdfast.kit.wording.tongue import PARTS, languages, tongue

_INTRO = """\
# The law of notices

What a recall notice must say and must not say, by regime, as `holdfast notice lint` knows it. This
page is written from the data (`src/holdfast/kit/wording/profiles`), and a test holds it to them. It
is not legal advice.

How sure a line is: **verified** — the text that states it was read; **recalled** — general
knowledge, a second-hand summary, or read in part; **unknown** — not found; **house** — a rule of
this project, no law. A confidence is raised only with the text that states it, named as a source.

Where a law is unknown the linter applies the house's rules, says so in a warning, and lists what it
did not check. A profile that was read against its sources more than twelve months ago shows a
banner. To add a regime: give it a file of its own, as `nz_fta.toml`, and take it out of
`unknown.toml`; the id is the one the law is kept under.

Some rules contradict each other. A US notice has to say how many people were hurt, also when nobody
was; an EU notice must not say that nobody was. Such a recall has a text for each, with an approval
of its own, and everybody is told in the text of the law of their country: the table below names the
countries. Where the recall's own law holds in a country, or no other is known there, it is the own
one. Laws whose texts are the same word for word, and lack the same numbers, share one text, which
is checked under each of them. Who has no approved text under their law waits. A law whose counts
nobody has given yet has no text of its own: its people are told in the recall's own, the counts are
asked for, and a number nobody gave is never taken for 0.
"""


def page() -> str:
    """The whole page as Markdown."""
    found = [profile(one) for one in regimes()]
    parts = [_INTRO, _overview(found), _languages()]
    parts += [_one(law) for law in found if law.wording != "unknown"]
    parts.append("## Regimes whose rules are unknown\n")
    parts += [_one(law, level=3) for law in found if law.wording == "unknown"]
    return "\n".join(parts).rstrip() + "\n"


def _overview(found: list[Profile]) -> str:
    rows = [
        "## At a glance\n",
        "| regime | countries | rules | law | languages | read on |",
        "|---|---|---|---|---|---|",
    ]
    for law in found:
        said = f"{', '.join(law.languages)} ({law.languages_confidence})" if law.languages else "—"
        lands = ", ".join(law.countries) or "—"
        rows.append(f"| `{law.id}` | {lands} | {law.wording} | {law.law} | {said} | {law.as_of} |")
    return "\n".join(rows) + "\n"


def _languages() -> str:
    rows = [
        "## Languages\n",
        "What the linter has words for. In any other language it checks what needs no words "
        "(contacts, dates, the picture, numbers) and says that the rest was not checked.\n",
        "| language | checked | not checked | reviewed by |",
        "|---|---|---|---|",
    ]
    for code in languages():
        known = tongue(code)
        there = ", ".join(part for part in PARTS if part in known.parts)
        lacking = ", ".join(part for part in PARTS if part not in known.parts) or "—"
        rows.append(f"| {code} | {there} | {lacking} | {known.reviewer or known.status} |")
    return "\n".join(rows) + "\n"


def _one(law: Profile, level: int = 2) -> str:
    lines = [
        f"{'#' * level} `{law.id}`: {law.name}\n",
        f"{law.authority}. {law.law} ({law.confidence}). Rules: {law.wording}. "
        f"Read on {law.as_of}, reviewed by {law.reviewer or 'nobody yet'}.\n",
        *_elements(law),
        *_banned(law),
        *_headings(law),
        *(f"- Not checked: {one.what} ({one.confidence}). {one.why}" for one in law.unchecked),
    ]
    if law.sources:
        lines.append("\nSources: " + " · ".join(law.sources))
    return "\n".join(lines) + "\n"


def _elements(law: Profile) -> Iterator[str]:
    if law.wording == "unknown":
        yield "Required elements: unknown; the house's own are looked for.\n"
        return
    yield "| element | if it is missing | law | confidence |"
    yield "|---|---|---|---|"
    for one in law.elements:
        yield f"| {one.label} | {one.severity} | {one.law} | {one.confidence} |"
    yield ""


def _banned(law: Profile) -> Iterator[str]:
    by_rule: dict[str, list[str]] = {}
    for group, rule in law.banned.items():
        read = f"; read in {', '.join(rule.read_in)}" if rule.read_in else ""
        by_rule.setdefault(f"{rule.citation} ({rule.confidence}{read})", []).append(group)
    severity = law.severities["banned"]
    for rule_words, groups in by_rule.items():
        names = ", ".join("all others" if group == "*" else group for group in groups)
        yield f"- Words that make the danger smaller ({names}), {severity}: {rule_words}."
    if law.allowed:
        yield f"- Allowed here: {', '.join(sorted(law.allowed))}."


def _headings(law: Profile) -> Iterator[str]:
    if not law.headings:
        return
    yield "\n| language | exact heading | confidence | source |"
    yield "|---|---|---|---|"
    for code, one in sorted(law.headings.items()):
        yield f"| {code} | {one.text or 'unverified'} | {one.confidence} | {one.source} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(page())
