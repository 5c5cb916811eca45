"""Reading loans in the API: lists, statements, papers and figures, each for those who may see the loan."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.ids import new_id
from domain.lending.service import bring_up_to_date, pay_loan, reverse_loan_repayment
from domain.lending.states import PaymentChannel
from tests.support.graphql import ask, ask_refused, encode_id, refused_to_strangers
from tests.support.loan_operations import kes_shown, of, op
from tests.support.loans import (
    a_borrower,
    a_draft,
    a_product,
    a_running_loan,
    an_application,
    an_approved_loan,
    an_office,
    kes,
    repaid,
)
from tests.support.people import somebody

pytestmark = pytest.mark.usefixtures("database")

LOAN, LOANS, STATEMENT = op("Loan"), op("Loans"), op("LoanTransactions")
NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"


async def numbers(actor: Actor, **variables: Any) -> list[str]:
    return [node["number"] for node in (await ask(actor, LOANS, **variables))["nodes"]]


async def test_loans_are_those_of_the_viewer() -> None:
    await refused_to_strangers(LOANS)
    here, there = await an_office(), await an_office()
    assert await numbers(here.borrower) == await numbers(here.officer) == []
    product = await a_product()
    asked, running = (await an_application(here, product)).number, (await a_running_loan(here)).number
    draft, far = (await a_draft(here, product)).number, (await an_application(there, product)).number
    assert await numbers(here.borrower) == [draft, running, asked]
    assert await numbers(here.officer) == await numbers(here.manager) == [running, asked]
    assert await numbers(there.borrower) == await numbers(there.officer) == [far]
    for who in (here.admin, somebody(Role.ACCOUNTANT, name="Anna Books")):
        assert await numbers(who) == [far, running, asked]
    assert await numbers(await a_borrower(here.branch)) == []
    assert await ask_refused(somebody(Role.SELLER, name="Sita"), LOANS) == "FORBIDDEN"


async def test_loans_are_narrowed_and_paged() -> None:
    here, there = await an_office(), await an_office()
    product = await a_product()
    first, second = [(await an_application(here, product)).number for _ in range(2)]
    running = await a_running_loan(here)
    far = (await an_application(there, product)).number

    async def narrowed(**by: Any) -> list[str]:
        return await numbers(here.admin, filter=by)

    assert await narrowed(statuses=["ACTIVE"]) == [running.number]
    assert await narrowed(statuses=[]) == [far, running.number, second, first]
    assert await narrowed(productId=encode_id("LoanProduct", product.id)) == [far, second, first]
    assert await narrowed(branchId=encode_id("Branch", there.branch_id)) == [far]
    assert await narrowed(borrowerId=encode_id("User", there.borrower.id)) == [far]
    assert await narrowed(officerId=encode_id("User", here.officer.id)) == [running.number]
    assert await narrowed(search=first.lower()) == [first]
    assert len(await narrowed(search="beatrice")) == 4
    assert await narrowed(search="nobody") == []
    assert await numbers(here.officer, filter={"branchId": encode_id("Branch", there.branch_id)}) == []
    page = await ask(here.admin, LOANS, first=2)
    assert await numbers(here.admin, first=2, after=page["pageInfo"]["endCursor"]) == [second, first]
    assert await ask_refused(here.admin, LOANS, first=101) == "INVALID_INPUT"
    assert await ask_refused(here.admin, LOANS, after="not a cursor") == "INVALID_INPUT"
    assert await ask_refused(here.admin, LOANS, filter={"branchId": encode_id("User", here.admin.id)}) == "NOT_FOUND"


async def test_a_loan_with_everything() -> None:
    office = await an_office()
    loan = await a_running_loan(office, channel=PaymentChannel.WALLET)
    about = {"id": of(loan)["loanId"]}
    await refused_to_strangers(LOAN, **about)
    for stranger in (await a_borrower(office.branch), (await an_office()).officer, (await an_office()).manager):
        assert await ask(stranger, LOAN, **about) is None
        assert await ask(stranger, NODE, **about) is None
    assert await ask(office.borrower, LOAN, id=encode_id("Loan", new_id())) is None
    assert await ask_refused(office.borrower, LOAN, id=encode_id("User", loan.id)) == "NOT_FOUND"
    for viewer in (office.borrower, office.officer, office.manager, office.admin):
        seen = await ask(viewer, LOAN, **about)
        assert (seen["status"], seen["disbursedAmount"], seen["branch"]["name"]) == (
            "ACTIVE",
            kes_shown("12,000.00"),
            office.branch.name,
        )
        assert seen["borrower"]["name"] == "Beatrice Wanjiru"
        rows = seen["schedule"]
        assert [row["number"] for row in rows] == list(range(1, 13))
        assert rows[-1]["balanceAfter"] == kes_shown("0.00")
        assert (seen["nextDueAmount"], seen["nextDueOn"]) == (rows[0]["due"], rows[0]["dueOn"])
        assert seen["terms"]["dayCount"] == "THIRTY_360"
        assert await ask(viewer, NODE, **about) == {"__typename": "Loan", "id": about["id"]}
        assert (await ask(viewer, NODE, id=rows[0]["id"]))["__typename"] == "LoanInstalment"
    assert await ask(await a_borrower(office.branch), NODE, id=rows[0]["id"]) is None


async def test_before_it_is_paid_out_there_is_no_schedule() -> None:
    office = await an_office()
    seen = await ask(office.borrower, LOAN, id=of(await an_approved_loan(office))["loanId"])
    assert (seen["schedule"], seen["charges"], seen["nextDueOn"], seen["maturityOn"]) == ([], [], None, None)
    assert (seen["undisbursedAmount"], seen["outstandingAmount"]) == (kes_shown("12,000.00"), kes_shown("0.00"))


async def test_a_statement() -> None:
    office = await an_office()
    loan = await a_running_loan(office, channel=PaymentChannel.WALLET)
    about = {"loanId": of(loan)["loanId"]}
    await refused_to_strangers(STATEMENT, **about)
    for stranger in (await a_borrower(office.branch), (await an_office()).officer):
        assert await ask_refused(stranger, STATEMENT, **about) == "LOAN_NOT_FOUND"
    wrong = await repaid(office, loan, "2000.00")
    await pay_loan(office.borrower, loan_id=loan.id, amount=kes(500))
    await reverse_loan_repayment(office.manager, transaction_id=wrong.transaction.id, reason="Another loan's")
    lines = (await ask(office.borrower, STATEMENT, **about))["nodes"]
    told = [(line["kind"], line["amount"]["amount"], line["reversed"]) for line in lines]
    assert told == [
        ("REPAYMENT", "500.00", False),
        ("REPAYMENT", "500.00", True),
        ("REPAYMENT", "2000.00", True),
        ("DISBURSEMENT", "12000.00", False),
    ]
    again, replaced, undone, paid_out = lines
    assert (replaced["replacedById"], undone["replacedById"]) == (again["id"], None)
    assert undone["reversedAt"] is not None
    first = {"instalmentNumber": 1, "interest": kes_shown("120.00"), "principal": kes_shown("380.00")}
    assert again["allocations"] == [first | {"fee": kes_shown("0.00"), "penalty": kes_shown("0.00")}]
    assert [part["instalmentNumber"] for part in undone["allocations"]] == [1, 2]
    assert paid_out["allocations"] == []
    assert (again["recordedBy"]["name"], again["channel"]) == ("Beatrice Wanjiru", "WALLET")
    page = await ask(office.borrower, STATEMENT, **about, first=3)
    assert len((await ask(office.borrower, STATEMENT, **about, after=page["pageInfo"]["endCursor"]))["nodes"]) == 1
    assert (await ask(office.borrower, NODE, id=again["id"]))["__typename"] == "LoanTransaction"
    assert await ask(await a_borrower(office.branch), NODE, id=again["id"]) is None


async def test_the_entry_behind_a_movement_is_for_those_who_read_the_books() -> None:
    office = await an_office()
    loan = await a_running_loan(office)
    about = {"loanId": of(loan)["loanId"]}
    for viewer, kind in (
        (office.borrower, None),
        (office.officer, None),
        (office.manager, None),
        (office.admin, "lending.disbursement"),
        (somebody(Role.ACCOUNTANT, name="Anna Books"), "lending.disbursement"),
    ):
        [line] = (await ask(viewer, STATEMENT, **about))["nodes"]
        assert (line["journalEntry"] or {}).get("kind") == kind


async def test_an_unsubmitted_paper_is_nobodys() -> None:
    office = await an_office()
    draft = await a_draft(office)
    assert (await ask(office.borrower, LOAN, id=of(draft)["loanId"]))["documents"] == []
    assert await ask(office.admin, LOAN, id=of(draft)["loanId"]) is None
    assert await ask_refused(office.admin, STATEMENT, loanId=of(draft)["loanId"]) == "LOAN_NOT_FOUND"


async def test_what_only_the_books_want_to_know_is_shown_to_those_who_ask() -> None:
    office = await an_office()
    with clock.clock_set_to(datetime(2030, 1, 1, 12, tzinfo=UTC)):
        loan = await a_running_loan(office)
    with clock.clock_set_to(datetime(2030, 2, 2, 12, tzinfo=UTC)):
        await bring_up_to_date(loan.id)
        about = {"loanId": of(loan)["loanId"]}
        kinds = [line["kind"] for line in (await ask(office.officer, STATEMENT, **about))["nodes"]]
        every = [line["kind"] for line in (await ask(office.officer, STATEMENT, **about, withAccruals=True))["nodes"]]
        late = await ask(office.borrower, LOAN, id=about["loanId"])
    assert (kinds, every) == (["DISBURSEMENT"], ["ACCRUAL", "DISBURSEMENT"])
    assert (late["overdue"], late["pastDueDays"], late["bucket"]) == (True, 1, "DAYS_1_30")
    assert late["pastDueAmount"] == late["schedule"][0]["unpaid"] == late["nextDueAmount"]
    assert [row["pastDueDays"] for row in late["schedule"][:2]] == [1, 0]
