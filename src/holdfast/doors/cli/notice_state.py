"""What `recall notice` answers: every text, how it stands under its laws, who waits for one."""

from __future__ import annotations

import argparse
from typing import Any

from holdfast.doors.cli.answer import Answer


def how_it_stands(
    recall: Any, options: argparse.Namespace, refused: list[dict[str, object]]
) -> Answer:
    """All texts of the newest notice; `refused` are those that could not be approved."""
    from holdfast.ground.access.queries import is_own_name
    from holdfast.kit.wording.library import library
    from holdfast.response.notices.queries import (
        approved_texts,
        by_law,
        checked,
        coverage,
        current_notice,
        is_approved,
        text_laws,
    )

    notice = current_notice(recall)
    if notice is None:
        hint = f"{recall.ref} has no notice yet. Next: holdfast recall notice {recall.ref} --draft"
        return Answer({"recall": recall.ref, "version": None, "texts": []}, hint)
    rows: list[dict[str, object]] = []
    lines = [f"{recall.ref}, notice v{notice.version}"]
    texts = list(notice.texts.select_related("notice__recall").order_by("language", "law"))
    laws = text_laws(recall)
    people = coverage(recall, by_law([*approved_texts(recall).values(), *texts]), laws)
    for text in texts:
        found = checked(text)
        row: dict[str, object] = {
            "text": text.name,
            "language": text.language,
            "regime": text.law or laws.own,
            "regimes": list(laws.served_by(text.law)),
            "state": text.state,
            "approved": is_approved(text),
            "sha256": text.sha256,
            "people": people.people.get(text.name, 0),
            "library": library(text.language).status,
            "elements": len(found.elements),
            "elements_present": found.present,
            "missing": list(found.missing),
            "block": len(found.blocking),
            "warn": found.report.count("warn"),
        }
        if options.show and options.show.lower() == text.name:
            shown = _shown_under(text, options.regime)
            row |= shown
            words: Any = shown["words"]
            lines += [f"  {name}: {value}" for name, value in words.items()]
        rows.append(row)
        lines.append(
            f"  {text.name:3} {text.state:10} {row['people']:>6} people, "
            f"{found.present} of {len(found.elements)} elements, {len(found.blocking)} block"
        )
    uncovered, waiting = dict(people.uncovered), dict(people.waiting)
    asked = laws.counts_asked()
    for law, counts in asked.items():
        lines.append(f"  {law} asks for {', '.join(counts)}; until then its people get {laws.own}")
    if waiting:
        lines.append(f"  no text under their law: {people.waiting.total()} people {waiting}")
    if uncovered:
        lines.append(f"  read another language: {people.not_covered} people {uncovered}")
    lines += [f"  not approved: {one['message']}" for one in refused]
    speaks = str(notice.facts.get("shop", ""))
    if not is_own_name(speaks):
        lines.append(f"  “{speaks}” speaks, a name no owner knows: --draft --shop NAME says who")
    data = {
        "recall": recall.ref,
        "version": notice.version,
        "photo": notice.facts.get("picture", ""),
        "regimes": list(laws.laws),
        "texts": rows,
        "approved": sorted(str(row["text"]) for row in rows if row["approved"]),
        "people_waiting": waiting,
        "counts_asked": {law: list(counts) for law, counts in asked.items()},
        "people_uncovered": uncovered,
        "refused": refused,
    }
    return Answer(data, "\n".join(lines), 1 if refused else 0)


def _shown_under(text: Any, regime: str | None) -> dict[str, object]:
    """The words of a text as they are, or as another law wants them, with what that law says."""
    from holdfast.response.notices.queries import content_of
    from holdfast.response.notices.rules import check, for_regime

    if not regime:
        return {"words": text.content}
    content = for_regime(content_of(text), regime)
    found = check(content, has_picture=bool(content.facts.picture))
    return {
        "words": dict(content.words),
        "regime": content.facts.regime,
        "regime_findings": found.report.as_json(),
        "is_sent": False,
    }
