"""What stands against an erasure: money and contracts that are open, and how long the law wants records kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.kit import clock
from domain.kit.unit_of_work import Work
from domain.privacy import settings
from domain.privacy.errors import (
    ErasureObstacle,
    LegalRetention,
    OpenBalance,
    OpenInvoices,
    OpenLoans,
    OpenPayments,
    OpenTrades,
    StaffActive,
    StillEnrolled,
    UnpaidFees,
)
from domain.privacy.people import Person

# In the order in which they are told. Each counts what is open of the ids in $1.
_OPEN: Final[tuple[tuple[type[ErasureObstacle], str, str], ...]] = (
    (
        StaffActive,
        "the person works here: take their access first",
        """select count(*) from app_user where id = any ($1::uuid[]) and active
             and not roles <@ array['SELLER', 'INVESTOR', 'DEBTOR', 'BORROWER', 'GUARDIAN']""",
    ),
    (
        OpenLoans,
        "{count} loans or applications have not ended",
        """select count(*) from loan where borrower_id = any ($1::uuid[])
             and status not in ('CLOSED', 'WRITTEN_OFF', 'REJECTED', 'WITHDRAWN')""",
    ),
    (
        OpenInvoices,
        "{count} invoices, investments or bids have not ended",
        """select (select count(*) from invoice where (seller_id = any ($1::uuid[]) or debtor_id = any ($1::uuid[]))
                     and status not in ('SETTLED', 'RECOVERED', 'CANCELLED', 'EXPIRED'))
             + (select count(*) from investment where investor_id = any ($1::uuid[]) and ended_at is null)
             + (select count(*) from bid where bidder_id = any ($1::uuid[]) and state = 'ACTIVE')""",
    ),
    (
        OpenTrades,
        "{count} sales or purchases are open or unpaid",
        """select (select count(*) from mill_sale where customer_id = any ($1::uuid[])
                     and (status in ('DRAFT', 'CONFIRMED') or status <> 'CANCELLED' and due_minor <> 0))
             + (select count(*) from mill_purchase where supplier_id = any ($1::uuid[])
                  and (status = 'DRAFT' or status <> 'CANCELLED' and due_minor <> 0))""",
    ),
    (
        UnpaidFees,
        "{count} school fees are owed, or paid in advance",
        """select (select count(*) from school_fee where student_id = any ($1::uuid[]) and voided_at is null
                     and arrears_minor <> 0)
             + (select count(*) from (select from student_advance where student_id = any ($1::uuid[])
                  group by currency having sum(amount_minor) <> 0) as left_over)""",
    ),
    (
        StillEnrolled,
        "the person is enrolled, teaches, or answers for {count} students who are enrolled",
        """select (select count(*) from student where id = any ($1::uuid[]) and enrolled_count > 0)
             + (select count(*) from student_guardian g join student s on s.id = g.student_id
                  where g.user_id = any ($1::uuid[]) and s.enrolled_count > 0 and s.deleted_at is null)
             + (select count(*) from teacher where id = any ($1::uuid[]) and active)""",
    ),
    (
        OpenPayments,
        "{count} payments are under way, or in suspense, or sessions booked",
        """select (select count(*) from payment where client_id = any ($1::uuid[])
                     and (status in ('CREATED', 'STK_SENT', 'PROCESSING') or suspense_minor <> 0))
             + (select count(*) from service_session where status = 'BOOKED'
                  and (client_id = any ($1::uuid[]) or payee_id = any ($1::uuid[])))""",
    ),
    (
        OpenBalance,
        "{count} accounts of the person hold money",
        """select count(*) from ledger_account where owner_id = any ($1::uuid[])
             and (balance_minor <> 0 or held_minor <> 0)""",
    ),
)

# The last time that anything happened which the law wants to be found again.
_LAST_RECORD: Final = """
select greatest(
    (select max(l.recorded_at) from journal_line l join ledger_account a on a.id = l.account_id
     where a.owner_id = any ($1::uuid[])),
    (select max(updated_at) from loan where borrower_id = any ($1::uuid[]) and status not in ('DRAFT', 'WITHDRAWN')),
    (select max(updated_at) from invoice where (seller_id = any ($1::uuid[]) or debtor_id = any ($1::uuid[]))
       and listed_at is not null),
    (select max(updated_at) from mill_sale where customer_id = any ($1::uuid[])),
    (select max(updated_at) from mill_purchase where supplier_id = any ($1::uuid[])),
    (select max(updated_at) from school_fee where student_id = any ($1::uuid[])),
    (select max(updated_at) from payment where client_id = any ($1::uuid[]) and paid_at is not null))
"""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """``until`` is set where it goes by itself."""

    refusal: ErasureObstacle
    until: datetime | None = None

    @property
    def code(self) -> str:
        return self.refusal.code

    @property
    def message(self) -> str:
        return self.refusal.message


async def obstacles_of(work: Work, person: Person) -> list[Obstacle]:
    """Everything that stands against erasing a person's data; nothing when it may be done."""
    found = []
    for kind, message, question in _OPEN:
        count = await work.fetchval(question, person.ids)
        if count:
            found.append(Obstacle(kind(message.format(count=count))))
    last = await work.fetchval(_LAST_RECORD, person.ids)
    years = settings.current().retention_years
    if last is not None and years:
        until = _years_after(last, years)
        if until > clock.now():
            message = f"the law wants records of the person kept until {until:%d %B %Y}"
            found.append(Obstacle(LegalRetention(message), until))
    return found


async def require_no_obstacle(work: Work, person: Person) -> None:
    for obstacle in await obstacles_of(work, person):
        raise obstacle.refusal


def _years_after(moment: datetime, years: int) -> datetime:
    """The same day so many years later; of 29 February the day after, where there is none."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, month=3, day=1)
