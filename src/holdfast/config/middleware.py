"""What every page carries (security headers) and who acts on it."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from holdfast.ground.access.models import Person
from holdfast.ground.access.queries import actor_for, local_operator
from holdfast.kit.actors import NOBODY, Actor

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'self'"
)
# Under "no-referrer" browsers send "Origin: null" with forms, which the CSRF check refuses; this
# one gives the origin alone, so no address with a token in it ever travels.
REFERRER_POLICY = "strict-origin"
LOOPBACK = {"127.0.0.1", "::1"}
# Consumer pages and programs: neither looks at a session.
PUBLIC_PATHS = ("/static/", "/r/", "/n/", "/recall/", "/check", "/api/")
HALFWAY = Actor("halfway", "somebody without a second factor")


class ThroughProxies:
    """Sets `REMOTE_ADDR` to the asker's address as told by the proxies we trust, if any.

    Everything behind it (limits, sign-in, whose machine it is) sees one address. The forwarding
    headers stay, so a forwarded request is never taken for one from this machine.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        told = request.META.get("HTTP_X_FORWARDED_FOR", "")
        peer = request.META.get("REMOTE_ADDR", "")
        request.META["REMOTE_ADDR"] = settings.TRUSTED_PROXIES.client(peer, told)
        return self.get_response(request)


class SecurityHeaders:
    """The same strict headers on every answer; a page may only tighten them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers.setdefault("Referrer-Policy", REFERRER_POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("X-Frame-Options", "SAMEORIGIN")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()"
        )
        return response


class WhoActs:
    """Sets `request.actor`: the signed-in person, the sole owner on this machine, or nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = self._actor(request)  # type: ignore[attr-defined]
        if request.actor is HALFWAY:  # type: ignore[attr-defined]
            request.actor = NOBODY  # type: ignore[attr-defined]
            if not request.path.startswith("/account/"):
                return redirect("mfa_activate_totp")
        return self.get_response(request)

    def _actor(self, request: HttpRequest) -> Actor:
        if request.path.startswith(PUBLIC_PATHS):
            return NOBODY  # consumer pages never look at a session
        if request.user.is_authenticated:
            return actor_for(request.user) if has_second_factor(request.user) else HALFWAY
        if is_on_this_machine(request):
            return local_operator() or NOBODY
        return NOBODY


def has_second_factor(person: Person) -> bool:
    """Whether a TOTP secret or a passkey is set up; a password alone opens nothing."""
    strong = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user=person, type__in=strong).exists()


def is_on_this_machine(request: HttpRequest) -> bool:
    """True only for a browser on this machine: no proxy, a loopback peer and a loopback name.

    The name is checked so that a page elsewhere cannot reach in through DNS rebinding, and a
    forwarding header means that somebody else's request is being passed on.
    """
    forwarded = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
    if any(name in request.META for name in forwarded):
        return False
    if request.META.get("REMOTE_ADDR") not in LOOPBACK:
        return False
    name = request.get_host()
    name = name[: name.index("]") + 1] if name.startswith("[") else name.split(":")[0]
    return name in settings.LOOPBACK_HOSTS
