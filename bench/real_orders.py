"""The real order file: how fast it comes in, how fast a scope is found in it."""

from __future__ import annotations

from bench._house import figure, fresh, peak_mb, real_orders, tell, timed

LINES = 541_909


def main() -> None:
    """Import 541,909 lines, then find who bought two products in a season."""
    orders = real_orders()
    with fresh() as instance:
        instance.run("doctor")  # the schema is made before the clock starts
        told: dict[str, object] = {}

        def bring() -> None:
            told.update(instance.json("import", "orders", orders, expect=None, timeout=900))

        took = timed(bring)
        assert told["rows"] == LINES, told
        note = f"{LINES:,} lines, {told['rejected']} rejected, whole command"
        figure("import", LINES / took, "rows/s", ">= 18064", note)
        figure("import, whole file", took, "s", "<= 30", note)
        figure("import, peak memory", peak_mb(), "MB", "<= 1024", "one process")

        def again() -> None:
            told.update(instance.json("import", "orders", orders, expect=None, timeout=900))

        took = timed(again)
        figure("import again, nothing new", took, "s", "", f"{told['merged']:,} merged")
        instance.json("recall", "open", "--product", "85123A", "--outcome", "fire")
        words = ("--product", "85123A", "--product", "22423", "--shipped", "2011-03-01..2011-06-30")
        scope: dict[str, object] = {}

        def find() -> None:
            scope.update(instance.json("recall", "scope", "R-2026-001", *words, "--dry-run"))

        took = min(timed(find) for _ in range(3))
        people = scope["confirmed"]["people"]  # type: ignore[index]
        figure("scope, whole command", took, "s", "<= 5", f"{LINES:,} lines, {people} people")
    tell()


if __name__ == "__main__":
    main()
