"""Input that is wrong in one place, for every place of the operations of reconciling."""

from __future__ import annotations

import pytest

from domain.identity.permissions import Role
from tests.domain.payments.disagreeing import orphan_beside, paid_short
from tests.support.graphql import encode_id
from tests.support.happenings import assert_integrity
from tests.support.hostile import Case, accidents, inputs
from tests.support.operations import operation
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("database")

AT = "2026-01-01T00:00:00Z"


async def test_no_wrong_input_is_an_accident() -> None:
    admin = await an_actor(Role.ADMIN)
    (made, short), orphan = await paid_short(), await orphan_beside()
    session, person = encode_id("Payment", made.id), encode_id("User", admin.id)
    discrepancy, nobodys = (encode_id("Discrepancy", row.id) for row in (short, orphan))
    span = {"from": AT, "to": "2027-01-01T00:00:00Z"}
    acts = inputs(
        (admin, "ReconcileSession", {"sessionId": session, "trigger": "MANUAL"}),
        (admin, "BulkReconcile", {"sessionIds": [session], "trigger": "BULK_MANUAL"}),
        (admin, "QueueReconciliation", {"sessionId": session, "trigger": "MANUAL_QUEUE"}),
        (admin, "AssignDiscrepancy", {"discrepancyId": discrepancy, "assigneeId": person}),
        (
            admin,
            "ResolveDiscrepancy",
            {
                "discrepancyId": nobodys,
                "resolution": "MATCHED_BY_HAND",
                "note": "hers",
                "paymentId": session,
                "idempotencyKey": "a key",
            },
        ),
        (admin, "ReopenDiscrepancy", {"discrepancyId": discrepancy, "note": "look"}),
        (admin, "IngestMpesaCallback", {"kind": "STK_CALLBACK", "body": "{}"}),
    )
    reads: list[Case] = [
        (admin, "ReconciliationResults", {"first": 20, "filter": {"sessionId": session, **span}}),
        (admin, "Reconciliation", {"id": session}),
        (
            admin,
            "Discrepancies",
            {"first": 20, "filter": {"assigneeId": person, "sessionId": session, "receipt": "x", **span}},
        ),
        (admin, "Discrepancy", {"id": discrepancy}),
        (
            admin,
            "MpesaMessages",
            {"first": 20, "filter": {"sessionId": session, "correlationId": str(made.id), **span}},
        ),
        (admin, "MpesaMessage", {"id": session}),
    ]
    assert await accidents(acts + reads, lambda name: operation(f"payments/{name}").replace("  asOf\n", "")) == []
    await assert_integrity()
