"""Warning triangles for what can happen, drawn here as SVG for page, letter and screen."""

from __future__ import annotations

import tomllib
from html import escape
from pathlib import Path

_OPENING = '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="{box}"'
_TRIANGLE = (
    '<path d="M26 2.2 50 44.4H2z" fill="#FFC61A" stroke="#15181E" stroke-width="3.6"'
    ' stroke-linejoin="round"/>'
)


def _signs() -> dict[str, str]:
    written = (Path(__file__).parent / "signs.toml").read_text(encoding="utf-8")
    return {hazard: "".join(shapes) for hazard, shapes in tomllib.loads(written).items()}


SIGNS: dict[str, str] = _signs()


def sign_svg(hazard: str, label: str, *, width: int = 52) -> str:
    """The triangle for a hazard as an SVG element; `label` is read aloud."""
    inner = SIGNS.get(hazard, SIGNS["other"])
    height = round(width * 47 / 52)
    return (
        _OPENING.format(w=width, h=height, box="0 0 52 47")
        + f' role="img" aria-label="{escape(label, quote=True)}">{_TRIANGLE}{inner}</svg>'
    )


def label_svg(product: str, lot: str, label: str) -> str:
    """A drawing of a product label with the lot code circled: where to look, not a photograph."""
    lot_text = escape(_short(lot, 16))
    return (
        _OPENING.format(w=350, h=130, box="0 0 350 130")
        + f' role="img" aria-label="{escape(label, quote=True)}">'
        '<g fill="none" stroke="#15181E" stroke-width="2">'
        '<rect x="2" y="4" width="346" height="122" rx="20" fill="#fff"/>'
        '<rect x="24" y="26" width="302" height="78" rx="3" stroke-width="1"/>'
        '<path d="M40 66h96M40 82h70M40 94h84" stroke-width="1"/></g>'
        '<g fill="#15181E" font-family="DejaVu Sans Mono,ui-monospace,monospace"'
        ' font-size="17" font-weight="700">'
        f'<text x="40" y="54">{escape(_short(product, 20))}</text>'
        f'<text x="252" y="84" text-anchor="middle">{lot_text}</text></g>'
        '<rect x="188" y="60" width="128" height="36" rx="18" fill="none"'
        ' stroke="#D8321C" stroke-width="3.2"/></svg>'
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
