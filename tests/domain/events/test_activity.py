"""The activity log: written by the database, whoever changes a row; append-only; kept for years."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from domain.events import activity, settings
from domain.events.activity import ActivityFilter, row_changes, row_changes_of
from domain.events.listeners import Listener, catch_up
from domain.events.models import FieldChange, Operation, RowChange
from domain.events.settings import EventSettings
from domain.identity.actor import SYSTEM
from domain.identity.events import BranchOpened
from domain.identity.permissions import Role
from domain.identity.service import change_roles, create_api_key, open_branch, rename_branch
from domain.kit import clock, database
from domain.kit.checks import recompute
from domain.kit.context import CallContext, call_context
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.paging import PageRequest
from domain.kit.unit_of_work import unit_of_work
from tests.support.happenings import events_so_far
from tests.support.people import a_branch, a_user, an_actor, configure_identity

pytestmark = pytest.mark.usefixtures("database")

THING = """
create table thing (
    id uuid primary key, size int, price numeric(12, 4), tags jsonb, label text, secret text, seen_at timestamptz
);
create trigger thing_is_audited after insert or update or delete on thing
    for each row execute function audit_row('thing', 'secret', 'seen_at');
create table part (thing_id uuid, number int, label text, primary key (thing_id, number));
create trigger part_is_audited after insert or update or delete on part
    for each row execute function audit_row('thing_part:thing_id');
"""


@pytest.fixture(autouse=True)
def identity() -> None:
    configure_identity()


@pytest_asyncio.fixture
async def thing(database: None) -> AsyncIterator[UUID]:
    """An audited table of our own, with a row."""
    await execute(THING)
    thing_id = new_id()
    await execute("insert into thing values ($1, 3, 0.1000, '[1]', 'Grüße', 'hidden', now())", thing_id)
    yield thing_id
    await execute("drop table thing; drop table part")


async def execute(sql: str, *args: object) -> None:
    await database.execute(sql, *args)


async def newest(**wanted: object) -> RowChange:
    return (await row_changes(PageRequest(first=1), ActivityFilter(**wanted))).rows[0]  # type: ignore[arg-type]


async def count(**wanted: object) -> int:
    return len((await row_changes(PageRequest(), ActivityFilter(**wanted))).rows)  # type: ignore[arg-type]


async def test_a_new_row_is_kept_exactly_and_without_its_secrets(thing: UUID) -> None:
    made = await newest()
    assert (made.object_kind, made.object_id, made.operation) == ("thing", thing, Operation.INSERT)
    assert made.changes == [
        FieldChange("id", None, str(thing)),
        FieldChange("label", None, "Grüße"),
        FieldChange("price", None, "0.1000"),
        FieldChange("size", None, "3"),
        FieldChange("tags", None, "[1]"),
    ]
    images = await database.fetchrow("select before, after::text from row_change where object_id = $1", thing)
    assert images is not None and images["before"] is None and "hidden" not in images["after"]


async def test_an_update_keeps_what_changed_on_both_sides(thing: UUID) -> None:
    await execute("update thing set size = null, label = 'New', secret = 'other'")
    assert (await newest()).changes == [FieldChange("label", "Grüße", "New"), FieldChange("size", "3", None)]
    await execute("delete from thing")
    gone = await newest()
    assert gone.operation is Operation.DELETE and all(change.after is None for change in gone.changes)
    assert FieldChange("label", "New", None) in gone.changes


async def test_what_changes_nothing_worth_knowing_is_not_kept(thing: UUID) -> None:
    await execute("update thing set size = 3, secret = 'other', seen_at = now() + interval '1 day'")
    assert await count() == 1


async def test_rows_without_an_id_are_found_by_the_thing_they_are_of(thing: UUID) -> None:
    await execute("insert into part values ($1, 7, 'Wheel')", thing)
    assert (await newest()).object_kind == "thing_part"
    assert await count(object_id=thing) == 2


async def test_it_says_who_did_it_and_from_where(thing: UUID) -> None:
    call = CallContext(actor_id=new_id(), address='203.0.113.9\' or\\ "1" \x00\n' + "x" * 100)
    with call_context(call):
        async with unit_of_work() as work:
            await work.execute("update thing set size = 4")
            await work.execute("update thing set size = 5")
    second, first, made = (await row_changes(PageRequest(), ActivityFilter())).rows
    assert (first.actor_id, first.correlation_id) == (call.actor_id, call.correlation_id)
    assert first.address == ('203.0.113.9\' or\\ "1" ' + "x" * 100)[:64]
    assert (first.txid, first.began_at) == (second.txid, second.began_at) != (made.txid, made.began_at)
    assert first.recorded_at < second.recorded_at


async def test_behind_the_services_back_there_is_the_database_user_alone(thing: UUID) -> None:
    with call_context(CallContext(actor_id=new_id(), address="203.0.113.9")):
        async with unit_of_work() as work:
            await work.execute("update thing set size = 4")
    # The same connection, afterwards: what the last transaction said of itself is forgotten.
    await execute("update thing set size = 5")
    bare = await newest()
    assert (bare.actor_id, bare.address, bare.correlation_id) == (None, None, None)
    assert bare.database_user == await database.fetchval("select session_user::text")


async def test_a_listener_changes_rows_on_behalf_of_those_it_reacts_to(thing: UUID) -> None:
    calls = [CallContext(actor_id=new_id()) for _ in range(3)]
    for number, call in enumerate(calls):
        with call_context(call):
            await open_branch(SYSTEM, code=f"B-{number}", name=f"Branch {number}")
    each = Listener("test.activity")

    @each.on(BranchOpened)
    async def resize(fact: BranchOpened, logged: object) -> None:
        await execute("update thing set size = size + 1")

    await events_so_far()
    await catch_up(each)
    changes = (await row_changes(PageRequest(), ActivityFilter(object_id=thing, operation=Operation.UPDATE))).rows
    told = [(change.actor_id, change.correlation_id) for change in reversed(changes)]
    assert told == [(call.actor_id, call.correlation_id) for call in calls]
    assert len({change.txid for change in changes}) == 1, "though it was one transaction"


async def test_what_was_rolled_back_never_happened(thing: UUID) -> None:
    with pytest.raises(RuntimeError):
        async with unit_of_work() as work:
            await work.execute("update thing set size = 4")
            raise RuntimeError
    assert await count() == 1


async def test_the_log_is_append_only(thing: UUID) -> None:
    year = (await newest()).recorded_at.year
    for statement in ("delete from {}", "update {} set actor_id = null", "truncate {}"):
        for table in ("row_change", f"row_change_{year}"):
            with pytest.raises(asyncpg.CheckViolationError, match="append-only"):
                await execute(statement.format(table))
    with pytest.raises(asyncpg.CheckViolationError, match="append-only"):
        await execute("truncate row_change_unforeseen")
    assert await count() == 1


async def test_people_branches_and_keys_are_watched_and_no_secret_is_kept() -> None:
    branch = await a_branch("Kisumu")
    await rename_branch(SYSTEM, branch_id=branch.id, name="Kisumu West")
    renamed = await newest()
    assert (renamed.object_kind, renamed.changes) == ("branch", [FieldChange("name", "Kisumu", "Kisumu West")])
    actor = await an_actor(Role.CASHIER, branch_id=branch.id)
    await change_roles(SYSTEM, user_id=actor.id, roles=[Role.TEACHER])
    assert (await newest(object_id=actor.id)).changes == [FieldChange("roles", '["CASHIER"]', '["TEACHER"]')]
    key = await create_api_key(actor, name="export", scopes=[next(iter(actor.permissions - {"PUBLIC", "SIGNED_IN"}))])
    kept = await newest(object_kind="api_key")
    assert kept.object_id == key.api_key.id
    assert not {"key_hash", "last_used_at"} & {change.field for change in kept.changes}
    images = await database.fetch("select coalesce(before, '{}')::text || after::text as image from row_change")
    assert not [row for row in images if "argon2" in row["image"] or "hash" in row["image"]]


async def test_the_log_is_narrowed_by_all_that_is_said(thing: UUID) -> None:
    call = CallContext(actor_id=new_id())
    started = clock.now()
    with call_context(call):
        async with unit_of_work() as work:
            await work.execute("update thing set label = '100%_sure'")
    user = await a_user(name="Asha Patel")
    for wanted, expected in (
        ({"actor_id": call.actor_id}, 1),
        ({"actor_id": new_id()}, 0),
        ({"object_kind": "thing"}, 2),
        ({"object_id": user.id}, 1),
        ({"object_kind": "thing", "operation": Operation.INSERT}, 1),
        ({"correlation_id": call.correlation_id}, 1),
        ({"since": started, "object_kind": "thing"}, 1),
        ({"until": started}, 1),
        ({"search": "ASHA pat"}, 1),
        ({"search": "0%_SU"}, 1),
        ({"search": "0%su"}, 0),
        ({"search": "grüße"}, 2),
        ({"search": "grüße", "operation": Operation.UPDATE, "object_id": thing}, 1),
        ({"search": " "}, 3),
    ):
        assert await count(**wanted) == expected, wanted
    for text in ("x" * 101, "a\x00"):
        with pytest.raises(InvalidInput):
            await count(search=text)


async def test_a_search_for_a_text_alone_does_not_read_all_years(thing: UUID) -> None:
    before = clock.now() - activity.SEARCHED_BACK
    await execute(
        """insert into row_change (object_kind, object_id, operation, after, txid, began_at, recorded_at, database_user)
           values ('thing', $1, 'INSERT', '{"label": "Grüße"}', 1, $2, $2, 'somebody')""",
        new_id(),
        before - timedelta(minutes=1),
    )
    assert await count() == 2
    assert await count(search="Grüße") == 1
    assert await count(search="Grüße", since=before - timedelta(days=1)) == 2


async def test_the_log_is_read_page_by_page(thing: UUID) -> None:
    for size in range(5):
        await execute("update thing set size = $1", 10 + size)
    whole = [change.id for change in (await row_changes(PageRequest(), ActivityFilter())).rows]
    found, after = [], None
    for _ in range(3):
        page = await row_changes(PageRequest(first=2, after=after), ActivityFilter())
        after = page.cursors[-1]
        found += [change.id for change in page.rows]
    assert found == whole and len(whole) == 6
    assert await page.count() == 6


async def test_the_changes_of_several_calls_are_found_together(thing: UUID) -> None:
    calls = [CallContext(actor_id=new_id()) for _ in range(2)]
    for call in calls:
        with call_context(call):
            async with unit_of_work() as work:
                await work.execute("update thing set size = size + 1")
                await work.execute("update thing set size = size + 1")
    found = await row_changes_of([*(call.correlation_id for call in calls), silent := new_id()])
    assert [change.changes[0].after for call in calls for change in found[call.correlation_id]] == ["4", "5", "6", "7"]
    assert found[silent] == []


@pytest.fixture
def kept_for_two_years() -> Iterator[None]:
    settings.configure(EventSettings(activity_years=2))
    yield
    settings.configure(EventSettings())


async def partitions() -> set[str]:
    rows = await database.fetch(
        "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'row_change'::regclass"
    )
    return {row["name"] for row in rows}


@pytest.mark.usefixtures("kept_for_two_years")
async def test_years_are_prepared_and_let_go_of_whole() -> None:
    year = clock.now().year
    for past in (year - 1, year - 2, year - 3):
        await execute(f"select ensure_row_change_partition({past})")
    await activity.prepare_activity_partitions()
    await activity.prepare_activity_partitions()
    expected = {f"row_change_{year + ahead}" for ahead in range(-3, 3)} | {"row_change_unforeseen"}
    assert await partitions() == expected
    assert await activity.forget_old_changes() == [f"row_change_{year - 3}"]
    assert await partitions() == expected - {f"row_change_{year - 3}"}
    settings.configure(EventSettings(activity_years=None))
    assert await activity.forget_old_changes() == []


@pytest.mark.usefixtures("kept_for_two_years")
async def test_a_year_that_nobody_foresaw_stops_no_business(thing: UUID) -> None:
    await execute(
        """insert into row_change (object_kind, object_id, operation, after, txid, began_at, recorded_at, database_user)
           values ('thing', $1, 'INSERT', '{}', 1, '2099-01-01', '2099-01-01', 'somebody')""",
        thing,
    )
    assert await database.fetchval("select ensure_row_change_partition(2099)") is None
    broken = [result.check.name for result in await recompute() if not result.holds]
    assert broken == ["changes_are_in_their_years"]


async def test_two_who_prepare_a_year_at_once_do_not_collide() -> None:
    await asyncio.gather(*(execute("select ensure_row_change_partition(2070)") for _ in range(4)))
    assert "row_change_2070" in await partitions()
    await execute("drop table row_change_2070")
