"""What overseers see: the audit trail, the integrity report; and what everybody may know of live delivery."""

from __future__ import annotations

import pytest

from domain.events.audit import trail
from domain.events.listeners import catch_up
from domain.identity.actor import ANONYMOUS
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.database import execute
from domain.wallets.service import wallet_of
from schema.kit.context import RealtimeStatus, Services
from subscriptions.feed import EVERYTHING
from tests.subscriptions.listening import a_hub
from tests.support.graphql import ADDRESS, ask, ask_refused, do, encode_id, pipeline, refused_to_strangers, run
from tests.support.happenings import events_so_far
from tests.support.operations import operation
from tests.support.people import a_user, actor_for, an_actor
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")

AUDIT_LOG = """
query ($filter: AuditLogFilter, $first: Int, $after: Cursor) {
  auditLog(filter: $filter, first: $first, after: $after) {
    totalCount pageInfo { endCursor }
    nodes { id eventName domain actorId actor { name } address correlationId occurredAt payload }
  }
}"""
INTEGRITY = "{ integrityReport { holds checks { domain name promise holds } broken { domain name violations } } }"
STATUS = "{ realtimeStatus { connected connectedClients uptimeSeconds serverTime } }"


async def write_the_trail() -> None:
    await events_so_far()
    await catch_up(trail)


async def test_the_trail_says_who_did_what() -> None:
    await refused_to_strangers(AUDIT_LOG)
    assert await ask_refused(await an_actor(Role.INVESTOR), AUDIT_LOG) == "FORBIDDEN"
    accountant = await an_actor(Role.ACCOUNTANT)
    assert (await ask(accountant, AUDIT_LOG))["nodes"] == []
    user = await a_user(name="Asha Patel")
    await actor_for(user, address="203.0.113.9")
    await write_the_trail()
    newest = (await ask(accountant, AUDIT_LOG, first=1))["nodes"][0]
    assert (newest["eventName"], newest["domain"]) == ("identity.signed_in", "identity")
    assert newest["payload"]["address"] == "203.0.113.9"
    assert newest["payload"]["user_id"] == str(user.id)
    node = "query ($id: ID!) { node(id: $id) { ... on AuditRecord { eventName } } }"
    assert await ask(accountant, node, id=newest["id"]) == {"eventName": "identity.signed_in"}
    assert await ask(await an_actor(), node, id=newest["id"]) is None


async def test_the_trail_is_narrowed_by_all_that_is_said() -> None:
    admin = await an_actor(Role.ADMIN, name="Ada Min")
    create = """mutation { createUser(input: {
      name: "New", email: "new@daftari.example", password: "a long enough password", roles: [SELLER]
    }) { errors { code } } }"""
    started = clock.now()
    await ask(admin, create)
    await write_the_trail()
    everything = await ask(admin, AUDIT_LOG)
    [made] = (await ask(admin, AUDIT_LOG, filter={"actorId": encode_id("User", admin.id)}))["nodes"]
    assert (made["eventName"], made["actor"]) == ("identity.user_registered", {"name": "Ada Min"})
    for filter, count in (
        ({"domain": "identity"}, everything["totalCount"]),
        ({"domain": "ledger"}, 0),
        ({"event": "identity.user_registered", "since": started.isoformat()}, 1),
        ({"correlationId": made["correlationId"]}, 1),
        ({"until": started.isoformat()}, everything["totalCount"] - 1),
    ):
        assert (await ask(admin, AUDIT_LOG, filter=filter))["totalCount"] == count, filter


async def test_the_trail_is_read_page_by_page() -> None:
    admin = await an_actor(Role.ADMIN)
    await a_user()
    await write_the_trail()
    whole = [each["id"] for each in (await ask(admin, AUDIT_LOG))["nodes"]]
    pages, after = [], None
    for _ in whole:
        page = await ask(admin, AUDIT_LOG, first=1, after=after)
        after = page["pageInfo"]["endCursor"]
        pages.append(page["nodes"][0]["id"])
    assert pages == whole


ACTIVITY = operation("core/ActivityLog")


async def test_the_activity_log_says_what_was_before_and_after() -> None:
    await refused_to_strangers(ACTIVITY)
    assert await ask_refused(await an_actor(Role.BRANCH_MANAGER), ACTIVITY) == "FORBIDDEN"
    accountant, admin = await an_actor(Role.ACCOUNTANT), await an_actor(Role.ADMIN, name="Ada Min")
    assert (await ask(accountant, ACTIVITY, filter={"actorId": encode_id("User", admin.id)}))["nodes"] == []
    user = await a_user(Role.CASHIER)
    change = operation("identity/ChangeRoles")
    await do(admin, change, input={"userId": encode_id("User", user.id), "roles": ["TEACHER"]})
    [record] = (await ask(accountant, ACTIVITY, filter={"actorId": encode_id("User", admin.id)}))["nodes"]
    assert (record["objectKind"], record["objectId"], record["operation"]) == ("user", encode_id("User", user.id), "UPDATE")
    assert (record["actor"]["name"], record["address"]) == ("Ada Min", ADDRESS)
    assert record["changes"] == [{"field": "roles", "before": '["CASHIER"]', "after": '["TEACHER"]'}]
    node = "query ($id: ID!) { node(id: $id) { ... on ActivityRecord { objectKind } } }"
    assert await ask(accountant, node, id=record["id"]) == {"objectKind": "user"}
    assert await ask(await an_actor(), node, id=record["id"]) is None
    for filter, count in (
        ({"objectId": record["objectId"]}, 2),
        ({"objectId": record["objectId"], "operation": "UPDATE", "objectKind": "user"}, 1),
        ({"correlationId": record["correlationId"], "search": "teacher"}, 1),
        ({"until": record["recordedAt"], "objectId": record["objectId"]}, 1),
    ):
        assert len((await ask(accountant, ACTIVITY, filter=filter))["nodes"]) == count, filter
    for filter, code in (({"objectId": "nonsense"}, "NOT_FOUND"), ({"search": "x" * 101}, "INVALID_INPUT")):
        assert await ask_refused(accountant, ACTIVITY, filter=filter) == code


async def test_a_record_of_the_trail_leads_to_what_was_changed_with_it() -> None:
    admin, user = await an_actor(Role.ADMIN), await a_user(Role.CASHIER)
    for role in ("TEACHER", "BURSAR"):
        await do(admin, operation("identity/ChangeRoles"), input={"userId": encode_id("User", user.id), "roles": [role]})
    await write_the_trail()
    trail_of_admin = {"actorId": encode_id("User", admin.id)}
    with statements() as asked:
        records = (await ask(admin, operation("core/AuditLog"), filter=trail_of_admin))["nodes"]
    told = [change["after"] for record in records for row in record["changes"] for change in row["changes"]]
    assert told == ['["BURSAR"]', '["TEACHER"]']
    assert len([each for each in asked if "row_change" in each]) <= 2, "all records' changes are read together"


async def test_the_trail_is_searched_for_a_text() -> None:
    accountant = await an_actor(Role.ACCOUNTANT)
    await a_user(name="Wanjiru Kamau")
    await write_the_trail()
    for text, count in (("wanjiru", 1), ("USER_REGISTERED", 2), ("nobody of that name", 0)):
        assert (await ask(accountant, AUDIT_LOG, filter={"search": text}))["totalCount"] == count, text


async def test_the_integrity_report_proves_that_all_is_well_or_says_where_to_look() -> None:
    await refused_to_strangers(INTEGRITY)
    assert await ask_refused(await an_actor(Role.ACCOUNTANT), INTEGRITY) == "FORBIDDEN"
    admin = await an_actor(Role.ADMIN)
    report = await ask(admin, INTEGRITY)
    assert report["holds"] is True
    assert report["broken"] == []
    assert {check["domain"] for check in report["checks"]} >= {"identity", "ledger", "events", "wallets"}
    await execute(
        """insert into parked_event (listener, position, event_name, error, attempts, parked_at)
           values ('tests', 1, 'tests.noted', 'boom', 5, now())"""
    )
    report = await ask(admin, INTEGRITY)
    assert report["holds"] is False
    assert [(check["domain"], check["name"]) for check in report["broken"]] == [("events", "nothing_is_parked")]
    assert report["broken"][0]["violations"] == ["tests could not digest tests.noted at 1: boom"]


async def test_everybody_may_know_how_live_it_is(monkeypatch: pytest.MonkeyPatch, database_url: str, redis_url: str) -> None:
    asked = await ask(ANONYMOUS, STATUS)
    assert (asked["connected"], asked["connectedClients"]) == (False, 0)
    async with a_hub(database_url, redis_url) as hub:
        services = Services(realtime_status=lambda: RealtimeStatus.of(hub.status()))
        monkeypatch.setattr(pipeline(), "services", services)
        asked = await ask(ANONYMOUS, STATUS)
    assert asked.pop("serverTime").endswith("Z")
    assert asked == {"connected": True, "connectedClients": 0, "uptimeSeconds": 0}


async def test_as_of_is_a_place_from_which_feeds_go_on() -> None:
    await refused_to_strangers("{ asOf }")
    assert await ask(await an_actor(), "{ asOf }") not in ("", EVERYTHING)


@pytest.mark.parametrize("said", ["late: asOf", "...Place", "... on Query { late: asOf }"])
async def test_the_place_is_from_before_the_data_wherever_it_is_asked_for(said: str) -> None:
    """What happens while the data are read is told by a feed from there on; the other way round it would be missed."""
    document = f"{{ auditLog(first: 1) {{ nodes {{ id }} }} {said} }} fragment Place on Query {{ late: asOf }}"
    if "Place" not in said:
        document = document.partition(" fragment")[0]
    accountant = await an_actor(Role.ACCOUNTANT)
    with statements() as asked:
        answer = await run(accountant, document)
    assert answer.data is not None and answer.data["late"]
    [place] = [number for number, each in enumerate(asked) if "event_log_head" in each]
    data = [number for number, each in enumerate(asked) if "audit_record" in each]
    assert data and place < min(data)


FEATURES = "{ realtimeStatus { score features { name mode feeds lastEventAt } } }"


async def test_the_schema_says_what_is_live_in_it(
    monkeypatch: pytest.MonkeyPatch, database_url: str, redis_url: str
) -> None:
    assert await ask_refused(ANONYMOUS, FEATURES) == "UNAUTHENTICATED"
    user = await an_actor(Role.SELLER)
    asked = await ask(user, FEATURES)
    features = {feature["name"]: feature for feature in asked["features"]}
    assert {"node", "nodes", "asOf", "realtimeStatus"}.isdisjoint(features)
    assert (features["userDashboard"]["mode"], features["userDashboard"]["feeds"]) == ("POLL", ["userDashboardUpdated"])
    assert features["apiKeys"] == {"name": "apiKeys", "mode": "ON_DEMAND", "feeds": [], "lastEventAt": None}
    assert asked["score"] == 0, "nothing is live without a hub"
    async with a_hub(database_url, redis_url) as hub:
        services = Services(realtime_status=lambda: RealtimeStatus.of(hub.status()))
        monkeypatch.setattr(pipeline(), "services", services)
        asked = await ask(user, FEATURES)
    modes = [feature["mode"] for feature in asked["features"]]
    assert "POLL" not in modes
    assert asked["score"] == 100 * modes.count("PUSH") // len(modes) > 0


async def test_a_feature_says_when_its_feeds_last_had_something_to_tell() -> None:
    user = await an_actor(Role.SELLER)
    before = {feature["name"]: feature["lastEventAt"] for feature in (await ask(user, FEATURES))["features"]}
    assert before["userDashboard"] is None
    await wallet_of(user.id, "INR")
    await write_the_trail()
    after = {feature["name"]: feature["lastEventAt"] for feature in (await ask(user, FEATURES))["features"]}
    assert after["userDashboard"] is not None, "the opening credit is on the dashboard"
