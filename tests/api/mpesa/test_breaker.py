"""Whoever does not answer is left alone, and asked by one of us first when the pause is over."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from api.mpesa import Daraja, Patience
from api.mpesa.breaker import CircuitBreaker
from domain.payments.provider import ProviderAway, ProviderBusy, ProviderError, ProviderRefused, StkAccepted
from tests.support.mpesa import Mpesa, a_push


@dataclass
class Line:
    """A breaker with a clock, and whom it is about."""

    now: float = 0.0
    asked: int = 0
    breaker: CircuitBreaker = field(init=False)

    def __post_init__(self) -> None:
        self.breaker = CircuitBreaker(failures_to_open=3, open_for_s=30, now=lambda: self.now)

    def ask(self, problem: type[ProviderError] | None = None) -> str:
        try:
            with self.breaker.watch():
                self.asked += 1
                if problem is not None:
                    raise problem("no", code="X")
        except ProviderError as error:
            return error.code
        return "answered"


def test_it_opens_after_failures_in_a_row_and_closes_after_an_answer() -> None:
    line = Line()
    assert [line.ask(ProviderAway), line.ask(ProviderAway), line.ask(), line.ask(ProviderAway)] == [
        "X",
        "X",
        "answered",
        "X",
    ]
    assert [line.ask(ProviderAway), line.ask(ProviderAway), line.ask()] == ["X", "X", "CIRCUIT_OPEN"]
    assert line.breaker.is_open
    line.now = 29.9
    assert (line.ask(), line.asked) == ("CIRCUIT_OPEN", 6), "nobody is asked any more"
    line.now = 30
    assert (line.ask(ProviderAway), line.ask()) == ("X", "CIRCUIT_OPEN"), "one has asked, in vain"
    line.now = 60
    assert (line.ask(), line.ask(), line.breaker.is_open) == ("answered", "answered", False)


@pytest.mark.parametrize("answer", [ProviderBusy, ProviderRefused])
def test_who_says_no_is_there(answer: type[ProviderError]) -> None:
    line = Line()
    assert {line.ask(answer) for _ in range(10)} == {"X"}
    assert [line.ask(ProviderAway), line.ask(ProviderAway), line.ask(answer), line.ask(ProviderAway)] == ["X"] * 4
    assert not line.breaker.is_open


def test_when_to_ask_again_is_said() -> None:
    line = Line()
    for _ in range(3):
        line.ask(ProviderAway)
    line.now = 10
    with pytest.raises(ProviderAway) as away, line.breaker.watch():
        pass
    assert (away.value.code, away.value.after_s) == ("CIRCUIT_OPEN", 20)


async def test_one_probe_at_a_time_and_one_that_is_cancelled_says_nothing() -> None:
    line = Line()
    for _ in range(3):
        line.ask(ProviderAway)
    line.now = 30

    async def probe() -> None:
        with line.breaker.watch():
            await asyncio.Event().wait()

    probing = asyncio.create_task(probe())
    await asyncio.sleep(0)
    assert line.ask() == "CIRCUIT_OPEN"
    probing.cancel()
    await asyncio.gather(probing, return_exceptions=True)
    assert line.breaker.is_open
    assert line.ask() == "answered"


async def test_a_provider_that_fails_is_left_alone(mpesa: Mpesa) -> None:
    now = 0.0
    patience = Patience(attempts=1, failures_to_open=2, open_for_s=30)
    async with Daraja(mpesa.account(), patience=patience, now=lambda: now) as daraja:
        await mpesa.answers(503, None, path="stkpushquery", times=2)
        codes = []
        for _ in range(3):
            with pytest.raises(ProviderAway) as away:
                await daraja.stk_query("ws_CO_1")
            codes.append(away.value.code)
        assert codes == ["HTTP_503", "HTTP_503", "CIRCUIT_OPEN"]
        with pytest.raises(ProviderAway):
            await daraja.stk_push(a_push())
        assert (await mpesa.counts())["begun"] == 0
        now = 31.0
        assert isinstance(await daraja.stk_push(a_push()), StkAccepted)
