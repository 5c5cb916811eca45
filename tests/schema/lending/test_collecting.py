"""Collections, what came in, conversations and recovery in the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.ids import new_id
from domain.lending.models import Loan, RecoveryAction
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.invoices import NOON
from tests.support.loan_operations import op
from tests.support.loans import Office, a_registered_officer, a_running_loan, an_office, repaid
from tests.support.operations import money, shown, state_shown
from tests.support.people import somebody
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")

COLLECTIONS, STATS, STATS_LIVE = op("Collections"), op("CollectionStats"), op("CollectionsUpdated")
REPAYMENTS, REPAYMENT_STATS = op("LoanRepayments"), op("LoanRepaymentStats")
LOG, LOGS, LOGGED = op("LogCommunication"), op("CommunicationLogs"), op("CommunicationLogged")
CREATE, START = op("CreateRecoveryAction"), op("StartRecoveryAction")
COMPLETE, CANCEL = op("CompleteRecoveryAction"), op("CancelRecoveryAction")
ACTION, ACTIONS, ACTION_LIVE = op("RecoveryAction"), op("RecoveryActions"), op("RecoveryActionUpdated")
LATE = NOON + timedelta(days=40)
INSTALMENT = {"amount": "1066.19", "formatted": "KES 1,066.19"}
NONE = {"count": 0, "amount": shown("0.00", "KES")}
NO_LOAN = ("LOAN_NOT_FOUND", ["input", "loanId"])
NO_ACTION = ("RECOVERY_ACTION_NOT_FOUND", ["input", "actionId"])


async def a_late_loan(office: Office) -> Loan:
    with clock.clock_set_to(NOON):
        return await a_running_loan(office)


def loan_id(loan: Loan) -> str:
    return encode_id("Loan", loan.id)


def action_id(action: RecoveryAction | dict[str, Any]) -> str:
    return action["id"] if isinstance(action, dict) else encode_id("RecoveryAction", action.id)


async def test_what_is_to_be_collected() -> None:
    office, other = await an_office(), await an_office()
    for document in (COLLECTIONS, STATS, REPAYMENTS, REPAYMENT_STATS):
        await refused_to_strangers(document)
        assert await ask_refused(office.borrower, document) == "FORBIDDEN"
    assert (await ask(office.officer, COLLECTIONS, currency="KES"))["nodes"] == []
    loan = await a_late_loan(office)
    with clock.clock_set_to(LATE):
        page = await ask(office.officer, COLLECTIONS, currency="KES")
        assert [(node["pastDueDays"], node["instalment"]["unpaid"]) for node in page["nodes"]] == [
            (9, INSTALMENT | {"currency": "KES"}),
            (0, INSTALMENT | {"currency": "KES"}),
        ]
        assert page["nodes"][0]["loan"]["number"] == loan.number
        late = await ask(office.manager, COLLECTIONS, bucket="OVERDUE", age="DAYS_1_30", currency="KES")
        assert len(late["nodes"]) == 1
        stats = await ask(office.officer, STATS, currency="KES")
        assert stats["overdue"] == {"count": 1, "amount": INSTALMENT}
        assert stats["upcoming"] == {"count": 1, "amount": INSTALMENT}
        assert stats["dueToday"] == NONE
        assert [aged["bucket"] for aged in stats["overdueByAge"]] == [
            "DAYS_1_30",
            "DAYS_31_60",
            "DAYS_61_90",
            "DAYS_91_180",
            "OVER_180",
        ]
        # Somebody else's.
        branch = encode_id("Branch", office.branch_id)
        assert (await ask(other.manager, COLLECTIONS, branchId=branch, currency="KES"))["nodes"] == []
        assert (await ask(other.manager, STATS, branchId=branch, currency="KES"))["overdue"] == NONE
        assert (await ask(office.admin, STATS, branchId=branch, currency="KES"))["overdue"]["count"] == 1
        assert await ask_refused(office.officer, STATS, horizonDays=-1) == "INVALID_INPUT"
        assert await ask_refused(office.officer, STATS, currency="XXX") == "CURRENCY_MISMATCH"
        assert await ask_refused(office.officer, STATS, branchId=loan_id(loan)) == "NOT_FOUND"


async def test_what_came_in() -> None:
    office, other = await an_office(), await an_office()
    loan = await a_late_loan(office)
    with clock.clock_set_to(LATE):
        await repaid(office, loan, 500)
        page = await ask(office.officer, REPAYMENTS, filter={"channel": "CASH"})
        assert [(node["transaction"]["amount"], node["loan"]["number"]) for node in page["nodes"]] == [
            (shown("500.00", "KES"), loan.number)
        ]
        assert (await ask(other.officer, REPAYMENTS))["nodes"] == []
        backwards = {"fromOn": "2030-05-02", "untilOn": "2030-05-01"}
        assert await ask_refused(office.officer, REPAYMENTS, filter=backwards) == "INVALID_INPUT"
        stats = await ask(office.officer, REPAYMENT_STATS, currency="KES")
        assert stats["today"] == stats["thisMonth"] == {"count": 1, "amount": shown("500.00", "KES")}
        assert (stats["average"], stats["onTimeRate"]) == (shown("500.00", "KES"), None)
        assert [each["channel"] for each in stats["byChannel"]] == ["WALLET", "CASH", "BANK", "MPESA"]


async def test_statistics_are_followed_live() -> None:
    office = await an_office()
    loan = await a_late_loan(office)
    with clock.clock_set_to(LATE):
        state = await state_shown(office.manager, STATS_LIVE, currency="KES", everySeconds=30)
        assert state["overdue"]["count"] == 1
        await repaid(office, loan, "1066.19")
        assert (await state_shown(office.manager, STATS_LIVE, currency="KES"))["overdue"] == NONE
        live = await state_shown(office.officer, op("LoanRepaymentStatsUpdated"), currency="KES")
        assert live["today"]["count"] == 1
        for document in (STATS_LIVE, op("LoanRepaymentStatsUpdated")):
            assert await feed_refused(office.borrower, document) == "FORBIDDEN"


async def test_a_list_costs_a_statement_for_each_relation() -> None:
    office = await an_office()
    with clock.clock_set_to(NOON):
        for _ in range(4):
            await a_running_loan(office)
    with clock.clock_set_to(LATE):
        with statements() as seen:
            page = await ask(office.officer, COLLECTIONS.replace("  asOf\n", ""), currency="KES")
        assert len(page["nodes"]) == 8
        assert len(seen) <= 2, seen


async def test_a_conversation_is_noted_and_heard() -> None:
    office, other = await an_office(), await an_office()
    loan = await a_late_loan(office)
    with clock.clock_set_to(LATE):
        said = {
            "loanId": loan_id(loan),
            "channel": "CALL",
            "subject": "The instalment",
            "outcome": "Promised to pay",
            "promisedOn": (LATE.date() + timedelta(days=3)).isoformat(),
            "promisedAmount": money("1066.19", "KES"),
        }
        await refused_to_strangers(LOG, input=said)
        assert await ask_refused(office.borrower, LOG, input=said) == "FORBIDDEN"
        assert await do_refused(office.officer, LOG, input=said | {"subject": ""}) == (
            "INVALID_INPUT",
            ["input", "subject"],
        )
        assert (
            await ask_refused(office.officer, LOG, input=said | {"promisedAmount": money("NaN", "KES")}) == "INVALID_AMOUNT"
        )
        assert await do_refused(office.officer, LOG, input=said | {"promisedAmount": None}) == (
            "INVALID_PROMISE_TO_PAY",
            ["input", "promisedOn"],
        )
        noted = (await do(office.officer, LOG, input=said))["communication"]
        assert noted["promisedAmount"] == INSTALMENT
        assert await do_refused(other.officer, LOG, input=said) == NO_LOAN
        for who, heard_by in ((office.manager, 1), (office.admin, 1), (other.manager, 0)):
            items = await heard(who, LOGGED)
            assert [item["communicationId"] for item in items] == [noted["id"]] * heard_by
            assert len((await ask(who, LOGS))["nodes"]) == heard_by
        assert len(await heard(office.officer, LOGGED, loanId=loan_id(loan))) == 1
        borrower = encode_id("User", office.borrower.id)
        assert len(await heard(office.officer, LOGGED, borrowerId=borrower)) == 1
        assert await heard(other.officer, LOGGED, borrowerId=borrower) == []
        assert await feed_refused(other.officer, LOGGED, loanId=loan_id(loan)) == "LOAN_NOT_FOUND"
        assert await feed_refused(office.borrower, LOGGED) == "FORBIDDEN"


async def test_a_step_is_planned_done_and_heard() -> None:
    office, other = await an_office(), await an_office()
    loan = await a_late_loan(office)
    colleague = await a_registered_officer(office.branch, name="Otieno")
    with clock.clock_set_to(LATE):
        plan = {
            "loanId": loan_id(loan),
            "kind": "FIELD_VISIT",
            "dueOn": LATE.date().isoformat(),
            "assignedToId": encode_id("User", colleague.id),
        }
        await refused_to_strangers(CREATE, input=plan)
        assert await ask_refused(somebody(Role.ACCOUNTANT, name="Anna"), CREATE, input=plan) == "FORBIDDEN"
        assert await do_refused(office.officer, CREATE, input=plan | {"dueOn": "2030-01-01"}) == (
            "INVALID_INPUT",
            ["input", "dueOn"],
        )
        assert await do_refused(
            office.officer, CREATE, input=plan | {"assignedToId": encode_id("User", other.officer.id)}
        ) == ("OFFICER_NOT_FOUND", ["input", "assignedToId"])
        planned = (await do(office.officer, CREATE, input=plan))["action"]
        assert (planned["status"], planned["overdueAmount"], planned["subjectId"]) == ("OPEN", INSTALMENT, loan_id(loan))
        assert await do_refused(other.manager, CREATE, input=plan) == NO_LOAN
        step = {"actionId": action_id(planned)}
        assert (await do(colleague, START, input=step))["action"]["status"] == "IN_PROGRESS"
        done = await do(
            colleague, COMPLETE, input=step | {"outcome": "Paid half", "recoveredAmount": money("533.10", "KES")}
        )
        assert done["action"]["recoveredAmount"] == shown("533.10", "KES")
        assert await do_refused(colleague, CANCEL, input=step | {"reason": "Late"}) == (
            "RECOVERY_ACTION_OVER",
            ["input", "actionId"],
        )
        found = await ask(office.manager, ACTION, id=step["actionId"])
        assert (found["assignedTo"]["name"], found["loan"]["number"]) == ("Otieno", loan.number)
        assert await ask(other.manager, ACTION, id=step["actionId"]) is None
        listed = await ask(office.manager, ACTIONS, filter={"statuses": ["COMPLETED"], "loanId": loan_id(loan)})
        assert [node["id"] for node in listed["nodes"]] == [step["actionId"]]
        statuses = ["OPEN", "IN_PROGRESS", "COMPLETED"]
        for arguments in ({}, {"loanId": loan_id(loan)}, step):
            assert [item["action"]["status"] for item in await heard(office.manager, ACTION_LIVE, **arguments)] == statuses
        assert await heard(other.manager, ACTION_LIVE) == []
        assert await feed_refused(other.manager, ACTION_LIVE, **step) == "RECOVERY_ACTION_NOT_FOUND"


async def test_a_step_of_somebody_else_does_not_exist() -> None:
    office, other = await an_office(), await an_office()
    loan = await a_late_loan(office)
    with clock.clock_set_to(LATE):
        plan = {"loanId": loan_id(loan), "kind": "REMINDER", "dueOn": LATE.date().isoformat()}
        planned = (await do(office.officer, CREATE, input=plan))["action"]
        for unknown in (planned["id"], encode_id("RecoveryAction", new_id())):
            for document, more in ((START, {}), (COMPLETE, {"outcome": "Done"}), (CANCEL, {"reason": "Late"})):
                assert await do_refused(other.manager, document, input={"actionId": unknown} | more) == NO_ACTION
        for document in (START, COMPLETE, CANCEL):
            given = {"actionId": planned["id"]}
            given |= {"outcome": "x"} if document is COMPLETE else {"reason": "x"} if document is CANCEL else {}
            await refused_to_strangers(document, input=given)
        cancelled = await do(office.officer, CANCEL, input={"actionId": planned["id"], "reason": "Paid meanwhile"})
        assert cancelled["action"]["outcome"] == "Paid meanwhile"
