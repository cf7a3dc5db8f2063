"""The tagger on 153 invented posts: precision and recall per tag, printed; floors that can fail."""

from __future__ import annotations

from collections import Counter
from time import perf_counter

import pytest

from holdfast.kit.listening.ranking import rank
from holdfast.kit.listening.reading import read_post, tags
from holdfast.kit.listening.sameness import fingerprint
from tests.kit.listening.posts import posts

# Floors a little under what was found; docs/street.md prints what was found.
FLOORS = {"read": (0.95, 0.95), "held": (0.9, 0.75)}


def scored(given: list[tuple[str, str, str]]) -> dict[str, Counter[str]]:
    """Right, wrong and missed per tag."""
    found: dict[str, Counter[str]] = {tag.key: Counter() for tag in tags()}
    for language, wanted, text in given:
        told, right = set(read_post(text, language).keys), set(wanted.split())
        for key in told | right:
            kind = "right" if key in told & right else "wrong" if key in told else "missed"
            found[key][kind] += 1
    return found


@pytest.mark.parametrize("name", FLOORS)
def test_invented_posts_are_tagged_as_a_person_tagged_them(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = posts(name)
    found = scored(given)
    lines = [f"{name}: {len(given)} invented posts (tag: precision, recall)"]
    for key, one in found.items():
        said, there = one["right"] + one["wrong"], one["right"] + one["missed"]
        lines.append(f"  {key:13} {one['right']:>2} of {said:>2}, {one['right']:>2} of {there:>2}")
    total = sum(found.values(), Counter())
    precision = total["right"] / (total["right"] + total["wrong"])
    recall = total["right"] / (total["right"] + total["missed"])
    lines.append(f"  together: precision {precision:.2f}, recall {recall:.2f}")
    with capsys.disabled():
        print("\n" + "\n".join(lines))
    assert precision >= FLOORS[name][0], lines
    assert recall >= FLOORS[name][1], lines


def test_a_flood_of_one_text_is_one_fingerprint_and_other_words_are_another() -> None:
    same = [f"RT @user{n}: It is SAFE to use!! https://x.example/{n} #recall" for n in range(50)]
    assert len({fingerprint(text) for text in same}) == 1
    assert fingerprint("It is not safe to use") != fingerprint(same[0])


def test_the_rank_follows_harm_reach_and_novelty() -> None:
    alone = rank(["injury"], copies=1, audience=0, earlier=0).score
    assert alone > rank(["question"], copies=100, audience=0, earlier=0).score
    assert rank(["praise"], copies=1000, audience=0, earlier=0).score < alone
    assert rank(["scam"], copies=1000, audience=0, earlier=0).score > alone
    assert rank(["injury"], copies=1, audience=0, earlier=8).score < alone


def test_hostile_texts_are_read_in_time_and_cut() -> None:
    began = perf_counter()
    for text in ("a" * 5_000_000, "burned the " * 400_000, "<script>" * 500_000, "?" * 5_000_000):
        assert read_post(text, "en").was_cut
    assert perf_counter() - began < 20
    assert read_post("").tags == ()
