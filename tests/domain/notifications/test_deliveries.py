"""Messages out of the house: planned with their notification, kept back, collected, and guarded by their table."""

from __future__ import annotations

from datetime import UTC, datetime

import asyncpg
import pytest

from domain.identity.actor import SYSTEM
from domain.identity.events import PasswordChanged
from domain.identity.models import User
from domain.identity.permissions import Role
from domain.identity.service import deactivate_user, set_phone
from domain.jobs.models import JobTask
from domain.kit import database
from domain.kit.checks import recompute
from domain.kit.clock import clock_set_to
from domain.kit.ids import new_id
from domain.kit.unit_of_work import unit_of_work
from domain.notifications.jobs import expire_notifications
from domain.notifications.models import Category, Channel, Delivery, DeliveryState, Notification, Priority, Suppression
from domain.notifications.recipients import in_role
from domain.notifications.rule import QUARTER, Rule
from domain.notifications.service import Choice, QuietHours, dispatch, tell, telling, update_preferences
from domain.notifications.transports import Mail, ShortMessage
from tests.domain.notifications.outbox import MINUTE, NOON, PHONE, M, S, somebody, states, told, worked_off_at
from tests.support.happenings import assert_integrity, nothing_happens
from tests.support.notices import (
    Remembering,
    a_new_password,
    a_sign_in,
    a_theft,
    logged_at,
    the_delivery,
)
from tests.support.people import a_user
from tests.support.races import at_once
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database", "carriers")


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


async def test_what_wants_action_today_goes_by_mail(mail: Remembering) -> None:
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


async def test_messages_go_with_their_notification() -> None:
    actor = await somebody()
    await told(a_theft(actor.id), 1)
    await worked_off_at(NOON)
    with clock_set_to(NOON + QUARTER):
        await expire_notifications.run()
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
