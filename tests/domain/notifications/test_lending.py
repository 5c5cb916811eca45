"""Who is told what of a loan, from the application to the last payment: the right people of the right branch alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from domain.events.listeners import catch_up
from domain.identity.actor import SYSTEM, Actor
from domain.identity.models import Branch
from domain.identity.permissions import Role
from domain.identity.service import set_phone
from domain.kit import clock
from domain.kit.clock import clock_set_to
from domain.kit.context import CallContext, call_context
from domain.lending.jobs import new_day, remind
from domain.lending.models import Loan
from domain.lending.service import (
    approve_loan,
    complete_recovery_action,
    create_recovery_action,
    reject_loan,
    review_loan,
    verify_kyc,
)
from domain.lending.service.disbursement import disburse_loan
from domain.lending.service.repayment import record_loan_repayment
from domain.lending.states import PaymentChannel, Recommendation, RecoveryActionKind
from domain.notifications.handlers import notifier
from domain.notifications.models import Category, Channel, Delivery, LoanAction, Notification, Priority
from domain.notifications.service import mark_all_notifications_read
from tests.support.happenings import assert_integrity, events_so_far
from tests.support.loans import Office, a_borrower, a_product, a_registered_officer, an_application, kes
from tests.support.notices import work_off
from tests.support.people import a_branch, configure_identity

pytestmark = pytest.mark.usefixtures("database")

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    with call_context(CallContext(actor_id=actor.id)):
        yield


async def an_office_of_registered(branch: Branch | None = None) -> Office:
    """An office whose people can be told something."""
    configure_identity()
    branch = branch or await a_branch()
    borrower = await a_borrower(branch)
    await set_phone(SYSTEM, phone="+254712345678", user_id=borrower.id)
    return Office(
        branch=branch,
        officer=await a_registered_officer(branch, name="Omari Officer"),
        manager=await a_registered_officer(branch, Role.BRANCH_MANAGER, name="Mary Manager"),
        borrower=borrower,
        admin=await a_registered_officer(None, Role.ADMIN, name="Ada Admin"),
    )


async def told(person: Actor) -> list[str]:
    """The types of what somebody was told since the last time, oldest first."""
    await events_so_far()
    await catch_up(notifier)
    news = [row.type for row in await Notification.filter(recipient_id=person.id, read_at=None).order_by("source_position")]
    await mark_all_notifications_read(person)
    return news


async def applied(office: Office, **terms: object) -> Loan:
    with acting(office.borrower):
        return await an_application(office, await a_product(**terms))


async def approved(office: Office, loan: Loan) -> Loan:
    with acting(office.officer):
        await review_loan(office.officer, loan_id=loan.id, recommendation=Recommendation.APPROVE)
        if loan.kyc_required:
            await verify_kyc(office.officer, loan_id=loan.id)
    with acting(office.manager):
        return await approve_loan(office.manager, loan_id=loan.id)


async def paid_out(office: Office, loan: Loan) -> Loan:
    with acting(office.admin):
        movement = await disburse_loan(office.admin, loan_id=loan.id, channel=PaymentChannel.CASH)
    return movement.loan


async def test_an_application_goes_from_desk_to_desk() -> None:
    office, elsewhere = await an_office_of_registered(), await an_office_of_registered()
    with clock_set_to(NOON):
        loan = await applied(office)
        assert await told(office.borrower) == ["LOAN_APPLICATION_SUBMITTED"]
        assert await told(office.officer) == ["LOAN_TO_REVIEW"]
        assert await told(office.manager) == []
        with acting(office.officer):
            await review_loan(office.officer, loan_id=loan.id, recommendation=Recommendation.APPROVE)
            await verify_kyc(office.officer, loan_id=loan.id)
        assert await told(office.borrower) == ["LOAN_KYC_VERIFIED"]
        assert await told(office.officer) == [], "whoever did it need not be told"
        assert await told(office.manager) == ["LOAN_APPROVAL"] == await told(office.admin)
        with acting(office.manager):
            await approve_loan(office.manager, loan_id=loan.id)
        assert await told(office.borrower) == ["LOAN_APPROVED"]
        await paid_out(office, loan)
        assert await told(office.borrower) == ["LOAN_DISBURSED"]
        assert await told(office.officer) == ["LOAN_APPROVED", "LOAN_DISBURSED"]
        assert await told(office.manager) == ["LOAN_DISBURSED"]
    for stranger in (elsewhere.borrower, elsewhere.officer, elsewhere.manager):
        assert await told(stranger) == []
    await assert_integrity("notifications")


async def test_what_a_borrower_is_told_says_what_step_it_is_and_goes_every_way() -> None:
    office = await an_office_of_registered()
    with clock_set_to(NOON):
        loan = await approved(office, await applied(office))
        await paid_out(office, loan)
        await told(office.borrower)
        await work_off()
    rows = await Notification.filter(recipient_id=office.borrower.id).order_by("source_position")
    steps = [row.loan_action for row in rows if row.type.startswith("LOAN_")]
    assert steps == [LoanAction.SUBMITTED, LoanAction.KYC_VERIFIED, LoanAction.APPROVED, LoanAction.DISBURSED]
    last = rows[-1]
    assert (last.subject_kind, last.subject_id, last.data["loanNumber"]) == ("loan", loan.id, loan.number)
    assert (last.category, last.priority, last.channels) == (Category.LENDING, Priority.HIGH, list(Channel))
    assert last.data["amount"] == "12000.00"
    assert "The first payment of KES" in last.body and "1 Feb 2030" in last.body
    text = await Delivery.get(notification_id=last.id, channel=Channel.SMS)
    assert text.text is not None and text.text.startswith("Daftari: Your loan is paid out. KES 12,000.00 of loan")
    assert len(text.text) <= 160


async def test_a_refusal_keeps_the_reason_in_the_house() -> None:
    office = await an_office_of_registered()
    with clock_set_to(NOON):
        loan = await applied(office)
        with acting(office.officer):
            await review_loan(office.officer, loan_id=loan.id, recommendation=Recommendation.APPROVE)
        await told(office.borrower)
        with acting(office.manager):
            await reject_loan(office.manager, loan_id=loan.id, reason="Owes elsewhere")
        assert await told(office.borrower) == ["LOAN_REJECTED"]
        assert await told(office.officer) == ["LOAN_TO_REVIEW", "LOAN_REJECTED"]
    bodies = {row.recipient_id: row.body for row in await Notification.filter(type="LOAN_REJECTED")}
    assert "Owes elsewhere" not in bodies[office.borrower.id] and "Owes elsewhere" in bodies[office.officer.id]
    assert {row.loan_action for row in await Notification.filter(type="LOAN_REJECTED")} == {LoanAction.REJECTED}


async def test_the_maker_is_not_asked_to_check() -> None:
    office = await an_office_of_registered()
    second = await a_registered_officer(office.branch, Role.BRANCH_MANAGER, name="Moses Manager")
    with clock_set_to(NOON):
        loan = await applied(office, requires_kyc=False)
        await told(office.manager)
        with acting(office.manager):
            await review_loan(office.manager, loan_id=loan.id, recommendation=Recommendation.APPROVE)
        assert "LOAN_APPROVAL" not in await told(office.manager)
        assert await told(second) == ["LOAN_APPROVAL"]
    [asked] = await Notification.filter(recipient_id=second.id)
    assert (asked.subject_kind, asked.category, asked.priority) == ("approval", Category.APPROVALS, Priority.HIGH)
    assert loan.number in asked.body and asked.data["kind"] == "LOAN"


async def test_payments_are_confirmed_and_the_last_one_closes() -> None:
    office = await an_office_of_registered()
    with clock_set_to(NOON):
        loan = await applied(office, principal=kes(100), annual_rate=Decimal(7), instalments=6, requires_kyc=False)
        await paid_out(office, await approved(office, loan))
        await told(office.borrower)
        with acting(office.officer):
            await record_loan_repayment(office.officer, loan_id=loan.id, amount=kes("17.01"))
        assert await told(office.borrower) == ["PAYMENT_PROCESSED"]
        with acting(office.officer):
            await record_loan_repayment(office.officer, loan_id=loan.id, amount=kes(500))
        assert (await told(office.borrower))[0] == "PAYMENT_PROCESSED"
    assert "PAYMENT_PROCESSED" not in await told(office.manager)
    body = (await Notification.filter(type="PAYMENT_PROCESSED").order_by("source_position"))[0].body
    assert body.startswith("KES 17.01 came in on 1 Jan 2030 for loan") and "remain to be paid." in body


async def test_who_is_late_is_reminded_and_in_the_end_the_manager_hears_of_it() -> None:
    office, elsewhere = await an_office_of_registered(), await an_office_of_registered()
    with clock_set_to(NOON):
        loan = await applied(office, principal=kes(100), annual_rate=Decimal(7), instalments=6, requires_kyc=False)
        await paid_out(office, await approved(office, loan))
        await told(office.borrower), await told(office.officer), await told(office.manager)
    with clock_set_to(NOON + timedelta(days=29)):
        await new_day.run(), await remind.run(), await remind.run()
        assert await told(office.borrower) == ["INSTALMENT_DUE_SOON"]
        assert await told(office.officer) == []
    with clock_set_to(NOON + timedelta(days=32)):
        await new_day.run(), await remind.run(), await remind.run()
        assert await told(office.borrower) == ["INSTALMENT_OVERDUE"]
        assert await told(office.officer) == ["INSTALMENT_OVERDUE"]
        assert await told(office.manager) == []
    with clock_set_to(NOON + timedelta(days=65)):
        await new_day.run()
        assert await told(office.borrower) == ["LOAN_LONG_OVERDUE"]
        assert await told(office.officer) == ["LOAN_LONG_OVERDUE"] == await told(office.manager)
        assert await told(elsewhere.manager) == []
        with acting(office.borrower):
            await record_loan_repayment(SYSTEM, loan_id=loan.id, amount=kes(60))
        assert await told(office.borrower) == ["PAYMENT_PROCESSED"]
    assert "are at risk" in (await Notification.get(recipient_id=office.manager.id, type="LOAN_LONG_OVERDUE")).body


async def test_a_step_to_get_money_back_is_told_to_whoever_takes_it_and_its_end_to_whoever_planned_it() -> None:
    office = await an_office_of_registered()
    with clock_set_to(NOON):
        loan = await applied(office, principal=kes(100), annual_rate=Decimal(7), instalments=6, requires_kyc=False)
        await paid_out(office, await approved(office, loan))
    with clock_set_to(NOON + timedelta(days=40)):
        await new_day.run()
        await told(office.officer), await told(office.manager)
        with acting(office.manager):
            action = await create_recovery_action(
                office.manager,
                loan_id=loan.id,
                kind=RecoveryActionKind.PHONE_CALL,
                due_on=clock.today() + timedelta(days=1),
                assigned_to_id=office.officer.id,
            )
        assert await told(office.officer) == ["RECOVERY_ACTION_CREATED"]
        assert await told(office.manager) == []
        with acting(office.officer):
            await complete_recovery_action(office.officer, action_id=action.id, outcome="Pays tomorrow")
        assert await told(office.manager) == ["RECOVERY_ACTION_ENDED"]
    ended = await Notification.get(type="RECOVERY_ACTION_ENDED")
    assert "completed" in ended.body and "Pays tomorrow" in ended.body and ended.subject_id == action.id
