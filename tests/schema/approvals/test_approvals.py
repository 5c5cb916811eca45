"""The approvals centre through the schema: who sees the queue, who decides, who hears of it."""

from __future__ import annotations

from typing import Any

import pytest

from domain.approvals.models import Approval
from domain.identity.actor import Actor
from domain.identity.permissions import Role
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
from tests.support.operations import operation
from tests.support.outings import OUTING, plan_outing
from tests.support.people import a_branch, an_actor

pytestmark = pytest.mark.usefixtures("database")

APPROVALS, APPROVAL = operation("approvals/Approvals"), operation("approvals/Approval")
COUNTS, UPDATED = operation("approvals/ApprovalCounts"), operation("approvals/ApprovalQueueUpdated")
APPROVE, REJECT = operation("approvals/Approve"), operation("approvals/Reject")
LIST = "query ($status: ApprovalStatus, $kind: String) { approvals(status: $status, kind: $kind) { nodes { id } } }"


@pytest.fixture
async def branch() -> Any:
    return await a_branch(code="KSM")


@pytest.fixture
async def maker(branch: Any) -> Actor:
    return await an_actor(Role.LOAN_OFFICER, name="Brian Odhiambo", branch_id=branch.id)


@pytest.fixture
async def manager(branch: Any) -> Actor:
    return await an_actor(Role.BRANCH_MANAGER, name="Carol Njeri", branch_id=branch.id)


def id_of(approval: Approval) -> str:
    return encode_id("Approval", approval.id)


async def test_the_queue_shows_what_one_may_decide(branch: Any, maker: Actor, manager: Actor) -> None:
    await refused_to_strangers(LIST)
    assert await ask_refused(await an_actor(Role.BORROWER), LIST) == "FORBIDDEN"
    assert (await ask(manager, LIST))["nodes"] == []
    asked = await plan_outing(maker, branch_id=branch.id, subject_id=maker.id)
    await plan_outing(maker, branch_id=(await a_branch()).id)
    document = APPROVALS.replace("  asOf\n", "")
    [shown] = (await ask(manager, document, status="PENDING", kind=OUTING))["nodes"]
    assert shown.pop("requestedAt")
    assert shown == {
        "id": id_of(asked),
        "kind": OUTING,
        "title": "To the lake",
        "status": "PENDING",
        "amount": {"amount": "1200.00", "currency": "KES", "formatted": "KES 1,200.00"},
        "requestedBy": {"id": encode_id("User", maker.id), "name": "Brian Odhiambo"},
        "branch": {"id": encode_id("Branch", branch.id), "code": "KSM", "name": branch.name},
        "decidedAt": None,
        "decidedBy": None,
        "comment": None,
        "subjectId": encode_id("User", maker.id),
        "subject": None,
        "decidable": True,
    }
    assert (await ask(manager, LIST, status="APPROVED"))["nodes"] == []
    assert await ask_refused(manager, LIST, kind="NO_SUCH") == "UNKNOWN_APPROVAL_KIND"
    counts = {each["kind"]: each["pending"] for each in await ask(manager, COUNTS)}
    assert counts[OUTING] == 1
    await refused_to_strangers(COUNTS)
    assert await ask_refused(maker, COUNTS) == "FORBIDDEN"


async def test_one_request_is_seen_by_its_maker_and_by_those_who_decide(branch: Any, maker: Actor, manager: Actor) -> None:
    asked = await plan_outing(maker, branch_id=branch.id, subject_id=manager.id)
    await refused_to_strangers(APPROVAL, id=id_of(asked))
    own = await ask(maker, APPROVAL, id=id_of(asked))
    assert (own["decidable"], own["pending"], own["decidedBy"]) == (False, True, None)
    assert own["subject"] is None, "the maker does not see that user's account"
    seen = await ask(manager, APPROVAL, id=id_of(asked))
    assert (seen["decidable"], seen["subject"]) == (True, {"id": encode_id("User", manager.id)})
    node = "query ($id: ID!) { node(id: $id) { ... on Approval { title } } }"
    assert await ask(manager, node, id=id_of(asked)) == {"title": "To the lake"}
    for stranger in (
        await an_actor(Role.BRANCH_MANAGER, branch_id=(await a_branch()).id),
        await an_actor(Role.ACCOUNTANT),
        await an_actor(Role.BORROWER, branch_id=branch.id),
    ):
        assert await ask(stranger, APPROVAL, id=id_of(asked)) is None
        assert await ask(stranger, node, id=id_of(asked)) is None


async def test_approving(branch: Any, maker: Actor, manager: Actor) -> None:
    asked = await plan_outing(maker, branch_id=branch.id)
    yes = {"approvalId": id_of(asked), "comment": "Enjoy"}
    await refused_to_strangers(APPROVE, input=yes)
    assert await ask_refused(maker, APPROVE, input=yes) == "FORBIDDEN"
    elsewhere = await an_actor(Role.BRANCH_MANAGER, branch_id=(await a_branch()).id)
    assert await do_refused(elsewhere, APPROVE, input=yes) == ("APPROVAL_NOT_FOUND", ["input", "approvalId"])
    assert await do_refused(manager, APPROVE, input={"approvalId": "x"}) == ("NOT_FOUND", ["input", "approvalId"])
    own = await plan_outing(manager, branch_id=branch.id)
    assert await do_refused(manager, APPROVE, input={"approvalId": id_of(own)}) == ("MAKER_IS_CHECKER", None)
    with_key = {**yes, "idempotencyKey": "once"}
    payload = await do(manager, APPROVE, input=with_key)
    assert (payload["approval"]["status"], payload["approval"]["comment"]) == ("APPROVED", "Enjoy")
    assert payload["approval"]["decidedBy"]["name"] == "Carol Njeri" and payload["replayed"] is False
    assert (await do(manager, APPROVE, input=with_key))["replayed"] is True
    assert await do_refused(manager, APPROVE, input=yes) == ("ALREADY_DECIDED", ["input", "approvalId"])


async def test_rejecting(branch: Any, maker: Actor, manager: Actor) -> None:
    asked = await plan_outing(maker, branch_id=branch.id)
    no = {"approvalId": id_of(asked), "comment": "It rains"}
    await refused_to_strangers(REJECT, input=no)
    assert await do_refused(manager, REJECT, input={**no, "comment": " "}) == ("COMMENT_REQUIRED", ["input", "comment"])
    assert await do_refused(manager, REJECT, input={**no, "comment": "x" * 1001}) == (
        "INVALID_COMMENT",
        ["input", "comment"],
    )
    payload = await do(manager, REJECT, input=no)
    assert (payload["approval"]["status"], payload["approval"]["comment"]) == ("REJECTED", "It rains")


async def test_the_queue_is_followed_live_by_those_who_decide(branch: Any, maker: Actor, manager: Actor) -> None:
    asked = await plan_outing(maker, branch_id=branch.id, subject_id=maker.id)
    await plan_outing(maker, branch_id=(await a_branch()).id)
    await do(manager, APPROVE, input={"approvalId": id_of(asked)})
    items = await heard(manager, UPDATED)
    assert [(item["approvalId"], item["status"]) for item in items] == [
        (id_of(asked), "PENDING"),
        (id_of(asked), "APPROVED"),
    ]
    assert items[1]["amount"]["formatted"] == "KES 1,200.00"
    assert items[1]["decidedById"] == encode_id("User", manager.id)
    assert items[0]["subjectId"] == encode_id("User", maker.id)
    assert len(await heard(manager, UPDATED, kind=OUTING)) == 2
    assert len(await heard(await an_actor(Role.ADMIN), UPDATED)) == 3
    assert await heard(await an_actor(Role.ACCOUNTANT), UPDATED) == []
    assert await feed_refused(maker, UPDATED) == "FORBIDDEN"
    assert await feed_refused(manager, UPDATED, kind="NO_SUCH") == "UNKNOWN_APPROVAL_KIND"
