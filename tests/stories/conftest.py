"""What the stories share."""

from __future__ import annotations

from tests.response.conftest import small

__all__ = ["small"]
