"""What people said about the sample's live recall: invented posts, one rumour set straight."""

from __future__ import annotations

from datetime import datetime, timedelta

from holdfast.decision.recalls.models import Recall
from holdfast.kit.actors import Actor
from holdfast.response.answers.actions import (
    add_mention_source,
    approve_correction,
    correct_mention,
    draft_correction,
    take_in_posts,
)
from holdfast.response.answers.models import Mention
from holdfast.response.answers.rules import Post

BIN = "Just throw the VL-10K in the household waste, they only want to save postage."
COPIES = 14
POSTS = (
    ("My sister's VL-10K got so hot that it burned her hand. She is in the hospital.", 420),
    ("The VL-10K recall is overblown, mine is perfectly safe to use as long as it is cold.", 2_300),
    ("Got a text asking for my card number to pay the VL-10K refund. Is that you?", 90),
    ("Is VL-10K with lot B18 affected as well?", 35),
    ("Ist mein VL-10K aus dem April auch betroffen?", 60),
    ("VL-10K refund came within a day. Great service, thank you for telling us.", 120),
)


def tell_street(recall: Recall, *, by: Actor, at: datetime) -> None:
    """Posts from one listener's table; the rumour about the bin is answered by a page."""
    source = add_mention_source(kind="file", title="posts, invented", by=by, now=at)
    rumour = [
        Post(f"{BIN} https://posts.example/{n}", url=f"https://posts.example/{n}", said_at=at)
        for n in range(COPIES)
    ]
    rest = [
        Post(text, url=f"https://posts.example/p{n}", audience=readers, said_at=at)
        for n, (text, readers) in enumerate(POSTS)
    ]
    posts = list(enumerate([*rumour, *rest], start=2))
    later = at + timedelta(minutes=20)
    take_in_posts(posts=posts, source=source, recall=recall, by=by, now=later)
    correction = draft_correction(recall=recall, about="disposal", by=by, now=later)
    for text in correction.texts.order_by("language"):
        approve_correction(text=text, by=by, now=later)
    first = Mention.objects.get(copies=COPIES)
    correct_mention(mention=first, correction=correction, by=by, now=later)
