"""Endpoints get every event that is for them, in order, whatever fails and whoever is killed."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from domain.events import log
from domain.identity.actor import SYSTEM, Actor
from domain.identity.permissions import Role
from domain.identity.service import change_roles, deactivate_user, open_branch
from domain.kit import clock
from domain.kit.clock import clock_set_to
from domain.kit.database import execute, fetchval
from domain.webhooks import settings
from domain.webhooks.jobs import forget_attempts
from domain.webhooks.models import DisabledBecause, EndpointState, WebhookAttempt, WebhookEndpoint
from domain.webhooks.rules import PAUSES
from domain.webhooks.service import (
    create_webhook_endpoint,
    delete_webhook_endpoint,
    pause_webhook_endpoint,
    resume_webhook_endpoint,
    rotate_webhook_secret,
    send_due,
)
from domain.webhooks.service import (
    test_webhook_endpoint as send_a_test,
)
from domain.webhooks.service.sending import LEASE
from domain.webhooks.transports import NoReply, Reply
from tests.domain.jobs.queues import a_runner
from tests.support.happenings import assert_integrity, events_so_far, names_of_events
from tests.support.people import an_actor
from tests.support.receivers import Receiver

pytestmark = pytest.mark.usefixtures("database")

URL = "https://example.org/hook"
BRANCHES = {"types": ["identity.branch_opened"]}


async def an_owner() -> Actor:
    return await an_actor(Role.ACCOUNTANT, name="Anna")


async def an_endpoint(owner: Actor, *, name: str = "Our books", **wanted: list[str]) -> WebhookEndpoint:
    """One that has seen all that has happened until now."""
    await events_so_far()
    return (await create_webhook_endpoint(owner, name=name, url=URL, **wanted)).endpoint


async def branches(*codes: str) -> list[str]:
    """Open branches; returns the ids of the messages that tell of them."""
    for code in codes:
        await open_branch(SYSTEM, code=code, name=f"Branch {code}")
    logged = [each for each in await events_so_far() if each.name == "identity.branch_opened"]
    return [f"evt_{each.epoch}_{each.position}" for each in logged[-len(codes) :]]


async def send() -> int:
    """Everything that is due now; returns to how many endpoints something was sent."""
    turns = await send_due(places=16)
    await asyncio.gather(*turns)
    return len(turns)


async def as_it_is(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    return await WebhookEndpoint.get(id=endpoint.id)


async def test_events_arrive_in_order_signed_and_once(receiver: Receiver) -> None:
    owner = await an_owner()
    created = await create_webhook_endpoint(owner, name="Our books", url=URL, domains=["identity"])
    ids = await branches("ONE", "TWO", "THREE")
    assert await send() == 1
    assert [post.id for post in receiver.posts if post.told["type"] == "identity.branch_opened"] == ids
    first = next(post for post in receiver.posts if post.id == ids[0])
    assert first.url == URL and first.is_signed_with(created.secret)
    assert first.told["data"]["code"] == "ONE" and first.told["version"] == 1 and first.told["timestamp"].endswith("Z")
    assert await send() == 0
    attempts = await WebhookAttempt.filter(endpoint_id=created.endpoint.id).order_by("attempted_at", "id")
    assert [each.message_id for each in attempts] == [post.id for post in receiver.posts]
    assert all(each.delivered and each.status == 204 for each in attempts)
    await assert_integrity("webhooks")


async def test_only_what_was_asked_for_and_may_be_seen_is_sent(receiver: Receiver) -> None:
    """Sign-ins of others are for those who manage users, and an accountant does not."""
    owner, manager = await an_owner(), await an_actor(Role.ADMIN)
    await an_endpoint(owner, domains=["identity"])
    await an_endpoint(manager, types=["identity.signed_in"])
    await an_actor(Role.INVESTOR)
    await branches("ONE")
    await send()
    assert sorted(receiver.types) == ["identity.branch_opened", "identity.signed_in"]


async def test_what_fails_holds_up_what_comes_after_and_is_sent_again(receiver: Receiver) -> None:
    endpoint = await an_endpoint(await an_owner(), **BRANCHES)
    first, second = await branches("ONE", "TWO")
    receiver.answers = [Reply(500)]
    await send()
    failed = await as_it_is(endpoint)
    assert (failed.failures, failed.state, [post.id for post in receiver.posts]) == (1, EndpointState.ENABLED, [first])
    assert failed.due_at is not None and failed.failing_since is not None
    assert await send() == 0, "it is not due yet"
    with clock_set_to(failed.due_at):
        assert await send() == 1
    assert [post.id for post in receiver.posts] == [first, first, second]
    assert receiver.posts[0].body == receiver.posts[1].body
    well = await as_it_is(endpoint)
    assert (well.failures, well.failing_since, well.due_at, well.lease_id is None) == (0, None, None, True)
    [attempt] = await WebhookAttempt.filter(endpoint_id=endpoint.id, delivered=False)
    assert (attempt.status, attempt.error) == (500, "HTTP 500")


async def test_failures_are_counted_anew_after_a_message_that_arrived(receiver: Receiver) -> None:
    """Also within one turn: the second message of it is no worse off for the first one's failures."""
    endpoint = await an_endpoint(await an_owner(), **BRANCHES)
    await branches("ONE", "TWO")
    receiver.answers = [Reply(500)]
    await send()
    failed = await as_it_is(endpoint)
    assert failed.due_at is not None
    receiver.answers = [Reply(204), Reply(500)]
    with clock_set_to(failed.due_at):
        await send()
    again = await as_it_is(endpoint)
    assert again.failures == 1 and again.due_at is not None
    assert again.due_at - failed.due_at < PAUSES[1] * 0.8, "as after a first failure"


async def test_one_that_was_paused_meanwhile_is_not_given_up(receiver: Receiver) -> None:
    owner = await an_owner()
    endpoint = await an_endpoint(owner, **BRANCHES)
    await branches("ONE")
    [turn] = await send_due(places=16)
    await pause_webhook_endpoint(owner, endpoint_id=endpoint.id)
    await deactivate_user(await an_actor(Role.ADMIN), user_id=owner.id)
    await turn
    assert (await as_it_is(endpoint)).state is EndpointState.PAUSED


@pytest.mark.parametrize("answer", [Reply(301), Reply(404), NoReply("the server cannot be reached")])
async def test_anything_but_yes_is_a_failure(receiver: Receiver, answer: Reply | NoReply) -> None:
    endpoint = await an_endpoint(await an_owner(), **BRANCHES)
    await branches("ONE")
    receiver.answers = [answer]
    await send()
    assert (await as_it_is(endpoint)).failures == 1


async def test_after_days_of_failure_it_is_disabled_and_goes_on_when_resumed(receiver: Receiver) -> None:
    owner = await an_owner()
    endpoint = await an_endpoint(owner, **BRANCHES)
    ids = await branches("ONE", "TWO")
    receiver.answers = [Reply(503)] * 30
    began = now = clock.now()
    while (await as_it_is(endpoint)).state is EndpointState.ENABLED:
        with clock_set_to(now):
            await send()
        now = (await as_it_is(endpoint)).due_at or now
    assert now - began >= settings.current().disable_after * 0.8
    disabled = await as_it_is(endpoint)
    assert disabled.disabled_because is DisabledBecause.FAILING and {post.id for post in receiver.posts} == {ids[0]}
    told = [name for name in await names_of_events() if name.startswith("webhooks.")]
    assert told == ["webhooks.endpoint_changed", "webhooks.endpoint_failing", "webhooks.endpoint_disabled"]
    assert await send() == 0
    receiver.answers.clear()
    receiver.posts.clear()
    await resume_webhook_endpoint(owner, endpoint_id=endpoint.id)
    await send()
    assert [post.id for post in receiver.posts] == ids
    await assert_integrity("webhooks")


async def test_one_that_is_gone_is_disabled_at_once(receiver: Receiver) -> None:
    endpoint = await an_endpoint(await an_owner(), **BRANCHES)
    await branches("ONE")
    receiver.answers = [Reply(410)]
    await send()
    assert (await as_it_is(endpoint)).disabled_because is DisabledBecause.GONE


@pytest.mark.parametrize("deactivated", [True, False])
async def test_who_may_not_read_events_any_more_is_sent_nothing(receiver: Receiver, deactivated: bool) -> None:
    owner, admin = await an_owner(), await an_actor(Role.ADMIN)
    endpoint = await an_endpoint(owner, domains=["identity"])
    if deactivated:
        await deactivate_user(admin, user_id=owner.id)
    else:
        await change_roles(admin, user_id=owner.id, roles=[Role.INVESTOR])
    await branches("ONE")
    await send()
    assert (await as_it_is(endpoint)).disabled_because is DisabledBecause.OWNER_LOST_ACCESS
    assert receiver.posts == []


async def test_it_can_be_sent_again_from_any_message_on(receiver: Receiver) -> None:
    owner = await an_owner()
    endpoint = await an_endpoint(owner, **BRANCHES)
    first, second, third = await branches("ONE", "TWO", "THREE")
    await send()
    await resume_webhook_endpoint(owner, endpoint_id=endpoint.id, after_message_id=first)
    await send()
    assert [post.id for post in receiver.posts] == [first, second, third, second, third]


async def test_paused_it_waits_and_may_leave_out_what_it_missed(receiver: Receiver) -> None:
    owner = await an_owner()
    kept, skipping = await an_endpoint(owner, **BRANCHES), await an_endpoint(owner, **BRANCHES)
    for endpoint in (kept, skipping):
        await pause_webhook_endpoint(owner, endpoint_id=endpoint.id)
    missed = await branches("ONE")
    assert await send() == 0
    await resume_webhook_endpoint(owner, endpoint_id=kept.id)
    await resume_webhook_endpoint(owner, endpoint_id=skipping.id, from_now=True)
    await send()
    assert [post.id for post in receiver.posts] == missed


@pytest.mark.parametrize(("forgotten", "reason"), [(True, "TOO_OLD"), (False, "HISTORY_CHANGED")])
async def test_what_cannot_be_told_any_more_is_said(receiver: Receiver, forgotten: bool, reason: str) -> None:
    endpoint = await an_endpoint(await an_owner(), **BRANCHES)
    await branches("ONE")
    if forgotten:
        await execute("set session_replication_role = replica; delete from event_log; reset all")
    else:
        await log.begin_new_epoch()
    await send()
    assert [post.told["data"] for post in receiver.posts] == [{"reason": reason}]
    assert receiver.types == ["webhooks.resync_required"]
    [after] = await branches("TWO")
    await send()
    assert receiver.posts[-1].id == after and len(receiver.posts) == 2
    assert (await as_it_is(endpoint)).position == (await log.head()).position


async def test_while_one_sends_nobody_else_does_and_who_is_killed_is_replaced(receiver: Receiver) -> None:
    endpoint = await an_endpoint(await an_owner(), **BRANCHES)
    [message] = await branches("ONE")
    [killed] = await send_due(places=16)
    killed.close()  # type: ignore[attr-defined]
    assert await send() == 0
    await as_if_the_lease_were_over()
    assert await send() == 1
    assert [post.id for post in receiver.posts] == [message]
    assert (await as_it_is(endpoint)).lease_id is None


async def as_if_the_lease_were_over() -> None:
    await execute("update webhook_endpoint set leased_until = leased_until - $1::interval", LEASE)


@pytest.mark.parametrize("off_by", [timedelta(hours=-1), timedelta(hours=1)], ids=["slow", "fast"])
async def test_leases_follow_the_clock_of_the_database(receiver: Receiver, off_by: timedelta) -> None:
    """A worker whose clock is wrong neither keeps what it has for an hour when it dies, nor takes what another has."""
    endpoint = await an_endpoint(await an_owner(), **BRANCHES)
    [message] = await branches("ONE")
    with clock_set_to(clock.now() + off_by):
        [killed] = await send_due(places=16)
        killed.close()  # type: ignore[attr-defined]
    lasts = await fetchval("select leased_until - clock_timestamp() from webhook_endpoint where id = $1", endpoint.id)
    assert timedelta() < lasts <= LEASE
    with clock_set_to(clock.now() - off_by):
        assert await send() == 0
        await as_if_the_lease_were_over()
        assert await send() == 1
    assert [post.id for post in receiver.posts] == [message]


async def test_one_whose_lease_is_gone_writes_nothing_down(receiver: Receiver) -> None:
    """It slept too long, or its owner paused the endpoint: what it sent is sent again by whoever has it now."""
    owner = await an_owner()
    endpoint = await an_endpoint(owner, **BRANCHES)
    await branches("ONE")
    [late] = await send_due(places=16)
    await pause_webhook_endpoint(owner, endpoint_id=endpoint.id)
    await late
    untouched = await as_it_is(endpoint)
    assert (untouched.state, untouched.position) == (EndpointState.PAUSED, endpoint.position)
    assert await WebhookAttempt.all().count() == 0


async def test_two_senders_at_once_share_the_endpoints(receiver: Receiver) -> None:
    owner = await an_owner()
    for _ in range(6):
        await an_endpoint(owner, **BRANCHES)
    [message] = await branches("ONE")
    taken = await asyncio.gather(*(send_due(places=4) for _ in range(3)))
    assert sum(map(len, taken)) == 6
    await asyncio.gather(*(turn for turns in taken for turn in turns))
    assert [post.id for post in receiver.posts] == [message] * 6


async def test_both_secrets_sign_for_a_day(receiver: Receiver) -> None:
    owner = await an_owner()
    created = await create_webhook_endpoint(owner, name="Our books", url=URL, **BRANCHES)
    rotated = await rotate_webhook_secret(owner, endpoint_id=created.endpoint.id)
    await branches("ONE")
    await send()
    [posted] = receiver.posts
    assert posted.is_signed_with(created.secret) and posted.is_signed_with(rotated.secret)
    with clock_set_to(clock.now() + timedelta(hours=25)):
        await branches("TWO")
        await send()
    assert not receiver.posts[-1].is_signed_with(created.secret) and receiver.posts[-1].is_signed_with(rotated.secret)


async def test_a_test_message_is_sent_at_once_and_only_once(receiver: Receiver) -> None:
    owner = await an_owner()
    endpoint = await an_endpoint(owner, **BRANCHES)
    receiver.answers = [Reply(500)]
    await send_a_test(owner, endpoint_id=endpoint.id)
    await a_runner().run_what_is_there()
    assert receiver.types == ["webhooks.test"]
    [attempt] = await WebhookAttempt.filter(endpoint_id=endpoint.id)
    assert (attempt.type, attempt.delivered, attempt.status) == ("webhooks.test", False, 500)
    assert (await as_it_is(endpoint)).failures == 0, "a test is no failure of its stream"


async def test_old_attempts_are_forgotten_and_all_of_one_that_is_deleted(receiver: Receiver) -> None:
    owner = await an_owner()
    endpoint = await an_endpoint(owner, **BRANCHES)
    await branches("ONE")
    await send()
    assert await forget_attempts.run() == 0
    with clock_set_to(clock.now() + settings.current().keep_attempts + timedelta(minutes=1)):
        assert await forget_attempts.run() == 1
    await branches("TWO")
    await send()
    await delete_webhook_endpoint(owner, endpoint_id=endpoint.id)
    assert await WebhookAttempt.all().count() == 0 == await WebhookEndpoint.all().count()
