"""What the engine publishes: immutable arrays that any number of processes read where they lie."""

from holdfast.kit.trace.published.building import build
from holdfast.kit.trace.published.layout import Published

__all__ = ["Published", "build"]
