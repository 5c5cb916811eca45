"""Requests for approval: opened once, decided once, by somebody else, of the right branch, on one path."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from domain.approvals import queries
from domain.approvals.errors import (
    AlreadyDecided,
    ApprovalNotFound,
    ApprovalPending,
    CommentRequired,
    InvalidComment,
    MakerIsChecker,
    UnknownApprovalKind,
)
from domain.approvals.events import ApprovalDecided, ApprovalRequested
from domain.approvals.kinds import ApprovalKind, kind_named, register_kind
from domain.approvals.models import Approval, ApprovalStatus
from domain.approvals.service import approve, close_approval, open_approval, reject
from domain.events.event import LoggedEvent
from domain.identity.actor import ANONYMOUS, SYSTEM, Actor
from domain.identity.permissions import Permission, Role
from domain.identity.service import assign_branch
from domain.kit import database
from domain.kit.errors import DomainError, Forbidden, Unauthenticated
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.paging import PageRequest
from domain.kit.unit_of_work import unit_of_work
from tests.support.happenings import events_so_far, nothing_happens
from tests.support.outings import OUTING, agree_to_outing, call_off_outing, plan_outing
from tests.support.people import a_branch, an_actor
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def branch() -> Any:
    return await a_branch()


@pytest.fixture
async def maker(branch: Any) -> Actor:
    return await an_actor(Role.LOAN_OFFICER, branch_id=branch.id)


@pytest.fixture
async def manager(branch: Any) -> Actor:
    return await an_actor(Role.BRANCH_MANAGER, branch_id=branch.id)


async def about_approvals() -> list[LoggedEvent]:
    return [logged for logged in await events_so_far() if logged.domain == "approvals"]


async def test_a_request_is_approved_by_a_second_person(branch: Any, maker: Actor, manager: Actor) -> None:
    asked = await plan_outing(maker, branch_id=branch.id)
    assert (asked.status, asked.amount, asked.decided_by) == (ApprovalStatus.PENDING, Money(120_000, "KES"), None)
    decided = await approve(manager, approval_id=asked.id, comment=" Enjoy ")
    assert (decided.status, decided.decided_by, decided.comment) == (ApprovalStatus.APPROVED, manager.id, "Enjoy")
    requested, told = [logged.fact for logged in await about_approvals()]
    assert isinstance(requested, ApprovalRequested) and requested.status is ApprovalStatus.PENDING
    assert isinstance(told, ApprovalDecided) and told.amount == Money(120_000, "KES")
    assert (told.approval_id, told.status, told.decided_by) == (asked.id, ApprovalStatus.APPROVED, manager.id)


async def test_a_request_is_rejected_with_a_reason(branch: Any, maker: Actor, manager: Actor) -> None:
    asked = await plan_outing(maker, branch_id=branch.id)
    for comment, refusal in (("", CommentRequired), (" \n", CommentRequired), ("x" * 1001, InvalidComment)):
        async with nothing_happens():
            with pytest.raises(refusal):
                await reject(manager, approval_id=asked.id, comment=comment)
            with pytest.raises(InvalidComment):
                await approve(manager, approval_id=asked.id, comment="\x00")
    assert (await reject(manager, approval_id=asked.id, comment="It rains")).comment == "It rains"


async def test_what_is_decided_stays_decided(branch: Any, maker: Actor, manager: Actor) -> None:
    asked = await plan_outing(maker, branch_id=branch.id)
    await approve(manager, approval_id=asked.id)
    async with nothing_happens():
        with pytest.raises(AlreadyDecided):
            await approve(manager, approval_id=asked.id)
        with pytest.raises(AlreadyDecided):
            await reject(SYSTEM, approval_id=asked.id, comment="Too late")


async def test_the_path_of_the_business_and_of_the_centre_are_one(branch: Any, maker: Actor, manager: Actor) -> None:
    asked = await plan_outing(maker, branch_id=branch.id)
    await agree_to_outing(manager, asked.subject_id, None)
    assert (await Approval.get(id=asked.id)).status is ApprovalStatus.APPROVED
    # Once the thing is decided it can be asked for anew, and be withdrawn by its maker.
    again = await plan_outing(maker, branch_id=branch.id, subject_id=asked.subject_id)
    await call_off_outing(maker, again.subject_id)
    assert (await Approval.get(id=again.id)).status is ApprovalStatus.WITHDRAWN
    async with nothing_happens(), unit_of_work() as work:
        outcome = ApprovalStatus.REJECTED
        assert await close_approval(work, OUTING, new_id(), outcome=outcome, decided_by=SYSTEM.id, comment="No") is None


async def test_a_thing_waits_once(branch: Any, maker: Actor) -> None:
    asked = await plan_outing(maker, branch_id=branch.id)
    async with nothing_happens():
        with pytest.raises(ApprovalPending):
            await plan_outing(SYSTEM, branch_id=branch.id, subject_id=asked.subject_id)
    subject = new_id()
    outcomes = await outcomes_of([plan_outing(maker, branch_id=branch.id, subject_id=subject) for _ in range(4)])
    assert sorted(type(each).__name__ for each in outcomes) == ["Approval"] + ["ApprovalPending"] * 3


async def test_a_request_of_a_kind_that_nobody_registered_is_refused(maker: Actor) -> None:
    async with nothing_happens():
        with pytest.raises(UnknownApprovalKind):
            async with unit_of_work() as work:
                await open_approval(work, "NO_SUCH", subject_id=new_id(), title="?", requested_by=maker.id)
        with pytest.raises(UnknownApprovalKind):
            await queries.approvals(maker, PageRequest(), kind="NO_SUCH")


async def test_maker_is_never_checker(branch: Any, manager: Actor) -> None:
    asked = await plan_outing(manager, branch_id=branch.id)
    async with nothing_happens():
        with pytest.raises(MakerIsChecker):
            await approve(manager, approval_id=asked.id)
        with pytest.raises(MakerIsChecker):
            await reject(manager, approval_id=asked.id, comment="No")
        with pytest.raises(MakerIsChecker):
            await agree_to_outing(manager, asked.subject_id, None)
        with pytest.raises(asyncpg.CheckViolationError, match="approval_maker_is_not_checker"):
            await database.execute("update approval set status = 'APPROVED', decided_by = requested_by, decided_at = now()")


async def test_who_may_not_decide_does_not(branch: Any, maker: Actor) -> None:
    asked = await plan_outing(maker, branch_id=branch.id)
    elsewhere = await an_actor(Role.BRANCH_MANAGER, branch_id=(await a_branch()).id)
    refusals: list[tuple[Actor, type[DomainError]]] = [
        (ANONYMOUS, Unauthenticated),
        (elsewhere, ApprovalNotFound),
        (await an_actor(Role.BRANCH_MANAGER), ApprovalNotFound),
        (await an_actor(Role.BORROWER, branch_id=branch.id), ApprovalNotFound),
        (await an_actor(Role.ACCOUNTANT), ApprovalNotFound),
        (maker, Forbidden),
    ]
    for actor, refusal in refusals:
        async with nothing_happens():
            with pytest.raises(refusal):
                await approve(actor, approval_id=asked.id)
            with pytest.raises(refusal):
                await reject(actor, approval_id=asked.id, comment="No")
    async with nothing_happens():
        with pytest.raises(ApprovalNotFound):
            await approve(SYSTEM, approval_id=new_id())
    await assign_branch(SYSTEM, user_id=elsewhere.id, branch_id=branch.id)
    assert (await approve(await an_actor(Role.ADMIN), approval_id=asked.id)).status is ApprovalStatus.APPROVED


async def test_of_many_who_decide_at_once_one_does(branch: Any, maker: Actor) -> None:
    asked = await plan_outing(maker, branch_id=branch.id)
    managers = [await an_actor(Role.BRANCH_MANAGER, branch_id=branch.id) for _ in range(6)]
    acts = [approve(each, approval_id=asked.id) for each in managers[:3]]
    acts += [reject(each, approval_id=asked.id, comment="No") for each in managers[3:]]
    outcomes = await outcomes_of(acts)
    assert sorted(type(each).__name__ for each in outcomes) == ["AlreadyDecided"] * 5 + ["Approval"]
    assert len(await about_approvals()) == 2


async def test_a_business_that_does_not_close_its_request_is_stopped(branch: Any, maker: Actor, manager: Actor) -> None:
    async def forgetful(actor: Actor, subject_id: Any, comment: str | None) -> None:
        return None

    register_kind(ApprovalKind("TEST_FORGETFUL", requires=Permission.LOAN_APPROVE, approve=forgetful, reject=forgetful))
    async with unit_of_work() as work:
        asked = await open_approval(
            work, "TEST_FORGETFUL", subject_id=new_id(), title="?", branch_id=branch.id, requested_by=maker.id
        )
    async with nothing_happens():
        with pytest.raises(AssertionError, match="must close its request"):
            await approve(manager, approval_id=asked.id)
    assert kind_named("TEST_FORGETFUL").subject_kind == "test_forgetful"


async def test_everybody_sees_what_they_may_decide_and_what_they_asked_for(
    branch: Any, maker: Actor, manager: Actor
) -> None:
    here = await plan_outing(maker, branch_id=branch.id)
    there = await plan_outing(SYSTEM, branch_id=(await a_branch()).id)
    nowhere = await plan_outing(SYSTEM, branch_id=None)
    decided = await plan_outing(maker, branch_id=branch.id)
    await approve(manager, approval_id=decided.id)
    admin = await an_actor(Role.ADMIN)
    seen = {
        "maker": (maker, {here.id, decided.id}),
        "manager": (manager, {here.id, decided.id}),
        "admin": (admin, {here.id, there.id, nowhere.id, decided.id}),
        "accountant": (await an_actor(Role.ACCOUNTANT), set()),
        "borrower": (await an_actor(Role.BORROWER, branch_id=branch.id), set()),
    }
    everything = [here.id, there.id, nowhere.id, decided.id]
    for who, (actor, expected) in seen.items():
        page = await queries.approvals(actor, PageRequest())
        assert {approval.id for approval in page.rows} == expected, who
        assert set(await queries.approvals_by_id(actor, everything)) == expected, who
    pending = await queries.approvals(manager, PageRequest(), status=ApprovalStatus.PENDING, kind=OUTING)
    assert [approval.id for approval in pending.rows] == [here.id]
    assert await queries.approvals_by_id(ANONYMOUS, everything) == {}
    lengths = {each.kind: each.pending for each in await queries.queue_lengths(manager)}
    assert lengths[OUTING] == 1
    assert {each.kind: each.pending for each in await queries.queue_lengths(admin)}[OUTING] == 3
    with pytest.raises(Forbidden):
        await queries.queue_lengths(maker)


async def test_only_those_hear_who_may_see(branch: Any, maker: Actor, manager: Actor) -> None:
    await plan_outing(maker, branch_id=branch.id)
    [told] = await about_approvals()
    elsewhere = await an_actor(Role.BRANCH_MANAGER, branch_id=(await a_branch()).id)
    for actor, hears in (
        (maker, True),
        (manager, True),
        (SYSTEM, True),
        (elsewhere, False),
        (await an_actor(Role.ACCOUNTANT), False),
        (await an_actor(Role.LOAN_OFFICER, branch_id=branch.id), False),
    ):
        assert bool(actor.audiences & told.audience) is hears
    assert {"approvals", f"branch:{branch.id}", f"user:{maker.id}"} <= set(told.topics)


@pytest.mark.parametrize(
    "statement",
    [
        "delete from approval",
        "update approval set title = 'Another'",
        "update approval set status = 'APPROVED'",
        "update approval set status = 'REJECTED', decided_by = gen_random_uuid(), decided_at = now() + interval '1 h'",
        "update approval set status = 'WITHDRAWN', decided_by = requested_by, decided_at = now() - interval '1 year'",
        "insert into approval (id, kind, subject_id, title, requested_by, requested_at, status, decided_by, decided_at)"
        " values (gen_random_uuid(), 'X', gen_random_uuid(), 'x', gen_random_uuid(), now(), 'APPROVED',"
        " gen_random_uuid(), now())",
    ],
)
async def test_the_table_refuses_what_the_service_would(statement: str, branch: Any, maker: Actor) -> None:
    await plan_outing(maker, branch_id=branch.id)
    async with nothing_happens():
        with pytest.raises(asyncpg.CheckViolationError):
            await database.execute(statement)
