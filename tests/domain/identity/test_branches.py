"""Branches: opened and closed; who belongs to one; what their staff see, and what customers never do."""

from __future__ import annotations

from dataclasses import replace

import asyncpg
import pytest

from domain.identity import queries
from domain.identity.actor import ANONYMOUS, NO_BRANCH, SYSTEM, Actor, staff_of
from domain.identity.authentication import authenticate
from domain.identity.directory import actor_now, actor_of_user
from domain.identity.errors import BranchClosed, BranchNotFound, BranchTaken, InvalidBranchCode, InvalidName
from domain.identity.events import AccessChanged, UserRegistered
from domain.identity.models import Branch, User
from domain.identity.permissions import SELF_REGISTERED, Permission, Role
from domain.identity.service import (
    assign_branch,
    change_roles,
    close_branch,
    create_api_key,
    create_user,
    open_branch,
    rename_branch,
    reopen_branch,
)
from domain.kit import database
from domain.kit.errors import DomainError, Forbidden, Unauthenticated
from domain.kit.ids import new_id
from domain.kit.paging import PageRequest
from subscriptions.access import Viewer
from tests.support.happenings import events_so_far, names_of_events, nothing_happens
from tests.support.people import PASSWORD, a_branch, a_user, actor_for, an_actor, signed_in
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")


async def test_a_branch_opens_is_renamed_closes_and_opens_again() -> None:
    branch = await open_branch(SYSTEM, code=" nbo-01 ", name=" Moi Avenue ")
    assert (branch.code, branch.name, branch.active) == ("NBO-01", "Moi Avenue", True)
    assert (await rename_branch(SYSTEM, branch_id=branch.id, name="Kenyatta Avenue")).name == "Kenyatta Avenue"
    assert not (await close_branch(SYSTEM, branch_id=branch.id)).active
    assert (await reopen_branch(SYSTEM, branch_id=branch.id)).active
    opened, *changes = [logged.fact for logged in await events_so_far()]
    assert (opened.code, opened.branch_name) == ("NBO-01", "Moi Avenue")
    assert [(change.branch_name, change.active) for change in changes] == [
        ("Kenyatta Avenue", True),
        ("Kenyatta Avenue", False),
        ("Kenyatta Avenue", True),
    ]


async def test_what_changes_nothing_announces_nothing() -> None:
    branch = await a_branch("Kisumu")
    async with nothing_happens():
        await rename_branch(SYSTEM, branch_id=branch.id, name=" Kisumu")
        await reopen_branch(SYSTEM, branch_id=branch.id)
    await close_branch(SYSTEM, branch_id=branch.id)
    async with nothing_happens():
        await close_branch(SYSTEM, branch_id=branch.id)


@pytest.mark.parametrize(
    ("code", "name", "refusal"),
    [
        ("", "Kisumu", InvalidBranchCode),
        ("-A", "Kisumu", InvalidBranchCode),
        ("A B", "Kisumu", InvalidBranchCode),
        ("Ä1", "Kisumu", InvalidBranchCode),
        ("A" * 21, "Kisumu", InvalidBranchCode),
        ("A\n", "", InvalidName),
        ("A", "K\x00", InvalidName),
        ("A", "K" * 121, InvalidName),
        ("taken", "Kisumu", BranchTaken),
        ("FREE", "TAKEN", BranchTaken),
    ],
)
async def test_a_branch_that_does_not_fit_is_not_opened(code: str, name: str, refusal: type[DomainError]) -> None:
    await a_branch("Taken", code="TAKEN")
    async with nothing_happens():
        with pytest.raises(refusal):
            await open_branch(SYSTEM, code=code, name=name)


async def test_branches_are_for_those_who_manage_them() -> None:
    branch = await a_branch()
    manager = await an_actor(Role.BRANCH_MANAGER, branch_id=branch.id)
    for act in (
        lambda: open_branch(manager, code="A", name="A"),
        lambda: rename_branch(manager, branch_id=branch.id, name="A"),
        lambda: close_branch(manager, branch_id=branch.id),
        lambda: reopen_branch(manager, branch_id=branch.id),
        lambda: assign_branch(manager, user_id=manager.id, branch_id=None),
    ):
        async with nothing_happens():
            with pytest.raises(Forbidden):
                await act()
    narrowed = replace(await an_actor(Role.ADMIN), scopes=frozenset({*manager.permissions, Permission.USERS_MANAGE}))
    async with nothing_happens():
        with pytest.raises(Forbidden):
            await create_user(
                narrowed, name="A", email="a@daftari.example", password=PASSWORD, roles=[Role.CASHIER], branch_id=branch.id
            )


async def test_a_closed_branch_takes_nobody_in_and_lets_nobody_fall_out() -> None:
    branch, elsewhere = await a_branch(), await a_branch()
    there, outside = await a_user(Role.CASHIER, branch_id=branch.id), await a_user(Role.CASHIER)
    await close_branch(SYSTEM, branch_id=branch.id)
    for branch_id, refusal in ((branch.id, BranchClosed), (new_id(), BranchNotFound)):
        async with nothing_happens():
            with pytest.raises(refusal):
                await assign_branch(SYSTEM, user_id=outside.id, branch_id=branch_id)
            with pytest.raises(refusal):
                await a_user(Role.CASHIER, branch_id=branch_id)
            with pytest.raises(BranchNotFound):
                await rename_branch(SYSTEM, branch_id=new_id(), name="Nowhere")
    assert (await actor_for(there)).branch_id == branch.id
    assert (await assign_branch(SYSTEM, user_id=there.id, branch_id=elsewhere.id)).branch_id == elsewhere.id


async def test_a_closed_branch_does_not_come_back_under_a_name_that_is_taken() -> None:
    branch = await a_branch("Kisumu")
    await close_branch(SYSTEM, branch_id=branch.id)
    await a_branch("kisumu")
    async with nothing_happens():
        with pytest.raises(BranchTaken):
            await reopen_branch(SYSTEM, branch_id=branch.id)
    await rename_branch(SYSTEM, branch_id=branch.id, name="Kisumu West")
    assert (await reopen_branch(SYSTEM, branch_id=branch.id)).active


async def test_two_who_open_the_same_branch_at_once_open_one() -> None:
    outcomes = await outcomes_of([open_branch(SYSTEM, code="NBO", name=f"Nairobi {number}") for number in range(5)])
    assert sorted(type(each).__name__ for each in outcomes) == ["Branch"] + ["BranchTaken"] * 4
    assert await Branch.all().count() == 1


async def test_moving_somebody_holds_at_once_everywhere() -> None:
    old, new = await a_branch(), await a_branch()
    user = await a_user(Role.LOAN_OFFICER, branch_id=old.id)
    tokens = await signed_in(user)
    actor = await authenticate(tokens.access_token)
    key = await create_api_key(actor, name="export", scopes=[Permission.LOAN_READ])
    by_key = await authenticate(key.key)
    assert actor.branch_id == by_key.branch_id == old.id
    assert (await actor_of_user(user.id)).branch_id == old.id
    await assign_branch(SYSTEM, user_id=user.id, branch_id=new.id)
    assert (await actor_now(actor)).branch_id == new.id
    assert (await actor_now(by_key)).branch_id == new.id
    change = (await events_so_far())[-1].fact
    assert isinstance(change, AccessChanged)
    assert (change.reason, change.branch_id, change.rights_version) == ("BRANCH_CHANGED", new.id, 2)
    renewed = change.applied_to(actor)
    assert renewed is not None and renewed.branch_id == new.id
    async with nothing_happens():
        await assign_branch(SYSTEM, user_id=user.id, branch_id=new.id)
    assert (await assign_branch(SYSTEM, user_id=user.id, branch_id=None)).branch_id is None


async def test_other_changes_of_rights_leave_the_branch_alone() -> None:
    branch = await a_branch()
    actor = await an_actor(Role.LOAN_OFFICER, branch_id=branch.id)
    await change_roles(SYSTEM, user_id=actor.id, roles=[Role.BRANCH_MANAGER])
    change = (await events_so_far())[-1].fact
    assert change.applied_to(actor).branch_id == branch.id
    assert (await actor_now(actor)).branch_id == branch.id
    registered = [logged.fact for logged in await events_so_far() if logged.name == UserRegistered.name]
    assert [fact.branch_id for fact in registered] == [branch.id]


def somebody(*roles: Role, branch_id: object = None, scopes: frozenset[Permission] | None = None) -> Actor:
    return Actor(id=new_id(), name="Somebody", roles=frozenset(roles), branch_id=branch_id, scopes=scopes)  # type: ignore[arg-type]


async def test_staff_see_their_branch_some_see_all_and_customers_none() -> None:
    here, there = new_id(), new_id()
    officer = somebody(Role.LOAN_OFFICER, branch_id=here)
    assert (officer.branch_scope, officer.sees_branch(here)) == (here, True)
    assert not officer.sees_branch(there) and not officer.sees_branch(None)
    for sees_all in (somebody(Role.ACCOUNTANT, branch_id=here), SYSTEM):
        assert sees_all.branch_scope is None
        assert sees_all.sees_branch(there) and sees_all.sees_branch(None)
    for sees_none in (
        somebody(Role.LOAN_OFFICER),
        somebody(Role.BORROWER, branch_id=here),
        somebody(*SELF_REGISTERED, branch_id=here),
        ANONYMOUS,
    ):
        assert sees_none.branch_scope == NO_BRANCH
        assert not sees_none.sees_branch(here) and not sees_none.sees_branch(None)
    assert officer.may_at(Permission.LOAN_READ, here) and not officer.may_at(Permission.LOAN_READ, there)
    assert not officer.may_at(Permission.LOAN_APPROVE, here)
    # Somebody of the house who also borrows does not lend a borrower's rights to the branch.
    cashier = somebody(Role.CASHIER, Role.BORROWER, branch_id=here)
    assert cashier.may(Permission.LOAN_READ) and not cashier.may_at(Permission.LOAN_READ, here)
    narrowed = somebody(Role.ADMIN, branch_id=here, scopes=frozenset({Permission.LOAN_READ}))
    assert narrowed.branch_scope == here and narrowed.may_at(Permission.LOAN_READ, here)


async def test_an_event_for_the_staff_of_a_branch_is_heard_by_them_and_by_those_who_see_all() -> None:
    here, there = new_id(), new_id()
    audience = frozenset(staff_of(Permission.LOAN_READ, here))
    people = {
        "officer here": somebody(Role.LOAN_OFFICER, branch_id=here),
        "officer there": somebody(Role.LOAN_OFFICER, branch_id=there),
        "officer of no branch": somebody(Role.LOAN_OFFICER),
        "borrower here": somebody(Role.BORROWER, branch_id=here),
        "cashier here": somebody(Role.CASHIER, branch_id=here),
        "accountant": somebody(Role.ACCOUNTANT),
        "key without the scope": somebody(Role.ACCOUNTANT, scopes=frozenset({Permission.ALL_BRANCHES})),
        "nobody": ANONYMOUS,
    }
    hear = {who for who, actor in people.items() if actor.audiences & audience}
    assert hear == {"officer here", "accountant"}
    assert hear == {who for who, actor in people.items() if actor.may_at(Permission.LOAN_READ, here)}
    # What the delivery remembers for everybody of the same roles knows the branches apart.
    assert hear == {who for who, actor in people.items() if not Viewer(actor).shared.isdisjoint(audience)}
    assert staff_of(Permission.LOAN_READ, None) == ["permission:LOAN_READ@*"]


async def test_everybody_signed_in_may_know_the_branches() -> None:
    closed, second = await a_branch(code="B-2"), await a_branch(code="B-3")
    first = await a_branch(code="A-1")
    await close_branch(SYSTEM, branch_id=closed.id)
    borrower = await an_actor(Role.BORROWER)
    listed = await queries.branches(borrower, PageRequest())
    assert [branch.code for branch in listed.rows] == ["A-1", "B-2", "B-3"]
    opened = await queries.branches(borrower, PageRequest(), active=True)
    assert [branch.id for branch in opened.rows] == [first.id, second.id]
    assert await queries.branches_by_id(ANONYMOUS, [first.id]) == {}
    with pytest.raises(Unauthenticated):
        await queries.branches(ANONYMOUS, PageRequest())
    there = await a_user(Role.CASHIER, branch_id=first.id)
    found = await queries.users(SYSTEM, PageRequest(), branch_id=first.id)
    assert [user.id for user in found.rows] == [there.id]


async def test_the_database_keeps_codes_and_branches_and_closed_doors() -> None:
    branch, user = await a_branch(), await a_user(Role.CASHIER)
    names = await names_of_events()
    await close_branch(SYSTEM, branch_id=branch.id)
    for statement, guard in (
        ("delete from branch", "branch_is_kept"),
        ("update branch set code = 'OTHER'", "branch_is_kept"),
        (f"update app_user set branch_id = '{branch.id}'", "branch_takes_people"),
    ):
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await database.execute(statement)
        assert refused.value.constraint_name == guard
    assert names == ["identity.branch_opened", "identity.user_registered"]
    assert (await User.get(id=user.id)).branch_id is None
