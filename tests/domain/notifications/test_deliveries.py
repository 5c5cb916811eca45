"""Messages out of the house: planned once, sent once, collected, put off, given up, and never sent when they are old."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from domain.events.event import Event
from domain.identity.actor import ANONYMOUS, SYSTEM, Actor
from domain.identity.events import PasswordChanged
from domain.identity.models import User
from domain.identity.permissions import Role
from domain.identity.service import deactivate_user, set_phone
from domain.jobs.models import JobTask
from domain.kit import database
from domain.kit.checks import recompute
from domain.kit.clock import clock_set_to
from domain.kit.errors import Forbidden, Unauthenticated
from domain.kit.ids import new_id
from domain.kit.unit_of_work import unit_of_work
from domain.notifications.errors import DeliveryNotFailed, DeliveryNotFound
from domain.notifications.jobs import find_left_lying, forget_old
from domain.notifications.models import Category, Channel, Delivery, DeliveryState, Notification, Priority, Suppression
from domain.notifications.recipients import in_role
from domain.notifications.rule import NEWS_FOR, QUARTER, Rule
from domain.notifications.service import Choice, QuietHours, dispatch, retry_delivery, tell, telling, update_preferences
from domain.notifications.service.claiming import LEASE, claim
from domain.notifications.transports import CarrierAway, Mail, MessageRefused, ShortMessage
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.notices import (
    Remembering,
    a_new_password,
    a_sign_in,
    a_theft,
    carried_by,
    logged_at,
    the_delivery,
    work_off,
)
from tests.support.people import a_user, actor_for, an_actor
from tests.support.races import at_once
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")

NOON = datetime(2030, 3, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PHONE = "+254712345678"
M, S = Channel.MAIL, Channel.SMS


@pytest.fixture
def mail() -> Remembering:
    return Remembering()


@pytest.fixture
def sms() -> Remembering:
    return Remembering()


@pytest.fixture(autouse=True)
def carriers(mail: Remembering, sms: Remembering) -> Iterator[None]:
    with carried_by(mailer=mail, texter=sms):
        yield


async def somebody(*roles: Role, phone: str | None = PHONE) -> Actor:
    user = await a_user(*roles)
    if phone:
        await set_phone(SYSTEM, phone=phone, user_id=user.id)
    return await actor_for(user)


async def told(fact: Event, position: int, at: datetime = NOON) -> int:
    logged = logged_at(fact, position, at)
    with clock_set_to(at):
        return await tell(fact, logged)


async def worked_off_at(moment: datetime) -> None:
    with clock_set_to(moment):
        await work_off()


async def states() -> dict[str, int]:
    rows = await database.fetch("select state, count(*) as count from notification_delivery group by 1")
    return {row["state"]: row["count"] for row in rows}


async def test_what_is_critical_goes_by_mail_and_text_message(mail: Remembering, sms: Remembering) -> None:
    actor = await somebody()
    assert await told(a_theft(actor.id), 1) == 1
    assert (await Notification.get(recipient_id=actor.id)).channels == list(Channel)
    await worked_off_at(NOON)
    [letter], [text] = mail.taken, sms.taken
    assert isinstance(letter, Mail) and letter.to == (await User.get(id=actor.id)).email
    assert letter.subject == "A session was ended for your safety" and "Dear Asha Patel" in letter.text
    assert isinstance(text, ShortMessage) and text.to == PHONE and text.text.startswith("Daftari: A session was ended")
    for delivery in await Delivery.all():
        assert (delivery.state, delivery.attempts, delivery.sent_at) == (DeliveryState.SENT, 1, NOON)
        assert (delivery.transport, delivery.provider_id) == ("FAKE", "fake-1")
    assert (await the_delivery(channel=S)).masked_address == "+254******678"
    await assert_integrity()


async def test_what_is_merely_good_to_know_stays_in_the_house(mail: Remembering) -> None:
    actor = await somebody()
    await told(a_sign_in(actor.id), 1)
    assert (await Notification.get(source_position=1)).channels == [Channel.DATABASE, Channel.BROADCAST, M]
    await worked_off_at(NOON)
    assert len(mail.taken) == 1 and await states() == {"SENT": 1}


async def test_an_event_that_is_heard_again_is_sent_once(mail: Remembering, sms: Remembering) -> None:
    actor = await somebody()
    theft = a_theft(actor.id)
    for _ in range(3):
        await told(theft, 1)
        await worked_off_at(NOON)
    assert (len(mail.taken), len(sms.taken)) == (1, 1)
    assert await Delivery.all().count() == 2
    sent = [delivery.id for delivery in await Delivery.all()]
    with clock_set_to(NOON + MINUTE):
        assert await dispatch(sent * 3) == 0
    assert (len(mail.taken), len(sms.taken)) == (1, 1)


async def test_many_who_send_the_same_at_once_send_it_once(mail: Remembering, sms: Remembering) -> None:
    actor = await somebody()
    await told(a_theft(actor.id), 1)
    ids = [delivery.id for delivery in await Delivery.all()]
    with clock_set_to(NOON):
        await at_once([dispatch(ids) for _ in range(8)])
    assert (len(mail.taken), len(sms.taken)) == (1, 1)
    await assert_integrity("notifications")


async def test_a_notification_that_was_not_made_sends_nothing() -> None:
    actor = await somebody()
    async with nothing_happens():
        with pytest.raises(RuntimeError, match="after all not"), clock_set_to(NOON):
            async with unit_of_work():
                await tell(a_theft(actor.id), logged_at(a_theft(actor.id), 1, NOON))
                raise RuntimeError("after all not")
    assert not await JobTask.exists()


async def test_whoever_has_no_telephone_gets_mail_alone(mail: Remembering, sms: Remembering) -> None:
    actor = await somebody(phone=None)
    await told(a_theft(actor.id), 1)
    assert (await Notification.get(recipient_id=actor.id)).channels == [Channel.DATABASE, Channel.BROADCAST, M]
    await worked_off_at(NOON)
    assert (len(mail.taken), sms.taken) == (1, [])
    suppressed = await the_delivery(channel=S)
    assert (suppressed.state, suppressed.suppressed_because) == (DeliveryState.SUPPRESSED, Suppression.NO_ADDRESS)
    await assert_integrity()


async def test_what_somebody_turned_off_does_not_come_unless_it_is_critical(mail: Remembering) -> None:
    actor = await somebody()
    await update_preferences(actor, choices=[Choice(Category.IDENTITY, M, False)])
    await told(a_sign_in(actor.id), 1)
    await told(a_theft(actor.id), 2)
    await worked_off_at(NOON)
    assert [letter.subject for letter in mail.taken] == ["A session was ended for your safety"]
    [notification] = await Notification.filter(source_position=1)
    assert notification.channels == [Channel.DATABASE, Channel.BROADCAST]
    off = await the_delivery(notification_id=notification.id)
    assert off.suppressed_because is Suppression.TURNED_OFF
    await assert_integrity()


async def test_what_changed_while_a_message_waited_counts(mail: Remembering, sms: Remembering) -> None:
    chooser, leaver, caller = await somebody(), await somebody(), await somebody()
    await told(a_sign_in(chooser.id), 1)
    await told(a_sign_in(leaver.id), 2)
    await told(a_theft(caller.id), 3)
    await update_preferences(chooser, choices=[Choice(Category.IDENTITY, M, False)])
    await deactivate_user(SYSTEM, user_id=leaver.id)
    await set_phone(SYSTEM, phone=None, user_id=caller.id)
    await worked_off_at(NOON)
    assert [letter.subject for letter in mail.taken] == ["A session was ended for your safety"] and sms.taken == []
    reasons = {
        delivery.recipient_id: delivery.suppressed_because
        for delivery in await Delivery.filter(state=DeliveryState.SUPPRESSED)
    }
    assert reasons == {
        chooser.id: Suppression.TURNED_OFF,
        leaver.id: Suppression.DEACTIVATED,
        caller.id: Suppression.NO_ADDRESS,
    }
    await assert_integrity()


async def test_the_night_is_quiet_but_for_what_is_critical(mail: Remembering, sms: Remembering) -> None:
    actor = await somebody()
    await update_preferences(actor, quiet_hours=QuietHours("22:00", "07:00"), time_zone="Africa/Nairobi")
    night, morning = datetime(2030, 3, 4, 20, tzinfo=UTC), datetime(2030, 3, 5, 4, tzinfo=UTC)
    await told(a_new_password(actor.id), 1, night)
    await told(a_theft(actor.id), 2, night)
    await worked_off_at(night)
    assert (len(mail.taken), len(sms.taken)) == (1, 1)
    waiting = await the_delivery(state=DeliveryState.QUEUED)
    assert waiting.due_at == morning
    await worked_off_at(morning - MINUTE)
    assert len(mail.taken) == 1
    await worked_off_at(morning)
    assert [letter.subject for letter in mail.taken][1:] == ["Your password was changed"]
    assert "23:00 EAT" in mail.taken[1].text


async def test_repeats_about_one_thing_are_one_message_when_the_window_ends(mail: Remembering) -> None:
    actor, session = await somebody(), new_id()
    for number in range(4):
        await told(a_sign_in(actor.id, session_id=session), 1 + number, NOON + number * MINUTE)
        await worked_off_at(NOON + number * MINUTE)
    assert [letter.subject for letter in mail.taken] == ["Sign-in from a new place"]
    await worked_off_at(NOON + 10 * MINUTE)
    assert [letter.subject for letter in mail.taken][1:] == ["Sign-in from a new place, 2 more"]
    assert mail.taken[1].text.count("* Somebody signed in") == 3
    assert await states() == {"SENT": 2, "DIGESTED": 2}
    carrier = await the_delivery(state=DeliveryState.SENT, provider_id="fake-2")
    assert await Delivery.filter(carried_by=carrier.id).count() == 2
    assert await Notification.filter(recipient_id=actor.id).count() == 4, "the list shows each"
    await worked_off_at(NOON + 60 * MINUTE)
    assert len(mail.taken) == 2
    await assert_integrity()


async def test_what_is_about_other_things_or_comes_later_is_no_repeat(mail: Remembering) -> None:
    actor, other, session = await somebody(), await somebody(), new_id()
    await told(a_sign_in(actor.id, session_id=session), 1)
    await told(a_sign_in(actor.id, session_id=new_id()), 2)
    await told(a_sign_in(other.id, session_id=session), 3)
    await told(a_new_password(actor.id), 4)
    await worked_off_at(NOON)
    assert len(mail.taken) == 4
    await told(a_sign_in(actor.id, session_id=session), 5, NOON + 11 * MINUTE)
    await worked_off_at(NOON + 11 * MINUTE)
    assert len(mail.taken) == 5 and await states() == {"SENT": 5}


async def test_what_is_critical_waits_for_no_digest(mail: Remembering) -> None:
    actor = await somebody()
    for position in (1, 2):
        await told(a_theft(actor.id), position)
    await worked_off_at(NOON)
    assert len(mail.taken) == 2


async def test_what_came_before_the_first_could_leave_leaves_with_it(mail: Remembering) -> None:
    actor, session = await somebody(), new_id()
    for position in (1, 2, 3):
        await told(a_sign_in(actor.id, session_id=session), position)
    await worked_off_at(NOON)
    assert [letter.subject for letter in mail.taken] == ["Sign-in from a new place, 2 more"]
    await worked_off_at(NOON + 10 * MINUTE)
    assert len(mail.taken) == 1


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
        assert mail.taken == [] and await find_left_lying.run() == 0
    with clock_set_to(NOON + LEASE + 2 * MINUTE):
        assert await find_left_lying.run() == 1
        assert await find_left_lying.run() == 0
        await work_off()
    [letter] = mail.taken
    assert (letter.id, letter.text) == (lost.id, lost.written.text), "the very same message, which a receiver can recognise"
    found = await the_delivery()
    assert (found.state, found.attempts) == (DeliveryState.SENT, 2)


async def test_a_message_whose_task_is_lost_is_found(mail: Remembering) -> None:
    actor = await somebody()
    await told(a_sign_in(actor.id), 1)
    await JobTask.all().delete()
    await worked_off_at(NOON + MINUTE)
    assert mail.taken == []
    with clock_set_to(NOON + 3 * MINUTE):
        assert await find_left_lying.run() == 1
        await work_off()
    assert len(mail.taken) == 1


async def test_messages_go_with_their_notification() -> None:
    actor = await somebody()
    await told(a_theft(actor.id), 1)
    await worked_off_at(NOON)
    with clock_set_to(NOON + QUARTER):
        await forget_old.run()
    assert not await Delivery.exists()
    await assert_integrity()


async def test_any_number_is_told_in_as_many_statements(mail: Remembering, monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = Rule(
        on=PasswordChanged,
        to=lambda fact, logged: in_role(Role.ACCOUNTANT),
        priority=Priority.HIGH,
        title="Something for all",
        body=lambda fact: "All are told.",
        kept_for=QUARTER,
    )
    monkeypatch.setattr(telling, "rules_for", lambda kind: [everybody])
    counts = []
    for number in (2, 45):
        for _ in range(number):
            await a_user(Role.ACCOUNTANT)
        with clock_set_to(NOON), statements() as seen:
            logged = logged_at(a_new_password(new_id()), number, NOON)
            await tell(logged.fact, logged)
        counts.append(len(seen))
    assert counts[0] == counts[1] < 15
    await worked_off_at(NOON)
    assert len(mail.taken) == 47, "the two who were told twice get both in one"


@pytest.mark.parametrize(
    "statement",
    [
        "update notification_delivery set state = 'QUEUED', sent_at = null, transport = null",
        "update notification_delivery set state = 'FAILED', sent_at = null, transport = null, last_error = 'x'",
        "update notification_delivery set text = 'something else'",
        "update notification_delivery set address = 'eve@evil.example'",
        "update notification_delivery set sent_at = null",
        "update notification_delivery set transport = null",
        "update notification_delivery set channel = 'DATABASE'",
        "update notification_delivery set leased_until = due_at",
        "update notification_delivery set refusals = attempts + 1",
        "update notification_delivery set carried_by = id",
        "update notification_delivery set urgent = true",
        "update notification_delivery set suppressed_because = 'TURNED_OFF'",
        "update notification set channels = array['MAIL']",
        "update notification set channels = array['DATABASE', 'PIGEON']",
        "update notification set type = 'lower case'",
    ],
)
async def test_the_tables_refuse_what_cannot_be(statement: str) -> None:
    actor = await somebody()
    await told(a_sign_in(actor.id), 1)
    await worked_off_at(NOON)
    with pytest.raises(asyncpg.CheckViolationError):
        await database.execute(statement)


async def test_a_message_is_one_a_channel() -> None:
    actor = await somebody()
    await told(a_sign_in(actor.id), 1)
    with pytest.raises(asyncpg.UniqueViolationError):
        await database.execute(
            """insert into notification_delivery
               select (jsonb_populate_record(delivery, jsonb_build_object('id', $1::uuid))).*
               from notification_delivery delivery""",
            new_id(),
        )


async def test_wrong_books_are_found_by_the_integrity_report() -> None:
    actor, other = await somebody(), await somebody()
    await told(a_sign_in(actor.id), 1)
    await database.execute("update notification_delivery set recipient_id = $1", other.id)
    broken = {result.check.name for result in await recompute() if not result.holds}
    assert broken == {"messages_reach_whom_they_were_for"}
    await database.execute("delete from notification_delivery")
    broken = {result.check.name for result in await recompute() if not result.holds}
    assert broken == {"messages_go_where_the_notification_says"}


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
