"""Statements of the M-Pesa account for tests: files, imports that are worked through, and payments that they tell of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from domain.files.models import StoredFile
from domain.files.service import store_file
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.jobs.runner import Runner
from domain.jobs.settings import JobSettings
from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import unit_of_work
from domain.payments.models import Payment, StatementImport
from domain.payments.opening import open_payment
from domain.payments.purposes import Due
from domain.payments.service.statements import STATEMENT, import_statement
from domain.payments.settling import Wanted, settle_payments
from domain.payments.states import Purpose, ReconTrigger
from tests.support.people import somebody

HEADINGS: Final = (
    "Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,Reason Type,"
    "Other Party Info,Linked Transaction ID,A/C No.\n"
)
PUBLISHED: Final = """\
Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,Reason Type,Other Party Info
TC51ABCD2E,2025-03-05 10:15:44,2025-03-05 10:15:30,Pay Bill Online,Completed,2500.00,,12500.00,Pay Utility,2547*****001 - A MENSAH
TC51ZZZZ9K,2025-03-05 11:02:10,2025-03-05 11:02:10,Reversal of TC51ABCD2E,Completed,,2500.00,10000.00,Reversal,2547*****001 - A MENSAH
TC61QWER3T,2025-03-06 09:01:02,2025-03-06 09:00:58,Pay Bill FEE-42,Completed,999.50,,10999.50,Pay Utility,2547*****002 - A OWUSU
"""  # noqa: E501
NOON: Final = datetime(2025, 3, 5, 9, tzinfo=UTC)
"""Noon in Nairobi on the day that the published statement begins with."""

QUICK: Final = JobSettings(lease_s=5, poll_s=0.02, places=8, grace_s=0.05)


def an_administrator() -> Actor:
    return somebody(Role.ADMIN)


def shillings(amount: object) -> Money:
    return Money.of(str(amount), "KES")


def row(
    receipt: str,
    amount: object = "2500.00",
    *,
    at: datetime = NOON,
    reference: str = "",
    details: str = "Pay Bill",
    out: bool = False,
    reverses: str = "",
    reason: str = "Pay Utility",
    status: str = "Completed",
    party: str = "2547*****001 - A MENSAH",
) -> str:
    """A line of an organisation's statement, with the account number in its own column."""
    local = (at + timedelta(hours=3)).strftime("%Y-%m-%d %H:%M:%S")
    came, went = ("", amount) if out else (amount, "")
    return f"{receipt},{local},{local},{details},{status},{came},{went},,{reason},{party},{reverses},{reference}\n"


def reversal(receipt: str, reverses: str, amount: object = "2500.00", *, at: datetime = NOON) -> str:
    return row(receipt, amount, at=at, out=True, reverses=reverses, details=f"Reversal of {reverses}", reason="Reversal")


def charge(receipt: str, amount: object = "23.00", *, at: datetime = NOON) -> str:
    return row(receipt, amount, at=at, out=True, details="Pay merchant Charge", reason="Pay merchant Charge")


def statement(*rows: str) -> str:
    return HEADINGS + "".join(rows)


async def a_statement(owner: Actor, text: str | bytes = PUBLISHED, name: str = "statement.csv") -> StoredFile:
    content = text.encode() if isinstance(text, str) else text
    return await store_file(owner, file_name=name, content=content, purpose=STATEMENT.name)


async def asked_for(actor: Actor, text: str | bytes = PUBLISHED) -> StatementImport:
    """An import that nobody has worked on yet."""
    return await import_statement(actor, file_id=(await a_statement(actor, text)).id)


async def imported(actor: Actor, text: str | bytes = PUBLISHED) -> StatementImport:
    """An import, worked through."""
    made = await asked_for(actor, text)
    await work_is_done()
    return await StatementImport.get(id=made.id)


async def work_is_done() -> None:
    await Runner(QUICK).run_what_is_there()


async def a_payment(amount: object = "2500", *, opened_at: datetime = NOON, **due: Any) -> Payment:
    """Something that is to be paid, and for which nobody was prompted."""
    owed = shillings(amount)
    told: dict[str, Any] = {
        "purpose": Purpose.LOAN_INSTALMENT,
        "target_id": new_id(),
        "title": "Loan LN-000001",
        "amount": owed,
        "currency": "KES",
        "client_id": None,
        "client_name": "Asha Patel",
        "payee_id": None,
        "payee_name": "Daftari",
        "branch_id": None,
        "account_reference": "LN-000001",
    }
    with clock.clock_set_to(opened_at):
        async with unit_of_work() as work:
            return await open_payment(work, Due(**(told | due)), owed, created_by=None)


async def a_paid_payment(
    receipt: str, amount: object = "2500", *, at: datetime = NOON, paid: object | None = None
) -> Payment:
    """A payment that a confirmation of the provider's told of, with this receipt."""
    payment = await a_payment(amount, opened_at=at)
    await confirmed(payment.id, receipt, amount if paid is None else paid, at=at)
    await payment.refresh_from_db()
    return payment


async def confirmed(payment_id: UUID | None, receipt: str, amount: object = "2500", *, at: datetime = NOON) -> None:
    """A confirmation of a payment arrived, and was settled."""
    money = shillings(amount)
    with clock.clock_set_to(at):
        async with unit_of_work() as work:
            await work.execute(
                """insert into payment_evidence (payment_id, channel, outcome, received_at, receipt, amount_minor, currency,
                                                 transacted_at)
                   values ($1, 'C2B', 'PAID', $2, $3, $4, $5, $2)""",
                payment_id,
                at,
                receipt,
                money.amount_minor,
                money.currency,
            )
            if payment_id is not None:
                wanted = Wanted(payment_id=payment_id, trigger=ReconTrigger.PAYMENT_CALLBACK, started_at=at)
                await settle_payments(work, [wanted])


def receipts(count: int, prefix: str = "TC") -> Iterable[str]:
    """So many receipt numbers."""
    return (f"{prefix}{number:07d}X" for number in range(count))
