"""Approvals: whoever may decide hears of what waits, and whoever asked hears what was decided."""

from __future__ import annotations

from typing import Any, Final

from domain.approvals.events import ApprovalDecided, ApprovalRequested
from domain.approvals.kinds import kind_named
from domain.approvals.models import ApprovalStatus
from domain.events.event import LoggedEvent
from domain.notifications.recipients import Recipients, persons, who_may
from domain.notifications.rule import HIGH, MONTH, QUARTER, Rule, Subject

LOAN: Final = "LOAN"


def deciders(fact: ApprovalRequested, logged: LoggedEvent) -> Recipients:
    """The maker is never the checker, so whoever asked is not asked."""
    return who_may(kind_named(fact.kind).requires, fact.branch_id, but=(fact.requested_by,))


def maker(fact: ApprovalDecided, logged: LoggedEvent) -> Recipients:
    return persons(fact.requested_by, but=(fact.decided_by,))


def the_request(fact: Any) -> Subject:
    amount = {"amount": str(fact.amount.amount), "currency": fact.amount.currency} if fact.amount else {}
    return Subject("approval", fact.approval_id, {"kind": fact.kind, "title": fact.title, **amount})


RULES: Final[tuple[Rule[Any], ...]] = (
    Rule(
        on=ApprovalRequested,
        when=lambda fact: fact.kind == LOAN,
        to=deciders,
        type="LOAN_APPROVAL",
        priority=HIGH,
        template="decision",
        title="A loan waits for your approval",
        body=lambda fact: _in_words(fact),
        kept_for=MONTH,
        about=the_request,
    ),
    Rule(
        on=ApprovalRequested,
        when=lambda fact: fact.kind != LOAN,
        to=deciders,
        priority=HIGH,
        template="decision",
        title="Something waits for your approval",
        body=lambda fact: _in_words(fact),
        kept_for=MONTH,
        about=the_request,
    ),
    # The officer of a loan is told of its approval by lending itself.
    Rule(
        on=ApprovalDecided,
        when=lambda fact: fact.kind != LOAN and fact.status is ApprovalStatus.APPROVED,
        to=maker,
        type="APPROVAL_GRANTED",
        priority=HIGH,
        title="Your request is approved",
        body=lambda fact: f"{_in_words(fact)}{_comment(fact)}",
        kept_for=QUARTER,
        about=the_request,
    ),
    Rule(
        on=ApprovalDecided,
        when=lambda fact: fact.kind != LOAN and fact.status is ApprovalStatus.REJECTED,
        to=maker,
        type="APPROVAL_REFUSED",
        priority=HIGH,
        title="Your request is refused",
        body=lambda fact: f"{_in_words(fact)}{_comment(fact)}",
        kept_for=QUARTER,
        about=the_request,
    ),
)


def _in_words(fact: Any) -> str:
    return f"{fact.title[:300]}, {fact.amount}." if fact.amount else f"{fact.title[:300]}."


def _comment(fact: Any) -> str:
    return f" “{fact.comment[:300]}”" if fact.comment else ""
