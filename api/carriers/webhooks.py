"""Webhooks by HTTP: a message is posted once, to an address that was looked at first.

An owner names the server, and our own network must not be what it leads to: the name is looked up here, each time, and only
addresses that the whole Internet knows are connected to, whatever the name leads to a moment later. Redirects are answers
like any other. Of an answer nothing is read but its head. Whoever sends says how long it may take.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import httpx

from api.retrying import retry_after_s
from domain.webhooks.rules import is_public
from domain.webhooks.transports import NoReply, Reply

USER_AGENT: Final = "Daftari-Webhooks/1"


@dataclass(frozen=True)
class WebhookCarrier:
    """``public_only`` is for everywhere but a developer's machine."""

    public_only: bool = True

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return httpx.create_ssl_context()

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        parts = urlsplit(url)
        assert parts.hostname is not None, "the address was looked at when it was named"
        address = await self._address_of(parts.hostname, parts.port or (443 if parts.scheme == "https" else 80))
        reached = urlunsplit(parts._replace(netloc=_authority(address, parts.port)))
        # The certificate is that of the name, and the server is told the name, although the address is what is called.
        told = {**headers, "host": parts.netloc, "user-agent": USER_AGENT}
        try:
            async with (
                httpx.AsyncClient(timeout=None, verify=self._trust, trust_env=False) as client,
                client.stream(
                    "POST", reached, content=body, headers=told, extensions={"sni_hostname": parts.hostname}
                ) as answer,
            ):
                return Reply(answer.status_code, retry_after_s(answer.headers.get("retry-after")))
        except httpx.HTTPError as error:
            raise NoReply(f"the server cannot be reached: {error or type(error).__name__}") from error

    async def _address_of(self, host: str, port: int) -> str:
        """An address of the host that may be connected to."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            raise NoReply("nobody knows the server's name") from None
        addresses = [str(entry[4][0]) for entry in found]
        allowed = [each for each in addresses if not self.public_only or is_public(each)]
        if not allowed:
            raise NoReply("the server's name leads to an address that only this network knows")
        return allowed[0]


def _authority(address: str, port: int | None) -> str:
    host = f"[{address}]" if ":" in address else address
    return host if port is None else f"{host}:{port}"
