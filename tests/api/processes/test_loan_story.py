"""A loan from the application to the first payment, over real processes and sockets; the worker dies in the midst of it.

Each step is heard by whoever it concerns and by nobody else; what left the house by mail and text message left it once.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from api.demo import people
from api.demo.people import DemoPerson
from domain.accounting.accounts import STATIONERY
from domain.kit import clock
from domain.ledger.chart import BANK, HouseAccount, id_of_house_account
from schema.kit.ids import encode_id
from tests.api.processes.cast import Somebody, everybody_at_work
from tests.api.processes.installation import PATIENCE_S, Installation, an_installation
from tests.support.carriers import MailCatcher, SmsCatcher, mail_catcher, sms_catcher
from tests.support.operations import money
from tests.support.papers import PDF

IMPATIENT = {"DAFTARI_JOB_LEASE_S": "1"}
PHONE = "+254712345678"
FEEDS = {
    people.BORROWER: ["LoanUpdated", "LoanApproved", "notifications/NotificationReceived"],
    people.OFFICER: ["LoanApplicationSubmitted", "PaymentProcessed"],
    people.MANAGER: ["LoanReviewed", "approvals/ApprovalQueueUpdated", "BranchManagerDashboardUpdated"],
    people.ACCOUNTANT: ["accounting/ExpensePosted", "accounting/AccountingDashboardUpdated", "reports/ReportReady"],
    people.ADMIN: [],
    people.THIRD_BORROWER: ["LoanUpdated"],
    people.SECOND_OFFICER: ["LoanUpdated", "PaymentProcessed"],
}
TOLD = ["LOAN_APPLICATION_SUBMITTED", "LOAN_KYC_VERIFIED", "LOAN_APPROVED", "LOAN_DISBURSED", "PAYMENT_PROCESSED"]
SUBJECTS = [
    "Your application has arrived",
    "Your identity is verified",
    "Your loan is approved",
    "Your loan is paid out",
    "Your payment has arrived",
]


@pytest.mark.timeout(180)
async def test_a_loan_is_lent_and_paid_and_everybody_hears_their_part_once(told_home: Path) -> None:
    async with mail_catcher() as mail, sms_catcher() as sms, an_installation(told_home) as place:
        carriers = {"SMTP_URL": mail.url, "MAIL_FROM": "loans@daftari.example", "SMS_URL": sms.url, "SMS_TOKEN": "let-us-in"}
        address, _ = await asyncio.gather(place.start_server("one"), place.start_worker(**carriers, **IMPATIENT))
        async with everybody_at_work(address, "lending", FEEDS) as cast:
            before = await _books(cast)
            loan_id = await _apply_and_approve(cast)
            await _pay_out(cast, loan_id)
            await _messages_have_left(cast[people.ADMIN])
            made = await _keep_the_books(cast)
            await place.kill("worker")
            paid = await _pay_back(cast[people.BORROWER], loan_id)
            await place.start_worker(**carriers, **IMPATIENT)
            await _hear_what_waited(cast, loan_id, made)
            await _see_it_in_the_books(cast, before, paid)
            await _messages_came_once(cast, mail, sms)
            await _strangers_heard_nothing(cast, loan_id)
            await _all_is_well(place, cast)


async def _apply_and_approve(cast: dict[DemoPerson, Somebody]) -> str:
    borrower, officer, manager = cast[people.BORROWER], cast[people.OFFICER], cast[people.MANAGER]
    await borrower.does("identity/SetPhone", phone=PHONE)
    products = await borrower.sees("LoanProducts", currency="KES")
    product_id = next(node["id"] for node in products["nodes"] if node["code"] == "BIASHARA")
    asked = {"productId": product_id, "principal": money("24000.00", "KES"), "instalments": 4, "purpose": "A market stall"}
    applied = await borrower.does("SubmitLoanApplication", application=asked, idempotencyKey="apply")
    loan_id: str = applied["loan"]["id"]

    def about(item: dict[str, Any]) -> bool:
        return bool(item["loan"]["id"] == loan_id)

    assert (await officer.hears("LoanApplicationSubmitted", about))["loan"]["borrowerName"] == people.BORROWER.name
    paper = await borrower.http.post("/files", content=PDF, headers={"x-file-name": "id-card.pdf"})
    documents = [{"fileId": paper.json()["fileId"], "kind": "NATIONAL_ID"}]
    await borrower.does("AddLoanDocuments", loanId=loan_id, documents=documents)
    await officer.does("ReviewLoan", loanId=loan_id, recommendation="APPROVE", comment="Sells well")
    assert (await manager.hears("LoanReviewed", about))["loan"]["status"] == "KYC_PENDING"
    await officer.does("VerifyKyc", loanId=loan_id, note="Card seen")

    queued = await manager.hears("approvals/ApprovalQueueUpdated", lambda item: bool(item["subjectId"] == loan_id))
    assert (queued["status"], queued["amount"]["formatted"]) == ("PENDING", "KES 24,000.00")
    await manager.does("approvals/Approve", approvalId=queued["approvalId"], comment="Agreed")
    assert (await borrower.hears("LoanApproved", about))["approvedAmount"]["formatted"] == "KES 24,000.00"
    return loan_id


async def _pay_out(cast: dict[DemoPerson, Somebody], loan_id: str) -> None:
    borrower = cast[people.BORROWER]
    act = {"loanId": loan_id, "channel": "WALLET", "idempotencyKey": "pay out"}
    lent = await cast[people.ADMIN].does("DisburseLoan", **act)
    assert lent["loan"]["status"] == "ACTIVE"
    again = await cast[people.ADMIN].does("DisburseLoan", **act)
    assert again["replayed"] is True
    changes = [(await borrower.hears("LoanUpdated"))["change"] for _ in range(6)]
    assert changes == ["SUBMITTED", "DOCUMENTS_ADDED", "REVIEWED", "KYC_VERIFIED", "APPROVED", "DISBURSED"]
    await cast[people.MANAGER].hears("BranchManagerDashboardUpdated", _lent_today)


async def _messages_have_left(admin: Somebody) -> None:
    """Wait until no message is in the worker's hands: one that it holds as it dies may rightly come twice, or late."""
    told = set(SUBJECTS[:-1])
    async with asyncio.timeout(PATIENCE_S):
        while True:
            sent = await admin.sees("notifications/NotificationDeliveries", filter={"state": "SENT"}, first=100)
            mine = [node for node in sent["nodes"] if node["recipient"]["name"] == people.BORROWER.name]
            by_mail = {node["subject"] for node in mine if node["channel"] == "MAIL"}
            if told <= by_mail and sum(node["channel"] == "SMS" for node in mine) == len(told):
                return
            await asyncio.sleep(0.1)


async def _pay_back(borrower: Somebody, loan_id: str) -> dict[str, Decimal]:
    """While no worker is there: the first instalment. Returns what was lent, and what came in for it."""
    paid = await borrower.does("PayLoan", loanId=loan_id, idempotencyKey="first instalment")
    return {
        "lent": Decimal("24000.00"),
        "fee": Decimal("360.00"),
        "paid": _amount(paid["transaction"]),
        "interest": Decimal(paid["transaction"]["interest"]["amount"]),
    }


def _lent_today(item: dict[str, Any]) -> bool:
    return bool(item["state"]["figures"]["disbursedToday"]["amount"]["formatted"] == "KES 24,000.00")


async def _keep_the_books(cast: dict[DemoPerson, Somebody]) -> dict[str, str]:
    """An expense, and a report: the worker dies before it has told of the one and made the other."""
    accountant = cast[people.ACCOUNTANT]
    drafted = await accountant.does(
        "accounting/CreateExpense",
        amount=money("1234.00", "KES"),
        categoryAccountId=_account(STATIONERY),
        paidFromAccountId=_account(BANK),
        payee="Karatasi Ltd",
        description="Receipt books",
        idempotencyKey="receipt books",
    )
    expense_id = drafted["expense"]["id"]
    posted = await accountant.does("accounting/PostExpense", expenseId=expense_id, idempotencyKey="post them")
    assert posted["expense"]["state"] == "POSTED"
    today = clock.today().isoformat()
    asked = await accountant.does("reports/GenerateReport", kind="trial_balance", format="CSV", parameters={"asOf": today})
    return {"expense": expense_id, "report": asked["report"]["id"]}


async def _hear_what_waited(cast: dict[DemoPerson, Somebody], loan_id: str, made: dict[str, str]) -> None:
    officer, accountant = cast[people.OFFICER], cast[people.ACCOUNTANT]
    assert (await officer.hears("PaymentProcessed"))["loan"]["id"] == loan_id
    assert (await accountant.hears("accounting/ExpensePosted"))["expense"]["id"] == made["expense"]
    await accountant.hears("accounting/AccountingDashboardUpdated", _has_the_expense)
    ready = await accountant.hears("reports/ReportReady")
    assert (ready["__typename"], ready["reportId"]) == ("ReportReady", made["report"])
    fetched = await accountant.http.get(ready["downloadPath"])
    assert (fetched.status_code, len(fetched.content)) == (200, ready["sizeBytes"])
    assert b"Loans Receivable" in fetched.content
    refused = await cast[people.SECOND_OFFICER].http.get(ready["downloadPath"])
    assert refused.status_code == 404


def _has_the_expense(item: dict[str, Any]) -> bool:
    rows = item["state"]["profitAndLoss"]["expenses"]
    return any(row["code"] == STATIONERY.code and row["amount"]["formatted"] == "KES 1,234.00" for row in rows)


async def _books(cast: dict[DemoPerson, Somebody]) -> dict[str, Decimal]:
    accountant, today = cast[people.ACCOUNTANT], clock.today().isoformat()
    earned = await accountant.sees("accounting/ProfitAndLoss", **{"from": today, "to": today})
    cash = await accountant.sees("accounting/CashPosition")
    return {
        "income": Decimal(earned["totalIncome"]["amount"]),
        "expenses": Decimal(earned["totalExpenses"]["amount"]),
        "cash": Decimal(cash["total"]["amount"]),
        "wallets": Decimal(cash["owedToWallets"]["amount"]),
    }


async def _see_it_in_the_books(
    cast: dict[DemoPerson, Somebody], before: dict[str, Decimal], paid: dict[str, Decimal]
) -> None:
    after = await _books(cast)
    moved = {name: after[name] - before[name] for name in after}
    assert moved == {
        "income": paid["fee"] + paid["interest"],
        "expenses": Decimal("1234.00"),
        "cash": Decimal("-1234.00"),
        "wallets": paid["lent"] - paid["fee"] - paid["paid"],
    }
    dashboard = await cast[people.BORROWER].sees("BorrowerDashboard")
    assert _amount(dashboard["recentPayments"][0]) == paid["paid"]
    branch = await cast[people.MANAGER].sees("BranchManagerDashboard")
    assert _amount(branch["figures"]["collectedToday"]) == paid["paid"]


async def _messages_came_once(cast: dict[DemoPerson, Somebody], mail: MailCatcher, sms: SmsCatcher) -> None:
    """Stored, live, by mail and as text messages: each thing once, whatever happened to the worker."""
    borrower = cast[people.BORROWER]
    live = [await borrower.hears("notifications/NotificationReceived", _is_told) for _ in TOLD]
    assert [item["type"] for item in live] == TOLD
    stored = await borrower.sees("notifications/Notifications")
    about = live[0]["subjectId"]
    mine = [node["type"] for node in stored["nodes"] if node["subjectId"] == about and node["type"] in TOLD]
    assert sorted(mine) == sorted(TOLD)
    async with asyncio.timeout(PATIENCE_S):
        while len(_letters(mail)) < len(SUBJECTS) or len(sms.sent) < len(SUBJECTS):  # noqa: ASYNC110  Others fill it.
            await asyncio.sleep(0.05)
    assert sorted(_letters(mail)) == sorted(SUBJECTS)
    assert Counter(body["to"] for body in sms.sent.values()) == {PHONE: len(SUBJECTS)}


def _letters(mail: MailCatcher) -> list[str]:
    """What the borrower's letters about the loan are about."""
    return [str(letter["Subject"]) for letter in mail.letters_to(people.BORROWER.email) if letter["Subject"] in SUBJECTS]


def _is_told(item: dict[str, Any]) -> bool:
    return item.get("type") in TOLD


async def _strangers_heard_nothing(cast: dict[DemoPerson, Somebody], loan_id: str) -> None:
    """Another branch hears of its own borrower next, so it was listening all the time."""
    stranger = cast[people.THIRD_BORROWER]
    own = await stranger.sees("Loans", filter={"statuses": ["ACTIVE"]})
    assert loan_id not in [node["id"] for node in own["nodes"]]
    running = next(node["id"] for node in own["nodes"] if node["productName"].startswith("Dharura"))
    said = {"loanId": running, "amount": money("100.00", "KES"), "channel": "CASH", "idempotencyKey": "a hundred"}
    await cast[people.SECOND_OFFICER].does("RecordLoanRepayment", **said)
    for somebody, feed in (
        (stranger, "LoanUpdated"),
        (cast[people.SECOND_OFFICER], "LoanUpdated"),
        (cast[people.SECOND_OFFICER], "PaymentProcessed"),
    ):
        assert (await somebody.hears(feed))["loan"]["id"] == running
        assert len(somebody.feeds[feed].items) == 1


async def _all_is_well(place: Installation, cast: dict[DemoPerson, Somebody]) -> None:
    officer, accountant = cast[people.OFFICER], cast[people.ACCOUNTANT]
    for somebody, feed in (
        (officer, "LoanApplicationSubmitted"),
        (officer, "PaymentProcessed"),
        (accountant, "accounting/ExpensePosted"),
        (accountant, "reports/ReportReady"),
    ):
        assert len(somebody.feeds[feed].items) == 1, f"{feed} told it once"
    report = await cast[people.ADMIN].sees("core/IntegrityReport")
    assert (report["holds"], report["broken"]) == (True, [])
    status = await cast[people.ADMIN].sees("jobs/JobStatus")
    assert (status["dead"], status["parked"]) == (0, 0)
    assert await place.stop("worker") == 0


def _amount(item: dict[str, Any]) -> Decimal:
    return Decimal(item["amount"]["amount"])


def _account(account: HouseAccount) -> str:
    return encode_id("Account", id_of_house_account(account, "KES"))
