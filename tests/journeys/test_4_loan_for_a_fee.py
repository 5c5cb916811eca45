"""A guardian borrows for a school fee: the loan pays it, the guardian never has the money, and no money of the house moves.
Taken back, the fee is owed again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.demo import people
from api.demo.people import NAIROBI, DemoPerson
from domain.identity.permissions import Role
from schema.kit.ids import read_id
from tests.journeys.travelling import Journey, Road, answer_of, shown, travelling
from tests.support.operations import money
from tests.support.papers import PDF

if TYPE_CHECKING:
    from tests.journeys.conftest import Journeys

ROLES = frozenset({Role.GUARDIAN, Role.BORROWER})
GUARDIAN = DemoPerson("Zuhura Mbwana", "zuhura", ROLES, "borrows for a fee", NAIROBI)
LOAN, WARD, FEES, QUEUE = "LoanUpdated", "school/WardUpdated", "school/FeeUpdated", "approvals/ApprovalQueueUpdated"
FEEDS = {people.ADMIN: [FEES], people.OFFICER: [], people.MANAGER: [QUEUE]}
PRINCIPAL, FEE = money("6000.00", "KES"), money("5910.00", "KES")
"""The product keeps 1.5 percent of what is paid out."""


@pytest.mark.timeout(300)
async def test_a_loan_pays_a_school_fee(journeys: Journeys) -> None:
    await journeys.arrive(4)


async def tell(road: Road) -> None:
    async with travelling(road, "lending", FEEDS, streams=[FEES]) as journey:
        guardian_id = await _a_guardian(journey)
        async with travelling(road, "lending", {GUARDIAN: [LOAN, WARD]}, joining=journey):
            fee = await _a_fee(journey, guardian_id)
            loan_id = await _apply_and_approve(journey, fee)
            async with road.night:
                lent = await _pay_out(journey, loan_id, fee)
            await _both_hear_it(journey, loan_id, fee)
            await _no_money_moved(journey)
            await _take_back_and_pay_again(journey, loan_id, lent, fee)
            await road.settled()
            await _one_story(journey, loan_id, fee)


async def _a_guardian(journey: Journey) -> str:
    admin = journey[people.ADMIN]
    branches = await admin.sees("identity/Branches")
    branch_id = next(node["id"] for node in _nodes(branches) if node["code"] == NAIROBI)
    roles = sorted(role.value for role in ROLES)
    said = {"email": GUARDIAN.email, "password": people.PASSWORD, "roles": roles, "branchId": branch_id}
    made = await admin.sees("identity/CreateUser", input={"name": GUARDIAN.name, **said})
    user_id: str = made["user"]["id"]
    return user_id


async def _a_fee(journey: Journey, guardian_id: str) -> dict[str, Any]:
    admin = journey[people.ADMIN]
    student = (await admin.does("school/RegisterStudent", fullName="Baraka Mbwana", idempotencyKey="Baraka"))["student"]
    named = {"studentId": student["id"], "userId": guardian_id, "relation": "MOTHER", "isPrimary": True}
    await admin.does("school/UpsertGuardian", **named)
    said = {"studentId": student["id"], "title": "Boarding", "amountDue": FEE, "idempotencyKey": "boarding"}
    fee: dict[str, Any] = (await admin.does("school/AddFee", **said))["fee"]
    return fee


async def _apply_and_approve(journey: Journey, fee: dict[str, Any]) -> str:
    guardian, officer, manager = journey[GUARDIAN], journey[people.OFFICER], journey[people.MANAGER]
    products = await guardian.sees("LoanProducts", currency="KES")
    product_id = next(node["id"] for node in products["nodes"] if node["code"] == "BIASHARA")
    pays_for = {"purpose": "SCHOOL_FEE", "targetId": fee["id"]}
    asked = {"productId": product_id, "principal": PRINCIPAL, "instalments": 4, "purpose": "School fees"}
    applied = await guardian.does(
        "SubmitLoanApplication", application={**asked, "paysFor": pays_for}, idempotencyKey="apply"
    )
    loan_id: str = applied["loan"]["id"]
    paper = await guardian.http.post("/files", content=PDF, headers={"x-file-name": "id-card.pdf"})
    documents = [{"fileId": paper.json()["fileId"], "kind": "NATIONAL_ID"}]
    await guardian.does("AddLoanDocuments", loanId=loan_id, documents=documents)
    await officer.does("ReviewLoan", loanId=loan_id, recommendation="APPROVE", comment="Pays her fees")
    await officer.does("VerifyKyc", loanId=loan_id, note="Card seen")
    queued = await manager.hears(QUEUE, lambda item: bool(item["subjectId"] == loan_id))
    await manager.does("approvals/Approve", approvalId=queued["approvalId"], comment="Agreed")
    return loan_id


async def _pay_out(journey: Journey, loan_id: str, fee: dict[str, Any]) -> dict[str, Any]:
    """To the fee, and to nowhere else."""
    admin = journey[people.ADMIN]
    elsewhere = await answer_of(admin, "lending/DisburseLoan", loanId=loan_id, channel="WALLET", idempotencyKey="to her")
    assert [error["code"] for error in elsewhere["errors"]] == ["CHANNEL_NOT_POSSIBLE"]
    act = {"loanId": loan_id, "channel": "DIRECT", "idempotencyKey": "to the school"}
    lent: dict[str, Any] = await admin.does("DisburseLoan", **act)
    assert (lent["loan"]["status"], lent["transaction"]["channel"]) == ("ACTIVE", "DIRECT")
    assert (await admin.does("DisburseLoan", **act))["replayed"] is True
    paid = await admin.sees("school/SchoolFee", id=fee["id"])
    assert (paid["status"], shown(paid["amountPaid"])) == ("PAID", "KES 5,910.00")
    return lent


async def _both_hear_it(journey: Journey, loan_id: str, fee: dict[str, Any]) -> None:
    guardian, admin = journey[GUARDIAN], journey[people.ADMIN]
    await guardian.hears(LOAN, lambda item: item["loan"]["id"] == loan_id and item["change"] == "DISBURSED")
    receipt = await guardian.hears(WARD, lambda item: item["__typename"] == "FeeReceiptGiven")
    assert (receipt["payment"]["method"], shown(receipt["payment"]["amount"])) == ("LOAN", "KES 5,910.00")
    await admin.hears(FEES, lambda item: item["fee"]["id"] == fee["id"] and item["fee"].get("status") == "PAID")


async def _no_money_moved(journey: Journey) -> None:
    touched = await journey.road.database.fetch(
        """select distinct a.code from journal_entry e join journal_line l on l.entry_id = e.id
           join ledger_account a on a.id = l.account_id
           where e.correlation_id = $1 and e.kind <> 'wallets.opening_credit'""",
        journey.id,
    )
    assert not {row["code"] for row in touched} & {"1110", "1200", "1210", "2310"}
    entries = await journey.entries()
    assert entries["1510"] == 6_000_00 and "2910" not in entries and sum(entries.values()) == 0


async def _take_back_and_pay_again(journey: Journey, loan_id: str, lent: dict[str, Any], fee: dict[str, Any]) -> None:
    admin, guardian = journey[people.ADMIN], journey[GUARDIAN]
    act = {"transactionId": lent["transaction"]["id"], "reason": "The wrong term", "idempotencyKey": "take back"}
    back = await admin.does("ReverseLoanDisbursement", **act)
    assert (back["loan"]["status"], back["transaction"]["reversed"]) == ("APPROVED", True)
    await guardian.hears(LOAN, lambda item: item["change"] == "DISBURSEMENT_REVERSED")
    owed = await admin.sees("school/SchoolFee", id=fee["id"])
    assert (owed["status"], shown(owed["outstanding"])) == ("UNPAID", "KES 5,910.00")
    again = await admin.does("DisburseLoan", loanId=loan_id, channel="DIRECT", idempotencyKey="once more")
    assert again["loan"]["status"] == "ACTIVE"
    await guardian.hears(LOAN, lambda item: item["change"] == "DISBURSED")


async def _one_story(journey: Journey, loan_id: str, fee: dict[str, Any]) -> None:
    await _no_money_moved(journey)
    await journey.goes_through(
        "identity.user_registered",
        "school.student_changed",
        "school.fee_changed",
        "lending.loan_application_submitted",
        "lending.loan_approved",
        "lending.loan_disbursed",
        "school.fee_changed",
        "school.financial_transaction_changed",
        "lending.loan_disbursement_reversed",
        "school.fee_changed",
        "lending.loan_disbursed",
        "school.fee_changed",
    )
    await journey.is_one(f"loan:{read_id('Loan', loan_id)}", f"fee:{read_id('SchoolFee', fee['id'])}")
    heard = [item["change"] for item in journey[GUARDIAN].feeds[LOAN].items]
    assert heard.count("DISBURSED") == 2 and heard.count("DISBURSEMENT_REVERSED") == 1


def _nodes(found: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = found["nodes"] if isinstance(found, dict) else found
    return rows
