"""Messages are posted as they are, to addresses that were looked at, and what is answered is understood."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from typing import Any

import pytest

from api.carriers import WebhookCarrier
from domain.webhooks.transports import NoReply, Reply
from tests.support.carriers import Answer, PostCatcher, listening


async def test_a_message_is_posted_as_it_is() -> None:
    async with listening(PostCatcher()) as receiver:
        url = f"http://localhost:{receiver.port}/hook?of=us"
        assert await WebhookCarrier(public_only=False).post(url, b'{"a":1}', {"webhook-id": "evt_1_2"}) == Reply(204)
    [posted] = receiver.posts
    assert (posted.path, posted.body, posted.headers["webhook-id"]) == ("/hook?of=us", {"a": 1}, "evt_1_2")
    assert posted.headers["host"] == f"localhost:{receiver.port}" and posted.headers["user-agent"] == "Daftari-Webhooks/1"


@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        (Answer("302 Found", {"location": "http://127.0.0.1:1/"}), Reply(302)),
        (Answer("503 Later", {"retry-after": "120"}), Reply(503, after_s=120)),
        (Answer("429 Slowly", {"retry-after": "soon"}), Reply(429)),
        (Answer("410 Gone"), Reply(410)),
    ],
)
async def test_what_is_answered(answer: Answer, reply: Reply) -> None:
    async with listening(PostCatcher()) as receiver:
        receiver.answers = [answer]
        assert await WebhookCarrier(public_only=False).post(receiver.url, b"{}", {}) == reply
    assert len(receiver.posts) == 1, "redirects are not followed"


async def test_a_server_that_is_away_or_speaks_something_else() -> None:
    carrier = WebhookCarrier(public_only=False)
    with pytest.raises(NoReply, match="cannot be reached"):
        await carrier.post("http://127.0.0.1:1/", b"{}", {})
    with pytest.raises(NoReply, match="nobody knows"):
        await carrier.post("http://no-such-host.invalid/", b"{}", {})


@pytest.mark.attack("requests to inner networks", on="Webhooks")
@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "fd00::7", "::ffff:10.0.0.7"])
async def test_a_name_that_leads_into_our_own_network_is_not_followed(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name was fine when the endpoint was made; where it leads to is its owner's to change."""
    asked: list[str] = []

    async def leads_to(host: str, port: int, **_: Any) -> Sequence[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", leads_to, raising=False)
    with pytest.raises(NoReply, match="only this network knows"):
        await WebhookCarrier(public_only=True).post("https://example.org/hook", b"{}", {})
    assert asked == ["example.org"]
