"""Who is told what: one table from events to notifications, a module for each business.

Rules of one event are tried from top to bottom, and nobody is told of it twice. An event without a rule is no reason to
disturb anybody; whoever looks sees it in the live feeds anyway.
"""

from __future__ import annotations

from typing import Any, Final

from domain.events.event import Event
from domain.notifications.policy import (
    accounting,
    approvals,
    arrears,
    identity,
    invoice_finance,
    lending,
    milling,
    payments,
    privacy,
    reports,
    school,
    wallets,
    webhooks,
)
from domain.notifications.rule import Rule

POLICY: Final[tuple[Rule[Any], ...]] = (
    *identity.RULES,
    *wallets.RULES,
    *approvals.RULES,
    *reports.RULES,
    *webhooks.RULES,
    *invoice_finance.RULES,
    *lending.RULES,
    *arrears.RULES,
    *milling.RULES,
    *payments.RULES,
    *school.RULES,
    *accounting.RULES,
    *privacy.RULES,
)


def rules_for(kind: type[Event]) -> list[Rule[Any]]:
    """The rules of one kind of event, in the order in which they are tried."""
    return [rule for rule in POLICY if rule.on is kind]
