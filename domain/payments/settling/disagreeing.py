"""What does not agree: written down once, told when it is new or worse, and over by itself when it is gone.

A discrepancy is known by its payment, type and receipt. One that is no longer found is resolved by nobody; found again after
that it is open again. What a person has resolved stays so, unless it has become worse or is about other figures now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any, Final
from uuid import UUID

from domain.kit.database import Record
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work
from domain.payments.rules.issues import Issue, is_worse
from domain.payments.settling.columns import columns
from domain.payments.states import DiscrepancyStatus, DiscrepancyType, Resolution, Severity

_S = DiscrepancyStatus

MAX_FIGURE: Final = 200
"""Characters of what was expected or received."""

OTHERS_FIND: Final = frozenset({DiscrepancyType.PURPOSE_REFUSED.value})
"""Types that no settling finds, and none finds gone."""

READ: Final = "select * from discrepancy where payment_id = any($1::uuid[]) order by id for no key update"

READ_OF_RECEIPTS: Final = """
select * from discrepancy where payment_id is null and receipt = any($1::text[]) order by id for no key update
"""

INSERT: Final = """
insert into discrepancy (id, payment_id, receipt, type, severity, message, expected, received, status, found_at,
                         last_found_at, reconciliation_id, branch_id)
select id, payment_id, receipt, type, severity, message, expected, received, 'OPEN', $10, $10, reconciliation_id, branch_id
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::uuid[],
            $11::uuid[]) with ordinality
     as d (id, payment_id, receipt, type, severity, message, expected, received, reconciliation_id, branch_id, place)
order by place
returning *
"""

# What is found again and what is gone, in one statement. Who is on it stays, but for one that opens again.
UPDATE: Final = """
update discrepancy d
set severity = n.severity, message = n.message, expected = n.expected, received = n.received, status = n.status,
    last_found_at = n.last_found_at, version = d.version + n.steps,
    reconciliation_id = coalesce(n.reconciliation_id, d.reconciliation_id),
    assigned_to = case when n.reopened then null else d.assigned_to end,
    assigned_at = case when n.reopened then null else d.assigned_at end,
    resolution = n.resolution, resolved_by = n.resolved_by, resolved_at = n.resolved_at,
    note = case when n.reopened then '' else d.note end
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::int[],
            $9::uuid[], $10::boolean[], $11::text[], $12::uuid[], $13::timestamptz[])
     as n (id, severity, message, expected, received, status, last_found_at, steps, reconciliation_id, reopened, resolution,
           resolved_by, resolved_at)
where d.id = n.id
returning d.*
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A payment, or a receipt without one: what was known not to agree, and what does not now."""

    known: Sequence[Record]
    issues: Sequence[Issue]
    payment_id: UUID | None = None
    branch_id: UUID | None = None
    reconciliation_id: UUID | None = None
    resolution: Resolution = Resolution.NO_ACTION
    """How what is gone is over, and by whom: none when by itself."""
    resolved_by: UUID | None = None


class What(Enum):
    """What is to be told of a discrepancy. One that is open again, or worse than it was, is as good as new."""

    FOUND = auto()
    CHANGED = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Told:
    """A discrepancy as it is now."""

    row: Record
    what: What


def is_dealt_with(row: Record, issue: Issue) -> bool:
    """Whether a person has resolved this, and it is as it was then."""
    return (
        (row["type"], row["receipt"] or "") == (issue.type, issue.receipt or "")
        and row["status"] == _S.RESOLVED
        and row["resolved_by"] is not None
        and not is_worse(issue.severity, Severity(row["severity"]))
        and (row["expected"], row["received"]) == _figures(issue)
    )


async def keep_discrepancies(work: Work, subjects: Sequence[Subject], now: datetime) -> list[Told]:
    """Bring what is known not to agree to what does not agree now; what is to be told of it, in the order found."""
    found: list[tuple[Any, ...]] = []
    again: list[tuple[Any, ...]] = []
    told_as: dict[UUID, What] = {}
    for subject in subjects:
        _compare(subject, now, found, again, told_as)
    told = []
    if found:
        told = [Told(row, What.FOUND) for row in await work.fetch(INSERT, *_inserted(found, now))]
    if again:
        rows = await work.fetch(UPDATE, *columns(sorted(again)))
        told += [Told(row, told_as[row["id"]]) for row in rows if told_as[row["id"]] is not What.NOTHING]
    return sorted(told, key=lambda each: each.row["serial"])


def _compare(
    subject: Subject,
    now: datetime,
    found: list[tuple[Any, ...]],
    again: list[tuple[Any, ...]],
    told_as: dict[UUID, What],
) -> None:
    rows: Mapping[tuple[str, str], Record] = {(row["type"], row["receipt"] or ""): row for row in subject.known}
    issues = {(issue.type.value, issue.receipt or ""): issue for issue in subject.issues}
    for key, issue in issues.items():
        if key not in rows:
            found.append(_new(subject, issue))
    for key, row in rows.items():
        if key in issues:
            what, values = _found_again(subject, row, issues[key], now)
        elif row["status"] != _S.RESOLVED and row["type"] not in OTHERS_FIND:
            what, values = What.CHANGED, _gone(subject, row, now)
        else:
            continue
        again.append(values)
        told_as[row["id"]] = what


def _new(subject: Subject, issue: Issue) -> tuple[Any, ...]:
    return (
        new_id(),
        subject.payment_id,
        issue.receipt,
        issue.type.value,
        issue.severity.value,
        issue.message,
        *_figures(issue),
        subject.reconciliation_id,
        subject.branch_id,
    )


def _found_again(subject: Subject, row: Record, issue: Issue, now: datetime) -> tuple[What, tuple[Any, ...]]:
    """Whether it is open again, or about other figures than it was, or the same."""
    if is_dealt_with(row, issue):
        return What.NOTHING, _same(row, now)
    reopened = row["status"] == _S.RESOLVED
    is_other = (row["severity"], row["message"], row["expected"], row["received"]) != (
        issue.severity,
        issue.message,
        *_figures(issue),
    )
    if not reopened and not is_other:
        return What.NOTHING, _same(row, now)
    status = _S.OPEN.value if reopened else row["status"]
    values = (issue.severity.value, issue.message, *_figures(issue), status, now, 1, subject.reconciliation_id, reopened)
    is_news = reopened or is_worse(issue.severity, Severity(row["severity"]))
    return What.FOUND if is_news else What.CHANGED, (row["id"], *values, None, None, None)


def _same(row: Record, now: datetime) -> tuple[Any, ...]:
    told = (row["severity"], row["message"], row["expected"], row["received"], row["status"], now, 0, None, False)
    return (row["id"], *told, row["resolution"], row["resolved_by"], row["resolved_at"])


def _gone(subject: Subject, row: Record, now: datetime) -> tuple[Any, ...]:
    told = (row["severity"], row["message"], row["expected"], row["received"], _S.RESOLVED.value, row["last_found_at"], 1)
    ended = (subject.resolution.value, subject.resolved_by, now)
    return (row["id"], *told, subject.reconciliation_id, False, *ended)


def _figures(issue: Issue) -> tuple[str | None, str | None]:
    return issue.expected and issue.expected[:MAX_FIGURE], issue.received and issue.received[:MAX_FIGURE]


def _inserted(found: Sequence[tuple[Any, ...]], now: datetime) -> list[Any]:
    values = columns(found)
    return [*values[:9], now, values[9]]
