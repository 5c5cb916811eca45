"""Reports in the API: asked for, followed, fetched; one's own."""

from __future__ import annotations

import pytest

from domain.identity.permissions import Role
from domain.kit.ids import new_id
from domain.ledger.chart import BANK, house_account
from tests.domain.jobs.queues import a_runner
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.happenings import names_of_events
from tests.support.operations import operation
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("database")

GENERATE, REPORT, REPORTS = operation("reports/GenerateReport"), operation("reports/Report"), operation("reports/Reports")
KINDS, READY, PROGRESS = (
    operation("reports/ReportKinds"),
    operation("reports/ReportReady"),
    operation("reports/ReportProgress"),
)
NODE = "query ($id: ID!) { node(id: $id) { __typename } }"
TRIAL = {"kind": "trial_balance", "format": "XLSX", "parameters": {"asOf": "2026-03-31", "currency": "INR"}}


async def test_kinds_are_those_that_one_may_ask_for() -> None:
    anna, officer = await an_actor(Role.ACCOUNTANT), await an_actor(Role.LOAN_OFFICER)
    await refused_to_strangers(KINDS)
    assert await ask_refused(await an_actor(Role.SELLER), KINDS) == "FORBIDDEN"
    kinds = {kind["kind"]: kind for kind in await ask(anna, KINDS)}
    assert kinds["general_ledger"]["formats"] == ["CSV", "XLSX", "PDF"]
    assert {(each["name"], each["required"]) for each in kinds["general_ledger"]["parameters"]} == {
        ("from", True), ("to", True), ("accountId", True),
    }  # fmt: skip
    assert "trial_balance" not in {kind["kind"] for kind in await ask(officer, KINDS)}


async def test_a_report_is_asked_for_followed_and_fetched() -> None:
    anna, bina, admin = await an_actor(Role.ACCOUNTANT), await an_actor(Role.ACCOUNTANT), await an_actor(Role.ADMIN)
    await refused_to_strangers(GENERATE, input=TRIAL)
    await refused_to_strangers(REPORTS)
    assert (await ask(anna, REPORTS))["nodes"] == []
    asked = await do(anna, GENERATE, input=TRIAL | {"idempotencyKey": "once"})
    assert (asked["report"]["state"], asked["replayed"]) == ("QUEUED", False)
    again = await do(anna, GENERATE, input=TRIAL | {"idempotencyKey": "once"})
    assert (again["report"]["id"], again["replayed"]) == (asked["report"]["id"], True)
    report_id = asked["report"]["id"]
    await a_runner().run_what_is_there()
    shown = await ask(anna, REPORT, id=report_id)
    assert (shown["state"], shown["progressPercent"], shown["file"]["name"]) == (
        "DONE",
        100,
        "trial-balance-2026-03-31.xlsx",
    )
    assert shown["parameters"] == {
        "from": None, "to": None, "asOf": "2026-03-31", "currency": "INR",
        "accountId": None, "branchId": None, "userId": None, "loanId": None,
        "itemId": None, "warehouseId": None, "importId": None, "classId": None, "studentId": None,
    }  # fmt: skip
    [ready] = await heard(anna, READY)
    assert (ready["reportId"], ready["fileId"]) == (report_id, shown["file"]["id"])
    assert ready["downloadPath"] == shown["file"]["downloadPath"]
    progress = await heard(anna, PROGRESS, reportId=report_id)
    assert [item["__typename"] for item in progress] == ["ReportProgressed", "ReportReady"]
    assert await ask(anna, NODE, id=report_id) == {"__typename": "Report"}
    for other in (bina, await an_actor(Role.SELLER)):
        assert await ask(other, REPORT, id=report_id) is None
        assert await ask(other, NODE, id=shown["file"]["id"]) is None
        assert await heard(other, READY) == []
        assert await feed_refused(other, READY, reportId=report_id) == "NOT_FOUND"
        assert (await ask(other, REPORTS))["nodes"] == []
        assert await ask_refused(other, REPORTS, filter={"everybodys": True}) == "FORBIDDEN"
    assert (await ask(admin, REPORTS))["nodes"] == []
    [seen] = (await ask(admin, REPORTS, filter={"everybodys": True, "states": ["DONE"], "kind": "trial_balance"}))["nodes"]
    assert (seen["id"], seen["requestedById"], seen["file"] is None) == (report_id, encode_id("User", anna.id), False)


async def test_what_cannot_be_made_is_refused_in_the_payload() -> None:
    anna, officer = await an_actor(Role.ACCOUNTANT), await an_actor(Role.LOAN_OFFICER)
    assert await ask_refused(await an_actor(Role.SELLER), GENERATE, input=TRIAL) == "FORBIDDEN"
    assert (await do_refused(officer, GENERATE, input=TRIAL))[0] == "FORBIDDEN"
    unknown = TRIAL | {"kind": "nonsense"}
    assert await do_refused(anna, GENERATE, input=unknown) == ("REPORT_KIND_UNKNOWN", ["input", "kind"])
    ledger = {"kind": "general_ledger", "format": "CSV"}
    path = ["input", "parameters"]
    backwards = {"from": "2026-03-31", "to": "2026-03-01", "accountId": encode_id("Account", new_id())}
    assert await do_refused(anna, GENERATE, input=ledger) == ("INVALID_INPUT", [*path, "from"])
    assert await do_refused(anna, GENERATE, input=ledger | {"parameters": backwards}) == ("INVALID_INPUT", path)
    wrong = backwards | {"accountId": encode_id("User", anna.id)}
    assert await do_refused(anna, GENERATE, input=ledger | {"parameters": wrong}) == ("NOT_FOUND", [*path, "accountId"])
    other = {"parameters": {"branchId": encode_id("Branch", new_id())}}
    assert await do_refused(anna, GENERATE, input=TRIAL | other) == ("INVALID_INPUT", [*path, "branchId"])
    assert [name for name in await names_of_events() if name.startswith("reports.")] == []


async def test_a_report_that_fails_says_why() -> None:
    anna = await an_actor(Role.ACCOUNTANT)
    account = encode_id("Account", await house_account(BANK, "INR"))
    parameters = {"from": "2026-03-01", "to": "2026-03-31", "accountId": encode_id("Account", new_id())}
    ledger = {"kind": "general_ledger", "format": "PDF", "parameters": parameters}
    failed = (await do(anna, GENERATE, input=ledger))["report"]["id"]
    done = (await do(anna, GENERATE, input=ledger | {"parameters": parameters | {"accountId": account}}))["report"]["id"]
    await a_runner().run_what_is_there()
    shown = await ask(anna, REPORT, id=failed)
    assert (shown["state"], shown["errorCode"], shown["file"]) == ("FAILED", "NOT_FOUND", None)
    assert (await ask(anna, REPORT, id=done))["parameters"]["accountId"] == account
    told = {item["reportId"]: item["__typename"] for item in await heard(anna, READY)}
    assert told == {failed: "ReportFailed", done: "ReportReady"}
