"""The launch check: each gate as it stands now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from holdfast.decision.recalls.models import Recall
from holdfast.decision.recalls.queries import confirmed_scope
from holdfast.ground.outbox.carriers import way_out
from holdfast.ground.outbox.models import Skeleton
from holdfast.ground.outbox.queries import why_not_to_send
from holdfast.kit.wording.laws import text_name
from holdfast.response.outreach.models import GateCheck
from holdfast.response.outreach.queries.looking import Probe, links_gate, page_gate
from holdfast.response.outreach.queries.people import Reach, reach, released_texts
from holdfast.response.outreach.rules import DOWN, EMAIL, GATES, Gate, trial_code

PASSED = ("green", "waived")
NOT_LOOKED_AT = "not looked at yet"


def look_at_gates(
    recall: Recall,
    *,
    wave: int,
    home: Path,
    key: bytes,
    public_url: str,
    probe: Probe | None,
    is_quick: bool = False,
) -> list[Gate]:
    """All gates of a wave.

    With `probe` the pages are fetched and the mail server is greeted, else the last look at them
    counts; `is_quick` counts nobody anew either, so that a page with a million people stays fast.
    """
    texts = released_texts(recall)
    stored = {check.gate: check for check in GateCheck.objects.filter(recall=recall, wave=wave)}
    code = trial_code(key, recall=recall.ref, texts=versions(texts.values()))
    if probe is None:
        page, links = _stored(stored, "page"), _stored(stored, "links")
    else:
        page = page_gate(recall, texts.values(), public_url=public_url, key=key, probe=probe)
        links = links_gate(recall, texts.values(), public_url=public_url, key=key, probe=probe)
    if is_quick:
        people, laws, languages, taken = (
            _stored(stored, name) for name in ("people", "laws", "languages", "suppression")
        )
    else:
        found = reach(recall)
        people, laws, languages = _people(found), _laws(found), _languages(found)
        taken = Gate("suppression", "green", f"{found.answered} taken out")
    gates = [
        _decision(recall),
        people,
        _approvals(texts),
        laws,
        languages,
        page,
        links,
        _trial(stored.get(f"test {code}")),
        taken,
        _server(stored, ask=probe is not None),
        _instance(home),
    ]
    assert [gate.name for gate in gates] == list(GATES)
    return gates


def versions(texts: Any) -> list[str]:
    """The hashes of these texts: what a test was a test of."""
    return [f"{text_name(text.language, text.law)}:{text.text_sha256}" for text in texts]


def _decision(recall: Recall) -> Gate:
    if recall.state not in ("decided", "telling"):
        return Gate("decision", "red", f"the recall is {recall.state}")
    if confirmed_scope(recall) is None:
        return Gate("decision", "red", "no scope is confirmed")
    return Gate("decision", "green")


def _people(found: Reach) -> Gate:
    words = f"{found.reachable} of {found.people} can be reached by e-mail"
    return Gate("people", "green" if found.reachable else "red", words)


def _approvals(texts: dict[str, Skeleton]) -> Gate:
    if not texts:
        return Gate("approvals", "red", "no text is approved for e-mail")
    return Gate("approvals", "green", ", ".join(sorted(texts)))


def _laws(found: Reach) -> Gate:
    waiting = found.coverage.waiting
    if not waiting:
        return Gate("laws", "green")
    which = ", ".join(f"{law} {number}" for law, number in waiting.most_common(8))
    return Gate("laws", "red", f"{waiting.total()} people wait for the text of their law: {which}")


def _languages(found: Reach) -> Gate:
    heads = found.coverage
    if not heads.uncovered:
        return Gate("languages", "green", ", ".join(sorted(heads.given)))
    which = ", ".join(f"{code} {number}" for code, number in heads.uncovered.most_common(8))
    return Gate(
        "languages", "red", f"{heads.not_covered} people lack a language they read: {which}"
    )


def _stored(stored: dict[str, GateCheck], name: str) -> Gate:
    check = stored.get(name)
    if check is None:
        return Gate(name, "red", NOT_LOOKED_AT)
    state = "green" if check.state in PASSED else "red"
    return Gate(name, state, check.words, may_come=check.state == DOWN)


def _server(stored: dict[str, GateCheck], *, ask: bool) -> Gate:
    """What the server said; the last time counts for as long as the same one is named."""
    found = way_out(EMAIL, ask=ask)
    if found.is_asked:
        return Gate("server", "green" if found.is_open else "red", found.words, found.may_come)
    last = _stored(stored, "server")
    return last if found.words in last.words else Gate("server", "red", NOT_LOOKED_AT)


def _trial(check: GateCheck | None) -> Gate:
    if check is None:
        return Gate("test", "red", "this text was not sent as a test yet")
    return Gate("test", "green" if check.state == "green" else "red", check.words)


def _instance(home: Path) -> Gate:
    why = why_not_to_send(home)
    return Gate("instance", "red" if why else "green", why)
