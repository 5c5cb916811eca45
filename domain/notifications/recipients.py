"""Whom an event concerns: named people, or everybody in a role.

The parties of a deal are told of it even when they did it themselves: whoever moves money wants to see it confirmed.
Everybody else is not told of what they did.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain.events.event import LoggedEvent
from domain.identity.permissions import Role


@dataclass(frozen=True, slots=True)
class Recipients:
    """``people``, or everybody in ``role``; in either case without ``but``."""

    people: frozenset[UUID] = frozenset()
    role: Role | None = None
    but: frozenset[UUID] = frozenset()


class _Invoice(Protocol):
    @property
    def seller_id(self) -> UUID: ...

    @property
    def debtor_id(self) -> UUID | None: ...


class _AboutInvoice(Protocol):
    @property
    def invoice(self) -> _Invoice: ...


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
    return Recipients(role=Role.INVESTOR, but=_set(fact.invoice.seller_id, fact.invoice.debtor_id, logged.actor_id))


def accountants(fact: object, logged: LoggedEvent) -> Recipients:
    return Recipients(role=Role.ACCOUNTANT, but=_set(logged.actor_id))


def _set(*people: UUID | None) -> frozenset[UUID]:
    return frozenset(person for person in people if person is not None)


def _named(logged: LoggedEvent) -> frozenset[UUID]:
    return frozenset(_user_ids(logged.audience))


def _user_ids(audience: Iterable[str]) -> Iterable[UUID]:
    for entry in audience:
        kind, _, name = entry.partition(":")
        if kind == "user":
            yield UUID(name)
