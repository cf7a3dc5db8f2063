"""`POST /api/v1/complaints`: one report by another program, once, however often it is sent."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from holdfast.decision.intake.actions import take_in_complaint
from holdfast.decision.intake.models import Complaint
from holdfast.decision.intake.rules.told import KINDS, Told, says_something
from holdfast.doors.api.policy import token
from holdfast.doors.api.problems import Problem
from holdfast.ground.access.actions import keep_answer
from holdfast.ground.access.queries import kept_answer
from holdfast.kit.actors import Actor
from holdfast.kit.quantities import whole_number
from holdfast.kit.storable import storable

LARGEST = 1_000_000  # bytes
SCHEMA = Path(__file__).with_name("complaint.schema.json")
URGENCY = ("urgent", "hazard", "ordinary")
TEXTS = {
    "id": 120, "title": 300, "product": 200, "product_name": 300, "brand": 200, "model": 200,
    "maker": 200, "gtin": 40, "lot": 120, "serial": 120, "order": 120, "country": 2,
    "language": 12,
}  # fmt: skip
TIMES = ("happened_at", "received_at")
PERSON = {"name": 200, "email": 254, "phone": 64}


@token("complaints.write")
def take_in(request: HttpRequest, by: Actor) -> HttpResponse:
    """201 for a new complaint, 200 for one that was told before; the answer says what was read."""
    if request.method != "POST":
        raise Problem(405, "Only POST hands in a complaint.")
    body = _body(request)
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > 200:
        raise Problem(400, "The Idempotency-Key is longer than 200 characters.")
    digest = hashlib.sha256(body).hexdigest()
    if key and (known := _again(by, key, digest)):
        return known
    told = told_from(_object(body), source=by.name)
    now = datetime.now(UTC)
    try:
        with transaction.atomic():
            kept = take_in_complaint(told=told, by=by, now=now)
            status, shown = (201 if kept.taken_in_at == now else 200), _shown(kept)
            if key:
                keep_answer(
                    key=key, request_sha256=digest, status=status, body=shown, by=by, now=now
                )
    except IntegrityError:
        # The same key at the same moment: who came first has kept it.
        if known := _again(by, key, digest):
            return known
        raise
    answer = JsonResponse(shown, status=status)
    answer.headers["Location"] = str(shown["url"])
    return answer


@require_http_methods(["GET", "HEAD"])
def schema(request: HttpRequest) -> HttpResponse:
    """The JSON schema of one complaint, open to all: it holds nothing of this shop."""
    del request
    return HttpResponse(SCHEMA.read_bytes(), content_type="application/schema+json")


schema.policy = "open to all"  # type: ignore[attr-defined]


def told_from(given: dict[str, Any], *, source: str) -> Told:
    """What the object says. Raises `Problem` 422 with a pointer for each field that is wrong."""
    errors: list[tuple[str, str]] = []
    known = {*TEXTS, *TIMES, "text", "kind", "stars", "harm", "person"}
    errors += [(f"/{name}", "is no field of a complaint") for name in given if name not in known]
    text = given.get("text")
    if not isinstance(text, str) or not says_something(text):
        errors.append(("/text", "is needed: what happened, in words"))
        text = ""
    texts = {name: _text(given, name, most, "", errors) for name, most in TEXTS.items()}
    person = given.get("person") or {}
    if not isinstance(person, dict):
        errors.append(("/person", "is no object with name, email, phone"))
        person = {}
    errors += [(f"/person/{name}", "is no field") for name in person if name not in PERSON]
    who = {name: _text(person, name, most, "/person", errors) for name, most in PERSON.items()}
    kind = given.get("kind", "complaint")
    if texts["country"] and not (texts["country"].isascii() and texts["country"].isalpha()):
        errors.append(("/country", "is no ISO 3166 alpha-2 code"))
    if kind not in KINDS:
        errors.append(("/kind", f"is none of {', '.join(KINDS)}"))
    times = {name: _time(given.get(name), name, errors) for name in TIMES}
    numbers = {
        name: _whole(given.get(name), name, most, errors)
        for name, most in (("stars", 5), ("harm", 4))
    }
    if errors:
        raise Problem(422, "Some fields cannot be read; nothing was kept.", errors=errors)
    return Told(
        text=text,
        title=texts["title"],
        kind=str(kind),
        channel="api",
        source=source,
        source_id=texts["id"],
        happened_at=times["happened_at"],
        received_at=times["received_at"],
        product=texts["product"],
        product_name=texts["product_name"],
        brand=texts["brand"],
        model=texts["model"],
        maker=texts["maker"],
        gtin=texts["gtin"],
        lot=texts["lot"],
        serial=texts["serial"],
        order=texts["order"],
        harm=numbers["harm"],
        stars=numbers["stars"],
        country=texts["country"].upper(),
        language=texts["language"],
        name=who["name"],
        email=who["email"],
        phone=who["phone"],
    )


def _body(request: HttpRequest) -> bytes:
    length = request.headers.get("Content-Length", "0")
    if whole_number(length) > LARGEST:
        raise Problem(413, "The request is larger than 1 MB.", "Send the text without attachments.")
    if not request.headers.get("Content-Type", "").startswith("application/json"):
        raise Problem(415, "The request is no JSON.", "Send Content-Type: application/json.")
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise Problem(413, "The request is larger than 1 MB.", "Send the text without attachments.")
    return body


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body, object_pairs_hook=_pairs)
    except (ValueError, RecursionError):
        raise Problem(400, "The request is no JSON.", "Send one JSON object in UTF-8.") from None
    if not isinstance(found, dict):
        raise Problem(400, "The request is no JSON object.", "Send one complaint a request.")
    return found


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The members of an object. One that is named twice says two things, of which one is lost.

    A half character in a name could not go into an answer that quotes it.
    """
    found = {storable(name)[:80]: value for name, value in pairs}
    if len(found) < len(pairs):
        raise Problem(400, "A field is named twice.", "Send every field once.")
    return found


def _text(
    given: dict[str, Any], name: str, most: int, at: str, errors: list[tuple[str, str]]
) -> str:
    value = given.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most or "\0" in value:
        errors.append((f"{at}/{name}", f"is no text of at most {most} characters"))
        return ""
    return " ".join(value.split())


def _time(value: object, name: str, errors: list[tuple[str, str]]) -> datetime | None:
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        errors.append((f"/{name}", "is no time with an offset, such as 2026-04-14T07:52:00+02:00"))
        return None
    return found


def _whole(value: object, name: str, most: int, errors: list[tuple[str, str]]) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        errors.append((f"/{name}", f"is no whole number from 0 to {most}"))
        return None
    return value


def _again(by: Actor, key: str, digest: str) -> HttpResponse | None:
    known = kept_answer(by, key)
    if known is None:
        return None
    if known.request_sha256 != digest:
        raise Problem(
            422,
            "This Idempotency-Key was used for another complaint.",
            "Use a new key for every complaint, and the same one only to send it again.",
        )
    answer = JsonResponse(known.body, status=known.status)
    answer.headers["Idempotency-Replayed"] = "true"
    return answer


def _shown(kept: Complaint) -> dict[str, Any]:
    hazards = kept.hazards.filter(is_denied=False).order_by("rank")
    links = kept.links.filter(withdrawn_at=None).select_related("product").order_by("pk")
    return {
        "complaint": kept.ref,
        "url": f"/complaints/{kept.ref}/",
        "urgency": URGENCY[kept.urgency],
        "why": kept.urgency_why,
        "hazards": [one.hazard for one in hazards],
        "product": kept.product.code if kept.product else None,
        "links": [
            {
                "kind": one.kind,
                "value": one.value or None,
                "product": one.product.code if one.product else None,
                "certainty": one.certainty,
                "reason": one.reason,
            }
            for one in links
        ],
        "duplicate_of": kept.duplicate_of.ref if kept.duplicate_of else None,
        "notes": kept.notes,
    }
