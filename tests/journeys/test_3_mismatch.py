"""A borrower pays less than was asked for: somebody is told by mail and lets it through, the rest comes later, and when the
first payment is taken back the loan owes it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.demo import people
from schema.kit.ids import read_id
from tests.journeys.travelling import Journey, Road, a_phone, shown, travelling, until
from tests.support.operations import money

if TYPE_CHECKING:
    from tests.journeys.conftest import Journeys

LOAN, PAYMENTS, ALERTS = "LoanUpdated", "payments/PaymentUpdated", "payments/DiscrepancyAlert"
FEEDS = {
    people.BORROWER: [LOAN, PAYMENTS],
    people.OFFICER: ["PaymentProcessed"],
    people.ADMIN: [ALERTS],
}


@pytest.mark.timeout(300)
async def test_a_repayment_that_is_too_small(journeys: Journeys) -> None:
    await journeys.arrive(3)


async def tell(road: Road) -> None:
    async with travelling(road, "lending", FEEDS, streams=[LOAN, ALERTS]) as journey:
        loan = await _a_running_loan(journey)
        asked, too_little = money("1000", "KES"), {"misbehaviour": "MISMATCHED", "paid": "900"}
        first = await journey.pays(people.BORROWER, "LOAN_INSTALMENT", loan["id"], a_phone(3), amount=asked, fate=too_little)
        await _somebody_is_told(journey, first)
        async with road.night:
            await _let_through(journey, first)
            second = await journey.pays(
                people.BORROWER, "LOAN_INSTALMENT", loan["id"], a_phone(4), amount=money("100", "KES")
            )
        await _is_repaid(journey, loan, first, second)
        await _first_is_taken_back(journey, loan, first)
        await road.settled()
        await _one_story(journey, loan, first, second)


async def _a_running_loan(journey: Journey) -> dict[str, Any]:
    own = await journey[people.BORROWER].sees("Loans", filter={"statuses": ["ACTIVE"]})
    loan: dict[str, Any] = await journey[people.BORROWER].sees("Loan", id=own["nodes"][0]["id"])
    return loan


async def _somebody_is_told(journey: Journey, payment: dict[str, Any]) -> None:
    """The money waits in suspense, and whoever reconciles is told in every way."""
    alert = await journey[people.ADMIN].hears(ALERTS, lambda item: item["sessionId"] == payment["id"])
    assert (alert["severity"], [each["type"] for each in alert["issues"]]) == ("HIGH", ["AMOUNT_MISMATCH"])
    credited = await journey[people.BORROWER].hears(PAYMENTS, lambda item: item["__typename"] == "PaymentCredited")
    assert shown(credited["payment"]["suspenseAmount"]) == "KES 900.00"

    async def by_mail() -> bool:
        letters = journey.road.mail.letters_to(people.ADMIN.email)
        return any(payment["number"] in f"{letter['Subject']} {_words(letter)}" for letter in letters)

    await until(by_mail)


def _words(letter: Any) -> str:
    body = letter.get_body(("plain",))
    return "" if body is None else str(body.get_content())


async def _let_through(journey: Journey, payment: dict[str, Any]) -> None:
    """While no worker is there: what is decided waits for it, and so does the prompt for the rest."""
    admin = journey[people.ADMIN]
    alert = next(item for item in admin.feeds[ALERTS].items if item["sessionId"] == payment["id"])
    [found] = alert["discrepancies"]
    said = {"discrepancyId": found["id"], "resolution": "ACCEPTED", "note": "She pays the rest", "idempotencyKey": "let it"}
    resolved = await admin.does("payments/ResolveDiscrepancy", **said)
    assert (resolved["discrepancy"]["status"], resolved["discrepancy"]["resolution"]) == ("RESOLVED", "ACCEPTED")
    assert (await admin.does("payments/ResolveDiscrepancy", **said))["replayed"] is True


async def _is_repaid(journey: Journey, loan: dict[str, Any], *payments: dict[str, Any]) -> None:
    borrower = journey[people.BORROWER]
    heard = [await borrower.hears(LOAN, lambda item: item["change"] == "REPAID") for _ in payments]
    owed = _minor(loan["outstandingAmount"]) - _minor(heard[-1]["loan"]["outstandingAmount"])
    assert owed == 1_000_00, "the two together, by the loan's own order"
    rows = await _allocated(journey, payments)
    assert sorted(row["amount"] for row in rows) == [100_00, 900_00]
    assert all(row["parts"] == row["amount"] for row in rows)


async def _allocated(journey: Journey, payments: Any) -> list[Any]:
    """The lines of the loan's statement that these payments brought, and what their allocations come to."""
    return await journey.road.database.fetch(
        """select t.amount_minor as amount, t.reversed_at,
                  coalesce(sum(a.principal_minor + a.interest_minor + a.fee_minor + a.penalty_minor), 0)::bigint as parts
           from payment_application p join loan_transaction t on t.fact_id = p.record_id and t.replaced_by_id is null
           left join loan_allocation a on a.transaction_id = t.id
           where p.payment_id = any($1::uuid[]) group by t.id""",
        [read_id("Payment", each["id"]) for each in payments],
    )


async def _first_is_taken_back(journey: Journey, loan: dict[str, Any], first: dict[str, Any]) -> None:
    """The provider gives the 900 back: the loan owes them again, and what came later is applied anew."""
    act = {"paymentId": first["id"], "reason": "Paid from the wrong telephone", "idempotencyKey": "give it back"}
    await journey[people.ADMIN].does("payments/ReversePayment", **act)
    undone = await journey[people.BORROWER].hears(LOAN, lambda item: item["change"] == "REPAYMENT_REVERSED")
    assert _minor(undone["loan"]["outstandingAmount"]) == _minor(loan["outstandingAmount"]) - 100_00
    assert undone["loan"]["status"] == "ACTIVE"
    assert undone["loan"]["nextDueOn"] == loan["nextDueOn"], "the instalment is unpaid again"


async def _one_story(journey: Journey, loan: dict[str, Any], *payments: dict[str, Any]) -> None:
    entries = await journey.entries()
    assert sum(entries.values()) == 0
    assert not {"2910", "2920", "2510"} & entries.keys(), entries
    assert entries["1210"] == 100_00
    await journey.goes_through(
        "payments.payment_changed",
        "payments.prompt_changed",
        "payments.payment_credited",
        "payments.discrepancy_found",
        "payments.payment_credited",
        "lending.payment_processed",
        "lending.payment_processed",
        "payments.command_changed",
        "payments.payment_credited",
        "lending.loan_repayment_reversed",
    )
    await journey.is_one(*(f"payment:{read_id('Payment', each['id'])}" for each in payments))
    heard = [item["change"] for item in journey[people.BORROWER].feeds[LOAN].items if item["loan"]["id"] == loan["id"]]
    assert heard == ["REPAID", "REPAID", "REPAYMENT_REVERSED"], "each once, although its server died"


def _minor(money: dict[str, str]) -> int:
    return round(float(money["amount"]) * 100)
