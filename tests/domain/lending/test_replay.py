"""Lending's figures follow from the log alone: schedules written anew, money that was taken back, other officers."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from domain.events.replay import replay_figures
from domain.kit.clock import clock_set_to
from domain.kit.database import execute
from domain.lending.service import (
    assign_officer,
    bring_up_to_date,
    charge_off_loan,
    create_recovery_action,
    reverse_loan_repayment,
)
from domain.lending.states import RecoveryActionKind
from tests.support.invoices import NOON
from tests.support.loans import a_draft, a_registered_officer, a_running_loan, an_application, an_office, repaid

pytestmark = pytest.mark.usefixtures("database")


async def test_loans_that_were_paid_reversed_and_handed_over(tmp_path: Path) -> None:
    office = await an_office()
    first, second = [await a_registered_officer(office.branch) for _ in range(2)]
    with clock_set_to(NOON):
        paid, late = [await a_running_loan(office, annual_rate=Decimal(12)) for _ in range(2)]
        await a_draft(office)
        await an_application(office)
        await assign_officer(office.manager, loan_id=paid.id, officer_id=first.id)
    with clock_set_to(NOON + timedelta(days=20)):
        bounced = await repaid(office, paid, 900, reference="R-1")
    with clock_set_to(NOON + timedelta(days=31)):
        await repaid(office, paid, 1_100, reference="R-2")
        await assign_officer(office.manager, loan_id=paid.id, officer_id=second.id)
        await reverse_loan_repayment(office.manager, transaction_id=bounced.transaction.id, reason="bounced")
    with clock_set_to(NOON + timedelta(days=75)):
        for loan in (paid, late):
            await bring_up_to_date(loan.id)
        await create_recovery_action(
            office.manager, loan_id=late.id, kind=RecoveryActionKind.PHONE_CALL, due_on=(NOON + timedelta(days=80)).date()
        )
        await charge_off_loan(office.admin, loan_id=late.id, reason="gone")
        replayed = await replay_figures(tmp_path)
        assert replayed.differences == []
        of = f"lending.officer.{first.id}.KES.figures.collected_this_month.amount"
        assert of not in replayed.figures, "the loan is another officer's now"
        assert replayed.figures["lending.house.KES.figures.portfolio.loans"] == "1"
        assert replayed.figures["lending.house.KES.figures.portfolio.charged_off.count"] == "1"
        await execute(
            "update loan_instalment set penalty_minor = penalty_minor + 1 where loan_id = $1 and number = 2", paid.id
        )
        wrong = {each.figure for each in (await replay_figures(tmp_path)).differences}
    assert {"lending.house.KES.figures.collections.overdue.amount"} <= wrong
