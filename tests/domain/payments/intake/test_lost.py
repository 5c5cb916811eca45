"""A prompt whose request nobody answered, and a callback that must be its: believed only when the provider says so too."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.kit import clock
from domain.kit.database import execute
from domain.kit.unit_of_work import unit_of_work
from domain.payments.models import PaymentPrompt, Reconciliation
from domain.payments.states import MessageState, Outcome, PaymentStatus, PromptState
from tests.domain.payments.intake.said import HEARD_AT, callback, credited, drained, heard, payment, state_of
from tests.domain.payments.rules.factory import SENT_AT, answer
from tests.domain.payments.settling.factory import PHONE, Made, a_payment, write_claims
from tests.support.happenings import assert_integrity, names_of_events

pytestmark = pytest.mark.usefixtures("database")

CHECKOUT = "ws_CO_05032025101530123700000001"
SOON = HEARD_AT + timedelta(seconds=20)


async def a_lost_prompt(*, asked_at: object = SENT_AT, amount: int = 250_000) -> Made:
    """We asked, and nobody knows whether the provider took it."""
    made = await a_payment(prompted=False)
    await execute(
        """insert into payment_prompt (id, payment_id, attempt_no, phone, amount_minor, currency, state, created_at)
           values ($1, $1, 1, $2, $3, 'KES', 'WAITING', $4)""",
        made.id,
        PHONE,
        amount,
        asked_at,
    )
    await execute("update payment_prompt set state = 'ASKED', asked_at = $2 where id = $1", made.id, asked_at)
    await execute("update payment_prompt set state = 'UNKNOWN', error_code = 'NO_ANSWER' where id = $1", made.id)
    return made


async def prompt_of(made: Made) -> tuple[PromptState, str | None]:
    prompt = await PaymentPrompt.get(payment_id=made.id)
    return prompt.state, prompt.checkout_request_id


async def test_a_callback_finds_its_prompt_and_counts_when_the_provider_confirms_it() -> None:
    made = await a_lost_prompt()
    message = await heard(callback(CHECKOUT))
    assert (message.state, message.payment_id) == (MessageState.PARKED, made.id)
    assert await prompt_of(made) == (PromptState.ACCEPTED, CHECKOUT)
    assert await credited() == {}
    assert await Reconciliation.filter(payment_id=made.id, asks=True).count() == 1
    assert "payments.prompt_changed" in await names_of_events()
    with clock.clock_set_to(HEARD_AT + timedelta(seconds=3)):
        async with unit_of_work() as work:
            await write_claims(work, [(Made(made.id, made.reference, CHECKOUT), answer(Outcome.PAID))])
    await drained(SOON)
    assert (await state_of(message))[0] is MessageState.DONE
    assert ((await payment(made)).status, (await payment(made)).transaction_id) == (PaymentStatus.PAID, "TC51ABCD2E")
    assert await credited() == {"TC51ABCD2E": (250_000, "PURPOSE")}
    await assert_integrity()


async def test_of_two_prompts_that_fit_none_is_chosen() -> None:
    one, other = await a_lost_prompt(), await a_lost_prompt()
    message = await heard(callback(CHECKOUT))
    assert (message.state, message.payment_id) == (MessageState.PARKED, None)
    assert {(await prompt_of(each))[0] for each in (one, other)} == {PromptState.UNKNOWN}


@pytest.mark.parametrize(
    ("asked_at", "amount"),
    [(SENT_AT - timedelta(hours=1), 250_000), (SENT_AT + timedelta(hours=1), 250_000), (SENT_AT, 249_900)],
)
async def test_what_was_asked_at_another_time_or_for_another_amount_is_another(asked_at: object, amount: int) -> None:
    made = await a_lost_prompt(asked_at=asked_at, amount=amount)
    message = await heard(callback(CHECKOUT))
    assert message.payment_id is None
    assert (await prompt_of(made))[0] is PromptState.UNKNOWN
    await drained(HEARD_AT + timedelta(minutes=3))
    assert (await state_of(message))[0] is MessageState.UNKNOWN
    assert await credited() == {}
    await assert_integrity()


async def test_what_the_provider_knows_nothing_of_credits_nothing() -> None:
    made = await a_lost_prompt()
    message = await heard(callback(CHECKOUT))
    await drained(HEARD_AT + timedelta(days=1, seconds=1))
    assert (await state_of(message))[0] is MessageState.UNKNOWN
    assert (await payment(made)).status is not PaymentStatus.PAID
    assert await credited() == {}
    await assert_integrity()
