"""How often the heaviest documents of lending ask the database: once for a list and once for each relation."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.identity.permissions import Role
from domain.lending.models import Loan
from domain.lending.service import NewDocument, add_documents, assign_officer
from domain.lending.service.charges import add_loan_charge
from domain.lending.service.writing_off import request_write_off
from domain.lending.states import DocumentKind
from tests.support.graphql import ask
from tests.support.loan_operations import of, op
from tests.support.loans import Office, a_product, a_registered_officer, a_running_loan, an_office, repaid
from tests.support.papers import a_file
from tests.support.people import somebody
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")

EVERYTHING = """
{
  loans(first: 20) {
    totalCount
    nodes {
      number terms { instalments } decisionComment reviewComment
      borrower { name } officer { name } branch { name } product { name usualTerms { instalments } }
      schedule { number due { amount } pastDueDays }
      charges { title unpaid { amount } }
      documents { fileName file { name } uploadedBy { name } }
      requests { reason requestedBy { name } decidedBy { name } }
    }
  }
}
"""
MOST = 13
"""The page, its count, and one for each relation; two where what the viewer may see is looked up before what is shown."""


async def a_busy_loan(office: Office) -> Loan:
    """Paid out and repaid in part, with an officer, a charge, a paper and a request for its end."""
    loan = await a_running_loan(office)
    await assign_officer(office.officer, loan_id=loan.id, officer_id=office.officer.id)
    await repaid(office, loan, 500)
    await add_loan_charge(office.manager, loan_id=loan.id, title="Visit", value=Decimal(25))
    file = await a_file(office.officer)
    paper = NewDocument(file_id=file.id, kind=DocumentKind.PHOTO)
    await add_documents(office.officer, loan_id=loan.id, documents=[paper])
    await request_write_off(office.manager, loan_id=loan.id, reason="Gone")
    return loan


async def a_staffed_office() -> Office:
    """An office whose people are registered, so that they have names for everybody."""
    office = await an_office()
    officer = await a_registered_officer(office.branch)
    manager = await a_registered_officer(office.branch, Role.BRANCH_MANAGER, name="Mwangi")
    return Office(office.branch, officer, manager, office.borrower, office.admin)


@pytest.mark.parametrize("who", ["officer", "admin", "borrower"])
async def test_the_heaviest_list(who: str) -> None:
    counts, shown = [], 0
    for busy in (1, 3):
        offices = [await a_staffed_office() for _ in range(2)] if who == "admin" else [await a_staffed_office()]
        for office in offices:
            for _ in range(busy):
                await a_busy_loan(office)
        with statements() as seen:
            nodes = (await ask(getattr(offices[0], who), EVERYTHING))["nodes"]
        counts.append(len(seen))
        shown = len(nodes)
        first = nodes[0]
        assert first["officer"] == {"name": "Otieno"}
        assert len(first["schedule"]) == 12
        assert first["charges"] == [{"title": "Visit", "unpaid": {"amount": "25.00"}}]
        assert first["documents"][0]["file"] == {"name": "payslip.pdf"}
        assert first["documents"][0]["uploadedBy"] == {"name": "Otieno"}
        assert len(first["requests"]) == (0 if who == "borrower" else 1)
    assert shown == (8 if who == "admin" else 3)
    assert max(counts) <= MOST, seen
    assert abs(counts[0] - counts[1]) <= 1, counts


async def test_a_statement_with_parts_people_and_entries() -> None:
    office = await a_staffed_office()
    loan = await a_running_loan(office)
    accountant = somebody(Role.ACCOUNTANT, name="Anna Books")
    counts = []
    for more in (1, 18):
        for _ in range(more):
            await repaid(office, loan, 100)
        with statements() as seen:
            lines = (await ask(accountant, op("LoanTransactions"), loanId=of(loan)["loanId"]))["nodes"]
        counts.append(len(seen))
        assert lines[0]["recordedBy"] == {"id": lines[0]["recordedBy"]["id"], "name": "Otieno"}
        assert lines[0]["journalEntry"]["kind"] == "lending.allocation"
        assert lines[0]["allocations"]
    assert len(lines) == 20
    assert counts[0] == counts[1] <= 9, seen


async def test_one_loan_with_everything() -> None:
    office = await a_staffed_office()
    loan = await a_busy_loan(office)
    with statements() as seen:
        await ask(office.officer, op("Loan"), id=of(loan)["loanId"])
    assert len(seen) <= MOST - 1, seen


async def test_the_products_are_two_statements() -> None:
    for _ in range(5):
        await a_product()
    with statements() as seen:
        assert len((await ask(somebody(Role.BORROWER, name="Bahati"), op("LoanProducts")))["nodes"]) == 5
    assert len(seen) <= 2, seen
