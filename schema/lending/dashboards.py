"""What borrowers, loan officers, branch managers and administrators see at a glance, once or live."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import strawberry

from domain.approvals.events import ApprovalDecided, ApprovalRequested
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.lending import dashboards
from domain.lending.events import (
    LOANS,
    RECOVERY_ACTIONS,
    CommunicationLogged,
    LoanUpdated,
    RecoveryActionCreated,
    RecoveryActionUpdated,
    loans_of_branch,
    loans_of_officer,
)
from schema.approvals.types import ApprovalCount
from schema.identity.types import Branch
from schema.kit import ID, CurrencyCode, Info, Money, argument, attribute, global_id, object_type, query, state_feed
from schema.lending.casework import CommunicationLog, RecoveryAction
from schema.lending.collections import InCurrency, id_or_none
from schema.lending.figures import (
    SO_MANY_STAGES,
    ApplicationStage,
    CollectionStats,
    LendingFigures,
    OfficerRank,
    short_list,
)
from schema.lending.types import Loan, LoanInstalment, LoanTransaction

_OF_STAFF = [LoanUpdated, RecoveryActionCreated, RecoveryActionUpdated]

ManagedBranch = Annotated[ID | None, argument("The branch; one's own when left out.")]
OwnCurrency = Annotated[
    CurrencyCode | None, argument("In which currency; that of one's latest loan when left out, else the house's default.")
]


@object_type("A borrower's own loans and applications, what is due of them, and what was paid lately.")
class BorrowerDashboard:
    user_id: ID = global_id("User", "Whose it is.")
    currency: CurrencyCode = attribute("The currency of all amounts and loans in it.")
    as_of: date = attribute("The day that is today in it.")
    loans: list[Loan] = attribute(
        "Loans that were paid out, those that are not over first, the latest of them first; 50 with applications.",
        rule=short_list(5),
    )
    applications: list[Loan] = attribute("Applications that were not paid out, the latest first.", rule=short_list(5))
    outstanding: Money = attribute("All that is unpaid of the schedules, interest to come included.")
    due_now: Money = attribute("What is overdue or due today.")
    collections: CollectionStats = attribute("What is to be paid, by how it stands today.")
    next_instalments: list[LoanInstalment] = attribute("The oldest 10 unpaid instalments.", rule=short_list(10))
    recent_payments: list[LoanTransaction] = attribute("The latest 10 payments.", rule=short_list(10))


@object_type("A loan officer's own loans and applications, and what is to be done.")
class LoanOfficerDashboard:
    user_id: ID = global_id("User", "Whose it is.")
    branch_id: ID | None = global_id("Branch", "The officer's branch.")
    figures: LendingFigures = attribute("The loans that the officer looks after.")
    applications: list[ApplicationStage] = attribute(
        "Applications that the officer looks after, by stage.", rule=short_list(SO_MANY_STAGES)
    )
    unassigned: int = attribute("Applications at the officer's branch that nobody looks after yet.")
    tasks: list[RecoveryAction] = attribute("The officer's recovery actions, the 10 most urgent.", rule=short_list(10))
    follow_ups: list[CommunicationLog] = attribute(
        "The officer's own notes to come back to today, or in the last 7 days; 10 at most.", rule=short_list(10)
    )


@object_type("A branch at a glance: its figures, what waits for somebody, and its officers.")
class BranchManagerDashboard:
    branch_id: ID = global_id("Branch", "The branch.")
    branch: Branch = attribute("The branch.")
    figures: LendingFigures = attribute("The loans of the branch.")
    applications: list[ApplicationStage] = attribute("Applications by stage.", rule=short_list(SO_MANY_STAGES))
    approvals: list[ApprovalCount] = attribute("What waits for the viewer's decision, by kind.", rule=short_list(8))
    approvals_waiting: int = attribute("All of that together.")
    recovery_actions: int = attribute("Recovery actions under way.")
    officers: list[OfficerRank] = attribute(
        "Officers with loans at the branch, who collected most this month first.", rule=short_list(10)
    )


@object_type("One branch among all.")
class BranchFigures:
    branch: Branch = attribute("The branch.")
    figures: LendingFigures = attribute("Its figures.")
    applications: list[ApplicationStage] = attribute("Its applications by stage.", rule=short_list(SO_MANY_STAGES))
    staff: int = attribute("People who work there.")


@object_type("The whole house at a glance.")
class AdminDashboard:
    figures: LendingFigures = attribute("All branches together.")
    branches: list[BranchFigures] = attribute("Every branch, by name.", rule=short_list(20))
    applications: list[ApplicationStage] = attribute("Applications by stage.", rule=short_list(SO_MANY_STAGES))
    approvals: list[ApprovalCount] = attribute("What waits for the viewer's decision, by kind.", rule=short_list(8))
    approvals_waiting: int = attribute("All of that together.")
    recovery_actions: int = attribute("Recovery actions under way, those about invoices too.")
    staff: int = attribute("People who work in the house.")
    dead_tasks: int = attribute("Work in the background that was given up and waits for somebody.")


async def _of_branch(
    actor: Actor, branch_id: str | None = None, currency: str | None = None
) -> dashboards.BranchManagerDashboard:
    return await dashboards.branch_manager_dashboard(actor, id_or_none("Branch", branch_id, "branchId"), currency)


@strawberry.type
class Query:
    @query(BorrowerDashboard, "The viewer's own loans at a glance.", requires=Permission.LOAN_APPLY)
    async def borrower_dashboard(self, info: Info, currency: OwnCurrency = None) -> object:
        return await dashboards.borrower_dashboard(info.context.actor, currency)

    @query(LoanOfficerDashboard, "The viewer's own work as loan officer.", requires=Permission.OFFICER_DASHBOARD)
    async def loan_officer_dashboard(self, info: Info, currency: InCurrency = None) -> object:
        return await dashboards.loan_officer_dashboard(info.context.actor, currency)

    @query(BranchManagerDashboard, "A branch at a glance.", requires=Permission.BRANCH_DASHBOARD)
    async def branch_manager_dashboard(
        self, info: Info, branch_id: ManagedBranch = None, currency: InCurrency = None
    ) -> object:
        return await _of_branch(info.context.actor, branch_id, currency)

    @query(AdminDashboard, "All branches at a glance.", requires=Permission.ADMIN_DASHBOARD)
    async def admin_dashboard(self, info: Info, currency: InCurrency = None) -> object:
        return await dashboards.admin_dashboard(info.context.actor, currency)


@strawberry.type
class Subscription:
    @state_feed(
        "The viewer's own loans at a glance, anew when one of them changes.",
        requires=Permission.LOAN_APPLY,
        state=dashboards.borrower_dashboard,
        shows=BorrowerDashboard,
        on=[LoanUpdated],
    )
    async def borrower_dashboard_updated(actor: Actor, currency: OwnCurrency = None) -> list[str]:
        return [f"user:{actor.id}"]

    @state_feed(
        "The viewer's own work as loan officer, anew when something of it changes.",
        requires=Permission.OFFICER_DASHBOARD,
        state=dashboards.loan_officer_dashboard,
        shows=LoanOfficerDashboard,
        on=[*_OF_STAFF, CommunicationLogged],
    )
    async def loan_officer_dashboard_updated(actor: Actor, currency: InCurrency = None) -> list[str]:
        own = [loans_of_officer(actor.id), f"officer:{actor.id}:recovery_actions"]
        if actor.branch_id is None:
            return own
        return [*own, loans_of_branch(actor.branch_id), f"branch:{actor.branch_id}:communications"]

    @state_feed(
        "A branch at a glance, anew when something of it changes.",
        requires=Permission.BRANCH_DASHBOARD,
        state=_of_branch,
        shows=BranchManagerDashboard,
        on=[*_OF_STAFF, ApprovalRequested, ApprovalDecided],
    )
    async def branch_manager_dashboard_updated(
        actor: Actor, branch_id: ManagedBranch = None, currency: InCurrency = None
    ) -> list[str]:
        branch = await dashboards.seen_branch(actor, id_or_none("Branch", branch_id, "branchId"))
        return [loans_of_branch(branch.id), f"branch:{branch.id}:recovery_actions", f"branch:{branch.id}"]

    @state_feed(
        "All branches at a glance, anew when something of them changes.",
        requires=Permission.ADMIN_DASHBOARD,
        state=dashboards.admin_dashboard,
        shows=AdminDashboard,
        on=[*_OF_STAFF, ApprovalRequested, ApprovalDecided],
    )
    async def admin_dashboard_updated(actor: Actor, currency: InCurrency = None) -> list[str]:
        return [LOANS, RECOVERY_ACTIONS, "approvals"]
