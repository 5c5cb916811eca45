"""What is sent, and how it is signed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.events.log import Place
from domain.kit.ids import new_id
from domain.webhooks.errors import InvalidWebhookUrl
from domain.webhooks.messages import Message, headers_of, id_of, place_in, secret_of
from domain.webhooks.rules import PAUSES, clean_url, is_public, pause_after
from domain.webhooks.transports import Reply


def test_the_published_example_is_signed_as_published() -> None:
    """The vector of the specification's own libraries."""
    message = Message("msg_p5jXN8AQM9LWM0D4loKWxJek", "test", b'{"test": 2432232314}')
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = headers_of(message, ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], at)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-timestamp"] == "1614265330"


def test_two_secrets_sign_side_by_side() -> None:
    message, at = Message("evt_1_2", "test", b"{}"), datetime(2030, 1, 1, tzinfo=UTC)
    endpoint_id = new_id()
    new, old = (secret_of("installation", endpoint_id, generation) for generation in (2, 1))
    assert new != old and new != secret_of("another installation", endpoint_id, 2)
    both = headers_of(message, [new, old], at)["webhook-signature"].split(" ")
    assert both == [headers_of(message, [each], at)["webhook-signature"] for each in (new, old)]


def test_an_id_is_a_place_in_the_log() -> None:
    assert place_in(id_of(Place(1_700_000_000_000, 42))) == Place(1_700_000_000_000, 42)
    assert place_in("evt_3_4_resync") == Place(3, 4)
    for other in ("", "evt_", "evt_3", "evt_3_x", "3_4", "evt_-3_4", "evt_3_٤", "evt_3_" + "9" * 30, "test_1"):
        assert place_in(other) is None, other


def test_pauses_grow_and_are_spread_and_heed_the_receiver() -> None:
    for failures, planned in enumerate((*PAUSES, PAUSES[-1]), start=1):
        waits = {pause_after(failures, None) for _ in range(20)}
        assert all(planned * 0.8 <= each <= planned * 1.2 for each in waits) and len(waits) > 1
    assert pause_after(1, Reply(503, after_s=600)) == timedelta(minutes=10)
    assert pause_after(1, Reply(503, after_s=10**6)) == timedelta(hours=24)
    assert pause_after(2, Reply(503, after_s=1)) >= PAUSES[1] * 0.8


@pytest.mark.attack("requests to inner networks", on="Webhooks")
@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "http://example.org/hook",
        "ftp://example.org",
        "https://",
        "https://user:pass@example.org",
        "https://example.org/#here",
        "https://example.org/a b",
        "https://exämple.org",
        "https://example.org:port/",
        "https://[::1/",
        "https://localhost/hook",
        "https://server/hook",
        "https://db.internal/hook",
        "https://127.0.0.1/hook",
        "https://10.1.2.3/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/hook",
        "https://[::ffff:192.168.0.1]/hook",
        "https://example.org/" + "x" * 500,
    ],
)
def test_what_is_no_address_to_send_to(url: str) -> None:
    with pytest.raises(InvalidWebhookUrl):
        clean_url(url, public_only=True)


def test_what_is_one() -> None:
    assert clean_url(" https://example.org:8443/hook?of=us ", public_only=True) == "https://example.org:8443/hook?of=us"
    assert clean_url("http://127.0.0.1:9000/hook", public_only=False) == "http://127.0.0.1:9000/hook"
    assert is_public("93.184.216.34") and is_public("2606:2800:220:1::1")
    for ours in ("0.0.0.0", "100.64.0.1", "224.0.0.1", "fe80::1", "fc00::1", "::", "192.168.1.1"):
        assert not is_public(ours), ours
