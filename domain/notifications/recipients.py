"""Whom an event concerns: named people, everybody in a role, or the staff who may do something in a branch.

The parties of a deal are told of it even when they did it themselves: whoever moves money wants to see it confirmed.
Everybody else is not told of what they did.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from domain.events.event import LoggedEvent
from domain.identity.permissions import GRANTS, SELF_REGISTERED, Permission, Role


@dataclass(frozen=True, slots=True)
class Recipients:
    """``people``, and everybody in one of ``roles``; in any case without ``but``.

    When ``of_branches`` is said, those in the roles are only meant if they belong to ``branch_id`` or have one of these
    roles, which see every branch.
    """

    people: frozenset[UUID] = frozenset()
    roles: frozenset[Role] = frozenset()
    of_branches: frozenset[Role] | None = None
    branch_id: UUID | None = None
    but: frozenset[UUID] = frozenset()


SEES_ALL_BRANCHES: Final = frozenset(role for role in Role if Permission.ALL_BRANCHES in GRANTS[role])


def in_role(role: Role, *, but: Iterable[UUID] = ()) -> Recipients:
    """Everybody in a role, wherever they belong."""
    return Recipients(roles=frozenset({role}), but=frozenset(but))


def of_branch(role: Role, branch_id: UUID | None, *, but: Iterable[UUID] = ()) -> Recipients:
    """Those in a role who belong to a branch; without a branch, nobody."""
    return Recipients(roles=frozenset({role}), of_branches=frozenset(), branch_id=branch_id, but=frozenset(but))


def who_may(permission: Permission, branch_id: UUID | None, *, but: Iterable[UUID] = ()) -> Recipients:
    """The staff who have a permission and see a branch: the same people as :func:`domain.identity.actor.staff_of`."""
    roles = frozenset(role for role in Role if role not in SELF_REGISTERED and permission in GRANTS[role])
    return Recipients(roles=roles, of_branches=SEES_ALL_BRANCHES, branch_id=branch_id, but=frozenset(but))


class _Invoice(Protocol):
    @property
    def seller_id(self) -> UUID: ...

    @property
    def debtor_id(self) -> UUID | None: ...


class _AboutInvoice(Protocol):
    @property
    def invoice(self) -> _Invoice: ...


class _Loan(Protocol):
    @property
    def borrower_id(self) -> UUID: ...

    @property
    def officer_id(self) -> UUID | None: ...

    @property
    def branch_id(self) -> UUID: ...


class _AboutLoan(Protocol):
    @property
    def loan(self) -> _Loan: ...


class _AboutUser(Protocol):
    @property
    def user_id(self) -> UUID | None: ...


class _AboutInvestor(Protocol):
    @property
    def investor_id(self) -> UUID: ...


def the_user(fact: _AboutUser, logged: LoggedEvent) -> Recipients:
    return Recipients(_set(fact.user_id))


def seller(fact: _AboutInvoice, logged: LoggedEvent) -> Recipients:
    return Recipients(_set(fact.invoice.seller_id))


def debtor(fact: _AboutInvoice, logged: LoggedEvent) -> Recipients:
    return Recipients(_set(fact.invoice.debtor_id))


def investor(fact: _AboutInvestor, logged: LoggedEvent) -> Recipients:
    return Recipients(_set(fact.investor_id))


def others(fact: object, logged: LoggedEvent) -> Recipients:
    """Everybody whom the audience names, those who invested among them, but for whoever did it."""
    return Recipients(_named(logged), but=_set(logged.actor_id))


def investors_at_large(fact: _AboutInvoice, logged: LoggedEvent) -> Recipients:
    return in_role(Role.INVESTOR, but=_set(fact.invoice.seller_id, fact.invoice.debtor_id, logged.actor_id))


def accountants(fact: object, logged: LoggedEvent) -> Recipients:
    return in_role(Role.ACCOUNTANT, but=_set(logged.actor_id))


def borrower(fact: _AboutLoan, logged: LoggedEvent) -> Recipients:
    return Recipients(_set(fact.loan.borrower_id))


def loan_officer(fact: _AboutLoan, logged: LoggedEvent) -> Recipients:
    """The officer of the loan; while it has none, all officers of its branch."""
    if fact.loan.officer_id is None:
        return of_branch(Role.LOAN_OFFICER, fact.loan.branch_id, but=_set(logged.actor_id))
    return persons(fact.loan.officer_id, but=(logged.actor_id,))


def branch_managers(fact: _AboutLoan, logged: LoggedEvent) -> Recipients:
    return of_branch(Role.BRANCH_MANAGER, fact.loan.branch_id, but=_set(logged.actor_id))


def persons(*people: UUID | None, but: Iterable[UUID | None] = ()) -> Recipients:
    """Those of these people who are somebody."""
    return Recipients(_set(*people), but=_set(*but))


def _set(*people: UUID | None) -> frozenset[UUID]:
    return frozenset(person for person in people if person is not None)


def _named(logged: LoggedEvent) -> frozenset[UUID]:
    return frozenset(_user_ids(logged.audience))


def _user_ids(audience: Iterable[str]) -> Iterable[UUID]:
    for entry in audience:
        kind, _, name = entry.partition(":")
        if kind == "user":
            yield UUID(name)
