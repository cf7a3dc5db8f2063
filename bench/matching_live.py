"""One announcement more through the product's own database, against very many products."""

from __future__ import annotations

import os
import random
import resource
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime

from bench._house import figure, tell
from bench.matching_speed import FILES, invented, real_recalls
from tests.plugins.strict import data_folder

PRODUCTS = int(os.environ.get("BENCH_PRODUCTS", "1000000"))
ALONE = int(os.environ.get("BENCH_ALONE", "40"))
ANNOUNCED = int(os.environ.get("BENCH_ANNOUNCED", "10000"))
NOW = datetime(2026, 11, 28, tzinfo=UTC)


def main() -> None:
    """A home with products and real recalls; then one recall after the other."""
    if not (data_folder() / FILES[0][0]).exists():
        sys.exit(f"the real recalls are not at {data_folder()}; see HOLDFAST_SHARED_DATA")
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as folder:
        os.environ.update(
            HOLDFAST_HOME=folder,
            DJANGO_SETTINGS_MODULE="holdfast.config.settings",
        )
        measured()


def measured() -> None:
    """Fill, match everything once, then bring one more at a time."""
    import django

    django.setup()
    from django.core.management import call_command

    from holdfast.decision.announcements.actions import match_announcements
    from holdfast.decision.announcements.models import Announcement, CatalogueMatch
    from holdfast.decision.announcements.queries import record_of
    from holdfast.decision.announcements.rules import record_digest
    from holdfast.kit.actors import SYSTEM
    from holdfast.supply.catalog.models import Product

    call_command("migrate", verbosity=0)
    recalls = real_recalls(data_folder())
    chance = random.Random(5)
    began = time.perf_counter()
    batch: list[Product] = []
    for number, one in enumerate(invented(recalls, chance)):
        if number >= PRODUCTS:
            break
        batch.append(
            Product(code=one.id, code_key=one.id, title=one.title[:300], brand=one.brand[:200],
                    model=one.model[:200], gtin=one.codes.zfill(14))
        )  # fmt: skip
        if len(batch) == 20_000:
            Product.objects.bulk_create(batch)
            batch = []
    Product.objects.bulk_create(batch)
    print(f"  filled in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)

    def told(number: str, title: str, rest: str, codes: str = "", brand: str = "") -> Announcement:
        row = Announcement(
            source="cpsc", authority="US CPSC", number=number, title=title[:2000],
            products=[{"name": "", "brand": brand, "model": "", "description": rest,
                       "codes": [codes] if codes else []}],
            original="{}", shape="bench", digest=number, record_sha256="", first_seen_at=NOW,
            changed_at=NOW,
        )  # fmt: skip
        row.record_sha256 = record_digest(record_of(row))
        return row

    once = {one.id: one for one in recalls[:: len(recalls) // ANNOUNCED]}.values()
    Announcement.objects.bulk_create(
        [told(one.id, one.title, one.rest, brand=one.brand) for one in once], batch_size=500
    )
    began = time.perf_counter()
    match_announcements(by=SYSTEM, now=NOW)
    first = time.perf_counter() - began
    note = f"{PRODUCTS:,} products and {len(once):,} announcements in SQLite; load " + ", ".join(
        f"{part:.1f}" for part in os.getloadavg()
    )
    figure("live matching: a new process and all pairs", first, "s", "", note)
    took, worked, hits = [], [], 0
    every = max(1, PRODUCTS // ALONE)
    for number, product in enumerate(Product.objects.filter(pk__in=range(1, PRODUCTS, every))):
        row = (
            told(f"n{number}", "Certain goods recalled", f"UPC {product.gtin[2:]}")
            if number % 2
            else told(f"n{number}", product.title, "", brand=product.brand)
        )
        began, busy = time.perf_counter(), time.process_time()
        row.save()
        match_announcements(by=SYSTEM, now=NOW)
        took.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - busy) * 1000)
        hits += CatalogueMatch.objects.filter(announcement=row, product=product).exists()
    figure("live matching: one more, median", statistics.median(took), "ms", "", note)
    figure("live matching: one more, slowest", max(took), "ms", "<= 1000", f"of {len(took)}")
    figure("live matching: one more, processor", statistics.median(worked), "ms", "", "median")
    figure("live matching: planted ones found", 100 * hits / len(took), "%")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figure("live matching: highest memory", peak, "MB")
    tell()


if __name__ == "__main__":
    main()
