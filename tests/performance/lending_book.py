"""A book of loans for measuring: 100,000 active loans with 1,000,000 instalments, written by SQL in sets.

Twenty branches, the largest with a fifth of all loans, and ten officers in each. Every loan is repaid in ten months; they
stand anywhere between their first and their tenth instalment, and 12 in 100 are late by one to five of them. Every
instalment that is paid has its payment. The guards of the tables are off while the rows are written; the days, which
triggers keep otherwise, are taken anew at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.database import connection
from tests.performance.row_ids import id_of, sql_id

CURRENCY: Final = "INR"


@dataclass(frozen=True, slots=True)
class Size:
    """How large a book is. There are as many officers in a branch, and applications that nobody has decided yet."""

    loans: int = 100_000
    branches: int = 20
    officers: int = 10
    applications: int = 2_000


class Kind:
    """What the first digits of an id say in this book."""

    BRANCH, OFFICER, BORROWER, PRODUCT, MANAGER, LOAN, INSTALMENT, PAYMENT, PAYOUT, APPLICATION = range(1, 11)


# How each loan ($1 of them; $2 branches of $3 officers) is drawn: it has passed `due` of its due dates, the next one is in
# `days` days, and `late` of those passed are unpaid. Squares make branches unequal.
DRAWN: Final = """
create temp table drawn (n int, b int, branch_id uuid, officer_id uuid, due int, days int, late int, principal bigint)
on commit drop
"""
DRAW: Final = f"""
insert into drawn
select n, b, {sql_id(Kind.BRANCH, "b")} as branch_id,
       {sql_id(Kind.OFFICER, "b + $2::int * (n / 7 % $3::int)")} as officer_id,
       n % 10 as due, n / 10 % 30 as days,
       case when n / 300 % 100 < 12 then least(1 + n / 50 % 5, n % 10) else 0 end as late,
       (100 + n % 900) * 10000::bigint as principal
from (select n, 1 + floor(power(n * 7919::bigint % 10007 / 10007.0, 2) * $2::int)::int as b
      from generate_series(1, $1::int) n) numbered
"""

BRANCHES: Final = f"""
insert into branch (id, code, name, active, created_at)
select {sql_id(Kind.BRANCH, "b")}, 'B' || b, 'Branch ' || b, true, now() from generate_series(1, $1::int) b
"""

OFFICERS: Final = f"""
insert into app_user (id, email, name, roles, active, rights_version, created_at, branch_id)
select {sql_id(Kind.OFFICER, "o")}, 'officer' || o || '@daftari.example', 'Officer ' || o, '{{LOAN_OFFICER}}', true, 1,
       now(),
       {sql_id(Kind.BRANCH, "1 + (o - 1) % $1::int")}
from generate_series(1, $1::int * $2::int) o
"""

# Everybody who borrows can sign in.
BORROWERS: Final = f"""
insert into app_user (id, email, name, roles, active, rights_version, created_at, branch_id)
select {sql_id(Kind.BORROWER, "n")}, 'borrower' || n || '@daftari.example', 'Borrower ' || n, '{{BORROWER}}', true, 1, now(),
       branch_id
from drawn
"""

# Loans as of $1, with what is left of them.
LOANS: Final = f"""
insert into loan (id, number, borrower_id, borrower_name, branch_id, officer_id, product_id, product_revision, product_name,
                  currency, purpose, requested_minor, approved_minor, instalment_count, annual_rate, terms, status,
                  created_by_id, submitted_by_id, submitted_at, recommendation, reviewed_by_id, reviewed_at, kyc_required,
                  approved_by_id, approved_at, disbursed_minor, disbursed_on, principal_outstanding_minor,
                  interest_outstanding_minor, next_due_on, next_due_minor, past_due_minor, maturity_on, replayed_on,
                  created_at, updated_at)
select {sql_id(Kind.LOAN, "n")}, 'L-' || n, {sql_id(Kind.BORROWER, "n")}, 'Borrower ' || n, branch_id, officer_id,
       {sql_id(Kind.PRODUCT, "1")}, 1, 'Business loan', '{CURRENCY}', 'Stock', principal, principal, 10, 24, '{{}}',
       'ACTIVE',
       {sql_id(Kind.BORROWER, "n")}, {sql_id(Kind.BORROWER, "n")}, first_on - interval '1 month', 'APPROVE', officer_id,
       first_on - interval '1 month', false, {sql_id(Kind.MANAGER, "b")}, first_on - interval '1 month', principal,
       first_on - interval '1 month', (10 - due + late) * principal / 10, (10 - due + late) * 2000,
       first_on + make_interval(months => due - late), principal / 10 + 2000, late * (principal / 10 + 2000),
       first_on + interval '9 months', $1, first_on - interval '1 month', now()
from (select *, $1::date - make_interval(months => due) + make_interval(days => days) as first_on from drawn) loan
"""

# Their instalments; one in nine was paid some days late.
INSTALMENTS: Final = f"""
insert into loan_instalment (id, loan_id, branch_id, currency, number, kind, from_on, due_on, principal_minor,
                             interest_minor, fee_minor, penalty_minor, principal_paid_minor, interest_paid_minor,
                             balance_after_minor, completed_on, officer_id)
select {sql_id(Kind.INSTALMENT, "n * 16 + k")}, {sql_id(Kind.LOAN, "n")}, branch_id, '{CURRENCY}', k + 1, 'NORMAL',
       due_on - 30, due_on, principal / 10, 2000, 0, 0,
       case when paid then principal / 10 else 0 end, case when paid then 2000 else 0 end,
       principal - (k + 1) * (principal / 10),
       case when paid then least($1::date, due_on + case when (n + k) % 9 = 0 then 4 else -(n % 3) end) end, officer_id
from (select *, k < due - late as paid,
             ($1::date - make_interval(months => due - k) + make_interval(days => days))::date as due_on
      from drawn, generate_series(0, 9) k) instalment
"""

# What was paid out, and a payment for each instalment that is paid.
TRANSACTIONS: Final = f"""
insert into loan_transaction (id, loan_id, branch_id, kind, happened_on, currency, amount_minor, principal_minor,
                              interest_minor, channel, recorded_by_id, recorded_at, officer_id)
select {sql_id(Kind.PAYOUT, "n")}, {sql_id(Kind.LOAN, "n")}, branch_id, 'DISBURSEMENT',
       $1::date - make_interval(months => due + 1) + make_interval(days => days), '{CURRENCY}', principal, principal, 0,
       'BANK', officer_id, now(), officer_id
from drawn
union all
select ('{Kind.PAYMENT:08x}' || substr(i.id::text, 9))::uuid, i.loan_id, i.branch_id, 'REPAYMENT', i.completed_on,
       '{CURRENCY}', i.due_minor, i.principal_minor, i.interest_minor, (array['CASH', 'BANK', 'MPESA'])[1 + i.number % 3],
       i.officer_id, i.completed_on, i.officer_id
from loan_instalment i where i.completed_on is not null
"""

# Applications at every stage before the decision.
APPLICATIONS: Final = f"""
insert into loan (id, number, borrower_id, borrower_name, branch_id, officer_id, product_id, product_revision, product_name,
                  currency, purpose, requested_minor, instalment_count, annual_rate, terms, status, created_by_id,
                  submitted_by_id, submitted_at, recommendation, reviewed_by_id, reviewed_at, kyc_required, created_at,
                  updated_at)
select {sql_id(Kind.APPLICATION, "n")}, 'A-' || n, {sql_id(Kind.BORROWER, "n")}, 'Borrower ' || n, branch_id, officer_id,
       {sql_id(Kind.PRODUCT, "1")}, 1, 'Business loan', '{CURRENCY}', 'Stock', principal, 10, 24, '{{}}',
       case n % 3 when 0 then 'SUBMITTED' when 1 then 'UNDER_REVIEW' else 'KYC_VERIFIED' end, {sql_id(Kind.BORROWER, "n")},
       {sql_id(Kind.BORROWER, "n")}, now(), case when n % 3 = 2 then 'APPROVE' end, case when n % 3 = 2 then officer_id end,
       case when n % 3 = 2 then now() end, false, now(), now()
from drawn where n <= $1
"""

TABLES: Final = (
    "branch",
    "app_user",
    "loan",
    "loan_instalment",
    "loan_transaction",
    "loan_day",
    "loan_officer_day",
    "loan_day_change",
)


async def write_book(size: Size) -> None:
    """Write the whole book, then let PostgreSQL look at it as autovacuum would."""
    today = clock.today()
    async with connection() as c:
        async with c.transaction():
            await c.execute("set local session_replication_role = replica")
            await c.execute(BRANCHES, size.branches)
            await c.execute(OFFICERS, size.branches, size.officers)
            await c.execute(DRAWN)
            await c.execute(DRAW, size.loans, size.branches, size.officers)
            await c.execute(BORROWERS)
            await c.execute(LOANS, today)
            await c.execute(INSTALMENTS, today)
            await c.execute(TRANSACTIONS, today)
            await c.execute(APPLICATIONS, size.applications)
            await c.execute("select retake_loan_days()")
        for table in TABLES:
            await c.execute(f"vacuum analyze {table}")


def an_officer(number: int = 1) -> Actor:
    """One of branch 1, the largest, whose loans are as many as those of its nine colleagues."""
    return Actor(
        id=id_of(Kind.OFFICER, number),
        name=f"Officer {number}",
        roles=frozenset({Role.LOAN_OFFICER}),
        branch_id=id_of(Kind.BRANCH, 1),
    )


def the_manager() -> Actor:
    """Of the largest branch."""
    return Actor(
        id=id_of(Kind.MANAGER, 1),
        name="Branch manager",
        roles=frozenset({Role.BRANCH_MANAGER}),
        branch_id=id_of(Kind.BRANCH, 1),
    )


def a_borrower(number: int = 1) -> Actor:
    return Actor(id=id_of(Kind.BORROWER, number), name=f"Borrower {number}", roles=frozenset({Role.BORROWER}))
