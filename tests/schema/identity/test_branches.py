"""Branches through the schema; moving people; ending one session out of many."""

from __future__ import annotations

import pytest

from domain.identity.models import Session, SessionEnd
from domain.identity.permissions import Role
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, refused_to_strangers
from tests.support.operations import operation
from tests.support.people import a_branch, a_user, actor_for, an_actor

pytestmark = pytest.mark.usefixtures("database")

OPEN, RENAME = operation("identity/OpenBranch"), operation("identity/RenameBranch")
CLOSE, REOPEN = operation("identity/CloseBranch"), operation("identity/ReopenBranch")
ASSIGN, BRANCHES, BRANCH = (operation(f"identity/{name}") for name in ("AssignBranch", "Branches", "Branch"))
END = operation("identity/EndSession")


async def test_a_branch_through_its_life() -> None:
    new = {"code": "nbo-01", "name": "Moi Avenue"}
    await refused_to_strangers(OPEN, input=new)
    assert await ask_refused(await an_actor(Role.BRANCH_MANAGER), OPEN, input=new) == "FORBIDDEN"
    admin = await an_actor(Role.ADMIN)
    assert await do_refused(admin, OPEN, input={**new, "code": ""}) == ("INVALID_BRANCH_CODE", ["input", "code"])
    branch = (await do(admin, OPEN, input=new))["branch"]
    assert (branch["code"], branch["active"]) == ("NBO-01", True)
    assert await do_refused(admin, OPEN, input=new) == ("BRANCH_TAKEN", ["input", "code"])
    renamed = await do(admin, RENAME, input={"branchId": branch["id"], "name": "Kenyatta Avenue"})
    assert renamed["branch"]["name"] == "Kenyatta Avenue"
    assert (await do(admin, CLOSE, input={"branchId": branch["id"]}))["branch"]["active"] is False
    assert (await do(admin, REOPEN, input={"branchId": branch["id"]}))["branch"]["active"] is True
    nonsense = encode_id("User", admin.id)
    assert await do_refused(admin, CLOSE, input={"branchId": nonsense}) == ("NOT_FOUND", ["input", "branchId"])


async def test_branches_are_read_by_everybody_signed_in() -> None:
    await refused_to_strangers(BRANCHES)
    borrower = await an_actor(Role.BORROWER)
    assert (await ask(borrower, BRANCHES))["nodes"] == []
    branch = await a_branch("Kisumu", code="KSM")
    [listed] = (await ask(borrower, BRANCHES, active=True))["nodes"]
    assert listed == await ask(borrower, BRANCH, id=encode_id("Branch", branch.id))
    assert listed["name"] == "Kisumu"
    assert (await ask(borrower, BRANCHES, active=False))["nodes"] == []


async def test_a_user_is_moved_and_only_the_right_people_see_where_they_belong() -> None:
    branch, user = await a_branch(code="KSM"), await a_user(Role.LOAN_OFFICER)
    move = {"userId": encode_id("User", user.id), "branchId": encode_id("Branch", branch.id)}
    await refused_to_strangers(ASSIGN, input=move)
    assert await ask_refused(await an_actor(Role.BRANCH_MANAGER), ASSIGN, input=move) == "FORBIDDEN"
    admin = await an_actor(Role.ADMIN)
    assert (await do(admin, ASSIGN, input=move))["user"]["branch"]["code"] == "KSM"
    mine = "{ me { branch { code } } }"
    assert await ask(await actor_for(user), mine) == {"branch": {"code": "KSM"}}
    of_branch = "query ($filter: UserFilter) { users(filter: $filter) { nodes { id branch { id } } } }"
    [found] = (await ask(admin, of_branch, filter={"branchId": move["branchId"]}))["nodes"]
    assert found == {"id": move["userId"], "branch": {"id": move["branchId"]}}
    assert (await do(admin, ASSIGN, input={"userId": move["userId"]}))["user"]["branch"] is None
    unknown = {**move, "branchId": encode_id("Branch", user.id)}
    assert await do_refused(admin, ASSIGN, input=unknown) == ("BRANCH_NOT_FOUND", ["input", "branchId"])


async def test_one_session_of_ones_own_ends_and_no_other() -> None:
    user, stranger = await a_user(), await an_actor()
    phone, desk = await actor_for(user), await actor_for(user)
    lost = {"sessionId": encode_id("Session", phone.session_id)}
    await refused_to_strangers(END, input=lost)
    assert await do_refused(desk, END, input={"sessionId": "nonsense"}) == ("NOT_FOUND", ["input", "sessionId"])
    assert await do_refused(stranger, END, input=lost) == ("SESSION_NOT_FOUND", ["input", "sessionId"])
    assert (await do(desk, END, input=lost))["endedSessions"] == 1
    assert (await do(desk, END, input=lost))["endedSessions"] == 0
    assert (await Session.get(id=phone.session_id)).ended_because is SessionEnd.SIGNED_OUT
    assert await ask(desk, "{ me { id } }") == {"id": encode_id("User", user.id)}
    assert (await Session.get(id=desk.session_id)).ended_at is None
