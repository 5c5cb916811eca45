"""Discrepancies through the schema: who sees them, what is done about them, and what those who look on hear."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit.ids import new_id
from tests.domain.payments.disagreeing import nobodys, orphan_beside, paid_short
from tests.domain.payments.rules.factory import OTHER, RECEIPT
from tests.domain.payments.settling.factory import a_payment, books
from tests.support.graphql import (
    ask,
    ask_refused,
    do,
    do_refused,
    encode_id,
    feed_refused,
    heard,
    refused_to_strangers,
)
from tests.support.happenings import assert_integrity
from tests.support.operations import operation, shown
from tests.support.people import an_actor, somebody
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")

LIST = operation("payments/Discrepancies").replace("  asOf\n", "")
READ = operation("payments/Discrepancy").replace("  asOf\n", "")
ASSIGN, RESOLVE = operation("payments/AssignDiscrepancy"), operation("payments/ResolveDiscrepancy")
REOPEN, LIVE = operation("payments/ReopenDiscrepancy"), operation("payments/DiscrepancyUpdated")
HISTORY = """
query ($id: ID!) {
  activityLog(filter: { objectKind: "discrepancy", objectId: $id }) { nodes { operation actorId } }
}
"""
NODE = "query ($id: ID!) { node(id: $id) { __typename } }"

CLERK = somebody(Role.ACCOUNTANT)
MISSING = ("DISCREPANCY_NOT_FOUND", ["input", "discrepancyId"])


@pytest.fixture
async def admin() -> Actor:
    return await an_actor(Role.ADMIN, name="Grace Njeri")


def of(row: Any, **more: Any) -> dict[str, Any]:
    return {"discrepancyId": encode_id("Discrepancy", row.id)} | more


WRITE_OFF = {"resolution": "WRITTEN_OFF", "note": "nobody claims it"}


async def test_discrepancies_are_read(admin: Actor) -> None:
    (made, short), orphan = await paid_short(), await orphan_beside()
    named = encode_id("Discrepancy", short.id)
    for document, variables in ((LIST, {}), (READ, {"id": named})):
        await refused_to_strangers(document, **variables)
        for role in (Role.ACCOUNTANT, Role.BRANCH_MANAGER, Role.BORROWER):
            assert await ask_refused(somebody(role), document, **variables) == "FORBIDDEN"
    assert {node["number"] for node in (await ask(admin, LIST))["nodes"]} == {short.number, orphan.number}
    filters: list[tuple[dict[str, Any], list[str]]] = [
        ({"types": ["AMOUNT_MISMATCH"], "severities": ["HIGH"], "statuses": ["OPEN"]}, [short.number]),
        ({"sessionId": encode_id("Payment", made.id), "purposes": ["SERVICE_SESSION"]}, [short.number]),
        ({"receipt": OTHER}, [orphan.number]),
        ({"assigneeId": encode_id("User", admin.id)}, []),
        ({"from": "2025-03-05T00:00:00Z", "to": "2025-03-06T00:00:00Z", "types": ["ORPHAN_TRANSACTION"]}, [orphan.number]),
    ]
    for wanted, numbers in filters:
        assert [node["number"] for node in (await ask(admin, LIST, filter=wanted))["nodes"]] == numbers
    assert await ask_refused(admin, LIST, filter={"assigneeId": "x"}) == "NOT_FOUND"
    read = await ask(admin, READ, id=named)
    assert (read["type"], read["severity"], read["receipt"]) == ("AMOUNT_MISMATCH", "HIGH", RECEIPT)
    assert (read["expected"], read["received"]) == ("KES 2,500.00", "KES 2,499.00")
    assert read["waiting"] == shown("2,499.00", "KES")
    assert read["possibleResolutions"] == ["ACCEPTED", "REFUNDED", "CORRECTED", "WRITTEN_OFF", "NO_ACTION"]
    assert (read["session"]["id"], read["commands"]) == (encode_id("Payment", made.id), [])
    assert [each["receipt"] for each in read["evidence"]] == [RECEIPT]
    lost = await ask(admin, READ, id=encode_id("Discrepancy", orphan.id))
    assert (lost["session"], lost["sessionId"], [each["receipt"] for each in lost["evidence"]]) == (None, None, [OTHER])
    assert await ask(admin, READ, id=encode_id("Discrepancy", new_id())) is None
    assert await ask(admin, NODE, id=named) == {"__typename": "Discrepancy"}
    assert await ask(CLERK, NODE, id=named) is None


async def test_who_may_deal_with_them(admin: Actor) -> None:
    _, row = await paid_short()
    acts: list[tuple[str, dict[str, Any]]] = [(ASSIGN, {}), (RESOLVE, WRITE_OFF), (REOPEN, {"note": "look"})]
    for document, more in acts:
        await refused_to_strangers(document, input=of(row, **more))
        for role in (Role.ACCOUNTANT, Role.BRANCH_MANAGER, Role.BORROWER):
            assert await ask_refused(somebody(role), document, input=of(row, **more)) == "FORBIDDEN"
        unknown = {"discrepancyId": encode_id("Discrepancy", new_id())} | more
        assert await do_refused(admin, document, input=unknown) == MISSING
        wrong = {"discrepancyId": encode_id("Payment", row.id)} | more
        assert await do_refused(admin, document, input=wrong) == ("NOT_FOUND", ["input", "discrepancyId"])


async def test_one_is_given_to_somebody_dealt_with_and_looked_at_again(admin: Actor) -> None:
    made, row = await paid_short()
    clerk = encode_id("User", (await an_actor(Role.ACCOUNTANT)).id)
    refused = await do_refused(admin, ASSIGN, input=of(row, assigneeId=clerk))
    assert refused == ("RECONCILER_NOT_FOUND", ["input", "assigneeId"])
    assigned = (await do(admin, ASSIGN, input=of(row)))["discrepancy"]
    assert (assigned["status"], assigned["assignedTo"]["name"]) == ("ASSIGNED", "Grace Njeri")
    done = await do(admin, RESOLVE, input=of(row, **WRITE_OFF, idempotencyKey="once"))
    told = done["discrepancy"]
    assert (told["status"], told["resolution"], told["resolvedBy"]["name"]) == ("RESOLVED", "WRITTEN_OFF", "Grace Njeri")
    assert (told["note"], told["waiting"]) == ("nobody claims it", shown("0.00", "KES"))
    again = await do(admin, RESOLVE, input=of(row, **WRITE_OFF, idempotencyKey="once"))
    assert (again["replayed"], again["discrepancy"]["version"]) == (True, told["version"])
    twice = await do_refused(admin, RESOLVE, input=of(row, **WRITE_OFF))
    assert twice == ("DISCREPANCY_RESOLVED", ["input", "discrepancyId"])
    other = of(row, resolution="ACCEPTED", note="x", idempotencyKey="once")
    assert (await do_refused(admin, RESOLVE, input=other))[0] == "IDEMPOTENCY_KEY_REUSED"
    reopened = (await do(admin, REOPEN, input=of(row, note="she called")))["discrepancy"]
    assert (reopened["status"], reopened["resolution"], reopened["note"]) == ("OPEN", None, "she called")
    assert (await do_refused(admin, REOPEN, input=of(row, note="x")))[0] == "DISCREPANCY_NOT_RESOLVED"
    assert await books() == {"1210": 249_900, "4390": 249_900}
    items = [item["discrepancy"] for item in await heard(admin, LIVE) if item["__typename"] == "DiscrepancyUpdated"]
    assert [(item["status"], item["resolution"]) for item in items] == [
        ("ASSIGNED", None),
        ("RESOLVED", "WRITTEN_OFF"),
        ("OPEN", None),
    ]
    assert items[0]["assignedToId"] == encode_id("User", admin.id)
    session = encode_id("Payment", made.id)
    assert len(await heard(admin, LIVE, sessionId=session)) == 3
    assert await feed_refused(admin, LIVE, sessionId=encode_id("Payment", new_id())) == "SESSION_NOT_FOUND"
    assert await feed_refused(CLERK, LIVE) == "FORBIDDEN"
    history = (await ask(admin, HISTORY, id=encode_id("Discrepancy", row.id)))["nodes"]
    assert [change["operation"] for change in history] == ["UPDATE", "UPDATE", "UPDATE", "INSERT"]
    await assert_integrity()


async def test_what_cannot_be_done(admin: Actor) -> None:
    (_, short), orphan, made = await paid_short(OTHER), await nobodys(), await a_payment(prompted=False)
    session = encode_id("Payment", made.id)
    resolution, payment, note = (["input", name] for name in ("resolution", "paymentId", "note"))
    refusals: list[tuple[Any, dict[str, Any], str, list[str]]] = [
        (short, {"resolution": "MATCHED_BY_HAND", "paymentId": session}, "RESOLUTION_NOT_POSSIBLE", resolution),
        (short, {"resolution": "NO_ACTION"}, "RESOLUTION_NOT_POSSIBLE", resolution),
        (short, {"resolution": "ACCEPTED", "paymentId": session}, "INVALID_INPUT", payment),
        (orphan, {"resolution": "MATCHED_BY_HAND"}, "INVALID_INPUT", payment),
        (
            orphan,
            {"resolution": "MATCHED_BY_HAND", "paymentId": encode_id("Payment", new_id())},
            "PAYMENT_NOT_FOUND",
            payment,
        ),
        (orphan, {"resolution": "MATCHED_BY_HAND", "paymentId": "x"}, "NOT_FOUND", payment),
        (orphan, {"resolution": "ACCEPTED"}, "RESOLUTION_NOT_POSSIBLE", resolution),
        (orphan, {"resolution": "REFUNDED"}, "MPESA_NOT_CONFIGURED", []),
        (orphan, {"resolution": "WRITTEN_OFF", "note": " "}, "INVALID_INPUT", note),
        (orphan, {"resolution": "WRITTEN_OFF", "note": "x" * 501}, "INVALID_INPUT", note),
        (orphan, {"resolution": "WRITTEN_OFF", "note": "a\x00b"}, "INVALID_INPUT", note),
    ]
    for row, said, code, field in refusals:
        assert await do_refused(admin, RESOLVE, input=of(row, **({"note": "why"} | said))) == (code, field or None)
    for missing in ({"note": "x"}, {"resolution": "ACCEPTED"}, {"resolution": "X", "note": "x"}):
        assert await ask_refused(admin, RESOLVE, input=of(short, **missing)) == "INVALID_VARIABLES"
    matched = of(orphan, resolution="MATCHED_BY_HAND", paymentId=session, note="she showed the message")
    assert (await do(admin, RESOLVE, input=matched))["discrepancy"]["resolution"] == "MATCHED_BY_HAND"
    assert await books() == {"1210": 499_900, "2910": 250_000, "2920": 249_900}
    await assert_integrity()


async def test_one_key_resolves_once_however_often_it_is_sent_at_the_same_time(admin: Actor) -> None:
    _, row = await paid_short()
    asked = of(row, **WRITE_OFF, idempotencyKey="the monday list")
    done = await outcomes_of(ask(admin, RESOLVE, input=asked) for _ in range(4))
    codes = {each["errors"][0]["code"] if each["errors"] else "done" for each in done}
    assert codes <= {"done", "IN_PROGRESS"} and "done" in codes
    assert await books() == {"1210": 249_900, "4390": 249_900}
    await assert_integrity()
