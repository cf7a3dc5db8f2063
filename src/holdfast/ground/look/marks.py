"""Small signs that always stand beside a word: certainty, state, deadline ring, logo."""

from __future__ import annotations

_DOT = '<circle cx="6" cy="6" r="5"'
_BOX = '<path d="M1 1h10v10H1z"'
CERTAINTY = {
    "confirmed": ("c1", f'{_DOT} class="f"/>'),
    "probable": ("c2", f'{_DOT}/><path d="M6 1a5 5 0 0 0 0 10z" class="f"/>'),
    "cannot_rule_out": ("c3", f"{_DOT}/>"),
    "excluded": ("c4", '<path d="M1 6h10"/>'),
}
STATE = {
    "done": ("", f'{_BOX} class="f"/>'),
    "ok": ("ok", f'{_BOX} class="f"/>'),
    "doing": ("", f'{_BOX}/><path d="M1 6h10v5H1z" class="f"/>'),
    "open": ("", f"{_BOX}/>"),
    "missing": ("hz", f"{_BOX}/>"),
    "failed": ("hz", '<path d="M6 0l6 11.5H0z" class="f"/>'),
    "warn": ("wn", '<path d="M6 0l6 11.5H0z" class="f"/>'),
    "blocked": ("hz", '<path d="M2 2l8 8M10 2l-8 8"/>'),
    "draft": ("wn", f'{_BOX}/><path d="M1 11L11 1M1 6l5-5M6 11l5-5"/>'),
    "none": ("qq", '<path d="M2 6h8"/>'),
}


def _svg(body: str, tone: str) -> str:
    classes = f"m {tone}".strip()
    return f'<svg class="{classes}" viewBox="0 0 12 12" aria-hidden="true">{body}</svg>'


def certainty(name: str) -> str:
    """The sign of one certainty: full, half, ring or dash."""
    return _svg(CERTAINTY[name][1], "")


def certainty_class(name: str) -> str:
    """The class that colours the sign and keeps it with its word."""
    return CERTAINTY[name][0]


def state(name: str) -> str:
    """The sign of one state: full done, half doing, empty open, triangle failed, hatched draft."""
    tone, body = STATE[name]
    return _svg(body, tone)


def ring(left: float) -> str:
    """A thin clock of the share that is left (0 to 1); the words beside it carry the meaning."""
    length = 81.7
    shown = max(0.0, min(1.0, left)) * length
    return (
        '<svg class="ring" viewBox="0 0 30 30" aria-hidden="true">'
        '<circle cx="15" cy="15" r="13" class="ax" stroke-width="2.5"/>'
        f'<circle cx="15" cy="15" r="13" class="rg" stroke-dasharray="{shown:.1f} {length}" '
        'transform="rotate(-90 15 15)"/></svg>'
    )


LOGO = (
    '<svg viewBox="0 0 20 20" aria-hidden="true" fill="none" stroke="currentColor" '
    'stroke-width="2.4"><path d="M7 2H2v16h5M13 2h5v16h-5"/>'
    '<path d="M7 7.2h6v5.6H7z" fill="currentColor" stroke="none"/></svg>'
)
