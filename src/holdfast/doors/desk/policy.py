"""`@policy("recall.view")`: every staff page names the permission it takes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from holdfast.ground.access.permissions import require
from holdfast.ground.access.queries import organisation

View = Callable[..., HttpResponseBase]
OPEN = "open to all"


def policy(permission: str) -> Callable[[View], View]:
    """Guard a view: strangers get 404, members without the permission a refusal that names it."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            by = request.actor  # type: ignore[attr-defined]
            if permission != OPEN:
                if not by.is_somebody:
                    raise Http404
                require(by, permission)
                # Every time on the page is the shop's, whichever thread answers.
                timezone.activate(ZoneInfo(organisation().zone or "UTC"))
            return view(request, *args, **kwargs)

        guarded.policy = permission  # type: ignore[attr-defined]
        return guarded

    return guard
