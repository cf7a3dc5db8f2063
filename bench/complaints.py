"""Complaints through the database: a real file brought in, one more report, all scored anew.

`BENCH_REPORTS` (500,000; up to 10,000,000) made reports over a hundredth as many products are
written straight into the tables. Beside scoring stands one SQL GROUP BY over the same rows, which
counts and knows nothing more. Processor time stands beside the clock, which counts others too.
"""

from __future__ import annotations

import os
import resource
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bench._house import figure, fresh, p95, tell, timed
from tests.plugins.strict import data_folder

REPORTS = int(os.environ.get("BENCH_REPORTS", "500000"))
PRODUCTS = max(1, REPORTS // 100)
DAYS = 1_800
TODAY = datetime(2026, 11, 1, 12, tzinfo=UTC)
MORE = 100  # reports that come in one by one
FILES = {
    "toys": "complaints_saferproducts_toys/saferproducts_toys_reports_2011_2017.csv.gz",
    "food reviews": "complaints_amazon_food_reviews/amazon_reviews_of_recalled_foods_pre2014"
    ".csv.gz",
    "devices": "complaints_maude/maude.csv.gz",
}
HAZARDS = (
    "fire burn shock explosion choking suffocation strangulation laceration entrapment fall "
    "drowning hearing poisoning allergen pathogen foreign_body"
).split()
# Numbers that look like chance and are the same every time.
CHANCE = "((({n} * {n} % 2147483647) * {times} + {n} * 69621) % 2147483647)"
COMPLAINTS = f"""
WITH RECURSIVE numbered(n) AS
  (SELECT {{low}} UNION ALL SELECT n + 1 FROM numbered WHERE n < {{high}})
INSERT INTO intake_complaint (id, kind, channel, source, source_id, identity, title, text, language,
  is_foreign, country, told, notes, received_at, known_at, known_how, known_by, taken_in_at,
  taken_in_by, read_by, urgency, urgency_why, stars, is_echo, fingerprint, voice, product_id, maker,
  duplicate_why, duplicate_by, is_distinct, seen_by)
SELECT n, 'complaint', 'import', 'bench', '', 'bench ' || n, '', 'It is about number ' || n, 'en',
  0, '', '{{{{}}}}', '[]',
  datetime('{{today}}', '-' || ({CHANCE.format(n="n", times=48271)} % {{days}}) || ' days'),
  '{{today}}', '', '', '{{today}}', 'bench', '', 1, '', NULL, 0, '', '',
  {CHANCE.format(n="n", times=16807)} % {{of}} + {{first}}, '', '', '', 0, ''
FROM numbered
"""
READINGS = f"""
INSERT INTO intake_hazardreading (complaint_id, hazard, rank, is_denied, words)
SELECT id, CASE {CHANCE.format(n="id", times=39373)} % 16 {{names}} END, 0, 0, '[]'
FROM intake_complaint WHERE id >= {{low}} AND id <= {{high}}
"""
PEER = """
SELECT c.product_id, h.hazard, COUNT(*), SUM(c.received_at >= '{year}')
FROM intake_complaint c JOIN intake_hazardreading h ON h.complaint_id = c.id
WHERE c.duplicate_of_id IS NULL AND h.is_denied = 0 GROUP BY c.product_id, h.hazard
"""


def importing() -> None:
    """Real files, each into an instance that has nothing but them; then all of them again."""
    for name, path in FILES.items():
        file = data_folder() / path
        if not file.exists():
            raise SystemExit(f"there is no {path}; see HOLDFAST_SHARED_DATA")
        with fresh() as instance:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            done = instance.json("import", "complaints", file, expect=None, timeout=1200)
        note = f"{done['rows']:,} rows, {done['merged']:,} merged, {done['rejected']:,} rejected"
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        figure(f"complaints imported, {name}", done["rows"] / done["seconds"], "rows/s", "", note)
        figure(f"complaints imported, {name}, processor time", busy, "s", "", "the whole command")


def products(number: int) -> None:
    """So many, with codes and titles."""
    from holdfast.supply.catalog.models import Product

    for low in range(1, number + 1, 10_000):
        Product.objects.bulk_create(
            Product(pk=at, code=f"P{at}", code_key=f"p{at}", title=f"Thing {at}")
            for at in range(low, min(low + 10_000, number + 1))
        )


def write(low: int, high: int, of: int, first: int = 1, days: int = DAYS) -> None:
    """Complaints of these numbers about so many products, each with one hazard."""
    from django.db import connection

    names = " ".join(f"WHEN {at} THEN '{name}'" for at, name in enumerate(HAZARDS))
    said = {"low": low, "high": high, "days": days, "of": of, "first": first}
    with connection.cursor() as cursor:
        cursor.execute(COMPLAINTS.format(today=f"{TODAY:%Y-%m-%d %H:%M:%S}", **said))
        cursor.execute(READINGS.format(low=low, high=high, names=names))


def write_all() -> None:
    """Every complaint, in portions, each moved into the database as the worker does."""
    from holdfast.config.storage import checkpoint

    for low in range(1, REPORTS + 1, 100_000):
        write(low, min(low + 99_999, REPORTS), PRODUCTS)
        checkpoint()


def one_more() -> None:
    """One report on products with ever more of them: taken in, and what the worker does then."""
    from holdfast.decision.intake.actions import count_rush_of_entry, take_in_complaint
    from holdfast.decision.intake.models import Complaint
    from holdfast.decision.intake.rules.told import Told
    from holdfast.decision.investigations.actions import score_complaint_of_entry
    from holdfast.ground.journal.models import Entry
    from holdfast.kit.actors import SYSTEM

    newest = Complaint.objects.latest("pk").pk
    for product, others in ((PRODUCTS + 1, 1_000), (PRODUCTS + 2, 10_000)):
        took: dict[str, list[float]] = {"taken in": [], "rush": [], "scored": [], "in all": []}
        busy: dict[str, list[float]] = {name: [] for name in took}
        at, code = TODAY - timedelta(days=1), f"P{product}"
        write(newest + 1, newest + others, 1, product)
        newest += others + 2 * MORE

        def step(name: str, work: Callable[[], object]) -> None:
            began = time.process_time()
            took[name].append(timed(work) * 1000)  # noqa: B023
            busy[name].append((time.process_time() - began) * 1000)  # noqa: B023

        for number in range(MORE + 1):
            text = f"Smoke came out of it after {number} minutes, on the {others}th day."
            told = Told(text=text, product=code, received_at=at + timedelta(minutes=number))
            step("taken in", lambda: take_in_complaint(told=told, by=SYSTEM, now=TODAY))  # noqa: B023
            entry = Entry.objects.filter(kind="ComplaintReceived").latest("index")
            given = {"entry": entry, "by": SYSTEM, "now": TODAY}
            step("rush", lambda: count_rush_of_entry(**given))  # noqa: B023
            step("scored", lambda: score_complaint_of_entry(**given))  # noqa: B023
            for kept in (took, busy):
                kept["in all"].append(
                    sum(kept[name][-1] for name in ("taken in", "rush", "scored"))
                )
        note = f"{MORE} complaints about a product with {others:,} others among {REPORTS:,}"
        figure(f"the first one beside {others:,}", took["scored"][0], "ms", "", "its tally is made")
        for name in took:
            most, (_, *all_took) = "<= 50" if name == "in all" else "", took[name]
            about = f"one more beside {others:,}, {name}"
            figure(f"{about}, median", statistics.median(all_took), "ms", most, note)
            figure(f"{about}, p95", p95(all_took), "ms", most, note)
            figure(f"{about}, worst", max(all_took), "ms", "", note)
            figure(f"{about}, processor time", statistics.median(busy[name][1:]), "ms")


def viewing() -> None:
    """What the page with the list asks, after so many more in a month that many are rushes."""
    from django.db.models import Max

    from holdfast.config.storage import checkpoint
    from holdfast.decision.intake.actions import count_rushes_of_entry
    from holdfast.decision.intake.models import Complaint
    from holdfast.decision.intake.queries import recent_rushes
    from holdfast.decision.intake.queries.listing import Asked, listed, sources, waiting
    from holdfast.ground.journal.models import Entry
    from holdfast.kit.actors import SYSTEM

    newest = Complaint.objects.aggregate(last=Max("pk"))["last"] + 1
    month, of = REPORTS * 7 // 100, max(1, REPORTS * 7 // 25_000)
    write(newest, newest + month, of, days=30)
    checkpoint()
    note = f"{month:,} more in 30 days, of {of:,} products, beside {REPORTS:,}"
    busy = time.process_time()
    found = timed(lambda: count_rushes_of_entry(entry=Entry(), by=SYSTEM, now=TODAY))
    figure("rushes of everything counted", found, "s", "", f"{note}; by the worker after a file")
    busy = time.process_time() - busy
    figure("rushes of everything counted, processor time", busy, "s")

    def view() -> None:
        recent_rushes(TODAY)
        waiting()
        sources()
        list(listed(Asked()).prefetch_related("hazards")[:41])

    view()
    took = [timed(view) * 1000 for _ in range(20)]
    figure("the list of complaints, median", statistics.median(took), "ms", "<= 150", note)
    figure("the list of complaints, worst of 20", max(took), "ms", "", "all it asks the database")


def scoring() -> None:
    """Everything scored anew: first from the complaints, then from the tallies; then one more."""
    with fresh() as instance:
        os.environ.update(instance.env)
        from holdfast.config.start import start

        start()
        from django.db import connection

        products(PRODUCTS + 2)
        built = timed(write_all)
        about = f"{REPORTS:,} made reports, {PRODUCTS:,} products, {len(HAZARDS)} hazards, SQLite"
        figure("rows written", REPORTS / built, "rows/s", "", "by SQL, not by the intake")

        from holdfast.decision.investigations.actions import score_catalogue
        from holdfast.decision.investigations.models import Alarm, ProductScore, ProductTally
        from holdfast.kit.actors import SYSTEM

        busy = time.process_time()
        first = timed(lambda: score_catalogue(by=SYSTEM, now=TODAY))
        busy = time.process_time() - busy
        note = f"{about}; every complaint read, {ProductTally.objects.count():,} tallies made"
        figure("scored for the first time", first, "s", "", note)
        figure("scored for the first time, processor time", busy, "s", "", about)
        alarms = Alarm.objects.count()
        busy = time.process_time()
        took = timed(lambda: score_catalogue(by=SYSTEM, now=TODAY + timedelta(days=1)))
        busy = time.process_time() - busy
        near = ProductScore.objects.filter(score__gt=0).count()
        note = f"{about}; a year day by day and today; {alarms:,} alarms, {near:,} scores above 0"
        figure("all scored anew", took, "s", "<= 60" if REPORTS >= 10_000_000 else "", note)
        figure("all scored anew, processor time", busy, "s", "", about)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        figure("all scored anew, highest memory", memory, "MB", "<= 2000", about)

        def group() -> None:
            with connection.cursor() as cursor:
                cursor.execute(PEER.format(year=f"{TODAY - timedelta(days=365):%Y-%m-%d}"))
                for _ in cursor:
                    pass

        peer = timed(group)
        figure("plain SQL GROUP BY over the rows", peer, "s", "", "counts only, the same SQLite")
        one_more()
        viewing()
        connection.close()


if __name__ == "__main__":
    importing()
    scoring()
    tell()
