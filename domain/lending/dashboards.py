"""What people see at a glance: a borrower, a loan officer, the manager of a branch, and those who see the whole house.

Figures come out of the sums by day (:mod:`domain.lending.days`); lists are short, and the long ones are queries of their
own. A dashboard is in one currency, because amounts of several cannot be added up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.approvals.queries import QueueLength, queue_lengths
from domain.identity.actor import Actor
from domain.identity.errors import BranchNotFound
from domain.identity.models import Branch
from domain.identity.permissions import Permission
from domain.identity.queries import staff_by_branch
from domain.jobs.models import JobTask, TaskState
from domain.kit import clock
from domain.kit.database import Record, fetch
from domain.kit.money import Money
from domain.kit.reading import count, read, read_one
from domain.lending import casework, days
from domain.lending.days import CollectionStats, LendingFigures, Tally, figures_of, in_currency
from domain.lending.errors import BranchMissing
from domain.lending.models import CommunicationLog, Loan, LoanInstalment, LoanTransaction, RecoveryAction
from domain.lending.service.recovery import UNDER_WAY
from domain.lending.states import RECEIPTS, UNDECIDED, LoanStatus

MAX_LOANS: Final = 50
SHORT_LIST: Final = 10
STAGES: Final = (
    LoanStatus.SUBMITTED,
    LoanStatus.UNDER_REVIEW,
    LoanStatus.KYC_PENDING,
    LoanStatus.KYC_VERIFIED,
    LoanStatus.APPROVED,
)
"""Where an application can be between its submission and the first payout."""


@dataclass(frozen=True, slots=True)
class BorrowerDashboard:
    """A borrower's own loans and applications, what is due of them, and what was paid lately."""

    user_id: UUID
    currency: str
    as_of: date
    loans: list[Loan]
    applications: list[Loan]
    outstanding: Money
    collections: CollectionStats
    next_instalments: list[LoanInstalment]
    recent_payments: list[LoanTransaction]

    @property
    def due_now(self) -> Money:
        """What is overdue or due today."""
        return self.collections.overdue.amount + self.collections.due_today.amount


# The currency of the latest loan that somebody ($1) has to pay, or else of the latest at all.
OWN_CURRENCY: Final = """
select currency from loan where borrower_id = $1 order by outstanding_minor > 0 desc, created_at desc limit 1
"""


async def borrower_dashboard(actor: Actor, currency: str | None = None) -> BorrowerDashboard:
    """The actor's own; in the currency of their latest loan unless another is asked for."""
    actor.require(Permission.LOAN_APPLY)
    if currency is None:
        found = await fetch(OWN_CURRENCY, actor.id)
        currency = found[0]["currency"] if found else None
    currency, today = in_currency(currency), clock.today()
    # Descending order begins with those that have no such day: what is over comes last.
    own = Loan.filter(borrower_id=actor.id, currency=currency).order_by("-closed_on", "-created_at", "-id")
    loans = await read(own.limit(MAX_LOANS))
    lent = [loan for loan in loans if loan.disbursed_on is not None]
    ids = [loan.id for loan in lent]
    owed = LoanInstalment.filter(loan_id__in=ids, unpaid_minor__gt=0).order_by("due_on", "id")
    unpaid = await read(owed) if ids else []
    recent = LoanTransaction.filter(loan_id__in=ids, kind__in=sorted(RECEIPTS), reversed_at__isnull=True)
    return BorrowerDashboard(
        user_id=actor.id,
        currency=currency,
        as_of=today,
        loans=lent,
        applications=[loan for loan in loans if loan.disbursed_on is None],
        outstanding=sum((loan.outstanding_amount for loan in lent), Money.zero(currency)),
        collections=days.stats_of(unpaid, currency, today),
        next_instalments=unpaid[:SHORT_LIST],
        recent_payments=await read(recent.order_by("-happened_on", "-id").limit(SHORT_LIST)) if ids else [],
    )


@dataclass(frozen=True, slots=True)
class Stage:
    """Applications at one stage, and what was asked for with them."""

    status: LoanStatus
    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class LoanOfficerDashboard:
    """A loan officer's own loans and applications, and what is to be done. ``unassigned`` wait at the officer's branch."""

    user_id: UUID
    branch_id: UUID | None
    figures: LendingFigures
    applications: list[Stage]
    unassigned: int
    tasks: list[RecoveryAction]
    follow_ups: list[CommunicationLog]


# Applications by stage. $1 currency, $2 stages, and of an officer ($3) or of a branch ($3, or all).
_STAGES: Final = """
select branch_id, status, count(*) as count, sum(coalesce(approved_minor, requested_minor)) as amount
from loan where status = any ($2::text[]) and currency = $1 and {narrowed} group by 1, 2
"""
STAGES_OF_OFFICER: Final = _STAGES.format(narrowed="officer_id = $3")
STAGES_BY_BRANCH: Final = _STAGES.format(narrowed="($3::uuid is null or branch_id = $3)")


async def loan_officer_dashboard(actor: Actor, currency: str | None = None) -> LoanOfficerDashboard:
    """The actor's own."""
    actor.require(Permission.OFFICER_DASHBOARD)
    currency, today = in_currency(currency), clock.today()
    stages = await fetch(STAGES_OF_OFFICER, currency, list(STAGES), actor.id)
    waiting = Loan.filter(
        branch_id=actor.branch_id, officer_id__isnull=True, status__in=sorted(UNDECIDED), currency=currency
    )
    return LoanOfficerDashboard(
        user_id=actor.id,
        branch_id=actor.branch_id,
        figures=figures_of(await days.figures_of_officer(currency, today, actor.id), currency, today),
        applications=_stages(stages, currency),
        unassigned=await count(waiting) if actor.branch_id is not None else 0,
        tasks=await casework.tasks_of(actor, SHORT_LIST),
        follow_ups=await casework.follow_ups_of(actor, today, SHORT_LIST),
    )


@dataclass(frozen=True, slots=True)
class OfficerRank:
    """How a loan officer's loans at a branch do."""

    officer_id: UUID
    figures: LendingFigures


@dataclass(frozen=True, slots=True)
class BranchManagerDashboard:
    """A branch: its figures, what waits for somebody, and its officers, who collected most this month first."""

    branch_id: UUID
    branch: Branch
    figures: LendingFigures
    applications: list[Stage]
    approvals: list[QueueLength]
    officers: list[OfficerRank]
    recovery_actions: int

    @property
    def approvals_waiting(self) -> int:
        return sum(queue.pending for queue in self.approvals)


async def branch_manager_dashboard(
    actor: Actor, branch_id: UUID | None = None, currency: str | None = None
) -> BranchManagerDashboard:
    """The actor's own branch, or any for those who see all (BRANCH_NOT_FOUND otherwise)."""
    actor.require(Permission.BRANCH_DASHBOARD)
    branch = await seen_branch(actor, branch_id)
    currency, today = in_currency(currency), clock.today()
    rows = await days.figures_by_branch(currency, today, branch.id)
    officers = await days.figures_of_officers(currency, today, branch.id)
    return BranchManagerDashboard(
        branch_id=branch.id,
        branch=branch,
        figures=figures_of(rows.get(branch.id, ()), currency, today),
        applications=_stages(await fetch(STAGES_BY_BRANCH, currency, list(STAGES), branch.id), currency),
        approvals=await queue_lengths(actor),
        officers=_ranked(officers, currency, today),
        recovery_actions=await count(RecoveryAction.filter(branch_id=branch.id, status__in=UNDER_WAY)),
    )


async def seen_branch(actor: Actor, branch_id: UUID | None) -> Branch:
    """The branch asked for, or the actor's own."""
    branch_id = branch_id or actor.branch_id
    if branch_id is None:
        raise BranchMissing("say which branch", field=("branchId",))
    branch = await read_one(Branch.filter(id=branch_id)) if actor.sees_branch(branch_id) else None
    if branch is None:
        raise BranchNotFound("there is no such branch", field=("branchId",))
    return branch


@dataclass(frozen=True, slots=True)
class BranchFigures:
    """One branch among all."""

    branch: Branch
    figures: LendingFigures
    applications: list[Stage]
    staff: int


@dataclass(frozen=True, slots=True)
class AdminDashboard:
    """The whole house, together and branch by branch, with who works there; tasks in the background that nobody could do."""

    figures: LendingFigures
    branches: list[BranchFigures]
    applications: list[Stage]
    approvals: list[QueueLength]
    recovery_actions: int
    staff: int
    dead_tasks: int

    @property
    def approvals_waiting(self) -> int:
        return sum(queue.pending for queue in self.approvals)


async def admin_dashboard(actor: Actor, currency: str | None = None) -> AdminDashboard:
    """Every branch, by name; also one that has lent nothing."""
    actor.require(Permission.ADMIN_DASHBOARD)
    currency, today = in_currency(currency), clock.today()
    rows = await days.figures_by_branch(currency, today, None)
    stages = await fetch(STAGES_BY_BRANCH, currency, list(STAGES), None)
    staff = await staff_by_branch()
    return AdminDashboard(
        figures=figures_of((row for group in rows.values() for row in group), currency, today),
        branches=[
            BranchFigures(
                branch,
                figures_of(rows.get(branch.id, ()), currency, today),
                _stages((row for row in stages if row["branch_id"] == branch.id), currency),
                staff.get(branch.id, 0),
            )
            for branch in await read(Branch.all().order_by("name", "id"))
        ],
        applications=_stages(stages, currency),
        approvals=await queue_lengths(actor),
        recovery_actions=await count(RecoveryAction.filter(status__in=UNDER_WAY)),
        staff=sum(staff.values()),
        dead_tasks=await count(JobTask.filter(state=TaskState.DEAD)),
    )


def _stages(rows: Iterable[Record], currency: str) -> list[Stage]:
    """Every stage, also one where nothing is; those of several branches added up."""
    sums = {status: Tally(0, Money.zero(currency)) for status in STAGES}
    for row in rows:
        status = LoanStatus(row["status"])
        sums[status] += Tally(row["count"], Money(int(row["amount"]), currency))
    return [Stage(status, tally.count, tally.amount) for status, tally in sums.items()]


def _ranked(officers: dict[UUID, list[Record]], currency: str, today: date) -> list[OfficerRank]:
    ranks = [OfficerRank(officer_id, figures_of(rows, currency, today)) for officer_id, rows in officers.items()]
    return sorted(ranks, key=_by_collected)


def _by_collected(rank: OfficerRank) -> tuple[int, Decimal, UUID]:
    """Who collected most comes first; of equals, who has less at risk."""
    return -rank.figures.collected_this_month.amount.amount_minor, rank.figures.portfolio.par30, rank.officer_id
