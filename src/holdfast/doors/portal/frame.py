"""What stands around every consumer page: language, shop, help links, sample and drill marks."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from holdfast.decision.recalls.models import Recall
from holdfast.doors.portal.kept import PUBLISHED
from holdfast.doors.portal.limits import WRITES, may_write
from holdfast.doors.portal.speech import FALLBACK, Speech, address, choose_language, table
from holdfast.doors.portal.telling import Told, languages_of, law_told, place_chosen
from holdfast.ground.access.models import Organisation
from holdfast.ground.access.queries import organisation
from holdfast.ground.limits.rules import Limit
from holdfast.kit.refusals import Refusal
from holdfast.response.outreach.rules import page_mark
from holdfast.response.remedies.rules import reference_from


@dataclass
class Visit:
    """One request to a consumer page: who the shop is, which language, which recall, which link."""

    request: HttpRequest
    shop: Organisation
    speech: Speech
    languages: list[str]
    recall: Recall | None = None
    token: str = ""
    law: str = ""  # of the text that is shown; empty is the recall's own
    place: str = ""  # the country a reader of public pages has chosen

    @property
    def now(self) -> datetime:
        """This moment in the shop's own zone, where a promised day begins and ends."""
        return datetime.now(UTC).astimezone(ZoneInfo(self.shop.zone or "UTC"))

    def new_reference(self) -> str:
        initials = "".join(word[0] for word in self.shop.name.split() if word[0].isalnum())
        return reference_from(secrets.token_bytes(8), initials or "R")

    def url(self, page: str) -> str:
        """An address of the same visit: personal pages stay personal, public ones public."""
        if self.token:
            return reverse(f"portal_personal_{page}", args=[self.token]) + self._language()
        if self.recall is not None:
            return reverse(f"portal_{page}", args=[self.recall.ref]) + self._language()
        return reverse(f"portal_any_{page}") + self._language()

    def go(self, page: str) -> HttpResponse:
        """Send on after a form, so that reloading the page sends nothing twice."""
        response = HttpResponseRedirect(self.url(page))
        response.status_code = 303
        return response

    def _language(self) -> str:
        return f"?l={self.speech.language}" + self._place()

    def _place(self) -> str:
        return f"&c={self.place}" if self.place else ""

    def show(
        self,
        template: str,
        context: Mapping[str, object],
        *,
        refusal: Refusal | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """Render one page in the frame."""
        error = self.speech.error(refusal.code) if refusal else ""
        answer = render(
            self.request,
            f"portal/{template}",
            {
                "speech": self.speech,
                "shop": self.shop.name,
                "phone": self.shop.contact_phone,
                "languages": [(code, table(code)["name"]) for code in self.languages],
                "help": {page: self.url(page) for page in ("hurt", "write", "real")},
                "problem_url": reverse("portal_any_problem") + self._language(),
                "type_it": type_it(),
                "is_drill": settings.DRILL,
                "simulated": self._simulated(),
                "error": error,
                "is_public": not self.token,
                "place": self._place(),
                "mark": self._mark(context.get("told")),
                **context,
            },
            status=status,
        )
        return self._told(answer)

    def again(self, page: bytes) -> HttpResponse:
        """A page that was rendered for somebody else who asked the same."""
        return self._told(HttpResponse(page))

    def _told(self, answer: HttpResponse) -> HttpResponse:
        answer.headers["Content-Language"] = self.speech.language
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _mark(self, shown: object) -> str:
        """What the launch check knows our pages by, and the text that stands on this one."""
        if self.recall is None or not isinstance(shown, Told):
            return str(page_mark(settings.LINK_KEY))
        told = page_mark(settings.LINK_KEY, recall=self.recall.ref, text_sha256=shown.text_sha256)
        return str(told)

    def too_many(self, limit: Limit = WRITES) -> Refusal | None:
        """A refusal when this place has written very often; the page still says "stop using it"."""
        if may_write(self.request, limit):
            return None
        return Refusal("too_many", "Too many requests from one place.")

    def _simulated(self) -> str:
        if not self.shop.is_simulated:
            return ""
        return self.shop.simulated_note or str(self.speech.say("simulated"))


def type_it() -> object:
    """The address people can type themselves; it never changes."""
    return address(f"{settings.PUBLIC_URL}/recall")


def visit(
    request: HttpRequest,
    *,
    recall: Recall | None = None,
    token: str = "",
    known: str = "",
    country: Sequence[str] = (),
    land: str = "",
) -> Visit:
    """Begin a page: find the language from the address, the person, the browser.

    `country` are the languages of `land`, the country of the person behind a link; on public pages
    a reader may choose one.
    """
    chosen = "" if token or recall is None else place_chosen(request.GET.get("c", ""))
    law = law_told(recall, land or chosen) if recall is not None else ""
    offered, shop = languages_of(recall, law), PUBLISHED.get("shop", organisation)
    language = choose_language(
        asked=str(request.GET.get("l", ""))[:12],
        known=known,
        accepted=request.headers.get("Accept-Language", ""),
        offered=offered,
        country=country,
        first=str(shop.languages[0]).lower() if shop.languages else FALLBACK,
    )
    return Visit(request, shop, Speech(language), offered, recall, token, law, chosen)
