"""Invented posts with the tags a person gave them (`posts.txt`): nobody ever wrote these.

The rule: a tag is given where a support agent would have to do what that tag is for. `injury`:
somebody is said to have been hurt or made ill by the product, the writer or not; near misses are
none. `wrong_advice`: the post tells others to do, or that it is safe to do, what the notice says
not to do. `scam`: it tries to get money or data by the recall; a warning of one is none.
`affected`: the writer says that they have such a product. `question`: an answer is asked for.
`anger` and `praise`: at us.

One person invented the posts, labelled them and wrote the patterns. `read` was looked at while the
patterns were written, `held` was written beforehand and first read by them when they were frozen:
precision 1.00, recall 0.73. Since then harm as complaints are read for it counts as injury too.
"""

from __future__ import annotations

from pathlib import Path


def posts(part: str) -> list[tuple[str, str, str]]:
    """Language, tags and text of each post of `read` or `held`."""
    rows = Path(__file__).with_name("posts.txt").read_text("utf-8").splitlines()
    cells = (row.split("\t") for row in rows)
    return [(language, tags, text) for name, language, tags, text in cells if name == part]
