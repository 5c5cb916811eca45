"""Asking somebody for money: what is begun, what is not, and that nothing is begun twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.clock import clock_set_to
from domain.kit.errors import CurrencyMismatch, InvalidAmount, Unauthenticated
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.payments.errors import (
    AlreadyPaid,
    InvalidPhone,
    MpesaNotConfigured,
    PaymentEnded,
    PaymentNotFound,
    PromptNotFound,
    PromptPending,
    ServiceSessionNotFound,
    TooManyPrompts,
)
from domain.payments.models import Payment, PaymentPrompt
from domain.payments.purposes import Due, PurposeKind, registry
from domain.payments.service.initiating import cancel_payment, initiate_mpesa_payment, resend_mpesa_prompt
from domain.payments.states import PaymentStatus, PromptState, Purpose
from domain.school.errors import FeeNotFound
from domain.wallets.service import wallet_of
from tests.support.collected import asked_for, came, kes
from tests.support.happenings import assert_integrity, events_so_far, names_of_events, nothing_happens
from tests.support.paying import PHONE, PHONE_SHOWN, WRITTEN, a_booking, now, paying_settings, prompt_of, tables_with
from tests.support.people import an_actor, somebody
from tests.support.races import outcomes_of

SESSION = Purpose.SERVICE_SESSION
FEE = Purpose.SCHOOL_FEE


@pytest_asyncio.fixture(autouse=True)
async def installation(database: None) -> AsyncIterator[None]:
    with paying_settings():
        yield


async def refused(kind: type[Exception], actor: Actor, **said: Any) -> Exception:
    async with nothing_happens():
        with pytest.raises(kind) as caught:
            await initiate_mpesa_payment(actor, **{"purpose": SESSION, "phone": WRITTEN, **said})
    return caught.value


async def test_a_payment_begins_and_a_telephone_is_to_be_prompted() -> None:
    booked = await a_booking()
    payment = await booked.pays()
    assert (payment.status, payment.amount, payment.phone_masked) == (PaymentStatus.CREATED, kes(2500), PHONE_SHOWN)
    assert (payment.client_id, payment.payee_id, payment.created_by) == (booked.client.id, booked.payee.id, booked.client.id)
    assert payment.number.startswith("PAY-") and payment.expires_at is not None
    prompt = await prompt_of(payment)
    assert (prompt.state, prompt.phone, prompt.amount) == (PromptState.WAITING, PHONE, kes(2500))
    assert (await names_of_events())[-2:] == ["payments.payment_changed", "payments.prompt_changed"]
    await assert_integrity()


async def test_a_whole_number_is_nowhere_but_with_the_prompt() -> None:
    await (await a_booking()).pays()
    assert await tables_with(PHONE[3:]) == []
    assert PHONE[3:] not in repr(await events_so_far())
    assert PHONE not in repr(await PaymentPrompt.get())


@pytest.mark.parametrize(
    "phone", ["", "12345678", "0812345678", "+255712345678", "07123456789", "0712345678 or so", "x" * 10_000]
)
async def test_a_bad_telephone_begins_nothing(phone: str) -> None:
    booked = await a_booking()
    refusal = await refused(InvalidPhone, booked.client, target_id=booked.session.id, phone=phone)
    assert getattr(refusal, "field", None) == ("input", "phone")


@pytest.mark.parametrize("amount", [kes(2499), kes(5000), kes("0.00"), Money(-1, "KES"), Money.of(2500, "INR")])
async def test_a_price_is_paid_as_it_is(amount: Money) -> None:
    booked = await a_booking()
    kind = CurrencyMismatch if amount.currency == "INR" else InvalidAmount
    await refused(kind, booked.client, target_id=booked.session.id, amount=amount)
    payment = await initiate_mpesa_payment(
        booked.client, purpose=SESSION, target_id=booked.session.id, phone=WRITTEN, amount=kes(2500)
    )
    assert payment.amount == kes(2500)


async def test_what_is_somebody_elses_is_not_there() -> None:
    booked = await a_booking()
    stranger = await an_actor(Role.BORROWER)
    await refused(ServiceSessionNotFound, stranger, target_id=booked.session.id)
    await refused(ServiceSessionNotFound, booked.client, target_id=new_id())
    await refused(FeeNotFound, booked.client, purpose=FEE, target_id=new_id())
    with pytest.raises(Unauthenticated):
        await initiate_mpesa_payment(ANONYMOUS, purpose=SESSION, target_id=booked.session.id, phone=WRITTEN)


async def test_without_an_account_nobody_is_asked() -> None:
    booked = await a_booking()
    with paying_settings(has_account=False):
        await refused(MpesaNotConfigured, booked.client, target_id=booked.session.id)


async def test_of_many_who_pay_at_once_one_does() -> None:
    booked = await a_booking()
    outcomes = await outcomes_of(booked.pays(f"071234567{number}") for number in range(8))
    assert [type(each) for each in outcomes if not isinstance(each, Payment)] == [PromptPending] * 7
    assert await Payment.all().count() == await PaymentPrompt.all().count() == 1


async def test_what_is_paid_is_not_paid_again() -> None:
    booked = await a_booking()
    payment = await asked_for(booked.client, SESSION, booked.session.id)
    await came(payment)
    # The money is there, and the session does not know it yet.
    refusal = await refused(AlreadyPaid, booked.client, target_id=booked.session.id)
    assert "a moment ago" in str(refusal)


async def test_who_did_not_pay_in_time_may_be_asked_again() -> None:
    booked = await a_booking()
    first = await booked.pays()
    assert first.expires_at is not None
    with clock_set_to(first.expires_at - timedelta(seconds=1)):
        await refused(PromptPending, booked.client, target_id=booked.session.id)
    with clock_set_to(first.expires_at):
        assert (await booked.pays("0700 000 001")).id != first.id


async def test_one_telephone_is_asked_once_at_a_time_also_where_any_amount_is_taken() -> None:
    owner = await an_actor(Role.BORROWER)
    wallet = await wallet_of(owner.id, "KES")
    top_up: dict[str, Any] = {"purpose": Purpose.WALLET_TOP_UP, "target_id": wallet.id}
    await initiate_mpesa_payment(owner, **top_up, phone=WRITTEN, amount=kes(100))
    await refused(PromptPending, owner, **top_up, amount=kes(100))
    # One's own id is one's own wallet.
    await refused(PromptPending, owner, purpose=Purpose.WALLET_TOP_UP, target_id=owner.id, amount=kes(100))
    await initiate_mpesa_payment(owner, **top_up, phone="0712 345 679", amount=kes(100))
    assert await Payment.all().count() == 2


@pytest.mark.parametrize("amount", [None, kes("0.50"), kes("100.01"), kes(250_001), kes(0)])
async def test_a_telephone_is_asked_for_whole_shillings_within_bounds(amount: Money | None) -> None:
    owner = await an_actor(Role.BORROWER)
    wallet = await wallet_of(owner.id, "KES")
    await refused(InvalidAmount, owner, purpose=Purpose.WALLET_TOP_UP, target_id=wallet.id, amount=amount)


async def test_the_bound_is_the_installations() -> None:
    owner = await an_actor(Role.BORROWER)
    with paying_settings(most=kes(70)):
        await refused(InvalidAmount, owner, purpose=Purpose.WALLET_TOP_UP, target_id=owner.id, amount=kes(71))
        await initiate_mpesa_payment(owner, purpose=Purpose.WALLET_TOP_UP, target_id=owner.id, phone=WRITTEN, amount=kes(70))


A_FEE = Due(
    purpose=FEE,
    target_id=new_id(),
    title="School fee",
    amount=kes("1234.56"),
    currency="KES",
    client_id=None,
    client_name="A guardian",
    payee_id=None,
    payee_name="The school",
    branch_id=None,
    account_reference="FEE-42",
)


@pytest.fixture
def fee(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Something that is owed, as the test says."""

    async def owed(*said: object) -> Any:
        return current[0]

    current = [A_FEE]
    kind = PurposeKind(
        purpose=FEE, title="School fee", due=owed, due_by_reference=owed, candidates=owed, apply=owed, undo=owed, lock=owed
    )
    monkeypatch.setitem(registry._kinds, FEE, kind)

    def change(**other: Any) -> Due:
        current[0] = replace(A_FEE, **other)
        return current[0]

    return change


async def pays_fee(amount: Money | None = None, phone: str = WRITTEN) -> Payment:
    bursar = somebody(Role.BURSAR)
    return await initiate_mpesa_payment(bursar, purpose=FEE, target_id=A_FEE.target_id, phone=phone, amount=amount)


@pytest.mark.parametrize(
    ("owed", "most", "asked"),
    [
        ("1234.56", None, "1235"),
        ("1234.56", "1234.56", "1234"),
        ("1234.56", "2000", "1235"),
        ("1234.00", "1234", "1234"),
        ("0.40", None, "1"),
    ],
)
async def test_cents_become_a_shilling_where_more_is_taken(fee: Any, owed: str, most: str | None, asked: str) -> None:
    fee(amount=kes(owed), most=None if most is None else kes(most))
    assert (await pays_fee()).amount == kes(asked)


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        ({"amount": kes("1234.56"), "exact": True}, InvalidAmount),
        ({"amount": kes("0.40"), "most": kes("0.40")}, InvalidAmount),
        ({"amount": kes(0)}, AlreadyPaid),
        ({"amount": None}, InvalidAmount),
        ({"amount": Money.of(100, "INR"), "currency": "INR"}, CurrencyMismatch),
    ],
)
async def test_what_m_pesa_cannot_move_is_not_asked_for(fee: Any, other: dict[str, Any], kind: type[Exception]) -> None:
    fee(**other)
    async with nothing_happens():
        with pytest.raises(kind):
            await pays_fee()


async def test_parts_may_be_paid_at_once_until_no_more_is_owed(fee: Any) -> None:
    fee(amount=kes(1000), most=kes(1000))
    await pays_fee(kes(600), "0712000001")
    await pays_fee(kes(400), "0712000002")
    async with nothing_happens():
        with pytest.raises(PromptPending):
            await pays_fee(kes(1), "0712000003")


async def test_a_payment_that_nobody_was_asked_for_is_given_up() -> None:
    booked = await a_booking()
    payment = await cancel_payment(booked.client, payment_id=(await booked.pays()).id)
    assert (payment.status, (await prompt_of(payment)).state) == (PaymentStatus.CANCELLED, PromptState.REFUSED)
    async with nothing_happens():
        with pytest.raises(PaymentEnded):
            await cancel_payment(booked.client, payment_id=payment.id)
    assert (await booked.pays()).id != payment.id, "the way is free for another"


@pytest.mark.parametrize("state", [PromptState.ASKED, PromptState.UNKNOWN])
async def test_what_the_payer_can_still_pay_is_not_given_up(state: PromptState) -> None:
    booked = await a_booking()
    payment = await booked.pays()
    await PaymentPrompt.filter(payment_id=payment.id).update(state=PromptState.ASKED, asked_at=clock.now())
    await PaymentPrompt.filter(payment_id=payment.id).update(state=state)
    async with nothing_happens():
        with pytest.raises(PromptPending):
            await cancel_payment(booked.client, payment_id=payment.id)
    assert (await now(payment)).status is PaymentStatus.CREATED


async def test_what_was_paid_is_neither_given_up_nor_asked_for_again() -> None:
    booked = await a_booking()
    payment = await booked.pays()
    await came(payment)
    for act in (cancel_payment, resend_mpesa_prompt):
        async with nothing_happens():
            with pytest.raises(AlreadyPaid):
                await act(booked.client, payment_id=payment.id)


async def test_strangers_touch_nobodys_payment() -> None:
    booked = await a_booking()
    payment = await booked.pays()
    stranger = await an_actor(Role.BORROWER)
    for act in (cancel_payment, resend_mpesa_prompt):
        for who, which in ((stranger, payment.id), (booked.client, new_id())):
            async with nothing_happens():
                with pytest.raises(PaymentNotFound):
                    await act(who, payment_id=which)


async def test_a_telephone_is_not_asked_again_while_it_may_show_the_prompt() -> None:
    booked = await a_booking()
    payment = await booked.pays()
    async with nothing_happens():
        with pytest.raises(PromptPending):
            await resend_mpesa_prompt(booked.client, payment_id=payment.id)


async def lost(payment: Payment, attempt_no: int) -> None:
    """Nobody knows what became of asking, and it is a while ago."""
    asked_at = clock.now() - timedelta(minutes=10)
    await PaymentPrompt.filter(payment_id=payment.id, attempt_no=attempt_no).update(state="ASKED", asked_at=asked_at)
    await PaymentPrompt.filter(payment_id=payment.id, attempt_no=attempt_no).update(state="UNKNOWN")


async def test_an_open_payment_is_prompted_for_again_some_times() -> None:
    booked = await a_booking()
    payment = await booked.pays()
    for attempt_no in range(1, 5):
        await lost(payment, attempt_no)
        assert (await resend_mpesa_prompt(booked.client, payment_id=payment.id)).id == payment.id
        assert (await prompt_of(payment, attempt_no + 1)).phone == PHONE
    await lost(payment, 5)
    async with nothing_happens():
        with pytest.raises(PaymentEnded):
            await resend_mpesa_prompt(booked.client, payment_id=payment.id)


async def top_up(owner: Actor, phone: str) -> Payment:
    return await initiate_mpesa_payment(
        owner, purpose=Purpose.WALLET_TOP_UP, target_id=owner.id, phone=phone, amount=kes(10)
    )


async def test_nobody_pesters_a_telephone() -> None:
    people = [await an_actor(Role.BORROWER) for _ in range(4)]
    with paying_settings(prompts_of_phone=3):
        for person in people[:3]:
            await top_up(person, WRITTEN)
        async with nothing_happens():
            with pytest.raises(TooManyPrompts) as refused:
                await top_up(people[3], WRITTEN)
        assert (refused.value.field, refused.value.retry_after_s) == (("input", "phone"), 600)
        await top_up(people[3], "0712 345 679")
        later = clock.now() + timedelta(minutes=10, seconds=1)
        with clock_set_to(later):
            await top_up(people[3], WRITTEN)


async def test_nobody_pesters_everybody_but_a_till_has_many_customers(fee: Any) -> None:
    person = await an_actor(Role.BORROWER)
    fee(amount=None)
    with paying_settings(prompts_by_person=3):
        for number in range(3):
            await top_up(person, f"071234567{number}")
        async with nothing_happens():
            with pytest.raises(TooManyPrompts):
                await top_up(person, "0712345673")
        bursar = somebody(Role.BURSAR)
        for number in range(5):
            await initiate_mpesa_payment(
                bursar, purpose=FEE, target_id=A_FEE.target_id, phone=f"072234567{number}", amount=kes(5)
            )


async def test_two_who_ask_again_at_once_ask_once() -> None:
    booked = await a_booking()
    payment = await booked.pays()
    await lost(payment, 1)
    outcomes = await outcomes_of(resend_mpesa_prompt(booked.client, payment_id=payment.id) for _ in range(6))
    assert [type(each) for each in outcomes if not isinstance(each, Payment)] == [PromptPending] * 5
    assert await PaymentPrompt.filter(payment_id=payment.id).count() == 2


async def test_after_a_failure_a_new_payment_begins_with_the_same_telephone() -> None:
    booked = await a_booking()
    failed = await cancel_payment(booked.client, payment_id=(await booked.pays()).id)
    again = await resend_mpesa_prompt(booked.client, payment_id=failed.id)
    assert again.id != failed.id and (again.target_id, again.amount) == (failed.target_id, failed.amount)
    assert (await prompt_of(again)).phone == PHONE
    assert (await now(failed)).status is PaymentStatus.CANCELLED


async def test_who_was_never_prompted_is_not_prompted_again() -> None:
    booked = await a_booking()
    payment = await asked_for(booked.client, SESSION, booked.session.id)
    async with nothing_happens():
        with pytest.raises(PromptNotFound):
            await resend_mpesa_prompt(booked.client, payment_id=payment.id)
