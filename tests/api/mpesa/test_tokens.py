"""The access token: one fetch for all who wait, in good time before the end, and once more when it is refused."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from api.mpesa import Daraja
from api.mpesa.tokens import Token, TokenCache
from domain.payments.provider import ProviderAway, StkAccepted, StkPending
from tests.support.mpesa import QUICK, Mpesa, a_push, pushed


@dataclass
class Source:
    """Gives out tokens when it is let, by a clock of its own."""

    now: float = 1_000.0
    fetched: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    broken: bool = False

    async def fetch(self) -> Token:
        self.fetched += 1
        number = self.fetched
        await self.gate.wait()
        if self.broken:
            raise ProviderAway("not now", code="UNREACHABLE")
        return Token(f"token-{number}", 3600)

    def cache(self) -> TokenCache:
        return TokenCache(self.fetch, now=lambda: self.now)


async def test_a_token_is_used_until_shortly_before_its_end() -> None:
    source = Source()
    source.gate.set()
    cache = source.cache()
    assert [await cache.get(), await cache.get()] == ["token-1", "token-1"]
    source.now += 3239
    assert await cache.get() == "token-1"
    source.now += 2
    assert await cache.get() == "token-2"
    await cache.close()


async def test_many_who_wait_share_one_fetch() -> None:
    source = Source()
    cache = source.cache()
    waiting = [asyncio.create_task(cache.get()) for _ in range(50)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    source.gate.set()
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(answers[0], asyncio.CancelledError), "one of them goes, and the fetch goes on"
    assert set(answers[1:]) == {"token-1"} and source.fetched == 1
    await cache.close()


async def test_a_fetch_that_fails_fails_for_all_who_waited_and_not_for_the_next() -> None:
    source = Source(broken=True)
    cache = source.cache()
    waiting = [asyncio.create_task(cache.get()) for _ in range(5)]
    await asyncio.sleep(0)
    source.gate.set()
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(answer) for answer in answers] == [ProviderAway] * 5 and source.fetched == 1
    source.broken = False
    assert await cache.get() == "token-2"


async def test_only_the_token_that_was_refused_is_dropped() -> None:
    source = Source()
    source.gate.set()
    cache = source.cache()
    assert await cache.get() == "token-1"
    cache.drop("token-0")
    assert await cache.get() == "token-1", "it was refused to somebody who was slow"
    cache.drop("token-1")
    assert await cache.get() == "token-2"
    assert "token" not in repr(Token("token-1", 3600)).replace("Token", "")


async def test_a_cache_that_is_closed_fetches_no_more() -> None:
    source = Source()
    cache = source.cache()
    waiting = asyncio.create_task(cache.get())
    await asyncio.sleep(0)
    await cache.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_a_hundred_prompts_at_once_need_one_token(daraja: Daraja, mpesa: Mpesa) -> None:
    answers = await asyncio.gather(*(daraja.stk_push(a_push(f"FEE-{number}")) for number in range(100)))
    assert all(isinstance(answer, StkAccepted) for answer in answers)
    counts = await mpesa.counts()
    assert (counts["tokens"], counts["begun"]) == (1, 100)


async def test_a_token_that_is_not_known_any_more_is_renewed_once(daraja: Daraja, mpesa: Mpesa) -> None:
    accepted = await pushed(daraja)
    await mpesa.http.post("/simulator/forget-tokens")
    answers = await asyncio.gather(*(daraja.stk_query(accepted.checkout_request_id) for _ in range(20)))
    assert all(isinstance(answer, StkPending) for answer in answers)
    assert (await mpesa.counts())["tokens"] == 2

    await mpesa.http.post("/simulator/forget-tokens")
    assert isinstance(await daraja.stk_push(a_push()), StkAccepted)
    assert (await mpesa.counts())["begun"] == 2, "what was refused for its token was not taken, and is said again"


@pytest.mark.parametrize(("status", "code"), [(401, None), (404, "404.001.03"), (400, "400.003.01")])
async def test_a_token_that_is_refused_again_and_again(daraja: Daraja, mpesa: Mpesa, status: int, code: str | None) -> None:
    await mpesa.answers(status, code, "Invalid Access Token", path="stkpush/", times=2 * QUICK.attempts)
    with pytest.raises(ProviderAway, match="does not let us in"):
        await daraja.stk_push(a_push())
    counts = await mpesa.counts()
    assert (counts["begun"], counts["tokens"]) == (0, 1 + QUICK.attempts)
    assert isinstance(await daraja.stk_push(a_push()), StkAccepted)


async def test_a_token_ends_by_the_clock(mpesa: Mpesa) -> None:
    now = 0.0
    async with Daraja(mpesa.account(), patience=QUICK, now=lambda: now) as daraja:
        for moment, tokens in ((0.0, 1), (3000.0, 1), (3599.0, 2)):
            now = moment
            await pushed(daraja)
            assert (await mpesa.counts())["tokens"] == tokens


@pytest.mark.parametrize("answer", ["[]", "{}", '{"access_token": "x"}', '{"access_token": "x", "expires_in": "soon"}'])
async def test_an_answer_without_a_token_is_an_outage(daraja: Daraja, mpesa: Mpesa, answer: str) -> None:
    await mpesa.breaks(kind="ANSWER", path="oauth", status=200, body=answer, times=QUICK.attempts)
    with pytest.raises(ProviderAway):
        await daraja.stk_push(a_push())
    assert isinstance(await daraja.stk_push(a_push()), StkAccepted), "it was known that nothing had been asked"
    assert (await mpesa.counts())["begun"] == 1
