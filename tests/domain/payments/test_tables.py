"""The tables of payments keep what was said, and let statuses go along the arrows alone, whoever writes."""

from __future__ import annotations

from itertools import product
from typing import Any

import asyncpg
import pytest

from domain.kit.database import execute, fetchval
from domain.kit.ids import new_id
from domain.payments.provider import MAX_REFERENCE
from domain.payments.rules.references import CLEAR, bare, fresh
from domain.payments.states import TAKEN, PaymentStatus, PromptState, way
from tests.domain.payments.intake.said import callback, heard
from tests.domain.payments.settling.factory import Made, a_payment, payments
from tests.support.happenings import assert_integrity

pytestmark = pytest.mark.usefixtures("database")


async def in_status(status: PaymentStatus) -> Made:
    made = await a_payment(prompted=False)
    ways = [PaymentStatus.PAID, status] if status in TAKEN - {PaymentStatus.PAID} else [status]
    for each in ways:
        await move(made, each)
    return made


async def move(made: Made, status: PaymentStatus) -> None:
    await execute("update payment set status = $2, paid_at = now() where id = $1", made.id, status.value)


@pytest.mark.parametrize("before", list(PaymentStatus))
async def test_a_payment_goes_the_ways_that_the_rules_know(before: PaymentStatus) -> None:
    """A way of two steps, through PAID, is gone at once."""
    for after in PaymentStatus:
        made = await in_status(before)
        try:
            await move(made, after)
            went = True
        except asyncpg.CheckViolationError:
            went = False
        assert went == (way(before, after) is not None), f"{before} to {after}"


@pytest.mark.parametrize(
    "change",
    [
        "amount_minor = 1",
        "currency = 'USD'",
        "reference = 'P22222222'",
        "purpose = 'MILL_SALE'",
        "target_id = gen_random_uuid()",
        "phone_masked = '254712345678'",
        "purpose_minor = -1",
        "suspense_minor = -1",
        "status = 'GONE'",
    ],
)
async def test_what_a_payment_is_for_is_fixed(change: str) -> None:
    made = await a_payment()
    with pytest.raises(asyncpg.CheckViolationError):
        await execute(f"update payment set {change} where id = $1", made.id)
    with pytest.raises(asyncpg.CheckViolationError):
        await execute("delete from payment where id = $1", made.id)


PROMPT_ARROWS = {
    (PromptState.WAITING, PromptState.ASKED),
    (PromptState.WAITING, PromptState.REFUSED),
    (PromptState.ASKED, PromptState.ACCEPTED),
    (PromptState.ASKED, PromptState.REFUSED),
    (PromptState.ASKED, PromptState.UNKNOWN),
    (PromptState.UNKNOWN, PromptState.ACCEPTED),
}


async def test_a_prompt_is_asked_once() -> None:
    for before, after in product(PromptState, PromptState):
        made = await a_payment(prompted=False)
        await execute(
            """insert into payment_prompt (id, payment_id, attempt_no, phone, amount_minor, currency, state, created_at)
               values ($1, $1, 1, '254700000001', 250000, 'KES', 'WAITING', now())""",
            made.id,
        )
        for step in _steps_to(before):
            await _become(made, step)
        if before is after or (before, after) in PROMPT_ARROWS:
            await _become(made, after)
        else:
            with pytest.raises(asyncpg.CheckViolationError):
                await _become(made, after)


def _steps_to(state: PromptState) -> list[PromptState]:
    if state is PromptState.WAITING:
        return []
    return [PromptState.ASKED] if state is PromptState.ASKED else [PromptState.ASKED, state]


async def _become(made: Made, state: PromptState) -> None:
    accepted = state is PromptState.ACCEPTED
    await execute(
        """update payment_prompt
           set state = $2::text, asked_at = case when $2::text = 'WAITING' then null else now() end,
               checkout_request_id = case when $3 then coalesce(checkout_request_id, $4) end,
               accepted_at = case when $3 then now() end, callback_due_at = case when $3 then now() end,
               expires_at = case when $3 then now() end
           where id = $1""",
        made.id,
        state.value,
        accepted,
        f"ws_CO_{made.id}",
    )


@pytest.mark.parametrize(
    "sql",
    [
        "update payment_evidence set amount_minor = 1",
        "update payment_evidence set payment_id = null",
        "delete from payment_evidence",
        "truncate payment_evidence",
        "delete from mpesa_message",
        "update mpesa_message set body = 'another'",
        "update mpesa_message set state = 'RECEIVED', worked_at = null",
        "delete from mpesa_receipt",
        "update mpesa_receipt set payment_id = null",
        "delete from payment_credit",
        "update payment_credit set receipt = 'TC99999999'",
        "update payment_credit set reversed_minor = amount_minor + 1",
        "update reconciliation set status = 'QUEUED', finished_at = null",
        "delete from payment_prompt",
        "update payment_prompt set phone = '254700000002'",
        "delete from discrepancy",
    ],
)
async def test_what_was_said_and_what_came_is_kept(sql: str) -> None:
    made = await a_payment()
    await heard(callback(made, amount=2400))
    await heard(callback(made, amount=2400))
    with pytest.raises(asyncpg.CheckViolationError):
        await execute(sql)
    await assert_integrity()


async def test_a_receipt_is_credited_once() -> None:
    one, other = await payments(2)
    await heard(callback(one))
    row: tuple[Any, ...] = (new_id(), other.id, "TC51ABCD2E")
    with pytest.raises(asyncpg.UniqueViolationError):
        await execute(
            """insert into payment_credit (id, payment_id, receipt, amount_minor, currency, destination, created_at,
                                           updated_at)
               values ($1, $2, $3, 1, 'KES', 'SUSPENSE', now(), now())""",
            *row,
        )


async def test_the_activity_log_knows_no_number() -> None:
    made = await a_payment()
    await heard(callback(made))
    images = await fetchval(
        "select string_agg(before::text || after::text, ' ') from row_change where object_kind = 'payment'"
    )
    assert "PAID" in images and "2547" not in images


def test_references_that_we_give_out_are_clear() -> None:
    places = iter(range(1_000))
    given = fresh(lambda characters: characters[next(places) * 7 % len(characters)])
    assert given == bare(given) and len(given) <= MAX_REFERENCE
    assert set(given[1:]) <= set(CLEAR) and not set("IO01") & set(CLEAR)
