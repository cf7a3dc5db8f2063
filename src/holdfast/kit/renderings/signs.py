"""Warning triangles for what can happen, drawn here as SVG; one drawing serves page, letter and screen."""

from __future__ import annotations

from html import escape

_INK, _TAPE = "#15181E", "#FFC61A"
_TRIANGLE = (
    f'<path d="M26 2.2 50 44.4H2z" fill="{_TAPE}" stroke="{_INK}" stroke-width="3.6"'
    ' stroke-linejoin="round"/>'
)


def _line(path: str, width: str = "2.8") -> str:
    return (
        f'<path d="{path}" fill="none" stroke="{_INK}" stroke-width="{width}"'
        ' stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _shape(path: str) -> str:
    return f'<path d="{path}" fill="{_INK}" fill-rule="evenodd"/>'


_FLAME = _shape(
    "M26.6 13.5c.6 4.2-3.7 6.600-5.700 10.300-1.800 3.300-.9 9 5.100 9.900 6-.9 7.200-6.200 5.400-9.700-.5 1.500-1.300"
    " 2.400-2.400 2.800.7-4.700-.3-9.800-2.400-13.300zm-.6 20.200c-2.400-.6-3.100-3.400-1.400-5.800.3 1.100.9 1.600"
    " 1.600 1.900.2-1.600.6-2.600 1.500-3.600.2 2 .9 2.900 1 4.400.1 1.700-1 2.900-2.700 3.100z"
)
_PERSON = '<circle cx="{x}" cy="{y}" r="3" fill="' + _INK + '"/>'

SIGNS: dict[str, str] = {
    "fire": _FLAME + _line("M16 38.5h20", "2.6"),
    "burn": _line("M19 21c-2.500 2.500 2.500 4.500 0 7M26 17c-3 3 3 6.500 0 11M33 21c-2.500 2.500 2.500 4.500 0 7")
    + _line("M14 37.500c4-4 7-4 12-4s8 0 12 4", "3.200"),
    "electric_shock": _shape("M28.500 13 19.500 27.500h5L21.500 40l11-15.500h-5.500L30.500 13z"),
    "explosion": _shape(
        "M26 13l2.600 7 6.400-3.500-2 6.700 7.500 2.300-7 3.500 3.500 6.700-7-2L26 41l-4-7.300-7 2 3.500-6.700-7-3.500"
        " 7.500-2.300-2-6.700 6.400 3.500z"
    ),
    "poisoning": '<circle cx="26" cy="22.500" r="7" fill="' + _INK + '"/>'
    + f'<path d="M22 22.500h2.500M27.500 22.500H30M26 25.500v1.500" stroke="{_TAPE}" stroke-width="2.400"/>'
    + _line("M17 32l18 7M35 32l-18 7", "3"),
    "infection": '<circle cx="26" cy="28" r="3" fill="' + _INK + '"/>'
    + _line("M26 25a6 6 0 1 1 .1 0M23.400 29.500a6 6 0 1 1-5.200 3M28.600 29.500a6 6 0 1 0 5.200 3", "2.400"),
    "allergic_reaction": _PERSON.format(x=26, y=18)
    + _line("M26 22v10M19 27l7-3 7 3M26 32l-4.500 7M26 32l4.500 7")
    + f'<path d="M15 35h.1M37 35h.1M14 30h.1M38 30h.1" stroke="{_INK}" stroke-width="2.600" stroke-linecap="round"/>',
    "choking": _PERSON.format(x=26, y=18.5) + _line("M17.500 36c0-8 3-11 8.500-11s8.500 3 8.500 11M22 29l4 3 4-3"),
    "strangulation": _PERSON.format(x=26, y=25) + _line("M26 12v8M20.500 25a5.500 5.500 0 1 1 11 0 5.500 5.500 0 1 1-11 0M26 30.500V36M21 40l5-5 5 5", "2.400"),
    "suffocation": _line("M18 39V22c0-4 3.500-7 8-7s8 3 8 7v17z") + _PERSON.format(x=26, y=25) + _line("M23 33h6"),
    "drowning": _PERSON.format(x=26, y=19.5) + _line("M19 30l7-7 7 7") + _line("M12 36c2.500-2.500 4.500-2.500 7 0s4.500 2.500 7 0 4.500-2.500 7 0 4.500 2.500 7 0", "2.600"),
    "cut": _shape("M14 33 32 15c3 1.500 4.500 4 4 7L22.500 34z") + _line("M29 36c-1.200 2-1.200 3.500 0 3.500s1.200-1.500 0-3.500z", "2"),
    "crushing": _line("M14 20h24M14 39h24", "3.600") + _shape("M17 35c0-4 2-7 4-7h8c4 0 6 2 6 5v2z") + _line("M26 21.500v3M24 23l2 2.500 2-2.500", "2"),
    "fall": _PERSON.format(x=21, y=17.5) + _line("M23 21l6 6-7 3 5 4M29 27l5-2M14 39h24"),
    "hearing_damage": _line("M21 24a6 6 0 1 1 11 3c-1.500 2-3 3-3 6s-3 5-6 3M24.500 24a2.800 2.800 0 0 1 5 1.500", "2.600") + _line("M14 22l3 1M13 28h3.500", "2.200"),
    "eye_damage": _line("M13.500 29c4-6 8-8.500 12.500-8.500s8.500 2.500 12.500 8.500c-4 5-8 7-12.500 7s-8.500-2-12.500-7z", "2.600") + '<circle cx="26" cy="28.500" r="3.600" fill="' + _INK + '"/>',
    "other": _line("M26 17v12", "5") + '<circle cx="26" cy="37" r="3" fill="' + _INK + '"/>',
}  # fmt: skip


def sign_svg(hazard: str, label: str, *, width: int = 52) -> str:
    """The triangle for a hazard as an SVG element; `label` is read aloud."""
    inner = SIGNS.get(hazard, SIGNS["other"])
    height = round(width * 47 / 52)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 52 47"'
        f' role="img" aria-label="{escape(label, quote=True)}">{_TRIANGLE}{inner}</svg>'
    )


def label_svg(product: str, lot: str, label: str) -> str:
    """A drawing of a product label with the lot code circled: where to look, not a photograph."""
    lot_text = escape(_short(lot, 16))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="350" height="130" viewBox="0 0 350 130" role="img"'
        f' aria-label="{escape(label, quote=True)}"><g fill="none" stroke="#15181E" stroke-width="2">'
        '<rect x="2" y="4" width="346" height="122" rx="20" fill="#fff"/>'
        '<rect x="24" y="26" width="302" height="78" rx="3" stroke-width="1"/>'
        '<path d="M40 66h96M40 82h70M40 94h84" stroke-width="1"/></g>'
        f'<g fill="#15181E" font-family="DejaVu Sans Mono,ui-monospace,monospace" font-size="17" font-weight="700">'
        f'<text x="40" y="54">{escape(_short(product, 20))}</text>'
        f'<text x="252" y="84" text-anchor="middle">{lot_text}</text></g>'
        '<rect x="188" y="60" width="128" height="36" rx="18" fill="none" stroke="#D8321C" stroke-width="3.2"/></svg>'
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
