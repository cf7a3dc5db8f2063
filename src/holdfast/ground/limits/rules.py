"""Turns as pure functions: a bucket that holds so many and refills one by one."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """So many in a row, then one more each `refill`."""

    kind: str
    most: int
    refill: timedelta


def next_free(limit: Limit, free_at: datetime | None, now: datetime) -> datetime | None:
    """When the next would be free after taking one now; nothing where none is left.

    One time a place says it all (the “generic cell rate algorithm”): it may run ahead of `now`
    by what the bucket holds.
    """
    start = now if free_at is None or free_at < now else free_at
    taken = start + limit.refill
    return taken if taken - now <= limit.most * limit.refill else None


def place_of(address: str) -> str:
    """Whom an address stands for: itself, or the /64 that every home with IPv6 has.

    >>> place_of("2001:db8::1") == place_of("2001:db8::ffff"), place_of("::ffff:192.0.2.1")
    (True, '192.0.2.1')
    """
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:
        return address.strip()
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network(f"{found}/64", strict=False))
    return str(found)


@dataclass(frozen=True, slots=True)
class Trusted:
    """The proxies in front of us: how many, or which networks they are in; none by default."""

    count: int = 0
    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Trusted:
        """ "" none · "1" one proxy · "10.0.0.0/8, 192.0.2.7" proxies in these networks.

        Raises `ValueError` for anything else.
        """
        words = [word.strip() for word in text.split(",") if word.strip()]
        if len(words) == 1 and words[0].isascii() and words[0].isdigit():
            if not 0 <= int(words[0]) <= 9:
                raise ValueError(f"{words[0]} proxies")
            return cls(count=int(words[0]))
        return cls(networks=tuple(ipaddress.ip_network(word, strict=False) for word in words))

    def client(self, peer: str, forwarded: str) -> str:
        """The address of whoever asks; what nobody we trust has written is not believed.

        Each proxy appends whom it heard from, so the list is read from its end.
        """
        if not self.count and not self.networks:
            return peer
        hops = [hop.strip() for hop in forwarded.split(",")] if forwarded.strip() else []
        chain = [*hops, peer]
        trusted = self._trusted_at_the_end(chain)
        if trusted == 0:
            return peer
        for hop in reversed(chain[: len(chain) - trusted]):
            address = _address(hop)
            return peer if address is None else address
        # every hop is ours: the one furthest out asked
        return _address(chain[0]) or peer

    def _trusted_at_the_end(self, chain: list[str]) -> int:
        if self.count:
            return min(self.count, len(chain) - 1)
        found = 0
        for hop in reversed(chain):
            address = _address(hop)
            if address is None or not self._is_ours(address):
                break
            found += 1
        return found

    def _is_ours(self, address: str) -> bool:
        known = ipaddress.ip_address(address)
        return any(known.version == net.version and known in net for net in self.networks)


def _address(text: str) -> str | None:
    """A hop as an address, with or without a port; nothing where it is none."""
    plain = text.strip().strip('"')
    if plain.startswith("["):
        plain = plain[1:].partition("]")[0]
    elif plain.count(":") == 1:
        plain = plain.partition(":")[0]
    try:
        found = ipaddress.ip_address(plain)
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(found)
