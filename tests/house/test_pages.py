"""Pages obey the strict content policy, mirror for Arabic, and stay within their weight."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from tests.house.tree import HOUSE, ROOT, none

# Mail programs read no style sheets, and an uploaded single page brings its own: both never run
# under the content policy of our pages.
OWN_STYLE = re.compile(r"/(mail|standalone|letters?)(/|[_.])")
INLINE = {
    "an inline style": re.compile(r"""<[a-z][^>]*\sstyle\s*=""", re.IGNORECASE | re.DOTALL),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an event handler": re.compile(r"""<[a-z][^>]*\son[a-z]+\s*=""", re.IGNORECASE | re.DOTALL),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "a javascript address": re.compile(r"""["']\s*javascript:""", re.IGNORECASE),
    "a third party": re.compile(
        r"""<(script|link|img|iframe|source|video|audio)\b[^>]*(src|href)\s*=\s*["']?(https?:)?//""",
        re.IGNORECASE,
    ),
}
PHYSICAL = re.compile(
    r"(?<![\w-])("
    r"(margin|padding)-(left|right)|border-(left|right)(-\w+)?|"
    r"border-(top|bottom)-(left|right)-radius|(left|right)|scroll-(margin|padding)-(left|right)"
    r")\s*:|(?<![\w-])(text-align|float|clear)\s*:\s*(left|right)\b"
)
NIGHT = re.compile(
    r"@media\s*\(\s*prefers-color-scheme[^{]*\{(?P<rules>(?:[^{}]*\{[^{}]*\})*)\s*\}"
    r"|\[data-theme=[^{}]*\{(?P<rule>[^{}]*)\}"
)
COLOUR = re.compile(r"\s*(--[\w-]+|color-scheme)\s*:[^;]*|\s*")
LANGUAGE = re.compile(
    r"(?P<selector>[^{}]*(?::lang\(|:dir\(|\[lang|\[dir)[^{}]*)\{(?P<rule>[^{}]*)\}"
)
SETTING = re.compile(r"\s*(line-height|letter-spacing|white-space|text-align)\s*:[^;]*|\s*")
COMMENT = re.compile(r"/\*.*?\*/|\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}", re.DOTALL)
MOST_CSS, MOST_JS = 20 * 1024, 35 * 1024


def inline(path: str, text: str) -> list[str]:
    """What a template holds that the content policy refuses."""
    if OWN_STYLE.search(path):
        return []
    bare = COMMENT.sub(lambda found: "\n" * found.group().count("\n"), text)
    return [
        f"{path}:{bare.count(chr(10), 0, found.start()) + 1}: {what}"
        for what, pattern in INLINE.items()
        for found in pattern.finditer(bare)
    ]


def physical(path: str, text: str) -> list[str]:
    """Left and right in a style sheet: an Arabic page needs start and end."""
    bare = COMMENT.sub(lambda found: "\n" * found.group().count("\n"), text)
    return [
        f"{path}:{bare.count(chr(10), 0, found.start()) + 1}: {found.group().strip()}"
        for found in PHYSICAL.finditer(bare)
    ]


def not_colours(path: str, text: str) -> list[str]:
    """What a theme changes beside the colours of the other one."""
    bare = COMMENT.sub("", text)
    assert len(re.findall(r"prefers-color-scheme", bare)) == len(
        [one for one in NIGHT.finditer(bare) if one["rules"] is not None]
    ), f"{path}: a theme that is written in another way is not read here"
    return [
        f"{path}: {said.strip()}"
        for found in NIGHT.finditer(bare)
        for block in (
            re.findall(r"\{([^{}]*)\}", found["rules"]) if found["rules"] else [found["rule"] or ""]
        )
        for said in block.split(";")
        if not COLOUR.fullmatch(said)
    ]


def not_setting(path: str, text: str) -> list[str]:
    """What a language or its direction changes beside how lines are set."""
    return [
        f"{path}: {found['selector'].strip()}: {said.strip()}"
        for found in LANGUAGE.finditer(COMMENT.sub("", text))
        for said in found["rule"].split(";")
        if not SETTING.fullmatch(said)
    ]


def files(pattern: str) -> list[tuple[str, str]]:
    return [
        (path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
        for path in sorted(HOUSE.rglob(pattern))
    ]


def wire(paths: list[Path]) -> int:
    """Bytes of the files as they go over the wire."""
    return sum(len(gzip.compress(path.read_bytes(), 6)) for path in paths)


def test_templates_hold_nothing_the_content_policy_refuses() -> None:
    pages = files("*.html")
    assert pages
    none([fault for path, text in pages for fault in inline(path, text)])


def test_what_the_content_policy_refuses_is_found() -> None:
    for text in (
        '<p style="color:red">',
        "<p\n style=x>",
        "<style>a{}</style>",
        '<a onclick="x()">',
        "<script>x()</script>",
        '<a href="javascript:x()">',
        '<script src="https://cdn.example/x.js"></script>',
        '<link rel=stylesheet href="//cdn.example/x.css">',
    ):
        assert inline("src/holdfast/doors/desk/templates/desk/x.html", text), text
    for text in ("{# <style> #}", '<script src="/static/x.js" defer></script>', '<p class="on">'):
        assert not inline("src/holdfast/doors/desk/templates/desk/x.html", text), text


def test_style_sheets_know_no_left_and_right() -> None:
    sheets = files("*.css")
    assert sheets
    none([fault for path, text in sheets for fault in physical(path, text)])


def test_left_and_right_are_found() -> None:
    for text in (
        "a{margin-left:1px}",
        "a { right : 0 }",
        "a{text-align:left}",
        "a{float:right}",
        "a{border-left-color:red}",
    ):
        assert physical("x.css", text), text
    for text in ("a{margin-inline-start:1px}", "/* left: */", "a{text-align:start}", "a{--left:1}"):
        assert not physical("x.css", text), text


def test_by_night_only_colours_change() -> None:
    """So what is looked at by day need be looked at by night for its colours only."""
    sheets = files("*.css")
    assert sum("prefers-color-scheme" in text for _, text in sheets) >= 3
    none([fault for path, text in sheets for fault in not_colours(path, text)])


def test_more_than_colours_is_found() -> None:
    night = "@media (prefers-color-scheme:dark){:root{--ink:#fff}%s}:root[data-theme=dark]{%s}"
    assert not not_colours("x.css", night % ("", "color-scheme:dark;--l: ;"))
    assert not_colours("x.css", night % ("a{display:none}", ""))
    assert not_colours("x.css", night % ("", "--ink:#fff;font-size:1px"))


def test_a_language_changes_no_colour() -> None:
    """So what is looked at by night in one language need not be in another."""
    sheets = files("*.css")
    assert sum(":lang(" in text for _, text in sheets) >= 2
    none([fault for path, text in sheets for fault in not_setting(path, text)])


def test_a_colour_of_a_language_is_found() -> None:
    assert not not_setting("x.css", "a{color:red}:lang(ar) b,[lang=ar]{line-height:1.6}")
    for text in (
        "[lang=ar] a{color:red}",
        "a:dir(rtl){line-height:1;--ink:#fff}",
        "@media print{:lang(ar){background:#fff}}",
    ):
        assert not_setting("x.css", text), text


def test_the_desk_keeps_its_weight() -> None:
    sheets = [path for path in HOUSE.rglob("*.css") if path.name in {"base.css", "desk.css"}]
    scripts = list(HOUSE.rglob("*.js"))
    assert sheets
    assert wire(sheets) <= MOST_CSS
    assert wire(scripts) <= MOST_JS


def test_nothing_third_party_is_shipped() -> None:
    fonts = [p for kind in ("woff", "woff2", "ttf", "otf") for p in HOUSE.rglob(f"*.{kind}")]
    assert fonts == []
