"""Text messages reach a provider over HTTP, and what it answers is understood."""

from __future__ import annotations

import pytest

from api.carriers import SmsProvider
from domain.kit.ids import new_id
from domain.notifications.transports import CarrierAway, MessageRefused, ShortMessage
from tests.support.carriers import Answer, SmsCatcher, sms_catcher


def provider_at(catcher: SmsCatcher) -> SmsProvider:
    return SmsProvider(url=catcher.url, token="let-me-in", sender="Daftari")


def a_message() -> ShortMessage:
    return ShortMessage(new_id(), "+254712345678", "Daftari: An invoice is in default.")


async def test_a_message_is_posted_with_its_key() -> None:
    async with sms_catcher() as catcher:
        message = a_message()
        assert await provider_at(catcher).send(message) == "sms-1"
        [posted] = catcher.posts
    assert posted.headers["authorization"] == "Bearer let-me-in"
    assert posted.headers["idempotency-key"] == str(message.id)
    assert posted.body == {
        "to": "+254712345678",
        "from": "Daftari",
        "text": "Daftari: An invoice is in default.",
        "reference": str(message.id),
    }


async def test_a_message_posted_twice_is_sent_once_by_whoever_knows_the_key() -> None:
    async with sms_catcher() as catcher:
        message = a_message()
        assert [await provider_at(catcher).send(message) for _ in range(2)] == ["sms-1", "sms-1"]
        assert len(catcher.posts) == 2 and len(catcher.sent) == 1


async def test_a_provider_that_is_away_comes_back() -> None:
    async with sms_catcher() as catcher:
        provider = provider_at(catcher)
        await catcher.go_away()
        with pytest.raises(CarrierAway, match="cannot be reached"):
            await provider.send(a_message())
        await catcher.come()
        assert await provider.send(a_message()) == "sms-1"


@pytest.mark.parametrize(
    ("answer", "after_s"),
    [
        (Answer("500 Oops"), None),
        (Answer("503 Later", {"Retry-After": "120"}), 120),
        (Answer("429 Slowly", {"Retry-After": "soon"}), None),
        (Answer("401 Who"), None),
        (Answer("302 Found", {"Location": "http://127.0.0.1:1/"}), None),
    ],
)
async def test_what_has_nothing_to_do_with_the_message_is_an_outage(answer: Answer, after_s: float | None) -> None:
    async with sms_catcher() as catcher:
        catcher.answers = [answer]
        with pytest.raises(CarrierAway) as away:
            await provider_at(catcher).send(a_message())
        assert away.value.after_s == after_s


@pytest.mark.parametrize("status", ["400 Bad", "422 No such number"])
async def test_a_no_to_the_message_is_for_good(status: str) -> None:
    async with sms_catcher() as catcher:
        catcher.answers = [Answer(status, body="not a telephone")]
        with pytest.raises(MessageRefused, match="not a telephone") as refused:
            await provider_at(catcher).send(a_message())
        assert refused.value.for_good


@pytest.mark.parametrize("body", ["", "[]", "OK", '{"id": null}', '{"id": {}}'])
async def test_an_answer_without_an_id_is_an_answer(body: str) -> None:
    async with sms_catcher() as catcher:
        catcher.answers = [Answer("200 OK", body=body)]
        assert await provider_at(catcher).send(a_message()) is None


def test_a_provider_is_named_well() -> None:
    named = {"url": "https://sms.example/v1", "token": "let-me-in", "sender": "Daftari"}
    assert "let-me-in" not in repr(SmsProvider(**named))
    assert not SmsProvider(**named).tells_token_openly
    for change in ({"url": "ftp://sms.example"}, {"url": "https://"}, {"token": ""}, {"sender": ""}):
        with pytest.raises(ValueError, match="SMS provider"):
            SmsProvider(**{**named, **change})
