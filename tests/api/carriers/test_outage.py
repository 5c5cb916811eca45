"""Mail and text messages from an event to a real server, also when the servers go away and come back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from api.carriers import MailServer, SmsProvider
from domain.identity.actor import SYSTEM
from domain.identity.service import set_phone
from domain.kit.clock import clock_set_to
from domain.notifications.models import Channel, Delivery, DeliveryState
from domain.notifications.service import tell
from tests.support.carriers import MailCatcher, SmsCatcher, mail_catcher, sms_catcher
from tests.support.happenings import assert_integrity
from tests.support.notices import a_theft, carried_by, logged_at, work_off
from tests.support.people import a_user

pytestmark = pytest.mark.usefixtures("database")

NOON = datetime(2030, 3, 4, 12, tzinfo=UTC)


@pytest_asyncio.fixture
async def mail() -> AsyncIterator[MailCatcher]:
    async with mail_catcher() as catcher:
        yield catcher


@pytest_asyncio.fixture
async def sms() -> AsyncIterator[SmsCatcher]:
    async with sms_catcher() as catcher:
        yield catcher


async def told_of_thefts(count: int) -> None:
    """So many people are told something critical."""
    for number in range(count):
        user = await a_user()
        await set_phone(SYSTEM, phone=f"+2547123456{number:02}", user_id=user.id)
        logged = logged_at(a_theft(user.id), number + 1, NOON)
        with clock_set_to(NOON):
            await tell(logged.fact, logged)


async def states(channel: Channel) -> set[DeliveryState]:
    return {delivery.state for delivery in await Delivery.filter(channel=channel)}


async def test_messages_arrive(mail: MailCatcher, sms: SmsCatcher) -> None:
    server = MailServer.at(mail.url, sender="books@daftari.example")
    provider = SmsProvider(url=sms.url, token="let-me-in", sender="Daftari")
    await told_of_thefts(2)
    with carried_by(mailer=server, texter=provider), clock_set_to(NOON):
        await work_off()
    assert len(mail.letters) == len(sms.sent) == 2
    for delivery in await Delivery.filter(channel=Channel.MAIL):
        [letter] = [each for each in mail.letters if each["Message-ID"] == f"<{delivery.id}@daftari.example>"]
        assert letter["To"] == delivery.address
        assert (delivery.transport, delivery.state) == ("SMTP", DeliveryState.SENT)
        assert delivery.provider_id is not None and "queued as" in delivery.provider_id
    for delivery in await Delivery.filter(channel=Channel.SMS):
        assert sms.sent[str(delivery.id)]["text"] == delivery.text
        assert (delivery.transport, delivery.provider_id) in {("HTTP", "sms-1"), ("HTTP", "sms-2")}


@pytest.mark.fault("the mail server and the SMS provider are away")
async def test_an_outage_of_both_loses_and_doubles_nothing(mail: MailCatcher, sms: SmsCatcher) -> None:
    server = MailServer.at(mail.url, sender="books@daftari.example")
    provider = SmsProvider(url=sms.url, token="let-me-in", sender="Daftari")
    await told_of_thefts(5)
    await mail.go_away()
    await sms.go_away()
    with carried_by(mailer=server, texter=provider):
        for minutes in (0, 10, 20):
            with clock_set_to(NOON + timedelta(minutes=minutes)):
                await work_off()
        assert await states(Channel.MAIL) == await states(Channel.SMS) == {DeliveryState.QUEUED}
        await mail.come()
        with clock_set_to(NOON + timedelta(minutes=30)):
            await work_off()
        assert (len(mail.letters), len(sms.posts)) == (5, 0)
        assert await states(Channel.SMS) == {DeliveryState.QUEUED}
        await sms.come()
        with clock_set_to(NOON + timedelta(minutes=40)):
            await work_off()
        with clock_set_to(NOON + timedelta(minutes=50)):
            await work_off()
    assert (len(mail.letters), len(sms.posts), len(sms.sent)) == (5, 5, 5)
    assert await states(Channel.MAIL) == await states(Channel.SMS) == {DeliveryState.SENT}
    assert len({letter["To"] for letter in mail.letters}) == 5
    await assert_integrity()
