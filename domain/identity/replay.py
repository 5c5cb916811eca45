"""What the log tells of branches and of those who work there."""

from __future__ import annotations

from domain.identity.events import AccessChanged, BranchChanged, BranchOpened, UserRegistered
from domain.kit.projections import Facts, Heard, Projection, register_projection


def _branch(facts: Facts, heard: Heard) -> None:
    told: BranchOpened | BranchChanged = heard.fact
    active = told.active if isinstance(told, BranchChanged) else True
    facts.change("branch", told.branch_id, id=told.branch_id, code=told.code, name=told.branch_name, active=active)


def _user(facts: Facts, heard: Heard) -> None:
    told: UserRegistered | AccessChanged = heard.fact
    active = told.active if isinstance(told, AccessChanged) else True
    facts.put("app_user", told.user_id, id=told.user_id, roles=told.roles, branch_id=told.branch_id, active=active)


register_projection(
    Projection(
        name="identity",
        tables=("branch", "app_user"),
        applies={BranchOpened: _branch, BranchChanged: _branch, UserRegistered: _user, AccessChanged: _user},
    )
)
