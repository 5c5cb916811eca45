"""Reconciling through the schema: the three nested things that clients know, many at once, the queue, and results."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.unit_of_work import unit_of_work
from domain.payments.models import Payment, Reconciliation
from tests.domain.payments.rules.factory import LATER, OTHER, RECEIPT, SOON, callback, kes
from tests.domain.payments.settling.factory import Made, a_payment, payments, write_claims
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, heard, refused_to_strangers
from tests.support.happenings import assert_integrity
from tests.support.operations import operation, shown
from tests.support.people import an_actor, somebody

pytestmark = pytest.mark.usefixtures("database")

RECONCILE, BULK = operation("payments/ReconcileSession"), operation("payments/BulkReconcile")
QUEUE, ONE = operation("payments/QueueReconciliation"), operation("payments/Reconciliation")
LIST = operation("payments/ReconciliationResults").replace("  asOf\n", "")
READ = ONE.replace("  asOf\n", "")
NODE = "query ($id: ID!) { node(id: $id) { __typename ... on ReconciliationResult { status } } }"
LIVE = operation("payments/ReconciliationResult")

ADMIN = somebody(Role.ADMIN)
STAFF = (Role.ACCOUNTANT, Role.BRANCH_MANAGER, Role.LOAN_OFFICER, Role.CASHIER, Role.BORROWER)
MISSING = ("SESSION_NOT_FOUND", ["input", "sessionId"])


def named(made: Made) -> str:
    return encode_id("Payment", made.id)


async def a_paid(**said: Any) -> Made:
    made = await a_payment()
    async with unit_of_work() as work:
        await write_claims(work, [(made, callback(**said))])
    return made


async def test_a_session_is_reconciled_now() -> None:
    made = await a_paid()
    asked = {"sessionId": named(made), "trigger": "MANUAL_DASHBOARD"}
    await refused_to_strangers(RECONCILE, input=asked)
    for role in STAFF:
        assert await ask_refused(somebody(role), RECONCILE, input=asked) == "FORBIDDEN"
    assert await ask_refused(ADMIN, RECONCILE, input={"trigger": "MANUAL"}) == "INVALID_VARIABLES"
    with clock.clock_set_to(SOON):
        result = (await do(ADMIN, RECONCILE, input=asked))["result"]
    number = (await Payment.get(id=made.id)).number
    assert (result["sessionId"], result["sessionNumber"], result["status"]) == (named(made), number, "MATCHED")
    details, metadata = result["sessionDetails"], result["reconciliationMetadata"]
    assert (details["client"], details["payee"], details["psychologist"]) == ("Asha Patel", "Dr Wanjiru", "Dr Wanjiru")
    assert (details["amount"], details["transactionId"]) == (shown("2,500.00", "KES"), RECEIPT)
    at = SOON.isoformat().replace("+00:00", "Z")
    assert metadata == {"trigger": "MANUAL_DASHBOARD", "processingTime": 0, "timestamp": at}
    assert (result["issues"], result["attempts"], result["nextAttemptAt"]) == ([], 1, None)
    [live] = [each for each in await heard(ADMIN, LIVE) if each["__typename"] == "ReconciliationFinished"]
    assert (live["sessionId"], live["status"]) == (named(made), "MATCHED")
    assert live["sessionDetails"]["transactionId"] == RECEIPT
    assert live["reconciliationMetadata"] == metadata
    await assert_integrity()


async def test_what_cannot_be_reconciled() -> None:
    made = await a_paid()
    for document in (RECONCILE, QUEUE):
        for unknown in (encode_id("Payment", new_id()), encode_id("Loan", made.id), "x", "a\x00b", "", "UGF5bWVudDp4"):
            assert await do_refused(ADMIN, document, input={"sessionId": unknown}) == MISSING
        for trigger in ("PAYMENT_CALLBACK", "PAYMENT_INITIATION", "STATUS_QUERY", "PERIODIC"):
            asked = {"sessionId": named(made), "trigger": trigger}
            assert await do_refused(ADMIN, document, input=asked) == ("INVALID_INPUT", ["input", "trigger"])
        assert await ask_refused(ADMIN, document, input={"sessionId": named(made), "trigger": "X"}) == "INVALID_VARIABLES"


async def test_many_are_reconciled_each_for_itself() -> None:
    fine, short, open_one = await a_paid(), await a_paid(receipt=OTHER, amount=kes(2_000)), await a_payment()
    ids = [named(fine), encode_id("Payment", new_id()), named(short), "x", named(open_one), named(fine)]
    asked = {"sessionIds": ids}
    await refused_to_strangers(BULK, input=asked)
    assert await ask_refused(somebody(Role.ACCOUNTANT), BULK, input=asked) == "FORBIDDEN"
    for wrong in ([], [ids[0]] * 501):
        assert await do_refused(ADMIN, BULK, input={"sessionIds": wrong}) == ("INVALID_INPUT", ["input", "sessionIds"])
    wrong_trigger = asked | {"trigger": "PERIODIC"}
    assert await do_refused(ADMIN, BULK, input=wrong_trigger) == ("INVALID_INPUT", ["input", "trigger"])
    with clock.clock_set_to(SOON):
        bulk = await do(ADMIN, BULK, input=asked)
    assert [item["sessionId"] for item in bulk["items"]] == ids
    results = [item["result"] and item["result"]["status"] for item in bulk["items"]]
    assert results == ["MATCHED", None, "DISCREPANCY", None, "UNVERIFIED", "MATCHED"]
    errors = [item["error"] and item["error"]["code"] for item in bulk["items"]]
    assert errors == [None, "SESSION_NOT_FOUND", None, "SESSION_NOT_FOUND", None, None]
    assert [bulk[name] for name in ("matched", "discrepancies", "unverified", "failed")] == [1, 1, 1, 2]
    assert await Reconciliation.all().count() == 3
    await assert_integrity()


async def test_five_hundred_fit_into_one_request() -> None:
    made = await payments(2)
    ids = [named(each) for each in made] * 250
    with clock.clock_set_to(SOON):
        bulk = await do(ADMIN, BULK, input={"sessionIds": ids})
    assert (len(bulk["items"]), bulk["unverified"]) == (500, 2)


async def test_a_session_waits_for_its_turn() -> None:
    first, second = await a_payment(), await a_payment()
    asked = {"sessionId": named(first)}
    await refused_to_strangers(QUEUE, input=asked)
    assert await ask_refused(somebody(Role.ACCOUNTANT), QUEUE, input=asked) == "FORBIDDEN"
    queued = await do(ADMIN, QUEUE, input=asked)
    assert (queued["result"]["status"], queued["place"]) == ("QUEUED", 1)
    assert queued["result"]["reconciliationMetadata"]["trigger"] == "MANUAL_QUEUE"
    assert queued["result"]["reconciliationMetadata"]["processingTime"] is None
    assert (await do(ADMIN, QUEUE, input={"sessionId": named(second)}))["place"] == 2
    assert await do(ADMIN, QUEUE, input=asked) == queued


async def test_results_are_read() -> None:
    admin = await an_actor(Role.ADMIN, name="Grace Njeri")
    short = await a_paid(amount=kes(2_499), sender=None)
    with clock.clock_set_to(LATER):
        result = (await do(admin, RECONCILE, input={"sessionId": named(short)}))["result"]
    clerk = somebody(Role.ACCOUNTANT)
    for document, variables in ((LIST, {}), (READ, {"id": result["id"]})):
        await refused_to_strangers(document, **variables)
        assert await ask_refused(clerk, document, **variables) == "FORBIDDEN"
    [listed] = (await ask(admin, LIST))["nodes"]
    assert listed == result | {"requestedBy": {"id": encode_id("User", admin.id), "name": "Grace Njeri"}}
    filters: list[tuple[dict[str, Any], int]] = [
        ({"statuses": ["DISCREPANCY"], "severities": ["HIGH"], "triggers": ["MANUAL"]}, 1),
        ({"statuses": ["MATCHED"]}, 0),
        ({"sessionId": named(short), "from": "2025-01-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, 1),
        ({"to": "2025-01-01T00:00:00Z"}, 0),
    ]
    for wanted, how_many in filters:
        assert len((await ask(admin, LIST, filter=wanted))["nodes"]) == how_many
    backwards = {"from": "2026-01-01T00:00:00Z", "to": "2025-01-01T00:00:00Z"}
    assert await ask_refused(admin, LIST, filter=backwards) == "INVALID_INPUT"
    assert await ask_refused(admin, LIST, filter={"sessionId": "x"}) == "NOT_FOUND"
    read = await ask(admin, READ, id=result["id"])
    assert read["session"]["id"] == named(short)
    assert [(each["type"], each["status"]) for each in read["discrepancies"]] == [("AMOUNT_MISMATCH", "OPEN")]
    [claim] = read["evidence"]
    assert (claim["channel"], claim["outcome"], claim["amount"]) == ("CALLBACK", "PAID", shown("2,499.00", "KES"))
    assert await ask(admin, READ, id=encode_id("ReconciliationResult", new_id())) is None
    assert await ask(admin, NODE, id=result["id"]) == {"__typename": "ReconciliationResult", "status": "DISCREPANCY"}
    assert await ask(clerk, NODE, id=result["id"]) is None
