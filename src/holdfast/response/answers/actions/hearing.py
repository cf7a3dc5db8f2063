"""Taking posts in: each read, copies counted on the mention they repeat, none told twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from holdfast.decision.recalls.models import Recall
from holdfast.ground.journal.actions import record
from holdfast.kit.actors import Actor
from holdfast.kit.listening.ranking import rank
from holdfast.kit.listening.reading import read_post
from holdfast.kit.listening.sameness import alike, fingerprint, word_set
from holdfast.kit.refusals import Refusal
from holdfast.response.answers.events import MentionsRecorded
from holdfast.response.answers.models import Mention, MentionSource, Sighting
from holdfast.response.answers.policies import may_work_on_mentions
from holdfast.response.answers.queries import rank_of, recalls_named
from holdfast.response.answers.rules import MOST_SIGHTINGS, Post, sighting_key

# With how many of the latest mentions a new one is compared for saying much the same.
COMPARED = 500
AHEAD = timedelta(days=1)
TOGETHER = 400  # posts that are looked up and kept together


@dataclass
class Outcome:
    """What became of the posts: rows = imported + merged + rejected; `new` are the mentions."""

    rows: int = 0
    imported: int = 0
    merged: int = 0
    rejected: int = 0
    rejects: list[tuple[int, str, str]] = field(default_factory=list)  # place, column, reason
    new: list[Mention] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        counted = ("rows", "imported", "merged", "rejected")
        return {name: getattr(self, name) for name in counted} | {
            "mentions": [one.pk for one in self.new]
        }

    def reject(self, place: int, column: str, reason: str) -> None:
        """Count a post that cannot be taken in, with the place it came from."""
        self.rows += 1
        self.rejected += 1
        self.rejects.append((place, column, reason))


@transaction.atomic
def take_in_posts(
    *,
    posts: Sequence[tuple[int, Post]],
    source: MentionSource,
    recall: Recall | None = None,
    outcome: Outcome | None = None,
    by: Actor,
    now: datetime,
) -> Outcome:
    """Take posts in from one source, each with its place there (a line, a number).

    A text that is there already adds a copy to its mention, once for each place it stands at; the
    same file again adds nothing. `outcome` goes on where rows were rejected before.
    """
    may_work_on_mentions(by)
    done = outcome or Outcome()
    clean = []
    for place, post in posts:
        try:
            cleaned = post.clean()
        except Refusal as no:
            done.reject(place, no.column or "text", no.message)
            continue
        if cleaned.said_at is not None and cleaned.said_at > now + AHEAD:
            done.reject(place, "said_at", "The time lies in the future.")
            continue
        clean.append(cleaned)
    batch, new = _taken(clean, source, recall, now)
    done.rows += len(clean)
    done.imported += len(new)
    done.merged += len(clean) - len(new)
    done.new += new
    if source.kind == "feed" and not done.imported and not batch.grown:
        return done  # the same entries as half an hour ago
    tags = Counter(one["tag"] for mention in done.new for one in mention.tags)
    fact = MentionsRecorded(
        source=f"{source.kind} no. {source.pk}",
        rows=done.rows,
        imported=done.imported,
        merged=done.merged,
        rejected=done.rejected,
        tags=dict(sorted(tags.items())),
    )
    record(fact, by=by, now=now, subject=recall.ref if recall else "")
    return done


def _taken(
    posts: Sequence[Post], source: MentionSource, recall: Recall | None, now: datetime
) -> tuple[_Intake, list[Mention]]:
    """Kept many at once; one by one where another delivery of the same words came between."""
    try:
        with transaction.atomic():
            batch = _Intake(source, recall, now)
            new = batch.take_all(posts)
            batch.settle()
    except IntegrityError:
        batch = _Intake(source, recall, now)
        new = [made for post in posts if (made := batch.take(post)) is not None]
        batch.settle()
    return batch, new


class _Intake:
    """One run: what is there is looked up together, copies are added up and saved at the end."""

    def __init__(self, source: MentionSource, recall: Recall | None, now: datetime) -> None:
        self.source, self.now = source, now
        self.recall = recall or source.recall
        self.about = recalls_named()
        self.positions: Counter[str] = Counter()
        self.known: dict[str, Mention] = {}
        self.grown: dict[int, Mention] = {}
        self.latest = [
            word_set(text)
            for text in Mention.objects.order_by("-pk").values_list("text", flat=True)[:COMPARED]
        ]

    def take_all(self, posts: Sequence[Post]) -> list[Mention]:
        """The new mentions. Raises IntegrityError where somebody else kept one meanwhile."""
        new: list[Mention] = []
        for at in range(0, len(posts), TOGETHER):
            new += self._part(posts[at : at + TOGETHER])
        return new

    def _part(self, posts: Sequence[Post]) -> list[Mention]:
        prints = [fingerprint(post.text) for post in posts]
        wanted = {print_ for print_ in prints if print_ not in self.known}
        there = Mention.objects.select_for_update().filter(fingerprint__in=wanted).order_by("pk")
        self.known.update({one.fingerprint: one for one in there})
        before = [self.known[print_] for print_ in prints if print_ in self.known]
        made: dict[str, Mention] = {}
        first: set[int] = set()
        for at, (post, print_) in enumerate(zip(posts, prints, strict=True)):
            if print_ not in self.known and print_ not in made:
                made[print_] = Mention(fingerprint=print_, **self._read(post))
                first.add(at)
        Mention.objects.bulk_create(made.values())
        self.known.update(made)
        keys = [self._key(post) for post in posts]
        seen = set(Sighting.objects.filter(key__in=keys).values_list("key", flat=True))
        elsewhere = self._elsewhere(before, {post.url for post in posts if post.url})
        sightings = []
        for at, (post, print_, key) in enumerate(zip(posts, prints, keys, strict=True)):
            mention = self.known[print_]
            if self._is_full(mention, is_new=at in first) or key in seen:
                continue
            if (mention.pk, post.url) in elsewhere:
                self._read_by(mention, post)
                continue
            seen.add(key)
            sightings.append(Sighting(key=key, **self._place(mention, post)))
            self._grow(mention, post, is_new=at in first)
        Sighting.objects.bulk_create(sightings)
        return list(made.values())

    def take(self, post: Post) -> Mention | None:
        """The new mention, or None where the text is there already."""
        print_ = fingerprint(post.text)
        mention = self.known.get(print_) or (
            Mention.objects.select_for_update().filter(fingerprint=print_).first()
        )
        is_new = False
        if mention is None:
            # Two deliveries of the same words at one moment make one mention.
            mention, is_new = Mention.objects.get_or_create(
                fingerprint=print_, defaults=self._read(post)
            )
        self.known[print_] = mention
        key = self._key(post)
        known = self._elsewhere([] if is_new else [mention], {post.url} - {""})
        if known:
            self._read_by(mention, post)
        elif not self._is_full(mention, is_new=is_new):
            _row, is_first = Sighting.objects.get_or_create(
                key=key, defaults=self._place(mention, post)
            )
            if is_first:
                self._grow(mention, post, is_new=is_new)
        return mention if is_new else None

    def _read(self, post: Post) -> dict[str, Any]:
        heard = read_post(post.text, post.language)
        words = word_set(post.text)
        earlier = alike(words, self.latest)
        self.latest = [words, *self.latest][:COMPARED]
        factors = rank(
            heard.keys, copies=1, audience=post.audience, earlier=earlier, severity=heard.severity
        )
        return {
            "text": post.text,
            "url": post.url,
            "author": post.author,
            "language": post.language or heard.language,
            "tags": [{"tag": one.tag, "words": one.words} for one in heard.tags],
            "hazards": list(heard.hazards),
            "severity": heard.severity,
            "audience": post.audience,
            "earlier": earlier,
            "rank": factors.hundredths,
            "recall": self.recall or self.about(post.text),
            "source": self.source,
            "said_at": post.said_at,
            "first_seen_at": self.now,
            "last_seen_at": self.now,
        }

    def _elsewhere(self, before: Iterable[Mention], urls: set[str]) -> set[tuple[int, str]]:
        """Where these words were seen by another way: one place, though two sources tell of it."""
        found = Sighting.objects.filter(mention__in=set(before), url__in=urls)
        others = found.exclude(source=self.source)
        return set(others.values_list("mention_id", "url")) if urls else set()

    def _key(self, post: Post) -> str:
        # The same words twice in one file without an address are two places; the file again is not.
        alone = sighting_key("", post)
        key = sighting_key(f"{self.source.kind}:{self.source.pk}", post, self.positions[alone])
        self.positions[alone] += 1
        return key

    def _place(self, mention: Mention, post: Post) -> dict[str, Any]:
        return {"mention": mention, "source": self.source, "url": post.url, "seen_at": self.now}

    @staticmethod
    def _is_full(mention: Mention, *, is_new: bool) -> bool:
        return not is_new and mention.copies >= MOST_SIGHTINGS

    def _grow(self, mention: Mention, post: Post, *, is_new: bool) -> None:
        if is_new:
            return
        mention.copies += 1
        mention.audience = max(mention.audience, post.audience)
        mention.last_seen_at = self.now
        self.grown[mention.pk] = mention

    def _read_by(self, mention: Mention, post: Post) -> None:
        """No copy, but perhaps the one way that tells how many read it."""
        if post.audience > mention.audience:
            mention.audience = post.audience
            self.grown[mention.pk] = mention

    def settle(self) -> None:
        """Save what grew, with its new rank."""
        for mention in self.grown.values():
            mention.rank = rank_of(mention).hundredths
        fields = ("copies", "audience", "last_seen_at", "rank")
        Mention.objects.bulk_update(self.grown.values(), fields, batch_size=500)
