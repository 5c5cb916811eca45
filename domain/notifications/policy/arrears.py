"""Arrears: what is overdue of loans, whose turn it is to get it back, and what was given up."""

from __future__ import annotations

from typing import Any, Final

from domain.events.event import LoggedEvent
from domain.identity.permissions import Role
from domain.kit.wording import counted, day
from domain.lending.events import (
    InstalmentDueSoon,
    InstalmentOverdue,
    LoanChargedOff,
    LoanDelinquencyChanged,
    LoanWrittenOff,
    RecoveryActionCreated,
    RecoveryActionUpdated,
)
from domain.notifications.recipients import (
    Recipients,
    accountants,
    borrower,
    branch_managers,
    loan_officer,
    of_branch,
    persons,
)
from domain.notifications.rule import (
    BY_MAIL,
    EVERY_WAY,
    HIGH,
    MEDIUM,
    MONTH,
    QUARTER,
    Rule,
    Subject,
    a_loan,
    a_sum_of_a_loan,
)

LONG_OVERDUE_DAYS: Final = 30


def a_recovery_action(fact: Any) -> Subject:
    return Subject("recovery_action", fact.action.id, {"debtorName": fact.action.debtor_name})


def long_overdue(fact: LoanDelinquencyChanged) -> bool:
    """It became later still. The first days are told by the instalment that was not paid."""
    ranges = list(type(fact.bucket))
    return fact.past_due_days > LONG_OVERDUE_DAYS and ranges.index(fact.bucket) > ranges.index(fact.previous_bucket)


def whoever_is_to_do_it(fact: Any, logged: LoggedEvent) -> Recipients:
    return persons(fact.action.assigned_to_id, but=(logged.actor_id,))


def managers_who_can_give_it(fact: Any, logged: LoggedEvent) -> Recipients:
    return of_branch(Role.BRANCH_MANAGER, fact.action.branch_id, but=() if logged.actor_id is None else (logged.actor_id,))


def whoever_planned_it(fact: Any, logged: LoggedEvent) -> Recipients:
    return persons(fact.action.created_by_id, but=(logged.actor_id,))


RULES: Final[tuple[Rule[Any], ...]] = (
    Rule(
        on=InstalmentDueSoon,
        to=borrower,
        priority=MEDIUM,
        channels=EVERY_WAY,
        title="A payment is due soon",
        body=lambda fact: f"Please pay {fact.amount} for loan {fact.loan.number} by {day(fact.due_on)}.",
        kept_for=MONTH,
        about=a_sum_of_a_loan,
    ),
    Rule(
        on=InstalmentOverdue,
        to=borrower,
        priority=HIGH,
        channels=EVERY_WAY,
        title="A payment is overdue",
        body=lambda fact: (
            f"{fact.amount} for loan {fact.loan.number} were due on {day(fact.due_on)}. "
            "Please pay now, or talk to your branch."
        ),
        kept_for=QUARTER,
        about=a_sum_of_a_loan,
    ),
    Rule(
        on=InstalmentOverdue,
        to=loan_officer,
        priority=MEDIUM,
        title="A borrower is late",
        body=lambda fact: (
            f"{fact.loan.borrower_name} did not pay {fact.amount} for loan {fact.loan.number}, due on {day(fact.due_on)}."
        ),
        kept_for=MONTH,
        about=a_sum_of_a_loan,
    ),
    Rule(
        on=LoanDelinquencyChanged,
        when=long_overdue,
        to=borrower,
        type="LOAN_LONG_OVERDUE",
        priority=HIGH,
        channels=EVERY_WAY,
        title="Your loan is long overdue",
        body=lambda fact: (
            f"{fact.loan.past_due_amount} of loan {fact.loan.number} are unpaid, the oldest for "
            f"{counted(fact.past_due_days, 'day')}. "
            "Please pay now, or talk to your branch."
        ),
        kept_for=QUARTER,
        about=a_loan,
    ),
    Rule(
        on=LoanDelinquencyChanged,
        when=long_overdue,
        to=loan_officer,
        type="LOAN_LONG_OVERDUE",
        priority=MEDIUM,
        title="A loan is long overdue",
        body=lambda fact: _how_late(fact),
        kept_for=MONTH,
        about=a_loan,
    ),
    Rule(
        on=LoanDelinquencyChanged,
        when=long_overdue,
        to=branch_managers,
        type="LOAN_LONG_OVERDUE",
        priority=HIGH,
        title="A loan of your branch is long overdue",
        body=lambda fact: _how_late(fact),
        kept_for=MONTH,
        about=a_loan,
    ),
    Rule(
        on=LoanChargedOff,
        to=branch_managers,
        priority=MEDIUM,
        channels=BY_MAIL,
        title="A loan is off the books",
        body=lambda fact: f"{fact.amount} of loan {fact.loan.number} of {fact.loan.borrower_name} were charged off.",
        kept_for=QUARTER,
        about=a_sum_of_a_loan,
    ),
    Rule(
        on=LoanChargedOff,
        to=accountants,
        priority=MEDIUM,
        title="A loan is off the books",
        body=lambda fact: f"{fact.amount} of loan {fact.loan.number} of {fact.loan.borrower_name} were charged off.",
        kept_for=QUARTER,
        about=a_sum_of_a_loan,
    ),
    Rule(
        on=LoanWrittenOff,
        to=branch_managers,
        priority=MEDIUM,
        channels=BY_MAIL,
        title="A loan was given up",
        body=lambda fact: f"{fact.amount} of loan {fact.loan.number} of {fact.loan.borrower_name} were written off.",
        kept_for=QUARTER,
        about=a_sum_of_a_loan,
    ),
    Rule(
        on=LoanWrittenOff,
        to=accountants,
        priority=MEDIUM,
        title="A loan was given up",
        body=lambda fact: f"{fact.amount} of loan {fact.loan.number} of {fact.loan.borrower_name} were written off.",
        kept_for=QUARTER,
        about=a_sum_of_a_loan,
    ),
    Rule(
        on=RecoveryActionCreated,
        to=whoever_is_to_do_it,
        priority=HIGH,
        title="A recovery action is yours",
        body=lambda fact: _what_is_to_do(fact),
        kept_for=MONTH,
        about=a_recovery_action,
    ),
    Rule(
        on=RecoveryActionCreated,
        when=lambda fact: fact.action.assigned_to_id is None,
        to=managers_who_can_give_it,
        type="RECOVERY_ACTION_UNASSIGNED",
        priority=HIGH,
        title="A recovery action is nobody's yet",
        body=lambda fact: _what_is_to_do(fact),
        kept_for=MONTH,
        about=a_recovery_action,
    ),
    Rule(
        on=RecoveryActionUpdated,
        when=lambda fact: fact.action.ended_at is not None,
        to=whoever_planned_it,
        type="RECOVERY_ACTION_ENDED",
        priority=MEDIUM,
        title="A recovery action has ended",
        body=lambda fact: (
            f"{fact.action.kind.value.replace('_', ' ').capitalize()}, {fact.action.debtor_name}: "
            f"{fact.action.status.value.lower()}, {fact.action.recovered_amount} recovered. {fact.action.outcome[:300]}"
        ).rstrip(),
        kept_for=MONTH,
        about=a_recovery_action,
    ),
)


def _how_late(fact: LoanDelinquencyChanged) -> str:
    return (
        f"{fact.loan.borrower_name} has not paid {fact.loan.past_due_amount} of loan {fact.loan.number}, the oldest for "
        f"{counted(fact.past_due_days, 'day')}; {fact.loan.outstanding_amount} are at risk."
    )


def _what_is_to_do(fact: Any) -> str:
    action = fact.action
    return (
        f"{action.kind.value.replace('_', ' ').capitalize()} by {day(action.due_on)}: {action.debtor_name} owes "
        f"{action.overdue_amount}."
    )
