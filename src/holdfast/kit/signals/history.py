"""A folder of complaints, reviews, recalls and named cases, read as their sources write them."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from holdfast.kit.refusals import Unreadable
from holdfast.kit.signals.hazard_reading import read_hazards
from holdfast.kit.signals.known_recall import KnownRecall, recall_from
from holdfast.kit.signals.makers import maker_key
from holdfast.kit.signals.news import speaks_of_recall
from holdfast.kit.signals.report import Report
from holdfast.kit.signals.span import spans
from holdfast.kit.signals.taxonomy import hazard_named
from holdfast.kit.signals.told_tables import YEARS, day_of, told_lines, told_rows

REASONS = ("no maker", "no day", "no number")
GOOD_STARS = 4.0
MAKER = "Manufacturer / Importer / Private Labeler Name"
HARM = {
    "no incident, no injury": 0,
    "incident, no injury": 0,
    "injury - no first aid or medical attention received": 1,
    "injury - first aid received by non-medical professional": 1,
    "injury - level of care not known": 1,
    "injury - seen by medical professional": 2,
    "injury - emergency department treatment received": 3,
    "injury - hospital admission": 3,
    "death": 4,
}
COMPLAINTS_NEED = ("Report No.", "Report Date", MAKER, "Incident Description")
REVIEWS_NEED = ("asin", "reviewText", "unixReviewTime")
COMPLAINTS_MAY_HAVE = (
    *("Publication Date", "Product Description", "Product Type", "Product Code", "Brand"),
    *("Manufacturer Date Code", "Serial Number", "(Primary) Victim Severity"),
)
REVIEWS_MAY_HAVE = ("overall", "summary", "initiation_date")
CASES_MAY_HAVE = ("recall_id", "maker", "product", "expect")
CASES_NEED = ("case", "recall_date", "hazard")
EXPECTED = ("alarm", "silent", "")
# Single words that name a hazard in a list of cases, though nobody writes them so in a report.
SHORT_FOR = {
    "allergy": "allergen",
    "collapse": "tip_over",
    "collision": "impact",
    "magnet": "ingestion",
    "magnets": "ingestion",
    "mercury": "poisoning",
    "microbiological": "pathogen",
}


@dataclass(frozen=True, slots=True)
class NamedCase:
    """A case to look for; `expect` is `alarm`, `silent` or nothing."""

    case: str
    recall_id: str
    recall_on: date
    hazards: frozenset[str]
    maker: str = ""
    product: str = ""
    expect: str = ""


@dataclass
class History:
    """All a folder tells; `rows` counts what was read and what could not be used, by reason."""

    reports: list[Report] = field(default_factory=list)
    recalls: list[KnownRecall] = field(default_factory=list)
    cases: list[NamedCase] | None = None
    rows: Counter[str] = field(default_factory=Counter)


def read_history(folder: Path) -> History:
    """Read `complaints*.csv`, `reviews*.csv`, `recalls*.jsonl` (each also .gz) and `cases.csv`.

    Raises:
        Unreadable: no such folder, nothing in it to read, or a file without its columns.
    """
    if not folder.is_dir():
        raise Unreadable("no_folder", f"{folder} is no folder.", file=str(folder))
    history = History()
    complaints, reviews = (_files(folder, stem, ".csv") for stem in ("complaints", "reviews"))
    for path in complaints:
        _take_all(history, path, COMPLAINTS_NEED, COMPLAINTS_MAY_HAVE, complaint_from)
    for path in reviews:
        _take_all(history, path, REVIEWS_NEED, REVIEWS_MAY_HAVE, review_from)
    for path in _files(folder, "recalls", ".jsonl"):
        history.recalls += _recalls(path, history.rows)
    # Files with a header alone are a history in which nothing was told yet.
    if not history.reports and (history.rows["read"] or not (complaints or reviews)):
        raise Unreadable(
            "nothing_to_read",
            f"{folder} has no report in complaints*.csv or reviews*.csv.",
            hint="The columns are those of SaferProducts.gov exports and of Amazon reviews.",
            file=str(folder),
        )
    history.reports.sort(key=lambda one: one.id)
    named = folder / "cases.csv"
    if named.exists():
        listed = {one.id: one.hazards for one in history.recalls}
        cases = [
            _case(row, named, line) for line, row in told_rows(named, CASES_NEED, CASES_MAY_HAVE)
        ]
        # What the list does not say of a hazard, the recall itself may.
        history.cases = [
            one if one.hazards else replace(one, hazards=listed.get(one.recall_id, frozenset()))
            for one in cases
        ]
        if unknown := sum(not one.hazards for one in history.cases):
            history.rows["cases of no known hazard"] = unknown
    span = spans(history.reports)
    for one in history.reports:
        begins, ends = span[one.stream]
        if one.reported_on < begins:
            history.rows["years before all others"] += 1
        elif one.reported_on > ends:
            history.rows["years after all others"] += 1
    return history


def complaint_from(row: Mapping[str, str]) -> Report:
    """A report out of one row of a SaferProducts.gov export.

    Raises:
        ValueError: it has no day of report that can be read, or no maker and no brand.
    """
    if not row["Report No."]:
        raise ValueError("no number")
    reported = day_of(row["Report Date"])
    published = row.get("Publication Date") or ""
    text = html.unescape(row["Incident Description"])
    brand = row.get("Brand") or ""
    name = row[MAKER] if maker_key(row[MAKER] or "") else brand
    if not maker_key(name):
        raise ValueError("no maker")
    reading = read_hazards(text, goods="products", briefly=True)
    said = (row.get("(Primary) Victim Severity") or "").strip().lower()
    harm = HARM.get(said)
    kind = row.get("Product Type") or row.get("Product Description") or ""
    return Report(
        id=row["Report No."],
        stream="complaints",
        maker=maker_key(name),
        product=row.get("Product Code") or kind,
        hazards=reading.hazards,
        reported_on=reported,
        published_on=max(day_of(published), reported) if published.strip() else reported,
        harm=harm if harm is not None else (reading.severity or None),
        is_echo=speaks_of_recall(text),
        maker_name=name.strip(),
        product_name=re.sub(r" ?\(\d+\)$", "", " ".join(kind.split())),
        brand=maker_key(brand),
        lot=(row.get("Manufacturer Date Code") or row.get("Serial Number") or "").strip(),
        fingerprint=_fingerprint(text),
    )


def review_from(row: Mapping[str, str]) -> Report:
    """A report out of one review; the product is its ASIN and stands for its maker too.

    Raises:
        ValueError: the time cannot be read, or there is no ASIN.
    """
    asin = (row["asin"] or "").strip()
    if not asin:
        raise ValueError("no maker")
    try:
        on = datetime.fromtimestamp(int(float(row["unixReviewTime"])), UTC).date()
    except (OverflowError, OSError, TypeError, ValueError) as error:
        raise ValueError("no day") from error
    if on.year not in YEARS:
        raise ValueError("no day")
    text = html.unescape(f"{row.get('summary') or ''}. {row['reviewText']}")
    reading = read_hazards(text, goods="food", briefly=True)
    stars = row.get("overall") or ""
    return Report(
        # The words belong to it: a day, which is all the time says, has many reviews.
        id=f"{asin}:{row['unixReviewTime']}:{_digest(text)[:8]}",
        stream="reviews",
        maker=asin,
        product=asin,
        hazards=reading.hazards,
        reported_on=on,
        published_on=on,
        harm=(reading.severity or None) if reading.hazards else None,
        is_echo=speaks_of_recall(text),
        is_praise=_number(stars) >= GOOD_STARS,
        maker_name=asin,
        product_name=asin,
        fingerprint=_fingerprint(text),
    )


def _take_all(
    history: History,
    path: Path,
    needed: tuple[str, ...],
    others: tuple[str, ...],
    make: Callable[[Mapping[str, str]], Report],
) -> None:
    seen = {one.id for one in history.reports}
    own: dict[str, KnownRecall] = {one.id: one for one in history.recalls}
    for _line, row in told_rows(path, needed, others):
        history.rows["read"] += 1
        try:
            report = make(row)
        except ValueError as error:
            reason = str(error) if str(error) in REASONS else "no day"
            history.rows[f"without: {reason}"] += 1
            continue
        if report.id in seen:
            history.rows["the same row again"] += 1
            continue
        seen.add(report.id)
        history.reports.append(report)
        if recall := _own_recall(row, report):
            own.setdefault(recall.id, recall)
    history.recalls[:] = own.values()


def _own_recall(row: Mapping[str, str], report: Report) -> KnownRecall | None:
    """The recall a review file says its product had; of which hazard it does not say."""
    told = (row.get("initiation_date") or "").strip()[:10]
    if not told:
        return None
    try:
        on = date.fromisoformat(told)
    except ValueError:
        return None
    return KnownRecall(report.product, on, frozenset(), report.product, f" {report.maker.lower()} ")


def _recalls(path: Path, rows: Counter[str]) -> Iterator[KnownRecall]:
    for number, line in told_lines(path):
        rows["recalls read"] += 1
        try:
            told = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Unreadable(
                "bad_json", f"Line {number} is no JSON.", file=path.name, line=number
            ) from error
        try:
            yield recall_from(told)
        except (ValueError, KeyError, TypeError, AttributeError):
            rows["recalls without a day"] += 1


def _case(row: Mapping[str, str], path: Path, line: int) -> NamedCase:
    hazard = row["hazard"] or ""
    expect = (row.get("expect") or "").strip().lower()
    if expect not in EXPECTED:
        raise Unreadable(
            "bad_expect",
            f"“{expect}” is nothing to expect of a case.",
            hint="expect is alarm, silent, or empty.",
            file=path.name,
            line=line,
        )
    try:
        on = day_of(row["recall_date"] or "")
    except ValueError as error:
        raise Unreadable(
            "bad_day", f"“{row['recall_date']}” is no day.", file=path.name, line=line
        ) from error
    return NamedCase(
        case=row["case"] or "",
        recall_id=row.get("recall_id") or "",
        recall_on=on,
        hazards=hazards_named(hazard),
        maker=row.get("maker") or "",
        product=row.get("product") or "",
        expect=expect,
    )


def hazards_named(text: str) -> frozenset[str]:
    """Hazards out of a name, several names, or a phrase such as `sand and grit`."""
    found = set()
    text = text.replace("_", " ")
    for part in re.split(r"[,;/|]|\band\b", text):
        if part.strip():
            try:
                found.add(hazard_named(part).key)
            except Unreadable:
                found.update(SHORT_FOR.get(word, "") for word in part.casefold().split())
                found.update(read_hazards(f"found {part.strip()} in it", "en").hazards)
                found.update(read_hazards(f"due to {part.strip()} hazard", "en").hazards)
    return frozenset(found - {""})


def _files(folder: Path, stem: str, ending: str) -> list[Path]:
    found = [*folder.glob(f"{stem}*{ending}"), *folder.glob(f"{stem}*{ending}.gz")]
    return sorted(path for path in found if path.is_file())


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _fingerprint(text: str) -> str:
    """The same for the same words; empty where they are so few that two people may choose them."""
    return _digest(text) if len(_words(text)) > 40 else ""


def _digest(text: str) -> str:
    return hashlib.sha256(_words(text).encode()).hexdigest()[:16]


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
