"""Which web pages may open sockets here. Browsers say where a page came from, and no page can make them lie.

Programs that are no browsers say nothing, and are let in: an origin protects people from pages, not servers from programs.
"""

from __future__ import annotations

from collections.abc import Iterable

from api.visitors import Scope, header

ANY = "*"


class Origins:
    """The origins that are allowed; the server's own is, always."""

    def __init__(self, allowed: Iterable[str]) -> None:
        self._allowed = frozenset(origin.lower() for origin in allowed)

    def allow(self, scope: Scope) -> bool:
        origin = header(scope, b"origin")
        if origin is None or ANY in self._allowed:
            return True
        origin = origin.lower()
        return origin in self._allowed or _is_own(origin, header(scope, b"host"))


def _is_own(origin: str, host: str | None) -> bool:
    """The scheme is left to the proxy that ends TLS, behind which this server cannot know it."""
    scheme, _, origin_host = origin.partition("://")
    return scheme in ("http", "https") and host is not None and origin_host == host.lower()
