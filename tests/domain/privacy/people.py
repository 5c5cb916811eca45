"""Somebody who has left traces everywhere, and what is found of them afterwards."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from domain.approvals.models import Approval
from domain.approvals.service import approve
from domain.events.listeners import catch_up, every_listener
from domain.identity.actor import Actor
from domain.identity.authentication import authenticate
from domain.identity.errors import InvalidCredentials
from domain.identity.models import User
from domain.identity.permissions import Permission, Role
from domain.identity.service import create_api_key, register_user, rotate_api_key, set_phone, sign_in
from domain.invoice_finance.service import send_invoice_message, withdraw_invoice
from domain.jobs.runner import Runner
from domain.jobs.settings import JobSettings
from domain.kit import clock, database
from domain.kit.clock import clock_set_to
from domain.kit.context import CallContext, call_context
from domain.kit.money import Money
from domain.kit.unit_of_work import unit_of_work
from domain.lending.models import Loan
from domain.lending.service import Note, log_communication
from domain.lending.states import CommunicationChannel, CommunicationDirection
from domain.milling.models import Customer
from domain.milling.states import PaymentMethod
from domain.payments.service.initiating import initiate_mpesa_payment
from domain.payments.service.sessions import book_service_session, cancel_service_session
from domain.payments.states import Purpose
from domain.privacy.service import request_erasure
from domain.school.models import Student
from domain.wallets.service import transfer_funds, wallet_of
from tests.support.happenings import events_so_far
from tests.support.invoices import a_listed_invoice
from tests.support.loans import Office, a_running_loan, an_office, kes, repaid
from tests.support.papers import a_file
from tests.support.paying import paying_settings
from tests.support.people import PASSWORD, an_actor
from tests.support.sales import a_customer, a_sale, a_shop, flour
from tests.support.school import a_school, a_student
from tests.support.school_fees import charged, ghs, paid

NAME: Final = "Zawadi O'Achieng Odhiambo"
EMAIL: Final = "zawadi.odhiambo@daftari.example"
PHONE: Final = "+254712345678"
ADDRESS: Final = "203.0.113.77"
FORMER_NAME: Final = "Zawadi Achieng Wekesa"
WORDS: Final = (NAME, FORMER_NAME, EMAIL, PHONE, "254712345678", "0712345678", "0712 345678", ADDRESS, "Pixel of Zawadi")

TEXTS: Final = """
select c.relname as name from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
"""
BOOKS: Final = """
select e.id, e.number, e.kind, e.effective_on, e.reference_id, l.line_no, l.account_id, l.amount_minor, l.currency,
       l.balance_after_minor
from journal_entry e join journal_line l on l.entry_id = e.id order by l.id
"""


@dataclass
class Traces:
    """What somebody left in the rooms."""

    user: User
    actor: Actor
    office: Office
    loan: Loan
    customer: Customer
    student: Student


async def heard_by_all() -> None:
    """Everything that was announced has been heard by every listener."""
    while True:
        before = len(await events_so_far())
        for each in every_listener():
            await catch_up(each)
        if len(await events_so_far()) == before:
            return


async def worked(*, after_s: float = 0.0) -> None:
    """A worker does what is due, so many seconds from now."""
    later = clock.now() + timedelta(seconds=after_s)
    with clock_set_to(lambda: later):
        await Runner(JobSettings(places=4)).run_what_is_there()


async def found_in(*words: str) -> dict[str, list[str]]:
    """In which tables each of some words stands, in whatever text, JSON or bytes."""
    found: dict[str, list[str]] = {}
    for table in await database.fetch(TEXTS):
        for word in words:
            like = "%" + word.replace("_", "\\_") + "%"
            question = f"""select exists (select from "{table["name"]}" as whole where whole::text ilike $1)"""
            if await database.fetchval(question, like):
                found.setdefault(word, []).append(table["name"])
    return found


async def the_books() -> list[Any]:
    return [tuple(row) for row in await database.fetch(BOOKS)]


async def somebody_with_traces() -> Traces:
    """A borrower, seller, customer and former student, whose obligations have all ended."""
    office = await an_office()
    with call_context(CallContext(address=ADDRESS)):
        user = await register_user(name=FORMER_NAME, email=EMAIL, password=PASSWORD, roles=[Role.BORROWER, Role.SELLER])
        with suppress(InvalidCredentials):
            await sign_in(email=EMAIL, password="not the password", address=ADDRESS)
        signed_in = await sign_in(email=EMAIL, password=PASSWORD, address=ADDRESS, device="Pixel of Zawadi")
        actor = await authenticate(signed_in.access_token)
    # Who marries, say, has another name from then on.
    await database.execute("update app_user set name = $2 where id = $1", user.id, NAME)
    actor = Actor(id=user.id, name=NAME, roles=actor.roles, session_id=actor.session_id, branch_id=office.branch_id)
    with call_context(CallContext(actor_id=user.id, address=ADDRESS)):
        await set_phone(actor, phone=PHONE)
        key = await create_api_key(actor, name=f"Key of {NAME}", scopes=[Permission.WALLET_USE])
        await rotate_api_key(actor, api_key_id=key.api_key.id)
        await a_file(actor, name=f"{NAME} payslip.pdf")
        invoice = await a_listed_invoice(actor, debtor_name="Big Bazaar", description=f"Cloth that {NAME} has sold")
        await send_invoice_message(actor, invoice_id=invoice.id, body=f"Call {PHONE}, 0712 345678 or 0712345678. {NAME}")
        await withdraw_invoice(actor, invoice_id=invoice.id)
    theirs = Office(office.branch, office.officer, office.manager, actor, office.admin)
    loan = await a_running_loan(theirs, annual_rate=Decimal(0))
    await repaid(theirs, loan, 12_000, reference=f"From {NAME}")
    await log_communication(
        office.officer,
        loan_id=loan.id,
        note=Note(
            channel=CommunicationChannel.CALL,
            direction=CommunicationDirection.INBOUND,
            subject=f"{NAME} called",
            body=f"{NAME} is ill; write to {EMAIL}",
        ),
    )
    await pay_for_a_session(actor)
    customer = await a_customer(name=NAME, phone=PHONE, email=EMAIL, address="Moi Avenue 7", user_id=user.id)
    shop = await a_shop()
    await a_sale(shop, flour(shop, 1), customer=customer, paid=PaymentMethod.CASH, note=f"{NAME} fetches it")
    school = await a_school()
    student = await a_student(full_name=NAME, branch=school.branch)
    fee = await charged(school.bursar, student, ghs(100), title=f"Tuition of {NAME}")
    await paid(school.bursar, fee, ghs(100))
    async with unit_of_work() as work:
        await work.execute("update student set user_id = $2 where id = $1", student.id, user.id)
    await heard_by_all()
    await empty_wallets(actor)
    await heard_by_all()
    return Traces(await User.get(id=user.id), actor, theirs, loan, customer, student)


async def pay_for_a_session(client: Actor) -> None:
    """A payment that was asked for by telephone, and came to nothing."""
    payee = await an_actor(Role.TEACHER, name="Dr. Smith")
    session = await book_service_session(
        payee, client_id=client.id, title=f"Advice to {NAME}", price=kes(500), starts_at=clock.now() + timedelta(days=1)
    )
    with paying_settings():
        await initiate_mpesa_payment(client, purpose=Purpose.SERVICE_SESSION, target_id=session.id, phone=PHONE)
    await cancel_service_session(client, service_session_id=session.id)
    # Nobody is asked here, and what nobody answers expires.
    await database.execute("delete from job_task where name like 'payments.%'")
    await database.execute("update payment set status = 'EXPIRED', status_reason = $1", f"{NAME} did not answer")


async def empty_wallets(actor: Actor) -> None:
    """All money goes to somebody else, with words that name the sender."""
    other = await an_actor(Role.INVESTOR, name="Baraka Mwangi")
    rows = await database.fetch(
        """select w.id, w.currency, a.balance_minor from wallet w join ledger_account a on a.id = w.account_id
           where w.user_id = $1 and a.balance_minor > 0""",
        actor.id,
    )
    for row in rows:
        to_wallet = await wallet_of(other.id, row["currency"])
        amount = Money(row["balance_minor"], row["currency"])
        await transfer_funds(
            actor, from_wallet_id=row["id"], to_wallet_id=to_wallet.id, amount=amount, description=f"From {actor.name}"
        )


async def agreed_erasure(traces: Traces) -> Actor:
    """One officer asks, another agrees; returns the second."""
    first, second = await an_actor(Role.ADMIN, name="First Officer"), await an_actor(Role.ADMIN, name="Second Officer")
    erasure = await request_erasure(first, person_id=traces.user.id, reason=f"{NAME} has asked for it by letter")
    approval = await Approval.get(subject_id=erasure.id)
    await approve(second, approval_id=approval.id, comment=f"The letter of {NAME} is genuine")
    return second
