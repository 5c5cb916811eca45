"""Payments in their tables, and what is said of them there; the figures are those of the rules' tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any, Final
from uuid import UUID

from domain.kit import clock, database
from domain.kit.checks import every_check
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import retried, unit_of_work
from domain.payments.checks.statements import CHECKS as OF_STATEMENTS
from domain.payments.rules.evidence import Evidence
from domain.payments.settling import Settled, Wanted, settle_orphans, settle_payments
from domain.payments.states import PaymentStatus, ReconTrigger
from tests.domain.payments.rules.factory import ASKED, DUE_AT, EXPIRES_AT, LATER, SENT_AT

PHONE: Final = "254700000001"
CHANNEL: Final = ReconTrigger.PAYMENT_CALLBACK

_numbers = count(1)

INSERT_PAYMENTS: Final = """
insert into payment (id, reference, purpose, target_id, title, client_name, payee_name, amount_minor, currency, phone_masked,
                     status, status_at, created_at, updated_at, correlation_id)
select id, reference, 'SERVICE_SESSION', id, 'A session', 'Asha Patel', 'Dr Wanjiru', $3, $4, '2547*****001', 'CREATED', $5,
       $5, $5, id
from unnest($1::uuid[], $2::text[]) as p (id, reference)
"""

INSERT_PROMPTS: Final = """
insert into payment_prompt (id, payment_id, attempt_no, phone, amount_minor, currency, state, created_at)
select id, id, 1, $2, $3, $4, 'WAITING', $5 from unnest($1::uuid[]) as p (id)
"""

SAY: Final = """
insert into payment_evidence (payment_id, channel, outcome, received_at, prompt, receipt, reverses, amount_minor, currency,
                              transacted_at, sender, reference, result_code)
select payment_id, channel, outcome, received_at, prompt, receipt, reverses, amount, currency, transacted_at, sender,
       reference, result_code
from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::bigint[],
            $9::text[], $10::timestamptz[], $11::text[], $12::text[], $13::int[]) with ordinality
     as e (payment_id, channel, outcome, received_at, prompt, receipt, reverses, amount, currency, transacted_at, sender,
           reference, result_code, place)
order by place
"""


@dataclass(frozen=True)
class Made:
    """A payment that is waited for."""

    id: UUID
    reference: str
    prompt: str | None


def _reference(number: int) -> str:
    digits = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    return "P" + "".join(digits[number // 32**place % 32] for place in reversed(range(8)))


async def payments(
    how_many: int, *, prompted: bool = True, amount: Money = ASKED, status: PaymentStatus = PaymentStatus.STK_SENT
) -> list[Made]:
    """Payments of 2,500.00, with a prompt that the provider took; without one the payer is to begin."""
    made = [(new_id(), next(_numbers)) for _ in range(how_many)]
    ids = [payment_id for payment_id, _ in made]
    references = [_reference(number) for _, number in made]
    terms = amount.amount_minor, amount.currency, SENT_AT
    prompts = [f"ws_CO_{number}" if prompted else None for _, number in made]
    async with unit_of_work() as work:
        await work.execute(INSERT_PAYMENTS, ids, references, *terms)
        if prompted:
            await work.execute(INSERT_PROMPTS, ids, PHONE, *terms)
            await work.execute("update payment_prompt set state = 'ASKED', asked_at = $2 where id = any($1)", ids, SENT_AT)
            await work.execute(
                """update payment_prompt p set state = 'ACCEPTED', checkout_request_id = n.checkout, accepted_at = $3,
                          callback_due_at = $4, expires_at = $5
                   from unnest($1::uuid[], $2::text[]) n (id, checkout) where p.id = n.id""",
                ids,
                prompts,
                SENT_AT,
                DUE_AT,
                EXPIRES_AT,
            )
            await work.execute("update payment set status = $2 where id = any($1)", ids, status.value)
    return [Made(*each) for each in zip(ids, references, prompts, strict=True)]


async def a_payment(**how: Any) -> Made:
    [made] = await payments(1, **how)
    return made


async def write_claims(work: Any, told: Iterable[tuple[Made | None, Evidence]]) -> None:
    rows = [_row(made, claim) for made, claim in told]
    await work.execute(SAY, *(list(column) for column in zip(*rows, strict=True)))


def _row(made: Made | None, claim: Evidence) -> tuple[Any, ...]:
    return (
        made and made.id,
        claim.channel.value,
        claim.outcome.value,
        claim.received_at,
        made.prompt if made and claim.prompt else claim.prompt,
        claim.receipt,
        claim.reverses,
        claim.amount and claim.amount.amount_minor,
        claim.amount and claim.amount.currency,
        claim.transacted_at,
        claim.sender and claim.sender.stored,
        claim.reference,
        claim.result_code,
    )


@retried
async def told(
    made: Made, *claims: Evidence, at: datetime = LATER, trigger: ReconTrigger = CHANNEL, **wanted: Any
) -> Settled:
    """Somebody says something of a payment, and it is settled."""
    with clock.clock_set_to(at):
        async with unit_of_work() as work:
            if claims:
                await write_claims(work, [(made, claim) for claim in claims])
            [settled] = await settle_payments(work, [want(made, trigger=trigger, **wanted)])
    return settled


@retried
async def told_of_nobody(*claims: Evidence, at: datetime = LATER) -> None:
    """Somebody tells of money of which no payment is known."""
    with clock.clock_set_to(at):
        async with unit_of_work() as work:
            await write_claims(work, [(None, claim) for claim in claims])
            await settle_orphans(work, {claim.reverses or claim.receipt or "" for claim in claims})


def want(made: Made, *, trigger: ReconTrigger = CHANNEL, **wanted: Any) -> Wanted:
    return Wanted(payment_id=made.id, trigger=trigger, **({"started_at": clock.now()} | wanted))


def typed(made: Made, claim: Evidence) -> Evidence:
    """The claim with the reference that the payer was given."""
    return replace(claim, reference=made.reference)


async def rows(sql: str, *args: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await database.fetch(sql, *args)]


async def books() -> dict[str, int]:
    """What is on the accounts of payments, credits positive but for the money at the provider."""
    found = await database.fetch(
        """select a.code, sum(l.amount_minor)::bigint as amount from journal_line l
           join ledger_account a on a.id = l.account_id group by a.code order by a.code"""
    )
    return {row["code"]: row["amount"] if row["code"] == "1210" else -row["amount"] for row in found if row["amount"]}


async def disagreements(made: Made | None = None) -> dict[str, str]:
    """What does not agree of a payment, or of what is nobody's, and where it stands."""
    found: Sequence[Any] = await database.fetch(
        "select type, status from discrepancy where payment_id is not distinct from $1 order by serial", made and made.id
    )
    return {row["type"]: row["status"] for row in found}


async def a_statement(from_at: datetime, until_at: datetime) -> None:
    """A statement of this time, worked through to its end, that has nothing of any payment."""
    async with database.connection() as c, c.transaction():
        await c.execute("set local session_replication_role = replica")
        await c.execute(
            """insert into statement_import (id, file_id, file_name, status, from_at, until_at, created_at, finished_at,
                                             correlation_id)
               values (gen_random_uuid(), gen_random_uuid(), 'march.csv', 'DONE', $1, $2, $2, $2, gen_random_uuid())""",
            from_at,
            until_at,
        )


async def all_is_well() -> None:
    """Every invariant of the floors below holds, but for those of files with statements: what statements say here is in
    none."""
    broken = {}
    for check in every_check():
        if check.domain in ("payments", "ledger") and check not in OF_STATEMENTS:
            broken[check.name] = [violation for (violation,) in await rows(check.sql)]
    assert {name: violations for name, violations in broken.items() if violations} == {}
