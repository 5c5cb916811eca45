"""What facts about payments are about, who may hear them, and how a row becomes figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Final, Self
from uuid import UUID

from domain.events.event import Event
from domain.identity.actor import staff_of
from domain.identity.permissions import Permission

PAYMENTS: Final = "payments"
"""Everything that happens to payments."""

RECONCILIATION: Final = "reconciliation"
"""Results, discrepancies and alarms."""

STATEMENTS: Final = "mpesa_statements"
SERVICE_SESSIONS: Final = "service_sessions"

EVERY_RECONCILER: Final = f"permission:{Permission.PAYMENTS_RECONCILE.value}"


def payment_topic(payment_id: UUID) -> str:
    return f"payment:{payment_id}"


def payments_of_client(client_id: UUID) -> str:
    """All that somebody is to pay."""
    return f"payments_of:{client_id}"


def payments_of_branch(branch_id: UUID | None) -> str:
    """All that is paid at one branch, or at none."""
    return f"branch:{branch_id or '-'}:payments"


def import_topic(import_id: UUID) -> str:
    return f"mpesa_statement:{import_id}"


def service_session_topic(session_id: UUID) -> str:
    return f"service_session:{session_id}"


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A row as it stood when something happened to it; the names are those of the row itself."""

    @classmethod
    def of(cls, row: object, **others: Any) -> Self:
        """``others`` are figures that the row itself does not tell."""
        told = {column.name: getattr(row, column.name) for column in fields(cls) if column.name not in others}
        return cls(**told, **others)


class ForReconcilers(Event):
    """Something that those hear who reconcile, and nobody else."""

    def topics(self) -> Iterable[str]:
        return [RECONCILIATION]

    def audience(self) -> Iterable[str]:
        return [EVERY_RECONCILER]


def collectors(branch_id: UUID | None) -> list[str]:
    """The staff who collect at a branch, and those who reconcile."""
    return [*staff_of(Permission.PAYMENTS_COLLECT, branch_id), EVERY_RECONCILER]
