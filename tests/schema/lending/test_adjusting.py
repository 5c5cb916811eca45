"""What staff change about a loan in the API: charges, waivers, rate, plan, its end, and the days that do not count."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.ids import new_id
from domain.lending.models import Loan, LoanCharge
from domain.lending.service import add_loan_charge, bring_up_to_date
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, heard, refused_to_strangers
from tests.support.happenings import assert_integrity, nothing_happens
from tests.support.loan_operations import (
    changes_heard,
    do_twice,
    kes_shown,
    of,
    op,
    schedule_of,
    shillings,
    statuses_heard,
)
from tests.support.loans import Office, a_registered_officer, a_running_loan, an_approved_loan, an_office, kes, repaid
from tests.support.operations import money, operation
from tests.support.people import somebody

pytestmark = pytest.mark.usefixtures("database")

CHARGE, WAIVE, DEMAND = op("AddLoanCharge"), op("WaiveLoanCharge"), op("UndoLoanChargeWaiver")
INTEREST = op("WaiveLoanInterest")
CHARGE_OFF, UNDO = op("ChargeOffLoan"), op("UndoLoanChargeOff")
RATE, PREVIEW, PAYOFF = op("ChangeLoanRate"), op("PreviewLoanReschedule"), op("LoanPayoff")
ASK_PLAN, AGREE_PLAN = op("RequestLoanReschedule"), op("RescheduleLoan")
ASK_END, AGREE_END = op("RequestLoanWriteOff"), op("WriteOffLoan")
TURN_DOWN, TAKE_BACK = op("RejectLoanRequest"), op("WithdrawLoanRequest")
CENTRE = operation("approvals/Approvals").replace("  asOf\n", "")
PAUSE, RESUME, LOAN = op("PauseLoanDelinquency"), op("ResumeLoanDelinquency"), op("Loan")
AT = ["input", "loanId"]
MISSING = ("LOAN_NOT_FOUND", AT)
START = datetime(2030, 1, 1, 12, tzinfo=UTC)


async def a_loan(office: Office, **changes: Any) -> Loan:
    """300.00 at 12 % a year in three instalments: 102.01, of which 3.00 is interest in the first."""
    return await a_running_loan(office, principal=kes(300), annual_rate=Decimal(12), instalments=3, **changes)


async def only_staff_of_the_branch(office: Office, document: str, asked: dict[str, Any], *, officers: bool = False) -> None:
    """Strangers sign in, borrowers and (unless said) officers may not, another branch's manager knows of no such loan."""
    await refused_to_strangers(document, input=asked)
    assert await ask_refused(office.borrower, document, input=asked) == "FORBIDDEN"
    if not officers:
        assert await ask_refused(office.officer, document, input=asked) == "FORBIDDEN"
    code, field = await do_refused((await an_office()).manager, document, input=asked)
    assert (code, field) in (MISSING, ("LOAN_CHARGE_NOT_FOUND", ["input", "chargeId"]))


async def test_a_charge_is_made_let_go_and_demanded() -> None:
    office = await an_office()
    loan = await a_loan(office)
    await only_staff_of_the_branch(office, CHARGE, of(loan, title="Visit", value="25"))
    made = await do_twice(office.manager, CHARGE, **of(loan, title="Visit", value="25", note="On site"))
    charge = made["charge"]
    assert (charge["title"], charge["unpaid"], charge["instalmentNumber"]) == ("Visit", kes_shown("25.00"), 1)
    assert made["loan"]["outstandingAmount"] == kes_shown("331.02")
    named = {"chargeId": charge["id"], "reason": "Goodwill"}
    await only_staff_of_the_branch(office, WAIVE, named)
    waived = await do_twice(office.manager, WAIVE, **named)
    assert (waived["charge"]["waived"], waived["charge"]["unpaid"]) == (kes_shown("25.00"), kes_shown("0.00"))
    assert await do_refused(office.manager, WAIVE, input=named) == ("NOTHING_TO_WAIVE", ["input", "chargeId"])
    await only_staff_of_the_branch(office, DEMAND, named)
    demanded = await do_twice(office.manager, DEMAND, **named | {"reason": "Second thoughts"})
    assert (demanded["charge"]["unpaid"], demanded["loan"]["outstandingAmount"]) == (kes_shown("25.00"), kes_shown("331.02"))
    assert await do_refused(office.manager, DEMAND, input=named) == ("WAIVER_NOT_FOUND", ["input", "chargeId"])
    for document in (WAIVE, DEMAND):
        unknown = named | {"chargeId": encode_id("LoanCharge", new_id())}
        assert await do_refused(office.manager, document, input=unknown) == ("LOAN_CHARGE_NOT_FOUND", ["input", "chargeId"])
        not_one = named | {"chargeId": of(loan)["loanId"]}
        assert await do_refused(office.manager, document, input=not_one) == ("NOT_FOUND", ["input", "chargeId"])
    assert (await changes_heard(office.borrower, loan))[-3:] == ["CHARGE_ADDED", "CHARGE_WAIVED", "ADJUSTED"]
    await assert_integrity()


NO_CHARGES: list[tuple[dict[str, Any], str, str]] = [
    ({"value": "0"}, "INVALID_AMOUNT", "value"),
    ({"value": "-1"}, "INVALID_AMOUNT", "value"),
    ({"value": "1.001"}, "INVALID_AMOUNT", "value"),
    ({"value": "9" * 19}, "INVALID_AMOUNT", "value"),
    ({"value": "101", "basis": "PERCENT_OF_PRINCIPAL"}, "INVALID_INPUT", "value"),
    ({"title": " "}, "INVALID_INPUT", "title"),
    ({"code": ""}, "INVALID_INPUT", "code"),
    ({"note": "x" * 501}, "INVALID_INPUT", "note"),
    ({"dueOn": "2020-01-31"}, "INVALID_INPUT", "dueOn"),
    ({"loanId": encode_id("Loan", new_id())}, "LOAN_NOT_FOUND", "loanId"),
    ({"loanId": encode_id("LoanCharge", new_id())}, "NOT_FOUND", "loanId"),
]


async def test_charges_that_are_refused() -> None:
    office = await an_office()
    charge = of(await a_loan(office), title="Visit", value="25")
    for changes, code, field in NO_CHARGES:
        assert await do_refused(office.manager, CHARGE, input=charge | changes) == (code, ["input", field]), changes


async def test_interest_is_let_go() -> None:
    office = await an_office()
    loan = await a_loan(office)
    asked = of(loan, amount=shillings("2.00"), reason="Our mistake")
    await only_staff_of_the_branch(office, INTEREST, asked)
    waived = await do_twice(office.manager, INTEREST, **asked)
    assert (waived["transaction"]["kind"], waived["loan"]["outstandingAmount"]) == ("INTEREST_WAIVER", kes_shown("304.02"))
    for wrong, refused in (
        ({"amount": shillings("100.00")}, ("NOTHING_TO_WAIVE", ["input", "amount"])),
        ({"amount": shillings("0")}, ("INVALID_AMOUNT", ["input", "amount"])),
        ({"amount": money("1.00", "USD")}, ("CURRENCY_MISMATCH", ["input", "amount", "currency"])),
        ({"instalment": 99}, ("NOTHING_TO_WAIVE", ["input", "amount"])),
        ({"reason": ""}, ("INVALID_INPUT", ["input", "reason"])),
    ):
        assert await do_refused(office.manager, INTEREST, input=asked | wrong) == refused
    await assert_integrity()


async def test_off_the_books_and_back() -> None:
    office = await an_office()
    loan = await a_loan(office)
    asked = of(loan, reason="No payment for half a year")
    await only_staff_of_the_branch(office, CHARGE_OFF, asked)
    await only_staff_of_the_branch(office, UNDO, asked)
    assert await do_refused(office.manager, UNDO, input=asked) == ("LOAN_NOT_CHARGED_OFF", AT)
    ahead = asked | {"chargedOffOn": (clock.today() + timedelta(days=1)).isoformat()}
    assert await do_refused(office.manager, CHARGE_OFF, input=ahead) == ("DATE_IN_FUTURE", ["input", "chargedOffOn"])
    off = await do_twice(office.manager, CHARGE_OFF, **asked)
    assert (off["loan"]["status"], off["transaction"]["kind"]) == ("ACTIVE", "CHARGE_OFF")
    assert await do_refused(office.manager, CHARGE_OFF, input=asked) == ("LOAN_ALREADY_CHARGED_OFF", AT)
    back = await do_twice(office.manager, UNDO, **of(loan, reason="She pays again"))
    assert back["loan"]["chargedOffOn"] is None
    for viewer in (office.borrower, office.officer):
        [told] = await heard(viewer, op("LoanEnded"))
        assert (told["__typename"], told["amount"]) == ("LoanChargedOff", off["transaction"]["amount"])
        assert told["explanation"] == "No payment for half a year"
    await assert_integrity()


async def test_a_new_rate() -> None:
    office = await an_office()
    loan = await a_loan(office)
    asked = of(loan, annualRate="6", effectiveOn=clock.today().isoformat(), reason="Cheaper money")
    await only_staff_of_the_branch(office, RATE, asked)
    changed = await do_twice(office.manager, RATE, **asked)
    assert changed["loan"]["outstandingAmount"] == kes_shown("303.00")
    for wrong, refused in (
        ({"annualRate": "-1"}, ("INVALID_INPUT", ["input", "annualRate"])),
        ({"annualRate": "1001"}, ("INVALID_INPUT", ["input", "annualRate"])),
        ({"annualRate": "1.1234567890123"}, ("INVALID_INPUT", ["input", "annualRate"])),
        ({"effectiveOn": "2020-01-31"}, ("INVALID_LOAN_DATE", ["input", "effectiveOn"])),
        ({"reason": " "}, ("INVALID_INPUT", ["input", "reason"])),
    ):
        assert await do_refused(office.manager, RATE, input=asked | wrong) == refused
    assert (await changes_heard(office.borrower, loan))[-1] == "RATE_CHANGED"
    await assert_integrity()


def a_plan(**changes: Any) -> dict[str, Any]:
    return {"kind": "NEW_TERMS", "fromOn": clock.today().isoformat(), "extraInstalments": 3} | changes


async def test_a_new_plan_is_looked_at_asked_for_and_agreed_to() -> None:
    office = await an_office()
    loan = await a_loan(office)
    about = {"loanId": of(loan)["loanId"], "plan": a_plan()}
    await refused_to_strangers(PREVIEW, **about)
    assert await ask_refused(office.officer, PREVIEW, **about) == "FORBIDDEN"
    assert await ask_refused((await an_office()).manager, PREVIEW, **about) == "LOAN_NOT_FOUND"
    async with nothing_happens():
        preview = await ask(office.manager, PREVIEW, **about)
    assert len(preview["schedule"]) == 6
    wanted = of(loan, plan=a_plan(), reason="The harvest is late")
    await only_staff_of_the_branch(office, ASK_PLAN, wanted)
    request = (await do(office.manager, ASK_PLAN, input=wanted))["request"]
    assert (request["kind"], request["status"], request["reason"]) == ("RESCHEDULE", "PENDING", "The harvest is late")
    assert await do_refused(office.manager, ASK_PLAN, input=wanted) == ("LOAN_REQUEST_PENDING", AT)
    await only_staff_of_the_branch(office, AGREE_PLAN, of(loan))
    assert await do_refused(office.manager, AGREE_PLAN, input=of(loan)) == ("MAKER_IS_CHECKER", AT)
    agreed = await do_twice(office.admin, AGREE_PLAN, **of(loan, comment="Agreed"))
    assert (agreed["request"]["status"], agreed["request"]["comment"]) == ("APPROVED", "Agreed")
    assert agreed["loan"]["outstandingAmount"] == preview["outstanding"]
    rows = await schedule_of(office.borrower, loan)
    compared = ("number", "dueOn", "principal", "interest", "balanceAfter")
    assert [[row[name] for name in compared] for row in rows] == [
        [row[name] for name in compared] for row in preview["schedule"]
    ]
    assert await do_refused(office.admin, AGREE_PLAN, input=of(loan)) == ("LOAN_REQUEST_NOT_FOUND", AT)
    for viewer in (office.borrower, office.officer):
        [told] = await heard(viewer, op("LoanRescheduled"))
        assert (told["explanation"], told["fromOn"]) == ("The harvest is late", clock.today().isoformat())
    assert [each["status"] for each in (await ask(office.officer, LOAN, id=of(loan)["loanId"]))["requests"]] == ["APPROVED"]
    assert (await ask(office.borrower, LOAN, id=of(loan)["loanId"]))["requests"] == []
    await assert_integrity()


NO_PLANS: list[tuple[dict[str, Any], str, str]] = [
    ({"fromOn": None}, "INVALID_RESCHEDULE", "fromOn"),
    ({"fromOn": "2020-01-31"}, "INVALID_RESCHEDULE", "fromOn"),
    ({"newDueOn": "2020-01-31"}, "INVALID_RESCHEDULE", "newDueOn"),
    ({"extraInstalments": -1}, "INVALID_INPUT", "extraInstalments"),
    ({"annualRate": "-1"}, "INVALID_INPUT", "annualRate"),
    ({"instalment": shillings("0")}, "INVALID_AMOUNT", "instalment"),
    ({"instalment": money("1.00", "USD")}, "CURRENCY_MISMATCH", "instalment.currency"),
    ({"kind": "REAGE"}, "INVALID_INPUT", "instalments"),
    ({"kind": "REAGE", "instalments": 3, "every": 0}, "INVALID_INPUT", "every"),
    ({"kind": "REAGE", "instalments": 3}, "INVALID_RESCHEDULE", "firstDueOn"),
]


async def test_plans_that_are_refused() -> None:
    office = await an_office()
    loan = await a_loan(office)
    for changes, code, field in NO_PLANS:
        plan = a_plan() | changes
        refused, path = await do_refused(office.manager, ASK_PLAN, input=of(loan, plan=plan, reason="x"))
        assert (refused, ".".join(path or [])) == (code, f"input.plan.{field}"), changes
        assert await ask_refused(office.manager, PREVIEW, loanId=of(loan)["loanId"], plan=plan) == code


async def test_the_reason_of_a_plan_is_not_of_the_plan() -> None:
    office = await an_office()
    loan = await a_loan(office)
    silent = of(loan, plan=a_plan(), reason="")
    assert await do_refused(office.manager, ASK_PLAN, input=silent) == ("INVALID_INPUT", ["input", "reason"])
    unknown = {"loanId": encode_id("Loan", new_id()), "plan": a_plan(), "reason": "x"}
    assert await do_refused(office.manager, ASK_PLAN, input=unknown) == MISSING
    nothing = of(loan, plan=a_plan(extraInstalments=0), reason="x")
    assert await do_refused(office.manager, ASK_PLAN, input=nothing) == ("INVALID_RESCHEDULE", ["input"])


async def test_a_write_off_needs_two() -> None:
    office = await an_office()
    loan = await a_loan(office)
    await repaid(office, loan, 100)
    wanted = of(loan, reason="Cannot be found")
    await only_staff_of_the_branch(office, ASK_END, wanted)
    await only_staff_of_the_branch(office, AGREE_END, of(loan))
    assert await do_refused(office.admin, AGREE_END, input=of(loan)) == ("LOAN_REQUEST_NOT_FOUND", AT)
    assert (await do(office.manager, ASK_END, input=wanted))["request"]["kind"] == "WRITE_OFF"
    assert await do_refused(office.manager, AGREE_END, input=of(loan)) == ("MAKER_IS_CHECKER", AT)
    agreed = await do_twice(office.admin, AGREE_END, **of(loan))
    assert (agreed["loan"]["status"], agreed["loan"]["outstandingAmount"]) == ("WRITTEN_OFF", kes_shown("0.00"))
    [told] = await heard(office.borrower, op("LoanEnded"))
    assert (told["__typename"], told["explanation"]) == ("LoanWrittenOff", "Cannot be found")
    assert (await statuses_heard(office.borrower, loan))[-1] == ("ACTIVE", "WRITTEN_OFF")
    await assert_integrity()


async def test_requests_are_turned_down_and_taken_back() -> None:
    office = await an_office()
    loan = await a_loan(office)
    no = of(loan, kind="WRITE_OFF", comment="She pays")
    back = of(loan, kind="WRITE_OFF", reason="She was found")
    await only_staff_of_the_branch(office, TURN_DOWN, no)
    await only_staff_of_the_branch(office, TAKE_BACK, back)
    nothing = ("LOAN_REQUEST_NOT_FOUND", AT)
    assert await do_refused(office.admin, TURN_DOWN, input=no) == nothing
    assert await do_refused(office.manager, TAKE_BACK, input=back) == nothing
    await do(office.manager, ASK_END, input=of(loan, reason="Gone"))
    assert await do_refused(office.admin, TURN_DOWN, input=no | {"comment": ""}) == ("INVALID_INPUT", ["input", "comment"])
    assert await do_refused(office.manager, TURN_DOWN, input=no) == ("MAKER_IS_CHECKER", AT)
    assert await do_refused(office.admin, TAKE_BACK, input=back) == nothing
    assert (await do(office.admin, TURN_DOWN, input=no))["request"]["status"] == "REJECTED"
    await do(office.manager, ASK_END, input=of(loan, reason="Gone again"))
    assert await do_refused(office.manager, TAKE_BACK, input=back | {"reason": " "}) == (
        "INVALID_INPUT",
        ["input", "reason"],
    )
    assert (await do(office.manager, TAKE_BACK, input=back))["request"]["status"] == "WITHDRAWN"
    assert await do_refused(office.admin, AGREE_END, input=of(loan)) == nothing
    seen = (await ask(office.officer, LOAN, id=of(loan)["loanId"]))["requests"]
    assert [each["status"] for each in seen] == ["WITHDRAWN", "REJECTED"]


async def test_a_request_can_be_decided_in_the_approvals_centre() -> None:
    office = await an_office()
    loan = await a_loan(office)
    manager = await a_registered_officer(office.branch, Role.BRANCH_MANAGER)
    await do(manager, ASK_END, input=of(loan, reason="Gone"))
    [waiting] = (await ask(office.admin, CENTRE, status="PENDING", kind="LOAN_WRITE_OFF"))["nodes"]
    decided = await do(office.admin, operation("approvals/Approve"), input={"approvalId": waiting["id"]})
    assert decided["approval"]["status"] == "APPROVED"
    assert (await ask(office.borrower, LOAN, id=of(loan)["loanId"]))["status"] == "WRITTEN_OFF"


async def test_days_that_do_not_count() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_loan(office)
    with clock.clock_set_to(START + timedelta(days=40)):
        await bring_up_to_date(loan.id)
        today = clock.today()
        asked = of(loan, startsOn=today.isoformat(), endsOn=(today + timedelta(days=10)).isoformat(), reason="Flood")
        await only_staff_of_the_branch(office, PAUSE, asked)
        await only_staff_of_the_branch(office, RESUME, of(loan, reason="x"))
        assert await do_refused(office.manager, RESUME, input=of(loan, reason="x")) == ("DELINQUENCY_NOT_PAUSED", AT)
        paused = (await do(office.manager, PAUSE, input=asked))["loan"]
        assert (paused["delinquencyPaused"], paused["pastDueDays"]) == (True, 9)
        for wrong, refused in (
            ({"startsOn": "2020-01-31"}, ("INVALID_INPUT", ["input", "startsOn"])),
            ({"endsOn": "2020-01-31"}, ("INVALID_INPUT", ["input", "endsOn"])),
            ({"reason": ""}, ("INVALID_INPUT", ["input", "reason"])),
        ):
            assert await do_refused(office.manager, PAUSE, input=asked | wrong) == refused
        resumed = (await do(office.manager, RESUME, input=of(loan, reason="The water is gone")))["loan"]
        assert not resumed["delinquencyPaused"]
    assert (await changes_heard(office.borrower, loan))[-2:] == ["DELINQUENCY_PAUSED", "ADJUSTED"]
    for viewer in (office.borrower, office.officer):
        [told] = await heard(viewer, op("LoanDelinquencyChanged"))
        assert (told["previousBucket"], told["bucket"], told["pastDueDays"]) == ("CURRENT", "DAYS_1_30", 9)


async def test_what_closes_a_loan_closes_it() -> None:
    office = await an_office()
    loan = await a_loan(office)
    about = {"loanId": of(loan)["loanId"]}
    await refused_to_strangers(PAYOFF, **about)
    for stranger in (somebody(Role.BORROWER, name="Bahati"), (await an_office()).officer):
        assert await ask_refused(stranger, PAYOFF, **about) == "LOAN_NOT_FOUND"
    async with nothing_happens():
        quoted = await ask(office.borrower, PAYOFF, **about)
    assert (quoted["on"], quoted["loanId"]) == (clock.today().isoformat(), about["loanId"])
    for day in ("2020-01-31", (clock.today() + timedelta(days=400)).isoformat()):
        assert await ask_refused(office.borrower, PAYOFF, **about, on=day) == "INVALID_INPUT"
    assert (
        await ask_refused(office.officer, PAYOFF, loanId=of(await an_approved_loan(office))["loanId"]) == "LOAN_NOT_PAID_OUT"
    )
    paid = await do(office.officer, op("RecordLoanRepayment"), input=of(loan, amount=shillings(quoted["total"]["amount"])))
    assert (paid["loan"]["status"], paid["loan"]["overpaidAmount"]) == ("CLOSED", kes_shown("0.00"))
    [told] = await heard(office.borrower, op("LoanEnded"))
    assert (told["__typename"], told["happenedOn"]) == ("LoanClosed", clock.today().isoformat())


async def test_a_charge_can_be_read_by_those_who_see_its_loan() -> None:
    office = await an_office()
    loan = await a_loan(office)
    charge: LoanCharge = await add_loan_charge(office.manager, loan_id=loan.id, title="Visit", value=Decimal(25))
    node = "query ($id: ID!) { node(id: $id) { __typename ... on LoanCharge { title dueOn } } }"
    named = encode_id("LoanCharge", charge.id)
    seen = {"__typename": "LoanCharge", "title": "Visit", "dueOn": date.isoformat(charge.due_on)}
    assert await ask(office.borrower, node, id=named) == seen
    assert await ask((await an_office()).officer, node, id=named) is None
