"""`real_shop`: the real order file brought in once, for every test that starts where it is in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.instance import Instance, instances

ORDERS = "orders_online_retail/online_retail_2010-12-01_2011-12-09.csv.zst"
GROUP = pytest.mark.xdist_group("real orders")  # one process has it, so what needs it goes there


@dataclass
class RealShop:
    """The file, what the import of it answered, the shop, and a copy of the shop."""

    file: Path
    told: dict[str, Any]
    to_tell: Instance  # one test sends from here
    to_count: Instance  # no order of it changes


@pytest.fixture(scope="session")
def real_shop(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: str | None, real_data: Path
) -> Iterator[RealShop]:
    """Half a million order lines of a shop."""
    file = real_data / ORDERS
    with instances(tmp_path_factory.mktemp("real"), postgres_server) as make:
        shop = make()
        told = shop.json("import", "orders", file, expect=None, timeout=600)
        yield RealShop(file, told, shop, make(like=shop))
