"""Accountants hear of what others do to their vouchers, of what waits for them, and of the books being closed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from domain.accounting.models import FiscalPeriod
from domain.accounting.service import create_expense, post_expense, reverse_expense, void_expense
from domain.accounting.service.periods import close_fiscal_period, create_fiscal_year, reopen_fiscal_period
from domain.approvals.models import Approval
from domain.approvals.service import approve, reject
from domain.events.listeners import catch_up
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit.context import CallContext, call_context
from domain.ledger.chart import CREDITORS
from domain.notifications.handlers import notifier
from domain.notifications.models import Category, Channel, Notification
from domain.notifications.service import mark_all_notifications_read
from tests.support.accounting import an_expense, id_of, inr
from tests.support.happenings import assert_integrity, events_so_far
from tests.support.loans import a_registered_officer
from tests.support.people import configure_identity

pytestmark = pytest.mark.usefixtures("database")


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    with call_context(CallContext(actor_id=actor.id)):
        yield actor


async def an_accountant(name: str) -> Actor:
    configure_identity()
    return await a_registered_officer(None, Role.ACCOUNTANT, name=name)


async def told(person: Actor) -> list[str]:
    """The types of what somebody was told since the last time, oldest first."""
    await events_so_far()
    await catch_up(notifier)
    news = [row.type for row in await Notification.filter(recipient_id=person.id, read_at=None).order_by("source_position")]
    await mark_all_notifications_read(person)
    return news


async def test_what_others_do_to_ones_vouchers_is_told() -> None:
    maker, other = await an_accountant("Achieng Otieno"), await an_accountant("Barasa Wekesa")
    with acting(maker):
        draft = await create_expense(maker, terms=an_expense())
        posted = await create_expense(maker, terms=an_expense())
        await post_expense(maker, expense_id=posted.id)
        own = await create_expense(maker, terms=an_expense())
        await void_expense(maker, expense_id=own.id)
    assert await told(maker) == [] == await told(other)
    with acting(other):
        await void_expense(other, expense_id=draft.id)
        await reverse_expense(other, expense_id=posted.id, reason="Paid twice")
    assert await told(maker) == ["VOUCHER_VOIDED", "VOUCHER_REVERSED"]
    assert await told(other) == []
    taken_back = await Notification.get(type="VOUCHER_REVERSED")
    assert (taken_back.subject_kind, taken_back.subject_id) == ("expense", posted.id)
    assert taken_back.channels == [Channel.DATABASE, Channel.BROADCAST, Channel.MAIL]
    assert "Paid twice" in taken_back.body and "INR 1,200.00" in taken_back.body
    await assert_integrity("notifications")


async def test_what_takes_two_is_asked_and_answered() -> None:
    maker, other = await an_accountant("Achieng Otieno"), await an_accountant("Barasa Wekesa")
    large = an_expense(amount=inr(900_000), paid_from_account_id=id_of(CREDITORS))
    for decide, answer in ((approve, "APPROVAL_GRANTED"), (reject, "APPROVAL_REFUSED")):
        with acting(maker):
            asked = await create_expense(maker, terms=large)
            await post_expense(maker, expense_id=asked.id)
        assert await told(other) == ["APPROVAL_REQUESTED"]
        assert await told(maker) == []
        request = await Approval.get(subject_id=asked.id)
        with acting(other):
            await decide(other, approval_id=request.id, comment="As agreed")
        assert await told(maker) == [answer]
        assert await told(other) == []
    answered = await Notification.get(type="APPROVAL_REFUSED")
    assert (answered.category, answered.subject_kind) == (Category.APPROVALS, "approval")
    assert "INR 900,000.00" in answered.body and "“As agreed”" in answered.body


async def test_closing_the_books_is_told_to_accountants() -> None:
    closer, other = await an_accountant("Achieng Otieno"), await an_accountant("Barasa Wekesa")
    with acting(closer):
        year = await create_fiscal_year(closer, starts_on=date(2024, 1, 1))
        period = await FiscalPeriod.filter(year_id=year.id).order_by("starts_on").first()
        assert period is not None
        await close_fiscal_period(closer, period_id=period.id)
        await reopen_fiscal_period(closer, period_id=period.id)
    assert await told(other) == ["FISCAL_PERIOD_CLOSED", "FISCAL_PERIOD_REOPENED"]
    assert await told(closer) == []
