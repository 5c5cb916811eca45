"""What an API key may use up, and from where it may be used: bounds that are narrower than its owner's."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from domain.identity.errors import InvalidKeyLimits, InvalidNetworks

MAX_NETWORKS: Final = 20
MAX_SOCKETS: Final = 50
MAX_POINTS: Final = 1_000_000

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class KeyLimits:
    """``points_per_minute`` of None spends the owner's budget; without ``networks`` the key is used from anywhere."""

    points_per_minute: int | None = None
    max_sockets: int | None = None
    networks: tuple[Network, ...] = ()

    def allows(self, address: str | None) -> bool:
        """Whether the key may be used from a network address; one that is unknown is not within any network."""
        if not self.networks:
            return True
        try:
            found = ipaddress.ip_address((address or "").partition("%")[0])
        except ValueError:
            return False
        found = getattr(found, "ipv4_mapped", None) or found
        return any(found in network for network in self.networks)


def limits_of(points_per_minute: int | None, max_sockets: int | None, networks: Iterable[str | Network]) -> KeyLimits | None:
    """Limits as they are in the books; None where nothing is narrower."""
    limits = KeyLimits(points_per_minute, max_sockets, tuple(ipaddress.ip_network(each) for each in networks))
    return None if limits == KeyLimits() else limits


def clean_networks(networks: Iterable[str]) -> list[str]:
    """Each network once, as ``203.0.113.0/24`` or ``2001:db8::/32``; an address alone is a network of one."""
    found: dict[str, None] = {}
    for text in networks:
        try:
            network = ipaddress.ip_network(text.strip(), strict=False)
        except ValueError:
            raise InvalidNetworks(f"{text[:60]!r} is no IP network, such as 203.0.113.0/24") from None
        found[str(network)] = None
    if len(found) > MAX_NETWORKS:
        raise InvalidNetworks(f"a key has at most {MAX_NETWORKS} networks")
    return list(found)


def check_limits(points_per_minute: int | None, max_sockets: int | None) -> None:
    if points_per_minute is not None and not 1 <= points_per_minute <= MAX_POINTS:
        raise InvalidKeyLimits(f"a key spends from 1 to {MAX_POINTS:,} points a minute", field=("input", "pointsPerMinute"))
    if max_sockets is not None and not 1 <= max_sockets <= MAX_SOCKETS:
        raise InvalidKeyLimits(f"a key has from 1 to {MAX_SOCKETS} sockets", field=("input", "maxSockets"))
