"""How often one place may write: claims and reports only, never the safety answer."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict

from django.http import HttpRequest

MOST = 30  # writes from one place in a row; a family, a flat, a clinic behind one address
REFILL = 6.0  # seconds until one more is allowed
REMEMBERED = 20_000


class Bucket:
    """A token bucket per place, kept in this process; the oldest places are forgotten."""

    def __init__(self, most: int = MOST, refill: float = REFILL) -> None:
        self.most, self.refill = most, refill
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, place: str, *, at: float) -> bool:
        """Whether this place may write once more now."""
        with self._lock:
            left, since = self._left.pop(place, (float(self.most), at))
            left = min(self.most, left + (at - since) / self.refill)
            allowed = left >= 1
            self._left[place] = (left - 1 if allowed else left, at)
            while len(self._left) > REMEMBERED:
                self._left.popitem(last=False)
            return allowed

    def forget(self) -> None:
        with self._lock:
            self._left.clear()


WRITES = Bucket()


def may_write(request: HttpRequest) -> bool:
    """Take one from the bucket of the place this request comes from."""
    return WRITES.take(place_of(request), at=time.monotonic())


def place_of(request: HttpRequest) -> str:
    """The peer's address; a whole /64 for IPv6, since a home has that many."""
    text = request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if address.version == 6:
        return str(ipaddress.ip_network(f"{address}/64", strict=False))
    return str(address)
