"""What the log tells of loans, their schedules and the money that came and went, and of the work of collecting it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Final
from uuid import UUID

from domain.identity.actor import SYSTEM, Actor
from domain.kit.database import fetch
from domain.kit.projections import Board, Facts, Heard, Projection, Row, register_projection
from domain.lending import dashboards
from domain.lending.book_figures import InstalmentFigures
from domain.lending.collections import collection_stats, loan_repayment_stats
from domain.lending.events import (
    CommunicationLogged,
    LoanFigures,
    LoanUpdated,
    RecoveryActionCreated,
    RecoveryActionUpdated,
    RecoveryFigures,
)

# What rows count for, by day, as it is said at the tables of sums; here it is added up from what events told.
COUNTED: Final = """
insert into loan_day_change (branch_id, officer_id, currency, measure, happens_on, channel, count, amount_minor)
select branch_id, officer_id, currency, measure, happens_on, channel, count(*), sum(amount_minor)
from (select branch_id, officer_id, currency, case when charged_off_on is null then 'PORTFOLIO' else 'CHARGED_OFF' end
                 as measure,
             coalesce(charged_off_on, next_due_on, '9999-12-31') as happens_on, null as channel,
             principal_outstanding_minor as amount_minor
      from loan where status = 'ACTIVE'
      union all
      select branch_id, officer_id, currency, 'SCHEDULED', due_on, null, due_minor from loan_instalment where due_minor > 0
      union all
      select branch_id, officer_id, currency, 'UNPAID', due_on, null, unpaid_minor from loan_instalment
      where unpaid_minor > 0
      union all
      select branch_id, officer_id, currency, case when completed_on <= due_on then 'ON_TIME' else 'LATE' end, completed_on,
             null, due_minor
      from loan_instalment
      where completed_on is not null and principal_paid_minor > 0 and principal_written_off_minor = 0
      union all
      select branch_id, officer_id, currency, case when kind = 'DISBURSEMENT' then 'DISBURSED' else 'RECEIVED' end,
             happened_on, channel, amount_minor
      from loan_transaction where reversed_at is null) as day
group by branch_id, officer_id, currency, measure, happens_on, channel
"""
WHOSE_INSTALMENTS: Final = """
update loan_instalment i set officer_id = l.officer_id, branch_id = l.branch_id, currency = l.currency
from loan l where l.id = i.loan_id
"""
DAILY: Final = """
insert into loan_daily (branch_id, currency, measure, happens_on, channel, count, amount_minor)
select branch_id, currency, measure, happens_on, channel, count, amount_minor from loan_day_change
"""
OF_OFFICERS: Final = """
insert into loan_officer_daily (officer_id, branch_id, currency, measure, happens_on, count, amount_minor)
select officer_id, branch_id, currency, measure, happens_on, count, amount_minor from loan_day_change
where officer_id is not null and measure in ('PORTFOLIO', 'SCHEDULED', 'UNPAID', 'RECEIVED')
"""

# Currencies that are lent in; branches, loan officers and borrowers that have to do with loans in them.
CURRENCIES: Final = "select distinct currency from loan order by 1"
BRANCHES: Final = "select id from branch order by 1"
OFFICERS: Final = """
select distinct l.officer_id as id, u.branch_id from loan l left join app_user u on u.id = l.officer_id
where l.currency = $1 and l.officer_id is not null order by 1
"""
BORROWERS: Final = "select distinct borrower_id as id from loan where currency = $1 order by 1"

IN_NO_ORDER: Final = ("next_instalments",)
"""Of those that fall due on one day any may come first; what they come to is in the collections."""

_AS_THEY_ARE: Final = (
    "id", "number", "borrower_id", "borrower_name", "branch_id", "officer_id", "created_by_id", "product_id", "product_name",
    "currency", "purpose", "status", "instalment_count", "next_due_on", "maturity_on", "bucket", "delinquent_since_on",
    "delinquency_paused", "submitted_at", "reviewed_at", "recommendation", "kyc_required", "kyc_verified_at", "approved_at",
    "disbursed_on", "charged_off_on", "written_off_on", "closed_on", "revision", "created_at", "updated_at",
)  # fmt: skip

_AMOUNTS: Final = {
    "requested_minor": "requested_principal",
    "approved_minor": "approved_principal",
    "disbursed_minor": "disbursed_amount",
    "principal_outstanding_minor": "principal_outstanding",
    "interest_outstanding_minor": "interest_outstanding",
    "fee_outstanding_minor": "fee_outstanding",
    "penalty_outstanding_minor": "penalty_outstanding",
    "outstanding_minor": "outstanding_amount",
    "waived_minor": "waived_amount",
    "written_off_minor": "written_off_amount",
    "overpaid_minor": "overpaid_amount",
    "recovered_minor": "recovered_amount",
    "past_due_minor": "past_due_amount",
    "next_due_minor": "next_due_amount",
}

_OFFICER_OF_FACT: Final = "lending: whose loan it was when the money moved"


def _updated(facts: Facts, heard: Heard) -> None:
    told: LoanUpdated = heard.fact
    loan, book = told.loan, told.book
    columns: Row = {name: getattr(loan, name) for name in _AS_THEY_ARE}
    for column, name in _AMOUNTS.items():
        amount = getattr(loan, name)
        columns[column] = None if amount is None else amount.amount_minor
    facts.put("loan", loan.id, **columns)
    for number in book.gone:
        facts.drop("loan_instalment", (loan.id, number))
    for row in book.instalments:
        facts.put("loan_instalment", (loan.id, row.number), **_instalment(loan, row))
    for line_id in book.taken_off:
        facts.drop("loan_transaction", line_id)
    for line in book.lines:
        # A payment that is split anew stays the officer's who had the loan when it came.
        first = facts.get(_OFFICER_OF_FACT, line.fact_id) or {"officer_id": loan.officer_id}
        if line.fact_id is not None:
            facts.put(_OFFICER_OF_FACT, line.fact_id, **first)
        facts.put(
            "loan_transaction",
            line.id,
            id=line.id,
            loan_id=loan.id,
            branch_id=loan.branch_id,
            officer_id=first["officer_id"],
            currency=loan.currency,
            kind=line.kind,
            happened_on=line.happened_on,
            channel=line.channel,
            amount_minor=line.amount_minor,
        )


def _instalment(loan: LoanFigures, row: InstalmentFigures) -> Row:
    """Only sums count here, so that all of an amount stands in the first of its four parts."""
    return {
        "loan_id": loan.id,
        "number": row.number,
        "due_on": row.due_on,
        "principal_minor": row.due_minor,
        "principal_paid_minor": row.paid_minor,
        "principal_written_off_minor": row.written_off_minor,
        "due_minor": row.due_minor,
        "unpaid_minor": row.unpaid_minor,
        "completed_on": row.completed_on,
    }


def _noted(facts: Facts, heard: Heard) -> None:
    told: CommunicationLogged = heard.fact
    facts.put(
        "communication_log",
        told.communication_id,
        id=told.communication_id,
        loan_id=told.loan_id,
        borrower_id=told.borrower_id,
        branch_id=told.branch_id,
        follow_up_on=told.follow_up_on,
        spoken_at=told.spoken_at,
        logged_by_id=told.logged_by_id,
    )


def _recovering(facts: Facts, heard: Heard) -> None:
    told: RecoveryFigures = heard.fact.action
    facts.put(
        "recovery_action",
        told.id,
        id=told.id,
        loan_id=told.loan_id,
        branch_id=told.branch_id,
        debtor_id=told.debtor_id,
        status=told.status,
        assigned_to_id=told.assigned_to_id,
        due_on=told.due_on,
    )


async def _boards() -> AsyncIterator[Board]:
    for row in await fetch(CURRENCIES):
        currency = row["currency"]
        yield Board(f"house.{currency}", await dashboards.admin_dashboard(SYSTEM, currency))
        yield Board(f"house.{currency}.repayments", await loan_repayment_stats(SYSTEM, currency=currency))
        yield Board(f"house.{currency}.collections", await collection_stats(SYSTEM, currency=currency))
        for branch in await fetch(BRANCHES):
            board = await dashboards.branch_manager_dashboard(SYSTEM, branch["id"], currency)
            yield Board(f"branch.{branch['id']}.{currency}", board)
        for officer in await fetch(OFFICERS, currency):
            board_of = dashboards.loan_officer_dashboard(_person(officer["id"], officer["branch_id"]), currency)
            yield Board(f"officer.{officer['id']}.{currency}", await board_of)
        for borrower in await fetch(BORROWERS, currency):
            own = await dashboards.borrower_dashboard(_person(borrower["id"]), currency)
            yield Board(f"borrower.{borrower['id']}.{currency}", own, IN_NO_ORDER)


def _person(user_id: UUID, branch_id: UUID | None = None) -> Actor:
    return replace(SYSTEM, id=user_id, branch_id=branch_id)


register_projection(
    Projection(
        name="lending",
        tables=(
            "loan",
            "loan_instalment",
            "loan_transaction",
            "communication_log",
            "recovery_action",
            "loan_day",
            "loan_officer_day",
            "loan_day_change",
            "loan_daily",
            "loan_officer_daily",
        ),
        applies={
            LoanUpdated: _updated,
            CommunicationLogged: _noted,
            RecoveryActionCreated: _recovering,
            RecoveryActionUpdated: _recovering,
        },
        derived=(WHOSE_INSTALMENTS, COUNTED, DAILY, OF_OFFICERS),
        boards=_boards,
    )
)
