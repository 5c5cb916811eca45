"""Messages leave once: servers that are away, refusals, dead letters, dying workers, and everybody at the same time."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from domain.identity.actor import ANONYMOUS
from domain.identity.models import User
from domain.identity.permissions import Role
from domain.jobs.models import JobTask
from domain.kit.clock import clock_set_to
from domain.kit.database import execute, fetchval
from domain.kit.errors import Forbidden, Unauthenticated
from domain.kit.ids import new_id
from domain.notifications.errors import DeliveryNotFailed, DeliveryNotFound
from domain.notifications.jobs import find_left_lying
from domain.notifications.models import Delivery, DeliveryState, Notification
from domain.notifications.rule import NEWS_FOR
from domain.notifications.service import QuietHours, dispatch, retry_delivery, tell, update_preferences
from domain.notifications.service.claiming import LEASE, claim
from domain.notifications.transports import CarrierAway, MessageRefused
from tests.domain.notifications.outbox import MINUTE, NOON, M, S, somebody, states, told, worked_off_at
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.notices import (
    Remembering,
    a_sign_in,
    a_theft,
    logged_at,
    the_delivery,
    work_off,
)
from tests.support.people import an_actor
from tests.support.races import at_once

pytestmark = pytest.mark.usefixtures("database", "carriers")


async def test_a_server_that_is_away_is_asked_until_it_is_back(mail: Remembering) -> None:
    actor = await somebody()
    await told(a_sign_in(actor.id), 1)
    mail.problems = [CarrierAway("nobody is there") for _ in range(12)]
    moment, pauses = NOON, []
    for _ in range(12):
        await worked_off_at(moment)
        waiting = await the_delivery()
        assert (waiting.state, waiting.last_error) == (DeliveryState.QUEUED, "nobody is there")
        pauses.append((waiting.due_at - moment).total_seconds())
        moment = waiting.due_at
    assert 2.5 <= pauses[0] <= 7.5 and all(pause <= 450 for pause in pauses) and min(pauses[8:]) >= 150
    await worked_off_at(moment)
    delivery = await the_delivery()
    assert (delivery.state, delivery.attempts, delivery.refusals) == (DeliveryState.SENT, 13, 0)
    assert len(mail.taken) == 1


async def test_a_server_that_says_when_to_come_again_is_obeyed(sms: Remembering) -> None:
    actor = await somebody()
    await told(a_theft(actor.id), 1)
    sms.problems = [CarrierAway("slowly", after_s=120), CarrierAway("never", after_s=1e9)]
    await worked_off_at(NOON)
    assert (await the_delivery(channel=S)).due_at == NOON + 2 * MINUTE
    await worked_off_at(NOON + 2 * MINUTE)
    assert (await the_delivery(channel=S)).due_at == NOON + timedelta(hours=1, minutes=2)


async def test_behind_a_server_that_is_away_nobody_else_is_tried(mail: Remembering, sms: Remembering) -> None:
    people = [await somebody() for _ in range(3)]
    for position, actor in enumerate(people):
        await told(a_theft(actor.id), position + 1)
    ids = [delivery.id for delivery in await Delivery.all().order_by("channel")]
    mail.problems = [CarrierAway("nobody is there")]
    with clock_set_to(NOON):
        assert await dispatch(ids) == 3
    assert len(sms.taken) == 3 and mail.taken == []
    waiting = await Delivery.filter(channel=M)
    assert sorted(delivery.attempts for delivery in waiting) == [0, 0, 1]
    assert len({delivery.due_at for delivery in waiting}) == 1
    await worked_off_at(NOON + MINUTE)
    assert len(mail.taken) == 3


async def test_a_message_that_is_refused_for_good_is_a_dead_letter(mail: Remembering) -> None:
    actor = await somebody()
    address = (await User.get(id=actor.id)).email
    await told(a_sign_in(actor.id), 1)
    mail.problems = [MessageRefused(f"550 <{address}> is not here", for_good=True)]
    await worked_off_at(NOON)
    dead = await the_delivery()
    assert (dead.state, dead.attempts, dead.refusals) == (DeliveryState.FAILED, 1, 1)
    assert dead.last_error is not None and address not in dead.last_error and "is not here" in dead.last_error
    await worked_off_at(NOON + timedelta(hours=1))
    assert mail.taken == []
    await assert_integrity()


async def test_a_message_that_is_refused_too_often_is_a_dead_letter(mail: Remembering) -> None:
    actor = await somebody()
    await told(a_sign_in(actor.id), 1)
    mail.problems = [MessageRefused("451 not now", for_good=False) for _ in range(5)] + [KeyError("a bug")]
    for hour in range(6):
        await worked_off_at(NOON + timedelta(hours=hour))
    dead = await the_delivery()
    assert (dead.state, dead.refusals, dead.last_error) == (DeliveryState.FAILED, 6, "KeyError: 'a bug'")


async def test_a_dead_letter_is_sent_again_by_an_administrator(mail: Remembering) -> None:
    actor, admin = await somebody(), await an_actor(Role.ADMIN)
    await told(a_sign_in(actor.id), 1)
    mail.problems = [MessageRefused("550 no", for_good=True)]
    await worked_off_at(NOON)
    dead = await the_delivery()
    for who, error in ((ANONYMOUS, Unauthenticated), (actor, Forbidden)):
        async with nothing_happens():
            with pytest.raises(error):
                await retry_delivery(who, delivery_id=dead.id)
    async with nothing_happens():
        with pytest.raises(DeliveryNotFound):
            await retry_delivery(admin, delivery_id=new_id())
    later = NOON + timedelta(days=5)
    with clock_set_to(later):
        again = await retry_delivery(admin, delivery_id=dead.id)
        assert (again.state, again.expires_at) == (DeliveryState.QUEUED, later + NEWS_FOR)
        await work_off()
    sent = await the_delivery()
    assert (sent.state, sent.attempts, sent.text) == (DeliveryState.SENT, 2, dead.text)
    async with nothing_happens():
        with pytest.raises(DeliveryNotFailed):
            await retry_delivery(admin, delivery_id=dead.id)
    assert "notifications.delivery_retried" in [logged.name for logged in await events_so_far()]


async def test_old_news_is_not_sent(mail: Remembering) -> None:
    actor = await somebody()
    await told(a_sign_in(actor.id), 1)
    mail.problems = [CarrierAway("nobody is there")]
    await worked_off_at(NOON)
    await worked_off_at(NOON + NEWS_FOR)
    assert (await the_delivery()).state is DeliveryState.EXPIRED
    logged = logged_at(a_sign_in(actor.id), 2, NOON)
    with clock_set_to(NOON + NEWS_FOR + MINUTE):
        assert await tell(logged.fact, logged) == 1
    assert await states() == {"EXPIRED": 2} and mail.taken == []
    await assert_integrity()


async def test_what_a_dying_worker_had_in_its_hands_is_sent_when_its_lease_is_over(mail: Remembering) -> None:
    actor = await somebody()
    await told(a_sign_in(actor.id), 1)
    delivery = await the_delivery()
    with clock_set_to(NOON):
        lost = await claim(delivery.id)
        assert lost is not None and await claim(delivery.id) is None
        await work_off()
        assert mail.taken == []
    await as_if_the_lease_were_over()
    await worked_off_at(NOON + LEASE)
    [letter] = mail.taken
    assert (letter.id, letter.text) == (lost.id, lost.written.text), "the very same message, which a receiver can recognise"
    found = await the_delivery()
    assert (found.state, found.attempts) == (DeliveryState.SENT, 2)


async def as_if_the_lease_were_over() -> None:
    await execute("update notification_delivery set leased_until = leased_until - $1::interval", LEASE)


async def test_leases_follow_the_clock_of_the_database(mail: Remembering) -> None:
    """A worker whose clock is wrong neither keeps a message for an hour when it dies, nor takes what another is sending."""
    actor = await somebody()
    await told(a_sign_in(actor.id), 1)
    delivery = await the_delivery()
    with clock_set_to(NOON + MINUTE):
        assert await claim(delivery.id) is not None
    lasts = await fetchval("select leased_until - clock_timestamp() from notification_delivery")
    assert timedelta() < lasts <= LEASE
    with clock_set_to(NOON + timedelta(hours=2)):
        assert await claim(delivery.id) is None
    with clock_set_to(NOON):
        await as_if_the_lease_were_over()
        assert await claim(delivery.id) is not None


@pytest.mark.parametrize("in_dead_hands", [False, True])
async def test_a_message_whose_task_is_lost_is_found(mail: Remembering, in_dead_hands: bool) -> None:
    actor = await somebody()
    await told(a_sign_in(actor.id), 1)
    if in_dead_hands:
        with clock_set_to(NOON):
            assert await claim((await the_delivery()).id) is not None
        await as_if_the_lease_were_over()
    await JobTask.all().delete()
    await worked_off_at(NOON + MINUTE)
    assert mail.taken == []
    with clock_set_to(NOON + 3 * MINUTE):
        assert await find_left_lying.run() == 1
        assert await find_left_lying.run() == 0
        await work_off()
    assert len(mail.taken) == 1


async def test_everything_at_once_sends_each_message_once(mail: Remembering, sms: Remembering) -> None:
    """Telling, telling again, sending, choosing, looking for what was left and a carrier that comes and goes race."""
    people, sessions, chance = [await somebody() for _ in range(4)], [new_id() for _ in range(3)], random.Random(11)
    reasons = []
    for position in range(1, 41):
        person = chance.choice(people).id
        fact = a_theft(person) if chance.random() < 0.2 else a_sign_in(person, session_id=chance.choice(sessions))
        reasons.append(logged_at(fact, position, NOON))
    for carrier in (mail, sms):
        carrier.problems = [CarrierAway("away") if chance.random() < 0.7 else MessageRefused("451", for_good=False)] * 5

    async def send_some() -> None:
        ids = [delivery.id for delivery in await Delivery.all()]
        await dispatch(chance.sample(ids, len(ids)))

    acts: list[Any] = [tell(logged.fact, logged) for logged in (*reasons, *reasons)]
    acts += [send_some() for _ in range(12)] + [find_left_lying.run() for _ in range(4)]
    acts += [update_preferences(person, quiet_hours=QuietHours("01:00", "02:00")) for person in people]
    chance.shuffle(acts)
    with clock_set_to(NOON):
        await at_once(acts)
    for minutes in (3, 10, 30, 60, 120, 180, 240):
        with clock_set_to(NOON + timedelta(minutes=minutes)):
            await find_left_lying.run()
            await work_off()
    assert set(await states()) <= {"SENT", "DIGESTED"}
    sent = {delivery.id for delivery in await Delivery.filter(state=DeliveryState.SENT)}
    taken = [message.id for message in (*mail.taken, *sms.taken)]
    assert len(taken) == len(set(taken)) and set(taken) == sent
    assert await Notification.all().count() == 40
    await assert_integrity()
