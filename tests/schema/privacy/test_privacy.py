"""Personal data through the schema: strangers, those who have nothing, those it is of, officers, and everybody else."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit.database import fetchval
from tests.domain.privacy.people import heard_by_all, worked
from tests.domain.privacy.test_erasing import nothing_is_kept_by_law  # noqa: F401
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, heard, refused_to_strangers
from tests.support.loans import a_draft, an_office
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("database")

EXPORT = """
mutation ($id: ID, $kind: PersonKind! = USER, $reason: String, $name: String) {
  requestPersonalDataExport(input: { personId: $id, personKind: $kind, reason: $reason, idempotencyKey: $name }) {
    export { id state personId reason requestedBy { id } } replayed errors { code field }
  }
}
"""
EXPORTS = "{ personalDataExports { nodes { id state personKind records expiresAt file { name downloadPath } } } }"
ERASE = """
mutation ($id: ID, $kind: PersonKind! = USER, $reason: String!) {
  erasePersonalData(input: { personId: $id, personKind: $kind, reason: $reason }) {
    erasure { id state personId } errors { code field }
  }
}
"""
WITHDRAW = """
mutation ($id: ID!) { withdrawErasure(input: { erasureId: $id }) { erasure { id state finishedAt } errors { code field } } }
"""
ERASURES = "{ personalDataErasures { nodes { id state reason pseudonym refusedCode decidedBy { name } } } }"
OBSTACLES = (
    "query ($id: ID, $kind: PersonKind! = USER) { erasureObstacles(personId: $id, personKind: $kind) { code until } }"
)
WAITING = "{ approvals(status: PENDING) { nodes { id kind title subject { ... on PersonalDataErasure { id state } } } } }"
APPROVE = "mutation ($id: ID!) { approve(input: { approvalId: $id }) { approval { status } errors { code field } } }"
UPDATED = """
subscription {
  personalDataUpdated {
    __typename
    ... on PersonalDataExportReady { records downloadPath }
    ... on PersonalDataErasureDecided { state }
    ... on PersonalDataErasureWithdrawn { erasureId }
    ... on PersonalDataErased { pseudonym }
  }
}
"""


async def test_people_fetch_what_is_held_of_themselves() -> None:
    await refused_to_strangers(EXPORT)
    await refused_to_strangers(EXPORTS)
    person, other, officer = await an_actor(), await an_actor(), await an_actor(Role.ADMIN)
    assert await ask(person, EXPORTS) == {"nodes": []}
    asked = await do(person, EXPORT, name="mine")
    assert (asked["export"]["state"], asked["export"]["personId"]) == ("QUEUED", encode_id("User", person.id))
    assert (await do(person, EXPORT, name="mine"))["replayed"] is True
    assert await do_refused(person, EXPORT) == ("EXPORT_PENDING", ["input", "personId"])
    await worked()
    [ready] = (await ask(person, EXPORTS))["nodes"]
    assert (ready["state"], ready["personKind"]) == ("READY", "USER")
    assert ready["records"] > 0 and ready["expiresAt"] is not None
    assert ready["file"]["name"].endswith(".zip") and ready["file"]["downloadPath"].startswith("/files/")
    [seen] = (await ask(officer, EXPORTS))["nodes"]
    assert seen["file"] is None, "that there is one, an officer may know, and not what is in it"
    assert (await ask(other, EXPORTS))["nodes"] == []
    [item] = [each for each in await heard(person, UPDATED) if each["__typename"] == "PersonalDataExportReady"]
    assert item["records"] == ready["records"]
    assert await heard(other, UPDATED) == []


async def test_officers_say_why_and_others_may_not_ask() -> None:
    person, other, officer = await an_actor(), await an_actor(), await an_actor(Role.ADMIN)
    whose = encode_id("User", person.id)
    assert await do_refused(other, EXPORT, id=whose, reason="x") == ("PERSON_NOT_FOUND", ["input", "personId"])
    assert await do_refused(officer, EXPORT, id=whose) == ("REASON_REQUIRED", ["input", "reason"])
    asked = await do(officer, EXPORT, id=whose, reason="by letter")
    assert asked["export"]["reason"] == "by letter"
    told = await fetchval("select payload from outbox where name = 'privacy.export_requested'")
    assert str(person.id) in told and "letter" not in told


async def test_an_erasure_takes_two_officers() -> None:
    await refused_to_strangers(ERASE, reason="x")
    await refused_to_strangers(ERASURES)
    await refused_to_strangers(OBSTACLES)
    person, other = await an_actor(), await an_actor()
    first, second = await an_actor(Role.ADMIN, name="First"), await an_actor(Role.ADMIN, name="Second")
    whose = encode_id("User", person.id)
    assert await ask(person, OBSTACLES) == []
    assert await ask_refused(other, OBSTACLES, id=whose) == "FORBIDDEN"
    assert await do_refused(other, ERASE, id=whose, reason="x") == ("FORBIDDEN", None)
    assert await do_refused(first, ERASE, id=whose, reason=" ") == ("REASON_REQUIRED", ["input", "reason"])
    erasure = (await do(first, ERASE, id=whose, reason="by letter"))["erasure"]
    assert (erasure["state"], erasure["personId"]) == ("REQUESTED", whose)
    assert await do_refused(first, ERASE, id=whose, reason="again") == ("ERASURE_PENDING", ["input", "personId"])
    [waits] = (await ask(second, WAITING))["nodes"]
    assert (waits["kind"], waits["subject"]["id"]) == ("PERSONAL_DATA_ERASURE", erasure["id"])
    assert await do_refused(first, APPROVE, id=waits["id"]) == ("MAKER_IS_CHECKER", None)
    assert (await do(second, APPROVE, id=waits["id"]))["approval"]["status"] == "APPROVED"
    await heard_by_all()
    await worked()
    [done] = (await ask(first, ERASURES))["nodes"]
    assert (done["state"], done["refusedCode"], done["decidedBy"]["name"]) == ("ERASED", None, "Second")
    assert (await ask(other, ERASURES))["nodes"] == []
    kinds: list[Any] = [each["__typename"] for each in await heard(second, UPDATED)]
    assert kinds == ["PersonalDataErasureRequested", "PersonalDataErasureDecided", "PersonalDataErased"]
    user = await ask(second, "query ($id: ID!) { user(id: $id) { name email active } }", id=whose)
    assert (user["name"], user["active"]) == (done["pseudonym"], False)


async def test_what_stands_against_it_is_told() -> None:
    office, officer = await an_office(), await an_actor(Role.ADMIN)
    await a_draft(office)
    whose = encode_id("User", office.borrower.id)
    assert [each["code"] for each in await ask(officer, OBSTACLES, id=whose)] == ["OPEN_LOANS"]
    assert await do_refused(officer, ERASE, id=whose, reason="by letter") == ("OPEN_LOANS", ["input", "personId"])
    student = encode_id("Student", office.borrower.id)
    assert await do_refused(officer, ERASE, id=student, kind="STUDENT", reason="x") == (
        "PERSON_NOT_FOUND",
        ["input", "personId"],
    )


async def test_who_asked_takes_it_back() -> None:
    person, other, officer = await an_actor(), await an_actor(), await an_actor(Role.ADMIN)
    erasure = (await do(person, ERASE, reason="mine"))["erasure"]
    await refused_to_strangers(WITHDRAW, id=erasure["id"])
    assert await ask_refused(person, WITHDRAW), "which one is to be said"
    not_theirs = ("ERASURE_NOT_FOUND", ["input", "erasureId"])
    assert await do_refused(other, WITHDRAW, id=erasure["id"]) == not_theirs
    assert await do_refused(officer, WITHDRAW, id=erasure["id"]) == not_theirs
    back = (await do(person, WITHDRAW, id=erasure["id"]))["erasure"]
    assert (back["id"], back["state"]) == (erasure["id"], "WITHDRAWN") and back["finishedAt"] is not None
    assert (await do(person, WITHDRAW, id=erasure["id"]))["erasure"] == back
    assert (await ask(officer, WAITING))["nodes"] == []
    [item] = [each for each in await heard(officer, UPDATED) if each["__typename"] == "PersonalDataErasureWithdrawn"]
    assert item["erasureId"] == erasure["id"]
    assert (await do(person, ERASE, reason="after all"))["erasure"]["state"] == "REQUESTED"
