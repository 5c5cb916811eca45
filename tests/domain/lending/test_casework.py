"""What was said with borrowers, and steps to get back what is overdue."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from tortoise.exceptions import IntegrityError

from domain.events.listeners import catch_up, listener
from domain.identity.actor import SYSTEM_ID, Actor
from domain.identity.permissions import Role
from domain.invoice_finance.jobs import mark_overdue
from domain.kit import clock
from domain.kit.errors import CurrencyMismatch, DomainError, Forbidden, InvalidAmount, InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.paging import PageRequest
from domain.lending import casework
from domain.lending.casework import CommunicationFilter, RecoveryFilter
from domain.lending.errors import (
    BorrowerNotFound,
    InvalidPromise,
    LoanNotFound,
    LoanNotPaidOut,
    MakerIsChecker,
    OfficerNotFound,
    RecoveryActionNotFound,
    RecoveryActionOver,
)
from domain.lending.handlers import plan_recovery
from domain.lending.models import CommunicationLog, Loan, RecoveryAction
from domain.lending.service import (
    Note,
    cancel_recovery_action,
    complete_recovery_action,
    create_recovery_action,
    log_communication,
    request_write_off,
    start_recovery_action,
    write_off_loan,
)
from domain.lending.states import (
    CommunicationChannel,
    CommunicationDirection,
    RecoveryActionKind,
    RecoveryActionStatus,
    RecoverySubject,
)
from tests.support.happenings import assert_integrity, events_so_far, names_of_events, nothing_happens
from tests.support.invoices import NOON, a_debtor, a_funded_invoice, a_seller, an_investor, inr
from tests.support.loans import Office, a_borrower, a_registered_officer, a_running_loan, an_approved_loan, an_office, kes
from tests.support.people import somebody

pytestmark = pytest.mark.usefixtures("database")

ALL = PageRequest(first=100)
LATE = NOON + timedelta(days=40)


def note(**changes: object) -> Note:
    stated: dict[str, object] = {
        "channel": CommunicationChannel.CALL,
        "direction": CommunicationDirection.OUTBOUND,
        "subject": "The instalment of April",
    }
    return Note(**(stated | changes))  # type: ignore[arg-type]


async def a_late_loan(office: Office) -> Loan:
    with clock.clock_set_to(NOON):
        return await a_running_loan(office)


async def an_action(office: Office, who: Actor, **changes: object) -> RecoveryAction:
    loan = await a_late_loan(office)
    stated: dict[str, object] = {
        "loan_id": loan.id,
        "kind": RecoveryActionKind.FIELD_VISIT,
        "due_on": LATE.date() + timedelta(days=3),
    }
    with clock.clock_set_to(LATE):
        return await create_recovery_action(who, **(stated | changes))  # type: ignore[arg-type]


async def test_a_note_keeps_what_was_promised() -> None:
    office = await an_office()
    loan = await a_late_loan(office)
    with clock.clock_set_to(LATE):
        written = await log_communication(
            office.officer,
            loan_id=loan.id,
            note=note(
                subject="  The instalment \n of April ",
                body="She sells maize on Friday.\nThen she pays.",
                outcome="Promised to pay",
                promised_on=LATE.date() + timedelta(days=5),
                promised_amount=kes("1066.19"),
                follow_up_on=LATE.date(),
            ),
        )
        assert written.subject == "The instalment of April"
        assert written.promised_amount == kes("1066.19")
        assert (written.borrower_id, written.branch_id) == (office.borrower.id, office.branch_id)
        told = (await events_so_far())[-1]
        assert (told.name, told.fact.promised_amount, told.fact.communication_id) == (
            "lending.communication_logged",
            kes("1066.19"),
            written.id,
        )
        [found] = (await casework.communication_logs(office.manager, ALL, CommunicationFilter(loan_id=loan.id))).rows
        assert found.id == written.id
        [to_do] = await casework.follow_ups_of(office.officer, LATE.date(), 10)
        assert to_do.id == written.id
        with pytest.raises(IntegrityError, match="kept as it is"):
            await CommunicationLog.filter(id=written.id).update(outcome="Paid")


async def test_a_note_about_a_borrower_without_a_loan() -> None:
    office = await an_office()
    written = await log_communication(
        office.officer, borrower_id=office.borrower.id, note=note(direction=CommunicationDirection.INBOUND)
    )
    assert (written.loan_id, written.borrower_name) == (None, office.borrower.name)
    page = await casework.communication_logs(office.officer, ALL, CommunicationFilter(borrower_id=office.borrower.id))
    assert [row.id for row in page.rows] == [written.id]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"subject": " "}, InvalidInput),
        ({"subject": "x" * 201}, InvalidInput),
        ({"body": "x" * 4_001}, InvalidInput),
        ({"body": "\x00"}, InvalidInput),
        ({"outcome": "x" * 501}, InvalidInput),
        ({"follow_up_on": LATE.date() - timedelta(days=1)}, InvalidInput),
        ({"spoken_at": LATE + timedelta(seconds=1)}, InvalidInput),
        ({"promised_on": LATE.date()}, InvalidPromise),
        ({"promised_amount": kes(1)}, InvalidPromise),
        ({"promised_on": LATE.date() - timedelta(days=1), "promised_amount": kes(1)}, InvalidPromise),
        ({"promised_on": LATE.date(), "promised_amount": inr(1)}, CurrencyMismatch),
        ({"promised_on": LATE.date(), "promised_amount": kes(0)}, InvalidAmount),
        ({"promised_on": LATE.date(), "promised_amount": Money(-1, "KES")}, InvalidAmount),
    ],
)
async def test_a_note_that_says_nothing_sensible(changes: dict[str, object], refusal: type[DomainError]) -> None:
    office = await an_office()
    loan = await a_late_loan(office)
    with clock.clock_set_to(LATE):
        async with nothing_happens():
            with pytest.raises(refusal):
                await log_communication(office.officer, loan_id=loan.id, note=note(**changes))


async def test_who_may_note_and_read() -> None:
    office, other = await an_office(), await an_office()
    loan = await a_late_loan(office)
    await log_communication(office.officer, loan_id=loan.id, note=note())
    stranger = await a_borrower(office.branch, name="Carol")
    async with nothing_happens():
        for who in (office.borrower, somebody(Role.ACCOUNTANT, name="Anna Books")):
            with pytest.raises(Forbidden):
                await log_communication(who, loan_id=loan.id, note=note())
            with pytest.raises(Forbidden):
                await casework.communication_logs(who, ALL, CommunicationFilter())
        for unknown in (loan.id, new_id()):
            with pytest.raises(LoanNotFound):
                await log_communication(other.officer, loan_id=unknown, note=note())
        with pytest.raises(BorrowerNotFound):
            await log_communication(other.officer, borrower_id=office.borrower.id, note=note())
        with pytest.raises(BorrowerNotFound):
            await log_communication(office.officer, loan_id=loan.id, borrower_id=stranger.id, note=note())
        with pytest.raises(InvalidInput):
            await log_communication(office.officer, note=note())
    nothing = CommunicationFilter(branch_id=office.branch_id)
    assert not (await casework.communication_logs(other.manager, ALL, nothing)).rows
    assert len((await casework.communication_logs(office.admin, ALL, nothing)).rows) == 1


async def test_nobody_works_on_the_own_debt() -> None:
    office = await an_office()
    borrower = somebody(Role.LOAN_OFFICER, name="Omari Officer", branch=office.branch)
    loan = await a_late_loan(office)
    own = Actor(
        id=loan.borrower_id, name="Both", roles=frozenset({Role.LOAN_OFFICER, Role.BORROWER}), branch_id=office.branch_id
    )
    with clock.clock_set_to(LATE):
        await log_communication(borrower, loan_id=loan.id, note=note())
        async with nothing_happens():
            with pytest.raises(MakerIsChecker):
                await log_communication(own, loan_id=loan.id, note=note())
            with pytest.raises(MakerIsChecker):
                await create_recovery_action(own, loan_id=loan.id, kind=RecoveryActionKind.OTHER, due_on=LATE.date())
    assert not (await casework.communication_logs(own, ALL, CommunicationFilter())).rows


async def test_an_action_from_plan_to_outcome() -> None:
    office = await an_office()
    action = await an_action(office, office.officer, note="At the market", promised_amount=kes(500))
    assert (action.status, action.overdue_amount, action.assigned_to_id) == (
        RecoveryActionStatus.OPEN,
        kes("1066.19"),
        office.officer.id,
    )
    assert (action.subject_number, action.debtor_name) == (
        (await Loan.get(id=action.loan_id)).number,
        office.borrower.name,
    )
    started = await start_recovery_action(office.manager, action_id=action.id)
    assert started.started_at is not None
    done = await complete_recovery_action(
        office.officer, action_id=action.id, outcome="Paid half", recovered_amount=kes("533.10")
    )
    assert (done.status, done.recovered_amount, done.outcome) == (
        RecoveryActionStatus.COMPLETED,
        kes("533.10"),
        "Paid half",
    )
    names = [name for name in await names_of_events() if "recovery" in name]
    assert names == ["lending.recovery_action_created", *["lending.recovery_action_updated"] * 2]
    last = (await events_so_far())[-1].fact
    assert (last.previous_status, last.action.status) == (RecoveryActionStatus.IN_PROGRESS, RecoveryActionStatus.COMPLETED)
    async with nothing_happens():
        for again in (
            start_recovery_action(office.officer, action_id=action.id),
            complete_recovery_action(office.officer, action_id=action.id, outcome="Again"),
            cancel_recovery_action(office.officer, action_id=action.id, reason="Again"),
        ):
            with pytest.raises(RecoveryActionOver):
                await again
        with pytest.raises(IntegrityError, match="stays as it is"):
            await RecoveryAction.filter(id=action.id).update(status=RecoveryActionStatus.OPEN)
    await assert_integrity("lending")


async def test_an_action_is_cancelled_with_a_reason() -> None:
    office = await an_office()
    action = await an_action(office, office.officer)
    async with nothing_happens():
        with pytest.raises(InvalidInput):
            await cancel_recovery_action(office.officer, action_id=action.id, reason=" ")
        with pytest.raises(InvalidInput):
            await complete_recovery_action(office.officer, action_id=action.id, outcome="")
        with pytest.raises(CurrencyMismatch):
            await complete_recovery_action(office.officer, action_id=action.id, outcome="Done", recovered_amount=inr(1))
    cancelled = await cancel_recovery_action(office.officer, action_id=action.id, reason="Paid meanwhile")
    assert (cancelled.status, cancelled.outcome) == (RecoveryActionStatus.CANCELLED, "Paid meanwhile")


async def test_an_action_is_given_to_somebody_who_collects_there() -> None:
    office, other = await an_office(), await an_office()
    colleague = await a_registered_officer(office.branch)
    action = await an_action(office, office.manager, assigned_to_id=colleague.id)
    assert action.assigned_to_id == colleague.id
    assert [task.id for task in await casework.tasks_of(colleague, 10)] == [action.id]
    elsewhere = await a_registered_officer(other.branch)
    loan = await a_late_loan(office)
    with clock.clock_set_to(LATE):
        async with nothing_happens():
            for nobody in (elsewhere.id, office.borrower.id, new_id()):
                with pytest.raises(OfficerNotFound):
                    await _plan(office.manager, loan.id, assigned_to_id=nobody)


async def _plan(who: Actor, loan_id: UUID, **changes: object) -> RecoveryAction:
    stated: dict[str, object] = {"kind": RecoveryActionKind.REMINDER, "due_on": clock.today()}
    return await create_recovery_action(who, loan_id=loan_id, **(stated | changes))  # type: ignore[arg-type]


async def test_what_cannot_be_recovered() -> None:
    office, other = await an_office(), await an_office()
    with clock.clock_set_to(NOON):
        approved, loan = await an_approved_loan(office), await a_running_loan(office)
    with clock.clock_set_to(LATE):
        async with nothing_happens():
            with pytest.raises(LoanNotPaidOut):
                await _plan(office.officer, approved.id)
            with pytest.raises(LoanNotFound):
                await _plan(other.officer, loan.id)
            with pytest.raises(Forbidden):
                await _plan(office.borrower, loan.id)
            with pytest.raises(InvalidInput):
                await _plan(office.officer, loan.id, due_on=clock.today() - timedelta(days=1))
            with pytest.raises(CurrencyMismatch):
                await _plan(office.officer, loan.id, promised_amount=inr(5))
            with pytest.raises(InvalidAmount):
                await _plan(office.officer, loan.id, promised_amount=Money(-5, "KES"))
        await request_write_off(office.manager, loan_id=loan.id, reason="Gone")
        await write_off_loan(office.admin, loan_id=loan.id)
        given_up = await Loan.get(id=loan.id)
        assert (await _plan(office.officer, loan.id)).overdue_amount == given_up.written_off_amount


async def test_actions_of_another_branch_do_not_exist() -> None:
    office, other = await an_office(), await an_office()
    action = await an_action(office, office.officer)
    async with nothing_happens():
        for unknown in (action.id, new_id()):
            with pytest.raises(RecoveryActionNotFound):
                await start_recovery_action(other.manager, action_id=unknown)
            with pytest.raises(RecoveryActionNotFound):
                await casework.recovery_action(other.manager, unknown)
        with pytest.raises(Forbidden):
            await start_recovery_action(office.borrower, action_id=action.id)
    assert not (await casework.recovery_actions(other.manager, ALL, RecoveryFilter())).rows
    for narrowed, count in {
        RecoveryFilter(loan_id=action.loan_id): 1,
        RecoveryFilter(statuses=(RecoveryActionStatus.COMPLETED,)): 0,
        RecoveryFilter(kind=RecoveryActionKind.FIELD_VISIT, assigned_to_id=office.officer.id): 1,
        RecoveryFilter(due_by=LATE.date()): 0,
        RecoveryFilter(subject_kind=RecoverySubject.INVOICE): 0,
    }.items():
        assert len((await casework.recovery_actions(office.admin, ALL, narrowed)).rows) == count, narrowed


async def test_an_invoice_in_default_is_a_debt_to_recover() -> None:
    """Once, though the event is heard again; of no branch, so that those who see all look after it."""
    office = await an_office()
    debtor = await a_debtor()
    with clock.clock_set_to(NOON):
        invoice = await a_funded_invoice(a_seller(), an_investor(), debtor_id=debtor.id)
    with clock.clock_set_to(NOON + timedelta(days=200)):
        await mark_overdue.run()
        [logged] = [each for each in await events_so_far() if each.name == "invoice_finance.invoice_defaulted"]
        await catch_up(listener("lending"))
        await plan_recovery(logged.fact, logged)
        [action] = await RecoveryAction.filter(subject_id=invoice.id)
        assert (action.subject_kind, action.branch_id, action.created_by_id) == (RecoverySubject.INVOICE, None, SYSTEM_ID)
        assert (action.subject_number, action.debtor_id) == (invoice.number, debtor.id)
        assert action.overdue_amount == (await type(invoice).get(id=invoice.id)).outstanding_amount
        assert (await events_so_far())[-1].name == "lending.recovery_action_created"
        assert not (await casework.recovery_actions(office.manager, ALL, RecoveryFilter())).rows
        with pytest.raises(RecoveryActionNotFound):
            await start_recovery_action(office.manager, action_id=action.id)
        begun = await start_recovery_action(office.admin, action_id=action.id)
        assert begun.assigned_to_id == office.admin.id
        await complete_recovery_action(office.admin, action_id=action.id, outcome="Paid")
        await plan_recovery(logged.fact, logged)
        assert await RecoveryAction.filter(subject_id=invoice.id).count() == 1, "heard again when it is over"
