"""A guardian pays a school fee by telephone. The provider says that it failed, then that it was paid, again and again, and
its statement says so once more: it is paid once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from api.demo import people
from schema.kit.ids import read_id
from tests.api.processes.till import WEBHOOKS
from tests.journeys.travelling import Journey, Road, shown, travelling, until
from tests.support.operations import money

if TYPE_CHECKING:
    from tests.journeys.conftest import Journeys

FEES, ARREARS, PAYMENTS = "FeeUpdated", "ArrearsAlert", "payments/PaymentUpdated"
FEEDS = {
    people.CLIENT: ["WardUpdated", PAYMENTS],
    people.ADMIN: [FEES, ARREARS],
}
LATE = "0798000002"
"""A telephone whose callbacks are late."""

FAILED = {"ResponseCode": "0", "ResponseDescription": "ok", "ResultCode": "1", "ResultDesc": "The balance is insufficient"}

# The callback ought to have been here by now.
NOBODY_WAITS_ANY_MORE = "update payment_prompt set callback_due_at = now() - interval '1 second' where payment_id = $1"


@pytest.mark.timeout(300)
async def test_a_school_fee_is_paid_once(journeys: Journeys) -> None:
    await journeys.arrive(2)


async def tell(road: Road) -> None:
    async with travelling(road, "school", FEEDS, streams=[ARREARS, "WardUpdated"]) as journey:
        fee = await _a_fee(journey)
        payment = await _is_said_to_have_failed(journey, fee)
        async with road.night:
            assert (await journey[people.CLIENT].sees("SchoolFee", id=fee["id"]))["status"] in ("UNPAID", "PAID")
        await _comes_late(journey, fee)
        await _is_told_again_and_again(journey, payment)
        await road.settled()
        await _was_paid_once(journey, fee, payment)


async def _a_fee(journey: Journey) -> dict[str, Any]:
    """1,500 shillings, which are more arrears than the school lets pass."""
    admin = journey[people.ADMIN]
    student = (await admin.does("RegisterStudent", fullName="Tumaini Kimani", idempotencyKey="Tumaini"))["student"]
    guardian = (await journey[people.CLIENT].sees("identity/Me"))["id"]
    named = {"studentId": student["id"], "userId": guardian, "relation": "MOTHER", "isPrimary": True}
    await admin.does("UpsertGuardian", **named)
    said = {"studentId": student["id"], "title": "Tuition", "amountDue": money("1500.00", "KES")}
    fee: dict[str, Any] = (await admin.does("AddFee", **said, idempotencyKey="tuition"))["fee"]
    alert = await admin.hears(ARREARS, lambda item: item["fee"]["id"] == fee["id"])
    assert alert["__typename"] == "ArrearsAlertRaised"
    return fee


async def _is_said_to_have_failed(journey: Journey, fee: dict[str, Any]) -> dict[str, Any]:
    guardian, road = journey[people.CLIENT], journey.road
    payment = await journey.pays(people.CLIENT, "SCHOOL_FEE", fee["id"], LATE)
    await road.till.mpesa.breaks(kind="ANSWER", status=200, body=json.dumps(FAILED), path="stkpushquery")
    asked = {"checkoutRequestId": await journey.prompt_of(payment), "paymentId": payment["id"]}
    await guardian.does("payments/QueryMpesaStatus", **asked)
    await guardian.hears(PAYMENTS, lambda item: item["payment"]["status"] == "FAILED")
    await road.database.execute(NOBODY_WAITS_ANY_MORE, read_id("Payment", payment["id"]))
    return payment


async def _comes_late(journey: Journey, fee: dict[str, Any]) -> None:
    guardian, admin = journey[people.CLIENT], journey[people.ADMIN]
    after_all = await guardian.hears(PAYMENTS, lambda item: item["__typename"] == "PaymentPaidAfterFailure")
    assert (after_all["endedAs"], after_all["payment"]["status"]) == ("FAILED", "PAID")
    cleared = await admin.hears(ARREARS, lambda item: item["fee"]["id"] == fee["id"])
    assert cleared["__typename"] == "ArrearsAlertCleared"
    receipt = await guardian.hears("WardUpdated", lambda item: item["__typename"] == "FeeReceiptGiven")
    assert shown(receipt["payment"]["amount"]) == "KES 1,500.00"


async def _is_told_again_and_again(journey: Journey, payment: dict[str, Any]) -> None:
    """The same callback twice more, and the statement."""
    road, admin, payment_id = journey.road, journey[people.ADMIN], read_id("Payment", payment["id"])
    kept = "select body from mpesa_message where payment_id = $1 and kind = 'STK_CALLBACK'"
    body = await road.database.fetchval(kept, payment_id)
    async with httpx.AsyncClient(base_url=road.place.address_of("one")) as provider:
        for _ in range(2):
            (await provider.post(f"{WEBHOOKS}/stk", content=body)).raise_for_status()
    receipt = await road.database.fetchval("select transaction_id from payment where id = $1", payment_id)
    written = (await road.till.mpesa.http.get("/simulator/statement.csv")).text.splitlines(keepends=True)
    first = next(place for place, row in enumerate(written) if row.startswith("Receipt"))
    statement = "".join([*written[: first + 1], *(row for row in written if row.startswith(receipt))])
    headers = {"x-file-name": "today.csv", "x-file-purpose": "mpesa_statement", "content-type": "text/csv"}
    handed_in = (await admin.http.post("/files", content=statement.encode(), headers=headers)).json()
    await admin.does("payments/ImportMpesaStatement", fileId=handed_in["fileId"], idempotencyKey="today")

    async def is_told() -> bool:
        sql = "select channel from payment_evidence where payment_id = $1 and receipt = $2"
        told = {row["channel"] for row in await road.database.fetch(sql, payment_id, receipt)}
        return told >= {"CALLBACK", "STATEMENT"}

    await until(is_told)


async def _was_paid_once(journey: Journey, fee: dict[str, Any], payment: dict[str, Any]) -> None:
    road, admin, fee_id = journey.road, journey[people.ADMIN], read_id("SchoolFee", fee["id"])
    paid = await admin.sees("SchoolFee", id=fee["id"])
    assert (paid["status"], shown(paid["amountPaid"]), shown(paid["outstanding"])) == ("PAID", "KES 1,500.00", "KES 0.00")
    counted = await road.database.fetchrow(
        """select (select count(*) from fee_payment where fee_id = $1) as payments,
                  (select count(*) from fee_payment where fee_id = $1 and receipt_number is not null) as receipts,
                  (select count(*) from school_transaction where fee_id = $1) as postings,
                  (select sum(amount_minor)::bigint from school_transaction
                   where fee_id = $1 and reversed_at is null) as live,
                  (select count(*) from arrears_alert where fee_id = $1) as alerts,
                  (select count(*) from arrears_alert where fee_id = $1 and cleared_at is null) as open_alerts""",
        fee_id,
    )
    once = {"payments": 1, "receipts": 1, "postings": 1, "live": 1_500_00, "alerts": 1, "open_alerts": 0}
    assert dict(counted or {}) == once
    sql = "select type from discrepancy where payment_id = $1 and status <> 'RESOLVED'"
    left = {row["type"] for row in await road.database.fetch(sql, read_id("Payment", payment["id"]))}
    assert left == {"LATE_CALLBACK", "STATUS_MISMATCH"}, "for the provider had said that it failed"
    entries = await journey.entries()
    assert sum(entries.values()) == 0 and entries["1210"] == 1_500_00
    assert not {"1330", "2410", "2910"} & entries.keys()
    await journey.goes_through(
        "school.fee_changed",
        "school.arrears_alert_raised",
        "payments.payment_changed",
        "payments.payment_credited",
        "payments.paid_after_failure",
        "school.fee_changed",
        "school.financial_transaction_changed",
        "school.arrears_alert_cleared",
        "payments.payment_applied",
    )
    await journey.is_one(f"payment:{read_id('Payment', payment['id'])}", f"fee:{fee_id}")
