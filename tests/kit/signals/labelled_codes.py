"""The codes of real recalls that were labelled by hand, and how well the reader agrees.

The rule of labelling. The texts are the code information of openFDA food and drug recalls of at
most 300 characters, and descriptions of products of CPSC recalls of at most 420 that speak of a
model, serial, lot, item or the like (`codes_of_products`), by the SHA-256 of “holdfast” and the
recall number. A text is cut into words at blanks and at , ; : ( ) # &, and the labels are numbers
of words, so that no text is copied: `L1 E4:5` says that the second word is a lot and the fifth and
sixth together a day. L lot (also date code, batch, Pedigree, and a bare code that can be nothing
else), U UPC, S serial, I item, style, SKU or product code, M model, E day until which it may be
used or sold, P made, packed or compounded, D distributed or bought, T a day of no told kind.
Weights, strengths, times and shops are nothing. Five texts whose words do not fit the codes were
left out. A range of words `L2-5` are so many codes.

The sets that end in `held_out` were labelled after the rules were frozen; those for prose were
changed once after the first of them (guesses in prose are dropped), which the second measures. A
code is right if its letters and digits are the labelled ones, of the labelled kind. For days the
kind
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from holdfast.kit.signals.code_reading import read_codes
from tests.kit.signals.labelled import Counts, lines_of

LABELS = Path(__file__).with_name("labelled_codes.json")
SETS = (
    "codes",
    "codes_held_out",
    "codes_of_products",
    "codes_of_products_held_out",
    "codes_of_products_second_held_out",
)
KINDS = {
    "L": "lot",
    "U": "upc",
    "S": "serial",
    "I": "item",
    "M": "model",
    "E": "expiry",
    "P": "made",
    "D": "sold",
    "T": "date",
}
_WORD = re.compile(r"[^\s,;:()#&]+")


@cache
def code_texts(shared: Path) -> dict[str, str]:
    """The code information by recall number."""
    wanted = {number for some in json.loads(LABELS.read_text()).values() for number in some}
    found = {}
    for name in ("food", "drugs"):
        path = shared / f"recalls_openfda/openfda_enforcement_{name}_2012_2021.jsonl.gz"
        for one in lines_of(path, "recall_number", wanted):
            found[one["recall_number"]] = one["code_info"]
    ids = {number.partition(":")[2] for number in wanted}
    for one in lines_of(shared / "recalls_cpsc/cpsc_recalls_1973_2022.jsonl.gz", "id", ids):
        found[f"cpsc:{one['id']}"] = " ".join(one["description"].split())
    return found


def labelled(text: str, labels: str) -> set[tuple[str, str]]:
    """Kind and letters of what was labelled in one text."""
    words = [one.group() for one in _WORD.finditer(text)]
    found = set()
    for label in labels.split():
        kind, place = KINDS[label[0]], label[1:]
        if ":" in place:
            first, last = map(int, place.split(":"))
            found.add((kind, _bare("".join(words[first : last + 1]))))
            continue
        first, _, last = place.partition("-")
        for one in words[int(first) : int(last or first) + 1]:
            days = re.fullmatch(r"(\d+/\d+/\d+)-(\d+/\d+/\d+)", one)  # from one day to another
            found.update((kind, _bare(part)) for part in (days.groups() if days else (one,)))
    return found


def read(text: str) -> set[tuple[str, str]]:
    """Kind and letters of what is read out of one text."""
    return {(one.kind, _bare(one.text)) for one in read_codes(text).codes}


def code_agreement(shared: Path, name: str) -> Counts:
    """How well the reader agrees, by kind."""
    by_id, found = code_texts(shared), Counts()
    for number, labels in json.loads(LABELS.read_text())[name].items():
        told, said = labelled(by_id[number], labels), read(by_id[number])
        for kind in KINDS.values():
            of_kind = [
                {(kind, text) for one, text in found if one == kind} for found in (said, told)
            ]
            found.hits[kind] += len(of_kind[0] & of_kind[1])
            found.false[kind] += len(of_kind[0] - of_kind[1])
            found.missed[kind] += len(of_kind[1] - of_kind[0])
    return found


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()
