"""The simulator: it misbehaves as it is told or as the seed says, and the truth is always to be had."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from api.mpesa import Daraja
from api.mpesa.simulator import Rates
from api.mpesa.simulator.process import config_of
from domain.payments.provider import ProviderBusy, StatusInquiry, StkPending, StkResult, WhenWeAreSilent
from domain.payments.rules.messages import (
    C2BPayment,
    Malformed,
    Result,
    StkCallback,
    parse_c2b,
    parse_result,
    parse_stk_callback,
)
from tests.support.mpesa import CALM, Merchant, Mpesa, a_push, an_mpesa, pushed, until

MANY = 300


async def told(daraja: Daraja, mpesa: Mpesa, **fate: Any) -> list[StkCallback]:
    """What the merchant is told of a prompt with this fate, as we read it."""
    await mpesa.chosen(**fate)
    await pushed(daraja)
    await mpesa.delivered()
    read = [parse_stk_callback(message.raw) for message in mpesa.merchant.callbacks]
    assert not any(isinstance(each, Malformed) for each in read)
    return [each for each in read if isinstance(each, StkCallback)]


async def test_a_duplicate_says_the_same_twice(daraja: Daraja, mpesa: Mpesa) -> None:
    first, second = await told(daraja, mpesa, misbehaviour="DUPLICATE")
    assert first == second and first.receipt is not None


async def test_duplicates_are_the_same_to_the_letter_or_not(daraja: Daraja, mpesa: Mpesa) -> None:
    await mpesa.chosen(misbehaviour="DUPLICATE", times=20)
    for number in range(20):
        await pushed(daraja, f"FEE-{number}")
    await mpesa.delivered()
    bodies: dict[str, set[bytes]] = {}
    for message in mpesa.merchant.callbacks:
        bodies.setdefault(message.callback["CheckoutRequestID"], set()).add(message.raw)
    assert set(map(len, bodies.values())) == {1, 2}
    assert len(mpesa.merchant.callbacks) == 40


async def test_a_missing_callback_was_a_payment(daraja: Daraja, mpesa: Mpesa) -> None:
    assert await told(daraja, mpesa, misbehaviour="MISSING") == []
    [payment] = await mpesa.truth()
    assert (payment["state"], payment["paid"], payment["deliveries"]) == ("PAID", "2500.00", [])
    result = await daraja.stk_query(payment["checkoutRequestId"])
    assert isinstance(result, StkResult) and result.is_paid


async def test_a_late_callback_comes_after_the_customer_has_paid(merchant: Merchant) -> None:
    async with an_mpesa(merchant, delay_s=0) as mpesa, mpesa.daraja() as daraja:
        await mpesa.chosen(misbehaviour="LATE")
        accepted = await pushed(daraja)

        async def is_paid() -> bool:
            return isinstance(await daraja.stk_query(accepted.checkout_request_id), StkResult)

        await until(is_paid)
        assert merchant.callbacks == []
        assert (await mpesa.counts())["outstanding"] == 1
        await mpesa.delivered()
        assert len(merchant.callbacks) == 1


async def test_a_mismatch_is_another_amount(daraja: Daraja, mpesa: Mpesa) -> None:
    [callback] = await told(daraja, mpesa, paid="2499")
    assert callback.amount is not None and callback.amount.amount == 2499
    await mpesa.chosen(misbehaviour="MISMATCHED")
    await pushed(daraja, "FEE-43", shillings=1)
    await mpesa.delivered()
    chosen, drawn = await mpesa.truth()
    assert (chosen["misbehaviour"], chosen["asked"], chosen["paid"]) == ("MISMATCHED", "2500.00", "2499.00")
    assert float(drawn["paid"]) > 1, "nobody can pay less than a shilling"


async def test_a_reversal_is_told_nobody(daraja: Daraja, mpesa: Mpesa) -> None:
    [callback] = await told(daraja, mpesa, misbehaviour="REVERSED")
    [payment] = await mpesa.truth()
    assert (payment["state"], payment["reversed"], payment["receipt"]) == ("REVERSED", "2500.00", callback.receipt)
    assert (await mpesa.counts())["balance"] == "10000.00"


async def test_a_pair_comes_in_either_order(daraja: Daraja, mpesa: Mpesa) -> None:
    await mpesa.chosen(misbehaviour="OUT_OF_ORDER", times=20)
    for number in range(20):
        await pushed(daraja, f"FEE-{number}")
    await mpesa.delivered()
    orders: dict[str, tuple[int, ...]] = {}
    for message in mpesa.merchant.callbacks:
        name = message.callback["CheckoutRequestID"]
        orders[name] = (*orders.get(name, ()), message.callback["ResultCode"])
    assert set(orders.values()) == {(1037, 0), (0, 1037)}
    assert {payment["state"] for payment in await mpesa.truth()} == {"PAID"}


async def test_odd_messages_mean_the_same(daraja: Daraja, mpesa: Mpesa) -> None:
    await mpesa.chosen(oddTypes=True, times=40)
    for number in range(40):
        await pushed(daraja, f"FEE-{number}")
    await mpesa.delivered()
    forms: dict[str, set[str]] = {}
    for message in mpesa.merchant.callbacks:
        read = parse_stk_callback(message.raw)
        assert isinstance(read, StkCallback) and read.amount is not None and read.sender is not None
        assert (read.result_code, read.amount.amount, read.sender.msisdn) == (0, 2500, "254712345678")
        assert message.callback["ResultCode"] == "0"
        for name, value in message.items.items():
            forms.setdefault(name, set()).add(type(value).__name__)
    assert forms["Amount"] == {"int", "float", "str"}
    assert forms["Balance"] == {"NoneType", "float", "str"}
    assert forms["PhoneNumber"] == forms["TransactionDate"] == {"int", "str"}


@pytest.mark.parametrize(
    ("number", "misbehaviour"),
    list(enumerate(["DUPLICATE", "LATE", "MISSING", "MISMATCHED", "REVERSED", "OUT_OF_ORDER"], 1)),
)
async def test_a_telephone_chooses(daraja: Daraja, mpesa: Mpesa, number: int, misbehaviour: str) -> None:
    await pushed(daraja, phone=f"254798{number:06}")
    await pushed(daraja, phone="254798000007")
    chosen, other = await mpesa.truth()
    assert (chosen["misbehaviour"], other["misbehaviour"]) == (misbehaviour, "NONE")


async def test_whoever_does_not_want_a_payment_does_not_get_it(daraja: Daraja, mpesa: Mpesa) -> None:
    await daraja.register_urls(WhenWeAreSilent.CANCEL)
    mpesa.merchant.wants = {"ResultCode": "C2B00012", "ResultDesc": "Rejected"}
    await mpesa.customer_pays("NOBODY", "100")
    await mpesa.delivered()
    mpesa.merchant.status = 500
    await mpesa.customer_pays("SILENCE", "100")
    await mpesa.delivered()
    await daraja.register_urls(WhenWeAreSilent.COMPLETE)
    await mpesa.customer_pays("SILENCE", "100")
    await mpesa.delivered()
    assert [payment["state"] for payment in await mpesa.truth()] == ["FAILED", "FAILED", "PAID"]
    [told] = mpesa.merchant.told("/c2b/confirmation")
    assert isinstance(parse_c2b(told.raw), C2BPayment)
    assert [each["status"] for each in (await mpesa.truth())[2]["deliveries"]] == [500, 500]


async def test_customers_who_pay_by_themselves_misbehave_too(daraja: Daraja, mpesa: Mpesa) -> None:
    await daraja.register_urls(WhenWeAreSilent.COMPLETE)
    for fate in ("DUPLICATE", "MISSING", "LATE", "REVERSED", "MISMATCHED", "OUT_OF_ORDER"):
        await mpesa.chosen(misbehaviour=fate, oddTypes=True)
        assert (await mpesa.customer_pays(fate, "100")).status_code == 200
    await mpesa.delivered()
    confirmed = Counter(message.body["BillRefNumber"] for message in mpesa.merchant.told("/c2b/confirmation"))
    assert confirmed == {"DUPLICATE": 2, "LATE": 1, "REVERSED": 1, "MISMATCHED": 1, "OUT_OF_ORDER": 1}
    labels = {payment["reference"]: payment["misbehaviour"] for payment in await mpesa.truth()}
    assert labels["MISMATCHED"] == labels["OUT_OF_ORDER"] == "NONE", "nobody asked them for an amount"
    assert all(len(message.body["MSISDN"]) == 64 for message in mpesa.merchant.told("/c2b/confirmation"))


async def test_a_prompt_may_be_confirmed_at_the_paybill_as_well(merchant: Merchant) -> None:
    async with an_mpesa(merchant, confirms_prompts=True) as mpesa, mpesa.daraja() as daraja:
        await daraja.register_urls(WhenWeAreSilent.COMPLETE)
        [callback] = await told(daraja, mpesa)
        [confirmed] = merchant.told("/c2b/confirmation")
        assert confirmed.body["TransID"] == callback.receipt


async def test_results_are_read_as_results(daraja: Daraja, mpesa: Mpesa) -> None:
    await told(daraja, mpesa)
    [payment] = await mpesa.truth()
    await daraja.transaction_status(StatusInquiry(receipt=payment["receipt"], remarks="why"))
    await mpesa.delivered()
    read = parse_result(mpesa.merchant.told("/results/status")[0].raw)
    assert isinstance(read, Result) and (read.receipt, read.status) == (payment["receipt"], "Completed")


def by_reference(truth: list[Any]) -> dict[str, Any]:
    """What does not hang on when it happened."""
    said = ("misbehaviour", "resultCode", "oddTypes", "state", "asked", "paid", "reversed", "receipt", "payer")
    return {payment["reference"]: (*(payment[name] for name in said), len(payment["deliveries"])) for payment in truth}


async def story(merchant: Merchant, payments: int, *, order: int, delay_s: float) -> tuple[dict[str, Any], Any]:
    """So many prompts, many at once, in one order or the other."""
    async with an_mpesa(merchant, seed="maize", rates=Rates(), delay_s=delay_s) as mpesa, mpesa.daraja() as daraja:
        for first in range(0, payments, 50):
            numbers = range(first, first + 50)[::order]
            await asyncio.gather(*(daraja.stk_push(a_push(f"FEE-{number}", 100 + number)) for number in numbers))
        counts = await mpesa.delivered()
        assert (counts["begun"], counts["outstanding"], counts["tokens"]) == (payments, 0, 1)
        truth = await mpesa.truth()
        assert counts["misbehaviours"] == {
            **dict.fromkeys(counts["misbehaviours"], 0),
            **Counter(p["misbehaviour"] for p in truth),
        }
        return by_reference(truth), counts


async def test_many_payments_are_the_same_again(merchant: Merchant) -> None:
    """Whatever the order they come in and the time they take."""
    truth, counts = await story(merchant, MANY, order=1, delay_s=3_000)
    sent = Counter(message.callback["CheckoutRequestID"] for message in merchant.callbacks)
    assert counts["misbehaviours"] == {
        "NONE": 259,
        "DUPLICATE": 17,
        "LATE": 9,
        "MISSING": 4,
        "MISMATCHED": 3,
        "REVERSED": 4,
        "OUT_OF_ORDER": 4,
    }
    twice = counts["misbehaviours"]["DUPLICATE"] + counts["misbehaviours"]["OUT_OF_ORDER"]
    assert Counter(sent.values()) == {2: twice, 1: MANY - twice - counts["misbehaviours"]["MISSING"]}
    assert (
        len({receipt for *_, receipt, _, _ in truth.values() if receipt})
        == counts["states"]["PAID"] + counts["states"]["REVERSED"]
    )

    again, _ = await story(merchant, 50, order=-1, delay_s=0)
    assert again == {reference: said for reference, said in truth.items() if reference in again}


async def test_another_seed_is_another_story(merchant: Merchant) -> None:
    stories = []
    for seed in ("maize", "wheat"):
        async with an_mpesa(merchant, seed=seed, rates=Rates()) as mpesa, mpesa.daraja() as daraja:
            for number in range(40):
                await pushed(daraja, f"FEE-{number}")
            await mpesa.delivered()
            stories.append(by_reference(await mpesa.truth()))
    assert stories[0] != stories[1]
    assert not {story[-3] for story in stories[0].values()} & {story[-3] for story in stories[1].values()} - {None}


async def test_a_reference_that_comes_again_is_another_payment(daraja: Daraja, mpesa: Mpesa) -> None:
    for _ in range(3):
        await pushed(daraja)
    await mpesa.delivered()
    truth = await mpesa.truth()
    assert len({payment["receipt"] for payment in truth}) == len({payment["checkoutRequestId"] for payment in truth}) == 3


async def test_it_remembers_so_many_and_takes_no_more(merchant: Merchant) -> None:
    async with an_mpesa(merchant, capacity=5) as mpesa, mpesa.daraja() as daraja:
        first = await pushed(daraja, "FEE-0")
        for number in range(1, 5):
            await pushed(daraja, f"FEE-{number}")
        with pytest.raises(ProviderBusy):
            await daraja.stk_push(a_push())
        assert isinstance(await daraja.stk_query(first.checkout_request_id), StkPending)
        await mpesa.delivered()
        for number in range(5, 8):
            await pushed(daraja, f"FEE-{number}")
        counts = await mpesa.delivered()
        assert (counts["begun"], counts["remembered"], counts["balance"]) == (8, 5, "30000.00")
        assert [payment["reference"] for payment in await mpesa.truth()] == [f"FEE-{number}" for number in range(3, 8)]
        gone = await mpesa.http.get(f"/simulator/payments/{first.checkout_request_id}")
        assert gone.status_code == 404


async def test_a_merchant_who_is_away_is_told_once(merchant: Merchant) -> None:
    async with an_mpesa(merchant) as mpesa, mpesa.daraja(callbacks="http://127.0.0.1:9") as daraja:
        await pushed(daraja)
        await mpesa.delivered()
        [payment] = await mpesa.truth()
        assert payment["deliveries"] == [{"kind": "CALLBACK", "status": None, "resultCode": 0}]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("next", {"misbehaviour": "LOUD"}),
        ("next", {"resultCode": 5}),
        ("next", {"paid": "NaN"}),
        ("next", {"paid": "-1"}),
        ("next", {"paid": "1.005"}),
        ("next", {"oddTypes": "yes"}),
        ("next", {"oddtypes": True}),
        ("next", {"times": 0}),
        ("next", {"times": 10**6}),
        ("faults", {"kind": "LOUD"}),
        ("faults", {"status": 99}),
        ("faults", {"path": "x", "when": "now"}),
        ("faults", []),
    ],
)
async def test_what_nobody_can_choose(mpesa: Mpesa, path: str, body: Any) -> None:
    assert (await mpesa.http.post(f"/simulator/{path}", json=body)).status_code == 400


def test_what_an_operator_asks_for() -> None:
    config = config_of(seed=None, delay_s=1, late_s=2, confirms_prompts=True, rates=["late=0", "missing=7.5"])
    assert (config.rates.late, config.rates.missing, config.rates.duplicate) == (0, 7.5, 5)
    assert config.seed != config_of(seed=None, delay_s=1, late_s=2, confirms_prompts=False, rates=[]).seed
    for rates in (["late"], ["late=much"], ["late=nan"], ["late=-1"], ["late=101"], ["late=99", "duplicate=2"], ["later=1"]):
        with pytest.raises(ValueError, match=r"rate|more than all"):
            config_of(seed="x", delay_s=1, late_s=2, confirms_prompts=False, rates=rates)
    for delay in (-1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="delays"):
            config_of(seed="x", delay_s=delay, late_s=2, confirms_prompts=False, rates=[])
    assert CALM.duplicate == 0


async def test_many_telephones_are_prompted_at_once_or_none(merchant: Merchant) -> None:
    async with an_mpesa(merchant) as mpesa:
        many = [{"reference": f"FEE-{number}", "phone": f"2547123456{number:02}", "amount": 100} for number in range(3)]
        asked = {"callbackUrl": f"{merchant.address}/stk", "prompts": many}
        for spoilt in ({"prompts": None}, {"prompts": [*many, {"reference": "FEE-9", "phone": "12345", "amount": 1}]}):
            assert (await mpesa.http.post("/simulator/prompts", json=asked | spoilt)).status_code == 400
        assert (await mpesa.counts())["begun"] == 0
        answer = (await mpesa.http.post("/simulator/prompts", json=asked)).json()
        assert len({each["checkoutRequestId"] for each in answer["prompts"]}) == 3
        await mpesa.delivered()
        assert [each["deliveries"] for each in await mpesa.truth()] == [
            [{"kind": "CALLBACK", "status": 200, "resultCode": 0}]
        ] * 3
        assert {each.callback["CheckoutRequestID"] for each in merchant.callbacks} == {
            each["checkoutRequestId"] for each in answer["prompts"]
        }
