"""The reader of words in photographs, an extra: where it is absent, the end of a run says so."""

from __future__ import annotations

from typing import Any

from holdfast.kit.phototext import can_read_words

TEST = "test_where_the_reader_is_installed"
WHY = "rapidocr and onnxruntime are not installed (bin/photos installs them and runs it)"


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """Tests that read words for real stay out where nothing can read them."""
    out = [] if can_read_words() else [item for item in items if item.name.startswith(TEST)]
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in out]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what did not run, and why."""
    if not can_read_words():
        terminalreporter.section("NOT RUN: words in photographs", yellow=True, bold=True)
        terminalreporter.write_line(f"photos: {WHY}")
