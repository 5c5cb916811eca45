"""A rule of the policy: whom to tell of an event, in which words, about what, by which ways and until when."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from domain.events.event import Event, LoggedEvent
from domain.notifications.models import ALWAYS, OUTWARD, Category, Channel, Priority, category_of
from domain.notifications.recipients import Recipients

E = TypeVar("E", bound=Event)

CRITICAL, HIGH, MEDIUM, LOW = Priority.CRITICAL, Priority.HIGH, Priority.MEDIUM, Priority.LOW
WEEK: Final = timedelta(days=7)
MONTH: Final = timedelta(days=30)
QUARTER: Final = timedelta(days=90)
NEWS_FOR: Final = timedelta(days=3)
"""After so long a message is no news any more, and a server that was away all that time need not send it."""

BY_MAIL: Final = (*ALWAYS, Channel.MAIL)
EVERY_WAY: Final = (*ALWAYS, Channel.MAIL, Channel.SMS)
BY_PRIORITY: Final[dict[Priority, tuple[Channel, ...]]] = {
    CRITICAL: EVERY_WAY,
    HIGH: BY_MAIL,
    MEDIUM: ALWAYS,
    LOW: ALWAYS,
}
"""By which ways a notification goes, unless its rule says otherwise."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a notification is about, so that a client can open it, and a few figures as texts."""

    kind: str
    id: UUID
    data: dict[str, str] = field(default_factory=dict)


def _nothing(fact: Any) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[E]):
    """Tell ``to`` of events ``on`` (``when`` it holds), in these words, and keep it for ``kept_for``.

    ``channels`` are those of the priority unless they are said. Mail and text messages are written by ``template`` and
    worth sending for ``sent_within``. ``type`` is what clients tell notices apart by: the event's name in capitals, unless
    one event is different things to different people.

    Messages that repeat the kind and subject of another wait for the end of its window. With ``together`` those of one kind
    do, whatever they are about, and the window is so long: when a storm comes, that is one letter for each window.
    ``to_house``: where the house has an address of its own for such things, messages go there and to nobody else's.
    """

    on: type[E]
    to: Callable[[E, LoggedEvent], Recipients]
    priority: Priority
    title: str
    body: Callable[[E], str]
    kept_for: timedelta
    about: Callable[[E], Subject | None] = _nothing
    when: Callable[[E], bool] = lambda fact: True
    type: str = ""
    channels: tuple[Channel, ...] = ()
    template: str = "notice"
    sent_within: timedelta = NEWS_FOR
    together: timedelta | None = None
    to_house: bool = False

    def __post_init__(self) -> None:
        if not self.type:
            object.__setattr__(self, "type", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", self.on.__name__).upper())
        if not self.channels:
            object.__setattr__(self, "channels", BY_PRIORITY[self.priority])

    @property
    def category(self) -> Category:
        return category_of(self.on.name)

    @property
    def urgent(self) -> bool:
        """What wants action now waits for no morning and no digest, and for nobody's preferences."""
        return self.priority is CRITICAL

    def digest_key(self, subject_id: UUID | None) -> str | None:
        """What messages have in common that leave together; None for what waits for nothing."""
        if self.urgent:
            return None
        return f"{self.on.name}:{'' if self.together or subject_id is None else subject_id}"

    @property
    def outward(self) -> list[Channel]:
        return [channel for channel in OUTWARD if channel in self.channels]


def an_invoice(fact: Any) -> Subject:
    return Subject("invoice", fact.invoice.id, {"invoiceNumber": fact.invoice.number})


def a_sum_of_an_invoice(fact: Any) -> Subject:
    amount = {"amount": str(fact.amount.amount), "currency": fact.amount.currency}
    return Subject("invoice", fact.invoice.id, {"invoiceNumber": fact.invoice.number, **amount})


def a_loan(fact: Any) -> Subject:
    return Subject("loan", fact.loan.id, {"loanNumber": fact.loan.number})


def a_sum_of_a_loan(fact: Any) -> Subject:
    amount = {"amount": str(fact.amount.amount), "currency": fact.amount.currency}
    return Subject("loan", fact.loan.id, {"loanNumber": fact.loan.number, **amount})


def a_session(fact: Any) -> Subject:
    return Subject("session", fact.session_id)


def an_api_key(fact: Any) -> Subject:
    return Subject("api_key", fact.api_key_id, {"prefix": fact.prefix})


def a_wallet(fact: Any) -> Subject:
    return Subject("wallet", fact.wallet_id, {"amount": str(fact.change.amount), "currency": fact.change.currency})


def percent(rate: Decimal | None) -> str:
    """``1.25 %``: as many decimals as the rate has, and no zeros after them."""
    assert rate is not None, "a rule about a rate needs a `when` that says there is one"
    return f"{rate.normalize():f} %"
