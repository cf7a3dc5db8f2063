"""Mentions by rank, and what each may be answered with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from django.conf import settings
from django.db.models import QuerySet

from holdfast.decision.recalls.models import Recall
from holdfast.kit.listening.ranking import Rank, rank
from holdfast.kit.listening.replies import Snippet, snippet
from holdfast.kit.refusals import NotFound
from holdfast.response.answers.lifecycle import OPEN
from holdfast.response.answers.models import Mention
from holdfast.response.answers.rules import named_in
from holdfast.response.notices.models import NoticeText
from holdfast.response.notices.queries import approved_texts, content_of

MOST_RECALLS = 200


def mentions(
    *, state: str = OPEN, tag: str = "", recall: Recall | None = None
) -> QuerySet[Mention]:
    """Mentions in one state, the one to look at first on top."""
    found = Mention.objects.select_related("recall", "source", "correction")
    found = found.filter(state=state) if state else found
    if recall is not None:
        found = found.filter(recall=recall)
    if tag:
        # tags are few words of our own, so a search in the stored text is exact
        found = found.filter(tags__icontains=f'"tag": "{tag}"')
    return found.order_by("-rank", "-last_seen_at", "-pk")


def counts(*, state: str = OPEN) -> tuple[int, dict[str, int]]:
    """How many mentions there are in a state, and how many carry each tag."""
    found: Counter[str] = Counter()
    total = 0
    for tags in Mention.objects.filter(state=state).values_list("tags", flat=True).iterator():
        total += 1
        found.update({one["tag"] for one in tags} or {""})
    return total, dict(found)


def mention_named(number: str | int) -> Mention:
    """A mention by its number; refuses where there is none."""
    text = str(number)
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    found = Mention.objects.select_related("recall", "source").filter(pk=wanted).first()
    if found is None:
        raise NotFound("no_mention", f"There is no mention no. {text[:20]}.")
    return found


def rank_of(mention: Mention) -> Rank:
    """The three factors behind the stored rank, to be shown."""
    return rank(
        [one["tag"] for one in mention.tags],
        copies=mention.copies,
        audience=mention.audience,
        earlier=mention.earlier,
        severity=mention.severity,
    )


def recalls_named() -> Callable[[str], Recall | None]:
    """Finds the one open recall that a text names by number, product code or product."""
    live = {one.ref: one for one in _live()}
    names = {ref: _names(one) for ref, one in live.items()}
    return lambda text: live.get(named_in(text, names))


def _live() -> QuerySet[Recall]:
    return Recall.objects.exclude(state__in=("withdrawn",)).order_by("-pk")[:MOST_RECALLS]


def _names(recall: Recall) -> tuple[str, ...]:
    title = recall.title.split(",")[0]
    return tuple(name for name in (recall.ref, recall.product_code, title) if name)


def replies(mention: Mention, texts: Mapping[str, NoticeText] | None = None) -> list[Snippet]:
    """Replies of approved text to a mention, in its language where there is one, else in all."""
    if mention.recall is None:
        return []
    found = approved_texts(mention.recall) if texts is None else texts
    own = {name: text for name, text in found.items() if text.language == mention.language}
    tag = mention.tags[0]["tag"] if mention.tags else ""
    said = (
        snippet(content_of(text), tag, url=notice_url(mention.recall))
        for text in (own or found).values()
    )
    return list({one.text: one for one in said if one is not None}.values())


def notice_url(recall: Recall) -> str:
    """The public address of a recall's notice."""
    return f"{settings.PUBLIC_URL}/recall/{recall.ref}"
