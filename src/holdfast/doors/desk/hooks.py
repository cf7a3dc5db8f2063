"""Posts that another machine delivers, each delivery signed with the secret of its source."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from holdfast.doors.desk.policy import OPEN, policy
from holdfast.ground.limits.actions import take_turn
from holdfast.ground.limits.rules import Limit, place_of
from holdfast.kit.actors import PUBLIC, Actor
from holdfast.kit.quantities import LONGEST
from holdfast.kit.refusals import Refusal
from holdfast.response.answers.actions import note_source_answer, take_in_posts
from holdfast.response.answers.models import MentionSource
from holdfast.response.answers.opening import delivered_posts
from holdfast.response.answers.rules import is_signed, source_secret

DELIVERIES = Limit("mention.hook", 60, timedelta(seconds=1))
LARGEST = 1_000_000
HOOK = Actor("system:webhook", "a webhook", frozenset({"system"}))


@csrf_exempt
@policy(OPEN)
@require_POST
def mention_hook(request: HttpRequest, source: int) -> HttpResponse:
    """Take one delivery in. An unknown source, one that is off and a bad signature look the same.

    Headers: `X-Holdfast-Timestamp` (Unix seconds), `X-Holdfast-Signature` (hex of HMAC-SHA-256
    over the timestamp, a dot and the body). No cookie is looked at, so no form can borrow one.
    """
    now = datetime.now(UTC)
    place = place_of(request.META.get("REMOTE_ADDR", ""))
    if not take_turn(limit=DELIVERIES, place=place, by=PUBLIC, now=now):
        return JsonResponse({"error": {"code": "too_many"}}, status=429)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or len(length) > LONGEST or int(length) > LARGEST:
        return JsonResponse({"error": {"code": "too_large"}}, status=413)
    found = MentionSource.objects.filter(pk=source, kind="webhook", is_on=True).first()
    if found is None or not is_signed(
        source_secret(settings.LINK_KEY, found.pk, found.salt),
        request.headers.get("X-Holdfast-Timestamp", ""),
        request.body,
        request.headers.get("X-Holdfast-Signature", ""),
        now,
    ):
        raise Http404
    try:
        done = take_in_posts(posts=delivered_posts(request.body), source=found, by=HOOK, now=now)
    except Refusal as refusal:
        note_source_answer(source=found, failure=refusal.message, by=HOOK, now=now)
        return JsonResponse({"error": refusal.as_json()}, status=refusal.status)
    note_source_answer(source=found, by=HOOK, now=now)
    return JsonResponse(done.as_json())
