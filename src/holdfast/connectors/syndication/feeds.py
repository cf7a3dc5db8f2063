"""Entries of RSS or Atom as recalls: title, text and link, in which codes and models are found."""

from __future__ import annotations

from holdfast.kit.announcements import PublishedProduct, PublishedRecall, Shape, Source
from holdfast.kit.announcements import syndication as feed
from holdfast.kit.announcements.shape import Item


def _build(item: Item) -> PublishedRecall:
    title = feed.words(item, "title")
    said = feed.words(item, "encoded", "content", "description", "summary")
    return PublishedRecall(
        authority="",
        number=feed.words(item, "guid", "id") or feed.link(item),
        title=title,
        published_on=feed.published(item),
        hazard=said[:4000],
        url=feed.link(item),
        products=(PublishedProduct(title, description=said[:4000]),),
        original=item,
    )


SHAPE = Shape(
    name="RSS or Atom",
    authority="",
    required=frozenset({"title"}),
    known=feed.KNOWN,
    build=_build,
    items=feed.entries,
)
SOURCE = Source(
    key="rss",
    name="RSS or Atom",
    authority="",
    shapes=(SHAPE,),
    read_from="RSS 2.0 and Atom (RFC 4287)",
    unknown="What is product, firm, lot or hazard: a feed does not tell them apart.",
)
