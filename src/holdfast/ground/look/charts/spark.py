"""A sparkline: the way a share went since launch, at the size of a table cell."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast.ground.look.charts import svg

WIDTH, HEIGHT = 132, 32


def spark(shares: Sequence[float]) -> str:
    """A line of shares from 0 to 1; the zero line is always drawn. Decoration beside its number."""
    head = (
        f'<svg width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">'
    )
    body = svg.path(f"M0 30.5H{WIDTH}", "ax")
    if shares:
        last = max(len(shares) - 1, 1)
        points = [
            (2 + (WIDTH - 4) * position / last, 30 - 28 * max(0.0, min(1.0, share)))
            for position, share in enumerate(shares)
        ]
        body += svg.line(points, "cur") + svg.circle(*points[-1], 2.6, "fa")
    return f"{head}{body}</svg>"
