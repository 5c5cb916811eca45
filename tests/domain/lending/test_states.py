"""The arrows between statuses: in the words of the code and, whoever writes, in the database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest

from domain.kit import clock
from domain.kit.database import connection, execute, fetchval
from domain.kit.ids import new_id
from domain.lending import stored
from domain.lending.models import Loan, LoanFact
from domain.lending.rules import BUCKETS, facts
from domain.lending.rules.terms import PeriodUnit
from domain.lending.states import TRANSITIONS, DelinquencyBucket, FactKind, LoanStatus
from tests.support.loans import a_draft, an_approved_loan, an_office, terms

pytestmark = pytest.mark.usefixtures("database")

WHOLE_ROWS = """
update loan set status = $2::text, submitted_by_id = borrower_id, submitted_at = now(), recommendation = 'APPROVE',
    reviewed_by_id = gen_random_uuid(), reviewed_at = now(),
    kyc_verified_at = case when $2::text = 'KYC_PENDING' then null else now() end,
    kyc_verified_by_id = case when $2::text = 'KYC_PENDING' then null else gen_random_uuid() end,
    approved_by_id = gen_random_uuid(), approved_at = now(), approved_minor = requested_minor,
    rejected_at = case when $2::text = 'REJECTED' then now() end,
    rejected_by_id = case when $2::text = 'REJECTED' then gen_random_uuid() end,
    withdrawn_at = case when $2::text = 'WITHDRAWN' then now() end,
    withdrawn_by_id = case when $2::text = 'WITHDRAWN' then borrower_id end,
    disbursed_minor = case when $2::text in ('ACTIVE', 'OVERPAID', 'CLOSED', 'WRITTEN_OFF') then 100 else 0 end,
    disbursed_on = case when $2::text in ('ACTIVE', 'OVERPAID', 'CLOSED', 'WRITTEN_OFF') then date '2030-01-01' end,
    replayed_on = case when $2::text in ('ACTIVE', 'OVERPAID', 'CLOSED', 'WRITTEN_OFF') then date '2030-01-01' end,
    overpaid_minor = case when $2::text = 'OVERPAID' then 5 else 0 end,
    written_off_on = case when $2::text = 'WRITTEN_OFF' then date '2030-01-01' end,
    closed_on = case when $2::text in ('CLOSED', 'WRITTEN_OFF') then date '2030-01-01' end
where id = $1
"""
"""All that a status asks for beside the arrow, so that only the arrow is under test."""


@pytest.mark.parametrize("before", LoanStatus)
async def test_the_database_knows_the_same_arrows(before: LoanStatus) -> None:
    loan = await a_draft(await an_office())
    async with connection() as c, c.transaction():
        await c.execute("set local session_replication_role = replica")
        await c.execute(WHOLE_ROWS, loan.id, before.value)
    outcomes = {after: await _tried(loan, after) for after in LoanStatus}
    assert {after for after, refused_by in outcomes.items() if refused_by is None} == TRANSITIONS[before] | {before}
    assert set(outcomes.values()) <= {None, "loan_moves"}


async def _tried(loan: Loan, after: LoanStatus) -> str | None:
    """The constraint that keeps a loan from this status; None when nothing does. Either way it stays where it is."""
    async with connection() as c:
        transaction = c.transaction()
        await transaction.start()
        try:
            await c.execute(SAME_PARTIES, loan.id, after.value)
        except asyncpg.CheckViolationError as error:
            return str(error.constraint_name)
        finally:
            await transaction.rollback()
    return None


SAME_PARTIES = WHOLE_ROWS
"""Without those columns that are fixed once a loan is approved."""

for _fixed in (
    "submitted_by_id = borrower_id, submitted_at = now(), recommendation = 'APPROVE',",
    "reviewed_by_id = gen_random_uuid(), reviewed_at = now(),",
    "approved_by_id = gen_random_uuid(), approved_at = now(), approved_minor = requested_minor,",
):
    SAME_PARTIES = SAME_PARTIES.replace(_fixed, "")


async def test_a_loan_begins_as_a_draft() -> None:
    loan = await a_draft(await an_office())
    loan.id, loan.number, loan.status = new_id(), "LN-X", LoanStatus.SUBMITTED
    loan.submitted_by_id, loan.submitted_at = loan.borrower_id, clock.now()
    with pytest.raises(Exception, match="begins as a draft"):
        await loan.save(force_create=True)


@pytest.mark.parametrize(
    "change",
    [
        'terms = terms || \'{"annual_rate": "1"}\'',
        "approved_minor = approved_minor - 1",
        "approved_by_id = gen_random_uuid()",
        "reviewed_by_id = gen_random_uuid()",
        "recommendation = 'REJECT'",
        "borrower_id = gen_random_uuid()",
        "currency = 'USD'",
        "number = 'LN-0'",
    ],
)
async def test_what_was_agreed_stays(change: str) -> None:
    loan = await an_approved_loan(await an_office())
    with pytest.raises(asyncpg.CheckViolationError):
        await execute(f"update loan set {change} where id = $1", loan.id)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("disbursed_minor = approved_minor + 1", "loan_disbursed_is_within_approval"),
        ("disbursed_minor = 1", "loan_unpaid_out_holds_nothing"),
        ("interest_outstanding_minor = -1", "loan_interest_not_negative"),
        ("charged_off_on = '2030-01-01'", "loan_charge_off_needs_a_loan"),
        ("written_off_on = '2030-01-01'", "loan_write_off_has_a_date"),
        ("closed_on = '2030-01-01'", "loan_end_has_a_date"),
        ("kyc_verified_at = null, kyc_verified_by_id = null", "loan_approval_needs_review_and_kyc"),
    ],
)
async def test_figures_that_a_status_forbids(change: str, constraint: str) -> None:
    loan = await an_approved_loan(await an_office())
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await execute(f"update loan set {change} where id = $1", loan.id)
    assert refused.value.constraint_name == constraint


@pytest.mark.parametrize("maker", ["borrower_id", "created_by_id", "submitted_by_id", "reviewed_by_id"])
async def test_the_maker_is_not_the_checker_whoever_writes(maker: str) -> None:
    loan = await an_approved_loan(await an_office())
    async with connection() as c, c.transaction():
        await c.execute("set local session_replication_role = replica")
        with pytest.raises(asyncpg.CheckViolationError):
            await c.execute(f"update loan set approved_by_id = {maker} where id = $1", loan.id)


ONE_OF_EACH: dict[FactKind, dict[str, object]] = {
    FactKind.DISBURSED: {"amount_minor": 100_00},
    FactKind.REPAID: {"amount_minor": 5, "is_down_payment": True},
    FactKind.RATE_CHANGED: {"annual_rate": Decimal("9.4822")},
    FactKind.CHARGE_ADDED: {"code": "NSF", "title": "Bounced", "due_on": date(2030, 2, 28), "value": Decimal("10.00")},
    FactKind.CHARGE_WAIVED: {"charge_key": "x"},
    FactKind.INTEREST_WAIVED: {"amount_minor": 7, "instalment": None},
    FactKind.CHARGED_BACK: {"repayment_id": UUID(int=7), "amount_minor": 3},
    FactKind.CREDIT_REFUNDED: {"amount_minor": 3},
    FactKind.RESCHEDULED: {"from_on": date(2030, 3, 1), "annual_rate": Decimal(7), "extra_instalments": 2},
    FactKind.REAGED: {"first_due_on": date(2030, 3, 31), "instalments": 3, "every": 1, "unit": PeriodUnit.MONTHS},
    FactKind.REAMORTISED: {},
    FactKind.DELINQUENCY_PAUSED: {"until": date(2030, 4, 1)},
    FactKind.CHARGED_OFF: {},
    FactKind.WRITTEN_OFF: {},
    FactKind.RECOVERED: {"amount_minor": 9},
}


@pytest.mark.parametrize("kind", FactKind)
async def test_a_fact_reads_back_as_it_was_written_and_is_kept(kind: FactKind) -> None:
    loan = await an_approved_loan(await an_office())
    fact = stored.KINDS[kind](id=new_id(), on=date(2030, 2, 1), sequence=1, **ONE_OF_EACH[kind])  # type: ignore[arg-type]
    row = await _record(loan, fact)
    assert (await LoanFact.get(id=row.id)).fact == fact
    with pytest.raises(asyncpg.CheckViolationError):
        await execute("update loan_fact set happened_on = '2029-01-01' where id = $1", row.id)
    with pytest.raises(asyncpg.CheckViolationError):
        await execute("delete from loan_fact where id = $1", row.id)
    reversal = "update loan_fact set reversed_by_id = id, reversed_at = now(), reversal_reason = $2 where id = $1"
    await execute(reversal, row.id, "bounced")
    with pytest.raises(asyncpg.CheckViolationError):
        await execute(reversal, row.id, "again")
    assert await fetchval("select reversal_reason from loan_fact") == "bounced"


async def _record(loan: Loan, fact: facts.AnyFact) -> LoanFact:
    return await LoanFact.create(
        id=fact.id,
        loan_id=loan.id,
        sequence=fact.sequence,
        kind=stored.kind_of(fact),
        happened_on=fact.on,
        payload=stored.payload_of(fact),
        recorded_by_id=new_id(),
        recorded_at=clock.now(),
    )


def test_the_words_of_the_rules_and_of_the_tables_are_the_same() -> None:
    assert [bucket.code for bucket in BUCKETS] == [bucket.value for bucket in DelinquencyBucket]
    assert set(stored.KINDS) == set(FactKind)
    assert set(TRANSITIONS) == set(LoanStatus)
    said = terms(annual_rate=Decimal("0.10"))
    assert stored.terms_from(stored.terms_to_json(said)) == said
