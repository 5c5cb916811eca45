"""The four dashboards in the API, once and live."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.ids import new_id
from tests.support.graphql import ask, ask_refused, encode_id, feed_refused, refused_to_strangers
from tests.support.invoices import NOON
from tests.support.loan_operations import op
from tests.support.loans import Office, a_registered_officer, a_running_loan, an_application, an_office, repaid
from tests.support.operations import shown, state_shown
from tests.support.people import somebody
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")

BORROWER, OFFICER = "BorrowerDashboard", "LoanOfficerDashboard"
BRANCH, ADMIN = "BranchManagerDashboard", "AdminDashboard"
LATE = NOON + timedelta(days=40)
INSTALMENT = shown("1,066.19", "KES")


def at(office: Office) -> dict[str, Actor]:
    """Who looks at which dashboard."""
    return {BORROWER: office.borrower, OFFICER: office.officer, BRANCH: office.manager, ADMIN: office.admin}


@pytest.mark.parametrize("board", [BORROWER, OFFICER, BRANCH, ADMIN])
async def test_a_dashboard_from_nothing_to_something(board: str) -> None:
    office = await an_office()
    viewer = at(office)[board]
    await refused_to_strangers(op(board))
    for stranger in (somebody(Role.SELLER, name="Sita"), somebody(Role.ACCOUNTANT, name="Anna Books")):
        assert await ask_refused(stranger, op(board)) == "FORBIDDEN"
        assert await feed_refused(stranger, op(f"{board}Updated")) == "FORBIDDEN"
    empty = await ask(viewer, op(board), currency="KES")
    assert (empty.get("collections") or empty["figures"]["collections"])["overdue"]["count"] == 0
    with clock.clock_set_to(NOON):
        loan = await a_running_loan(office)
    with clock.clock_set_to(LATE):
        late = {"count": 1, "amount": INSTALMENT}
        found = await ask(viewer, op(board), currency="KES")
        assert (found.get("collections") or found["figures"]["collections"])["overdue"] == late
        live = await state_shown(viewer, op(f"{board}Updated"), currency="KES", everySeconds=30)
        assert live == found, "the same, once or live"
        await repaid(office, loan, "1066.19")
        live = await state_shown(viewer, op(f"{board}Updated"), currency="KES")
        assert (live.get("collections") or live["figures"]["collections"])["overdue"]["count"] == 0
    assert await ask_refused(viewer, op(board), currency="XXX") == "CURRENCY_MISMATCH"


async def test_what_a_borrower_sees() -> None:
    office = await an_office()
    with clock.clock_set_to(NOON):
        loan = await a_running_loan(office)
    with clock.clock_set_to(LATE):
        await repaid(office, loan, 66)
        await an_application(office)
        found = await ask(office.borrower, op(BORROWER))
        assert (found["currency"], found["dueNow"]) == ("KES", shown("1,000.19", "KES"))
        [own] = found["loans"]
        assert (own["number"], own["overdue"], own["pastDueDays"]) == (loan.number, True, 9)
        assert [each["status"] for each in found["applications"]] == ["SUBMITTED"]
        assert [each["amount"] for each in found["recentPayments"]] == [shown("66.00", "KES")]
        assert found["nextInstalments"][0]["unpaid"] == shown("1,000.19", "KES")


async def test_what_a_manager_sees_of_the_officers() -> None:
    office, other = await an_office(), await an_office()
    colleague = await a_registered_officer(office.branch, name="Otieno")
    with clock.clock_set_to(NOON):
        await a_running_loan(office)
    with clock.clock_set_to(LATE):
        found = await ask(office.manager, op(BRANCH), currency="KES")
        assert found["branch"]["id"] == encode_id("Branch", office.branch_id)
        assert found["figures"]["portfolio"]["par1"] == "100.00"
        assert found["figures"]["portfolio"]["par30"] == "0.00"
        [rank] = found["officers"]
        assert rank["officerId"] == encode_id("User", office.officer.id)
        assert rank["figures"]["collections"]["overdue"] == {"count": 1, "amount": INSTALMENT}
        assert (await ask(colleague, op(OFFICER), currency="KES"))["figures"]["portfolio"]["loans"] == 0
        for branch in (other.branch_id, new_id()):
            given = encode_id("Branch", branch)
            assert await ask_refused(office.manager, op(BRANCH), branchId=given) == "BRANCH_NOT_FOUND"
            assert await feed_refused(office.manager, op(f"{BRANCH}Updated"), branchId=given) == "BRANCH_NOT_FOUND"
        assert await ask_refused(office.admin, op(BRANCH)) == "BRANCH_MISSING"
        theirs = await ask(office.admin, op(BRANCH), branchId=encode_id("Branch", other.branch_id), currency="KES")
        assert theirs["figures"]["portfolio"]["loans"] == 0


async def test_what_an_administrator_sees_branch_by_branch() -> None:
    first, second = await an_office("Alpha"), await an_office("Beta")
    with clock.clock_set_to(NOON):
        for office in (first, first, second):
            await a_running_loan(office)
    with clock.clock_set_to(LATE):
        found = await ask(first.admin, op(ADMIN), currency="KES")
        assert [(each["branch"]["name"], each["figures"]["portfolio"]["loans"]) for each in found["branches"]] == [
            ("Alpha", 2),
            ("Beta", 1),
        ]
        assert found["figures"]["collections"]["overdue"]["count"] == 3


@pytest.mark.parametrize(("board", "most"), [(BORROWER, 3), (OFFICER, 5), (BRANCH, 7), (ADMIN, 8)])
async def test_a_dashboard_costs_the_same_however_much_is_lent(board: str, most: int) -> None:
    office = await an_office()
    with clock.clock_set_to(NOON):
        for _ in range(4):
            await a_running_loan(office)
    with clock.clock_set_to(LATE):
        with statements() as seen:
            await ask(at(office)[board], op(board).replace("  asOf\n", ""), currency="KES")
        assert len(seen) <= most, seen
