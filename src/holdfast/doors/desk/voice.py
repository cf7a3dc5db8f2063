"""O13: what people say in public, ranked; answer, correct, ignore, and take each back."""

from __future__ import annotations

import secrets
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from holdfast.decision.recalls.models import Recall
from holdfast.doors.desk.pages import now, page, recall_named, said
from holdfast.doors.desk.policy import policy
from holdfast.ground.access.permissions import may
from holdfast.ground.access.queries import organisation
from holdfast.kit.listening.ranking import Rank
from holdfast.kit.listening.reading import tags
from holdfast.kit.listening.replies import Snippet
from holdfast.kit.refusals import NotFound, Refusal, Unreadable
from holdfast.response.answers.actions import (
    Outcome,
    add_mention_source,
    answer_mention,
    correct_mention,
    erase_mention,
    escalate_mention,
    ignore_mention,
    place_mention,
    reopen_mention,
    switch_mention_source,
    take_in_posts,
)
from holdfast.response.answers.models import Mention
from holdfast.response.answers.opening import Opened, open_posts
from holdfast.response.answers.queries import (
    correction_named,
    counts,
    mention_named,
    mentions,
    public_pages,
    rank_of,
    replies,
    source_named,
    sources,
)
from holdfast.response.answers.rules import Post, source_secret
from holdfast.response.notices.queries import approved_texts

PAGE = 20
LATELY = 6
LARGEST = 5_000_000
TAGS = {
    "injury": gettext_lazy("Injury claim"),
    "wrong_advice": gettext_lazy("Wrong safety advice"),
    "scam": gettext_lazy("Scam"),
    "affected": gettext_lazy("Has one"),
    "question": gettext_lazy("Question"),
    "anger": gettext_lazy("Anger"),
    "praise": gettext_lazy("Praise"),
    "": gettext_lazy("No tag"),
}
STATES = {
    "answered": gettext_lazy("answered"),
    "corrected": gettext_lazy("corrected"),
    "ignored": gettext_lazy("ignored"),
    "complaint": gettext_lazy("taken in as a complaint"),
}
KINDS = {
    "hand": gettext_lazy("Pasted"),
    "file": gettext_lazy("File"),
    "mail": gettext_lazy("E-mail"),
    "webhook": gettext_lazy("Webhook"),
    "feed": gettext_lazy("RSS or Atom feed"),
}


@dataclass(frozen=True)
class Row:
    """One mention as the page shows it."""

    mention: Mention
    tags: list[tuple[str, str, str]]  # key, words, what decided
    rank: Rank
    replies: list[Snippet]
    corrections: list[tuple[int, str]]

    @property
    def is_injury(self) -> bool:
        return any(key == "injury" for key, _words, _decided in self.tags)

    @property
    def is_wrong(self) -> bool:
        """It may need setting straight: it says something wrong, or nobody knows what it says."""
        return not self.tags or any(key in ("wrong_advice", "scam") for key, *_rest in self.tags)


@policy("mention.work")
def voice(request: HttpRequest) -> HttpResponse:
    """Ranked mentions; a POST takes posts in, settles one, or changes a source."""
    refusal = None
    if request.method == "POST":
        try:
            words = _write(request)
        except Refusal as refused:
            refusal = refused
        else:
            said(request, words)
            back = reverse("voice")
            tag = request.POST.get("tag", "")
            return redirect(f"{back}?tag={tag}" if tag in TAGS and tag else back)
    tag = request.GET.get("tag", "")
    tag = tag if tag in TAGS else ""
    start = request.GET.get("from", "")
    at = min(int(start), 10**6) if start.isascii() and start.isdigit() and len(start) < 8 else 0
    found = list(mentions(tag=tag)[at : at + PAGE + 1])
    total, tagged = counts()
    context = {
        "rows": _rows(found[:PAGE]),
        "total": total,
        "filters": [(key, TAGS[key], n) for key in TAGS if key and (n := tagged.get(key, 0))],
        "tag": tag,
        "next_from": at + PAGE if len(found) > PAGE else None,
        "lately": [(one, STATES.get(one.state, one.state)) for one in _lately()],
        "sources": [(one, KINDS.get(one.kind, one.kind)) for one in sources()],
        "recalls": Recall.objects.exclude(state="withdrawn").order_by("-pk")[:50],
        "may_switch": may(request.actor, "settings.change"),  # type: ignore[attr-defined]
        "harms": [(TAGS[one.key], one.harm) for one in tags()],
        "typed": request.POST if refusal else {},
    }
    return page(request, "desk/voice.html", context, nav="voice", refusal=refusal)


def _lately() -> list[Mention]:
    settled = Mention.objects.exclude(state="open").exclude(settled_at=None)
    return list(settled.select_related("recall").order_by("-settled_at", "-pk")[:LATELY])


def _rows(found: list[Mention]) -> list[Row]:
    recalls = {one.recall_id: one.recall for one in found if one.recall is not None}
    texts = {key: approved_texts(recall) for key, recall in recalls.items()}
    public = {key: public_pages(recall) for key, recall in recalls.items()}
    return [
        Row(
            mention=one,
            tags=[(t["tag"], str(TAGS.get(t["tag"], t["tag"])), t["words"]) for t in one.tags],
            rank=rank_of(one),
            replies=replies(one, texts.get(one.recall_id, {}))[:2],
            corrections=[
                (number, (pages.get(one.language) or next(iter(pages.values()))).said.headline)
                for number, pages in public.get(one.recall_id, {}).items()
            ],
        )
        for one in found
    ]


def _write(request: HttpRequest) -> str:
    step = request.POST.get("step", "")
    at = now()
    if step == "paste":
        return _paste(request, at)
    if step == "file":
        return _file(request, at)
    if step in ("feed", "hook", "on", "off"):
        return _source(request, step, at)
    return _settle(request, step, at)


def _settle(request: HttpRequest, step: str, at: datetime) -> str:
    given, by = request.POST, request.actor  # type: ignore[attr-defined]
    mention = mention_named(given.get("mention", ""))
    if step == "answer":
        answer_mention(mention=mention, reply=given.get("reply", ""), by=by, now=at)
        return _("Noted as answered. Undo is further down.")
    if step == "correct" and mention.recall is not None:
        correction = correction_named(mention.recall, given.get("correction", ""))
        correct_mention(mention=mention, correction=correction, by=by, now=at)
        return _("Noted as corrected. Undo is further down.")
    if step == "ignore":
        ignore_mention(mention=mention, by=by, now=at)
        return _("Set aside. Undo is further down.")
    if step == "complaint":
        done = escalate_mention(mention=mention, by=by, now=at)
        return _("Taken in as complaint C-%(n)s.") % {"n": done.complaint}
    if step == "undo":
        reopen_mention(mention=mention, by=by, now=at)
        return _("Taken back; it waits again.")
    if step == "erase":
        erase_mention(mention=mention, by=by, now=at)
        return _("Words and author are erased.")
    if step == "place":
        ref = given.get("recall", "")
        place_mention(mention=mention, recall=recall_named(ref) if ref else None, by=by, now=at)
        return _("Noted.")
    raise NotFound("no_step", _("There is nothing of that name to do here."))


def _paste(request: HttpRequest, at: datetime) -> str:
    given, by = request.POST, request.actor  # type: ignore[attr-defined]
    text = given.get("text", "")
    if not text.strip():
        raise Unreadable("no_text", _("Paste the words of the post."))
    source = add_mention_source(kind="hand", title="pasted", by=by, now=at)
    recall = recall_named(given["recall"]) if given.get("recall") else None
    post = Post(text, url=given.get("url", ""))
    return _told(
        take_in_posts(posts=[(1, post)], source=source, recall=recall, by=by, now=at),
    )


def _file(request: HttpRequest, at: datetime) -> str:
    upload = request.FILES.get("file")
    if upload is None or not upload.name:
        raise Unreadable("no_file", _("No file was chosen."))
    if (upload.size or 0) > LARGEST:
        raise Unreadable("too_large", _("This file is larger than 5 MB; split it."))
    suffix = Path(upload.name).suffix[:8]
    with tempfile.NamedTemporaryFile(dir=settings.HOME, suffix=suffix) as file:
        for piece in upload.chunks(256 * 1024):
            file.write(piece)
        file.flush()
        opened = open_posts(file.name, zone=ZoneInfo(organisation().zone or "UTC"))
    return _keep(opened, request, at)


def _keep(opened: Opened, request: HttpRequest, at: datetime) -> str:
    by = request.actor  # type: ignore[attr-defined]
    kind = "mail" if opened.kind == "mail" else "file"
    source = add_mention_source(kind=kind, title=kind, by=by, now=at)
    outcome = Outcome()
    for line, column, reason in opened.rejects:
        outcome.reject(line, column, reason)
    take_in_posts(posts=opened.posts, source=source, outcome=outcome, by=by, now=at)
    words = _told(outcome)
    if outcome.rejects:
        line, _column, reason = sorted(outcome.rejects)[0]
        words += " " + _("First rejected, line %(line)s: %(why)s") % {"line": line, "why": reason}
    return words


def _told(done: Outcome) -> str:
    counted = ngettext("%(n)s post:", "%(n)s posts:", done.rows) % {"n": done.rows}
    rest = _("%(new)s new, %(old)s copies or known, %(bad)s rejected.") % {
        "new": done.imported,
        "old": done.merged,
        "bad": done.rejected,
    }
    return f"{counted} {rest}"


def _source(request: HttpRequest, step: str, at: datetime) -> str:
    given, by = request.POST, request.actor  # type: ignore[attr-defined]
    if step in ("on", "off"):
        source = source_named(given.get("source", ""))
        switch_mention_source(source=source, is_on=step == "on", by=by, now=at)
        return _("Switched on.") if step == "on" else _("Switched off.")
    title = given.get("title", "")
    if step == "feed":
        add_mention_source(
            kind="feed", title=title, address=given.get("url", "").strip(), by=by, now=at
        )
        return _("The feed is there, switched off: nothing is asked before you switch it on.")
    source = add_mention_source(
        kind="webhook", title=title, salt=secrets.token_hex(16), by=by, now=at
    )
    address = settings.PUBLIC_URL + reverse("mention_hook", args=[source.pk])
    secret = source_secret(settings.LINK_KEY, source.pk, source.salt).decode()
    return _("Webhook: %(url)s with the secret %(secret)s, shown only now.") % {
        "url": address,
        "secret": secret,
    }
