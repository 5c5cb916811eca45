"""Each way in which M-Pesa can say no, say nothing, or say something else; and what is asked again of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from api.mpesa import Daraja, Patience
from domain.kit.money import Money
from domain.payments.provider import (
    FateUnknown,
    ProviderAway,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    Reversal,
    StatusInquiry,
    StkAccepted,
    StkPending,
    StkResult,
    WhenWeAreSilent,
)
from tests.support.mpesa import QUICK, Merchant, Mpesa, a_push, an_mpesa, pushed

Ask = Callable[[Daraja], Awaitable[Any]]

QUESTIONS: dict[str, Ask] = {
    "stkpushquery": lambda daraja: daraja.stk_query("ws_CO_1"),
    "registerurl": lambda daraja: daraja.register_urls(WhenWeAreSilent.COMPLETE),
    "transactionstatus": lambda daraja: daraja.transaction_status(StatusInquiry(receipt="TC51ABCD2E", remarks="why")),
}
MOVES: dict[str, Ask] = {
    "stkpush/": lambda daraja: daraja.stk_push(a_push()),
    "reversal": lambda daraja: daraja.reverse(Reversal(receipt="TC51ABCD2E", amount=Money.of(1, "KES"), remarks="why")),
}
EVERYTHING = QUESTIONS | MOVES

NOT_TAKEN = [
    (429, None, "", ProviderBusy, "500.003.02"),
    (429, "429.001", "Too many requests", ProviderBusy, "429.001"),
    (500, "500.003.02", "System is busy. Please try again in few minutes.", ProviderBusy, "500.003.02"),
    (403, None, "", ProviderAway, "HTTP_403"),
    (404, None, "", ProviderAway, "HTTP_404"),
    (302, None, "", ProviderAway, "HTTP_302"),
]
REFUSED = [
    (400, "400.002.02", "Bad Request - Invalid PhoneNumber"),
    (404, "404.001.01", "Resource not found"),
    (405, "405.001", "Method not allowed"),
    (500, "500.001.1001", "Merchant does not exist"),
    (500, "500.001.1001", "Wrong credentials"),
]
LOST = [
    (500, "500.003.1001", "Internal Server Error", "500.003.1001"),
    (500, None, "", "HTTP_500"),
    (502, None, "", "HTTP_502"),
    (503, "503.001.01", "Service unavailable", "503.001.01"),
    (504, None, "", "HTTP_504"),
]


@pytest.mark.parametrize(("status", "code", "said"), REFUSED)
async def test_a_no_is_said_once(daraja: Daraja, mpesa: Mpesa, status: int, code: str, said: str) -> None:
    for path, ask in EVERYTHING.items():
        await mpesa.answers(status, code, said, path=path)
        with pytest.raises(ProviderRefused, match=said) as refused:
            await ask(daraja)
        assert refused.value.code == code
    assert (await mpesa.counts())["begun"] == 0


@pytest.mark.parametrize(("status", "code", "said", "kind", "known_as"), NOT_TAKEN)
async def test_what_was_not_taken_is_asked_again(
    daraja: Daraja, mpesa: Mpesa, status: int, code: str | None, said: str, kind: type[ProviderError], known_as: str
) -> None:
    for path, ask in EVERYTHING.items():
        await mpesa.answers(status, code, said, path=path, times=QUICK.attempts)
        with pytest.raises(kind) as problem:
            await ask(daraja)
        assert problem.value.code == known_as
    assert (await mpesa.counts())["begun"] == 0, "and all the attempts were used up"
    await mpesa.answers(status, code, said, path="stkpush/", times=QUICK.attempts - 1)
    assert isinstance(await daraja.stk_push(a_push()), StkAccepted)
    assert (await mpesa.counts())["begun"] == 1


@pytest.mark.parametrize(("status", "code", "said", "known_as"), LOST)
async def test_what_may_have_been_taken_is_not_asked_again(
    daraja: Daraja, mpesa: Mpesa, status: int, code: str | None, said: str, known_as: str
) -> None:
    for path, ask in MOVES.items():
        await mpesa.answers(status, code, said, path=path, done=True)
        answer = await ask(daraja)
        assert isinstance(answer, FateUnknown) and answer.code == known_as
    await mpesa.delivered()
    taken = sorted(message.path for message in mpesa.merchant.messages)
    assert taken == ["/results/reversal", "/stk"], "each was taken indeed, and once"
    for path, ask in QUESTIONS.items():
        await mpesa.answers(status, code, said, path=path, times=QUICK.attempts)
        with pytest.raises(ProviderAway) as away:
            await ask(daraja)
        assert away.value.code == known_as, "a question was asked as often as we ask"


@pytest.mark.parametrize("done", [True, False])
async def test_a_line_that_breaks_leaves_a_prompt_unknown(daraja: Daraja, mpesa: Mpesa, done: bool) -> None:
    """The same from here, whether the prompt was sent or not."""
    await mpesa.breaks(kind="HANG_UP", path="stkpush/", done=done)
    answer = await daraja.stk_push(a_push())
    assert isinstance(answer, FateUnknown) and answer.code == "NO_ANSWER"
    assert (await mpesa.counts())["begun"] == int(done)


async def test_a_line_that_breaks_makes_a_question_be_asked_again(daraja: Daraja, mpesa: Mpesa) -> None:
    accepted = await pushed(daraja)
    await mpesa.breaks(kind="HANG_UP", path="stkpushquery", times=QUICK.attempts - 1)
    assert isinstance(await daraja.stk_query(accepted.checkout_request_id), StkPending)


async def test_silence_ends(mpesa: Mpesa) -> None:
    async with mpesa.daraja(Patience(answer_within_s=0.2, attempts=2, first_pause_s=0.001)) as daraja:
        # The token is there, so that all that is timed is the silence.
        await daraja.register_urls(WhenWeAreSilent.COMPLETE)
        await mpesa.breaks(kind="SILENCE", path="stkpush/")
        answer = await daraja.stk_push(a_push())
        assert isinstance(answer, FateUnknown) and answer.code == "NO_ANSWER"
        await mpesa.breaks(kind="SILENCE", path="stkpushquery", times=2)
        with pytest.raises(ProviderAway) as away:
            await daraja.stk_query("ws_CO_1")
        assert away.value.code == "NO_ANSWER"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>",
        "[]",
        "null",
        "{}",
        '{"ResponseCode": true}',
        '{"ResponseCode": "0"}',
        '{"ResponseCode": "0", "MerchantRequestID": "1", "CheckoutRequestID": {}}',
        '{"ResponseCode": "0", "MerchantRequestID": "1", "CheckoutRequestID": "' + "9" * 65 + '"}',
        '{"ResponseCode": "0", "x": "' + "9" * 32_768 + '"}',
        '{"ResponseCode": "0", "MerchantRequestID": "", "ResultCode": 1000000000}',
    ],
    ids=range(11),
)
async def test_an_answer_that_nobody_understands(daraja: Daraja, mpesa: Mpesa, body: str) -> None:
    await mpesa.breaks(kind="ANSWER", path="stkpush/", status=200, body=body)
    answer = await daraja.stk_push(a_push())
    assert isinstance(answer, FateUnknown) and answer.code == "BAD_ANSWER"
    await mpesa.breaks(kind="ANSWER", path="stkpushquery", status=200, body=body, times=QUICK.attempts)
    with pytest.raises(ProviderAway) as away:
        await daraja.stk_query("ws_CO_1")
    assert away.value.code == "BAD_ANSWER"


async def test_a_no_in_a_friendly_answer(daraja: Daraja, mpesa: Mpesa) -> None:
    said = '{"ResponseCode": "1", "ResponseDescription": "Rejected 254712345678"}'
    for path in EVERYTHING:
        await mpesa.breaks(kind="ANSWER", path=path, status=200, body=said)
        with pytest.raises(ProviderRefused, match=r"^Rejected \*\*\*$") as refused:
            await EVERYTHING[path](daraja)
        assert refused.value.code == "1"


@pytest.mark.parametrize("code", ['"1032"', "1032"])
async def test_a_result_code_is_a_number_or_a_text(daraja: Daraja, mpesa: Mpesa, code: str) -> None:
    for zero in ('"0"', "0", '"00000000"'):
        await mpesa.breaks(
            kind="ANSWER",
            path="stkpushquery",
            status=200,
            body=f'{{"ResponseCode": {zero}, "ResultCode": {code}, "ResultDesc": "no"}}',
        )
        assert await daraja.stk_query("ws_CO_1") == StkResult(code=1032, description="no")


async def test_what_is_not_final(daraja: Daraja, mpesa: Mpesa) -> None:
    """It is said in two ways, and one of them is how errors are said that are final."""
    still = '{"ResponseCode": "0", "ResultCode": "4999", "ResultDesc": "The transaction is still under processing"}'
    await mpesa.breaks(kind="ANSWER", path="stkpushquery", status=200, body=still)
    assert isinstance(await daraja.stk_query("ws_CO_1"), StkPending)
    await mpesa.answers(500, "500.001.1001", "The transaction is being processed", path="stkpushquery")
    assert isinstance(await daraja.stk_query("ws_CO_1"), StkPending)


async def test_a_customer_who_is_busy_is_not_prompted(daraja: Daraja, mpesa: Mpesa) -> None:
    said = "Unable to lock subscriber, a transaction is already in process for the current subscriber"
    await mpesa.answers(500, "500.001.1001", said, path="stkpush/", times=QUICK.attempts)
    with pytest.raises(ProviderBusy, match="lock subscriber") as busy:
        await daraja.stk_push(a_push())
    assert busy.value.code == "500.001.1001"


async def test_when_to_come_back_is_heeded(daraja: Daraja, mpesa: Mpesa) -> None:
    """A provider that wants to be left alone for longer than we wait is left alone by whoever asked, too."""
    await mpesa.answers(429, None, path="stkpush/", headers={"Retry-After": "120"})
    with pytest.raises(ProviderBusy) as busy:
        await daraja.stk_push(a_push())
    assert busy.value.after_s == 120
    assert isinstance(await daraja.stk_push(a_push()), StkAccepted), "it was asked once"
    await mpesa.answers(429, None, path="stkpush/", headers={"Retry-After": "0"})
    assert isinstance(await daraja.stk_push(a_push()), StkAccepted)


async def test_wrong_credentials(mpesa: Mpesa) -> None:
    async with mpesa.daraja(consumer_secret="guessed") as daraja:
        with pytest.raises(ProviderAway, match="does not let us in: Invalid Authentication passed") as away:
            await daraja.stk_push(a_push())
        assert away.value.code == "400.008.01"
    for wrong, said in (({"passkey": "guessed"}, "Wrong credentials"), ({"short_code": "600001"}, "Merchant does not")):
        async with mpesa.daraja(**wrong) as daraja:
            with pytest.raises(ProviderRefused, match=said):
                await daraja.stk_push(a_push())
            with pytest.raises(ProviderRefused, match=said):
                await daraja.stk_query("ws_CO_1")
    assert (await mpesa.counts())["begun"] == 0


async def test_m_pesa_goes_away_and_comes_back(merchant: Merchant) -> None:
    async with an_mpesa(merchant) as before, before.daraja() as daraja:
        await pushed(daraja)
        port = int(before.address.rpartition(":")[2])
    async with before.daraja() as daraja:
        for ask in EVERYTHING.values():
            with pytest.raises(ProviderAway, match="cannot be reached") as away:
                await ask(daraja)
            assert away.value.code == "UNREACHABLE"
        async with an_mpesa(merchant, port=port):
            assert isinstance(await daraja.stk_push(a_push()), StkAccepted)
