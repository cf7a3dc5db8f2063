"""Words a person can put into the text as they stand: library sentences, and struck-out ones."""

from __future__ import annotations

from holdfast.kit.wording.library import library, library_languages

# Which library sentence says what a check looks for; its slots stay open, in braces.
_SENTENCES = {
    "heading": "heading.all",
    "recall_heading": "heading.all",
    "stop_using": "stop",
    "share": "share",
    "remedy": "remedy.two",
    "contact": "contact.phone",
    "sold": "sold.between",
    "identification": "identify",
    "incident_counts": "particulars.incidents",
    "units": "particulars.units",
}
LONGEST = 240


def sentence_for(check: str, language: str) -> str:
    """The library's sentence for a missing element; empty where the library has none."""
    key = _SENTENCES.get(check)
    if key is None or language not in library_languages():
        return ""
    phrase = library(language).phrases.get(key)
    return phrase.text if phrase else ""


def struck_sentence(text: str, begin: int, stop: int, start: int, end: int) -> str:
    """`This is a ~~voluntary~~ recall.`: what stands from `start` to `end` goes."""
    before, gone, after = text[begin:start], text[start:end], text[end:stop]
    marked = " ".join(f"{before}~~{gone}~~{after}".split())
    return marked if len(marked) <= LONGEST else f"~~{' '.join(gone.split())}~~"[:LONGEST]
