"""What templates say with: marks, figures in the reader's language, moments, charts, assets."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import (
    get_language,
    get_language_bidi,
    gettext_lazy,
    ngettext,
)
from django.utils.translation import gettext as _

from holdfast.ground.look import figures, marks
from holdfast.ground.look.charts.spark import spark as drawn_spark
from holdfast.ground.look.charts.svg import Figure
from holdfast.kit import quantities

register = template.Library()

CERTAINTY_WORDS = {
    "confirmed": gettext_lazy("Confirmed"),
    "probable": gettext_lazy("Probable"),
    "cannot_rule_out": gettext_lazy("Cannot rule out"),
    "excluded": gettext_lazy("Excluded"),
}


def _language() -> str:
    return get_language() or "en"


def _own(markup: str) -> SafeString:
    """Markup made by this package from escaped parts."""
    return mark_safe(markup)  # noqa: S308 — every part was escaped or is a constant of the look


@cache
def _version(name: str) -> str:
    found = finders.find(name)
    return sha256(Path(found).read_bytes()).hexdigest()[:10] if found else "0"


@register.simple_tag
def asset(name: str) -> str:
    """The address of a static file with its content in it, so that an upgrade is seen at once."""
    return f"{static(name)}?v={_version(name)}"


@register.simple_tag
def logo() -> SafeString:
    """The sign of the product."""
    return _own(marks.LOGO)


@register.simple_tag
def mark(name: str) -> SafeString:
    """A state sign; a word stands beside it."""
    return _own(marks.state(name))


@register.simple_tag
def ring(left: float) -> SafeString:
    """The thin clock of the strip."""
    return _own(marks.ring(left))


@register.simple_tag
def certainty(name: str) -> SafeString:
    """Shape, colour and word of one certainty."""
    sign = _own(marks.certainty(name))
    return format_html(
        '<span class="{}">{}{}</span>', marks.certainty_class(name), sign, CERTAINTY_WORDS[name]
    )


@register.simple_tag
def certainty_sign(name: str) -> SafeString:
    """Shape and colour of one certainty where there is no room for its word, which is heard."""
    sign = _own(marks.certainty(name))
    return format_html(
        '<span class="{}" title="{}">{}<span class="vh">{}</span></span>',
        marks.certainty_class(name),
        CERTAINTY_WORDS[name],
        sign,
        CERTAINTY_WORDS[name],
    )


@register.simple_tag
def spark(shares: list[float]) -> SafeString:
    """A small line beside a number."""
    return _own(drawn_spark(shares))


@register.filter
def count(value: figures.Number | None) -> str:
    """7,640 as the reader writes it."""
    return figures.count(value, _language())


@register.filter
def signed(value: figures.Number) -> str:
    """+118, −3; a mark keeps the sign in front where the page runs right to left."""
    return ("\N{LEFT-TO-RIGHT MARK}" if get_language_bidi() else "") + figures.signed(
        value, _language()
    )


@register.filter
def plain(value: Decimal | int) -> str:
    """A quantity as a form takes it back: 1200, 0.25."""
    return str(quantities.plain(value))


@register.filter
def is_word(value: object) -> bool:
    """Whether a name was given; an include also sees a page's own form under that name."""
    return isinstance(value, str) and bool(value)


@register.simple_tag
def share(part: figures.Number, whole: figures.Number) -> str:
    """Whole per cent of a stated whole."""
    return figures.percent(part, whole, _language())


@register.filter
def moment(value: datetime | None) -> str:
    """Day and time in the shop's zone: Mon 4 May, 10:20."""
    if not value:
        return "–"
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return formats.date_format(local, "D j M Y, H:i")


@register.filter
def day(value: date | datetime | None) -> str:
    """A day: 4 May 2026."""
    if not value:
        return "–"
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return formats.date_format(value, "j M Y")


@register.filter
def times(words: str) -> str:
    """Words of the journal with the times in them as people write them: 2026-03-02 10:00 UTC."""
    return figures.times_in(words)


def span_words(n: int, unit: str) -> str:
    """A span in words: 3 days, 5 hours, 40 minutes."""
    if unit == "days":
        return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}
    if unit == "hours":
        return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}
    return ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n}


@register.filter
def since(value: datetime | None, now: datetime) -> str:
    """How long ago or how soon, in words."""
    if not value:
        return "–"
    words = span_words(*figures.span(now - value))
    return (
        _("in %(span)s") % {"span": words} if value > now else _("%(span)s ago") % {"span": words}
    )


@register.inclusion_tag("look/_chart.html")
def chart(figure: Figure) -> dict[str, object]:
    """A figure with its numbers and its CSV."""
    return {
        "figure": figure,
        "svg": _own(figure.svg),
        "narrow": _own(figure.narrow),
        "rows": [
            [(cell, n in figure.numeric) for n, cell in enumerate(row)] for row in figure.rows
        ],
        "head": [(cell, n in figure.numeric) for n, cell in enumerate(figure.head)],
    }


@register.inclusion_tag("look/_errors.html")
def errors(form: object) -> dict[str, object]:
    """What is wrong with a form, first on the page, each line leading to its field."""
    return {"form": form}


@register.simple_tag
def field(bound: object, hint: object = "") -> SafeString:
    """Label, hint, error and input of one form field, joined for screen readers."""
    widget_attrs: dict[str, str] = {}
    described = []
    identity = bound.id_for_label  # type: ignore[attr-defined]
    hint = hint or bound.help_text  # type: ignore[attr-defined]
    bad = list(bound.errors)  # type: ignore[attr-defined]
    if hint:
        described.append(f"{identity}_hint")
    if bad:
        described.append(f"{identity}_bad")
        widget_attrs["aria-invalid"] = "true"
    if described:
        widget_attrs["aria-describedby"] = " ".join(described)
    widget = bound.as_widget(attrs=widget_attrs)  # type: ignore[attr-defined]
    if getattr(bound.field.widget, "input_type", "") == "checkbox":  # type: ignore[attr-defined]
        label = format_html('<label class="opt">{} <span>{}</span></label>', widget, bound.label)  # type: ignore[attr-defined]
        return format_html('<div class="fld">{}</div>', label)
    parts = [format_html('<label for="{}">{}</label>', identity, bound.label)]  # type: ignore[attr-defined]
    if hint:
        parts.append(format_html('<span class="s q" id="{}_hint">{}</span>', identity, hint))
    if bad:
        parts.append(
            format_html('<span class="bad" id="{}_bad">{}</span>', identity, " ".join(bad))
        )
    parts.append(conditional_escape(widget))
    return _own(f'<div class="fld">{"".join(parts)}</div>')
