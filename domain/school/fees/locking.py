"""One fee under its lock, with all that is needed to decide about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import Forbidden
from domain.kit.money import Money
from domain.kit.unit_of_work import Work
from domain.ledger.service import Line as EntryLine
from domain.school.errors import FeeChangedMeanwhile, FeeDeleted, FeeNotFound
from domain.school.fees.lines import ChargedLine
from domain.school.models import SchoolFee
from domain.school.rules.plans import Line
from domain.school.settings import threshold_of

# Whoever changes what is due or paid of a fee waits here for the one before; what refers to it may be written meanwhile.
LOCK: Final = "select * from school_fee where id = $1 for no key update"
LOCK_SEVERAL: Final = "select from school_fee where id = any($1::uuid[]) order by id for no key update"

# What is known of a fee besides its row. Asked for after the lock, so that it is what the one before has left.
STATE: Final = """
select s.full_name as student,
       array(select g.user_id from student_guardian g where g.student_id = s.id
             order by g.is_primary desc, g.since_at, g.user_id) as guardian_ids,
       (select jsonb_agg(jsonb_build_array(l.instalment_no, l.due_on, l.category_code, l.amount_minor, l.income_code)
                         order by l.position)
        from fee_line l where l.fee_id = f.id and l.edition = f.edition) as lines,
       t.id as live_id, t.entry_id, t.amount_minor, t.description, t.on_date, t.shares, t.created_by_id, t.created_at,
       (select jsonb_agg(jsonb_build_array(l.account_id, l.amount_minor) order by l.line_no)
        from journal_line l where l.entry_id = t.entry_id) as entry_lines,
       a.id as alert_id,
       (select thresholds from school_setting) as thresholds
from school_fee f
join student s on s.id = f.student_id
left join school_transaction t on t.fee_id = f.id and t.reversed_at is null
left join arrears_alert a on a.fee_id = f.id and a.cleared_at is null
where f.id = $1
"""


@dataclass(frozen=True, slots=True)
class LiveTransaction:
    """The one row of the books that stands for what is paid of a fee, with the lines of its entry."""

    id: UUID
    entry_id: UUID
    description: str
    amount: Money
    on_date: date
    shares: Mapping[str, int]
    created_by_id: UUID
    created_at: datetime
    lines: tuple[EntryLine, ...]


@dataclass(slots=True)
class Desk:
    """A fee that is locked, and who acts on it.

    ``student`` is how the student is called now, ``live`` what the books have of the fee, ``alert_id`` the alert of high
    arrears that is open. A new fee has no row yet.
    """

    actor: Actor
    fee: SchoolFee
    student: str
    guardian_ids: tuple[UUID, ...]
    lines: tuple[ChargedLine, ...]
    live: LiveTransaction | None
    alert_id: UUID | None
    threshold: Money
    is_new: bool = False

    @property
    def rule_lines(self) -> tuple[Line, ...]:
        return tuple(each.line for each in self.lines)

    @property
    def income_of(self) -> dict[str, str]:
        """The income account of each category that the fee asks for."""
        return {each.line.category: each.income_code for each in self.lines}

    def money(self, amount_minor: int) -> Money:
        return Money(amount_minor, self.fee.currency)


async def locked_fee(work: Work, actor: Actor, fee_id: UUID, permission: Permission, *, version: int | None = None) -> Desk:
    """A fee for staff with a permission where it is charged, until the unit of work ends.

    Refuses with FEE_NOT_FOUND (also a fee that the actor may not read), FORBIDDEN, FEE_DELETED and FEE_CHANGED_MEANWHILE.
    """
    fee = await _locked(work, fee_id)
    if not actor.may_at(Permission.FEES_READ, fee.branch_id):
        raise FeeNotFound
    if not actor.may_at(permission, fee.branch_id):
        raise Forbidden(f"this needs the permission {permission.value} where the fee is charged")
    return await _desk(work, actor, fee, version)


async def locked_fee_of_ward(work: Work, actor: Actor, fee_id: UUID, *, version: int | None = None) -> Desk:
    """A fee for a guardian of its student. Refuses as :func:`locked_fee` does."""
    fee = await _locked(work, fee_id)
    desk = await _desk(work, actor, fee, None, deleted=True)
    if actor.id not in desk.guardian_ids:
        raise FeeNotFound
    _require_as_read(fee, version)
    return desk


async def _locked(work: Work, fee_id: UUID) -> SchoolFee:
    row = await work.fetchrow(LOCK, fee_id)
    if row is None:
        raise FeeNotFound
    return SchoolFee._init_from_db(**row)


async def _desk(work: Work, actor: Actor, fee: SchoolFee, version: int | None, *, deleted: bool = False) -> Desk:
    if not deleted:
        _require_as_read(fee, version)
    row = await work.fetchrow(STATE, fee.id)
    assert row is not None, "it is locked"
    return Desk(
        actor=actor,
        fee=fee,
        student=row["student"],
        guardian_ids=tuple(row["guardian_ids"]),
        lines=tuple(_line(each, fee.currency) for each in row["lines"] or ()),
        live=None if row["live_id"] is None else _live(row, fee.currency),
        alert_id=row["alert_id"],
        threshold=threshold_of(row["thresholds"], fee.currency),
    )


def _require_as_read(fee: SchoolFee, version: int | None) -> None:
    if fee.void:
        raise FeeDeleted(fee.number)
    if version is not None and version != fee.version:
        raise FeeChangedMeanwhile(fee.version)


def _line(kept: Sequence[Any], currency: str) -> ChargedLine:
    number, due_on, category, minor, income_code = kept
    return ChargedLine(Line(number, date.fromisoformat(due_on), category, Money(minor, currency)), income_code)


def _live(row: Any, currency: str) -> LiveTransaction:
    return LiveTransaction(
        id=row["live_id"],
        entry_id=row["entry_id"],
        description=row["description"],
        amount=Money(row["amount_minor"], currency),
        on_date=row["on_date"],
        shares=row["shares"],
        created_by_id=row["created_by_id"],
        created_at=row["created_at"],
        lines=tuple(
            EntryLine(UUID(account_id), Money(abs(minor), currency), minor > 0) for account_id, minor in row["entry_lines"]
        ),
    )
