"""What can be wrong with a payment, and how bad that is.

The table is the one that the severities are known by. Two of them depend: a success that is contradicted when we had it
already is worse than one that we had not, and a callback that is still missing after a day is worse than one that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from domain.payments.rules.evidence import Evidence
from domain.payments.rules.phones import scrubbed
from domain.payments.states import DiscrepancyType, Severity

_D = DiscrepancyType

SEVERITY: Final[Mapping[DiscrepancyType, Severity]] = {
    _D.AMOUNT_MISMATCH: Severity.HIGH,
    _D.CURRENCY_MISMATCH: Severity.HIGH,
    _D.DUPLICATE_PAYMENT: Severity.HIGH,
    _D.LATE_CALLBACK: Severity.LOW,
    _D.MISSING_CALLBACK: Severity.MEDIUM,
    _D.MISSING_IN_STATEMENT: Severity.HIGH,
    _D.ORPHAN_TRANSACTION: Severity.HIGH,
    _D.PHONE_MISMATCH: Severity.LOW,
    _D.PURPOSE_REFUSED: Severity.HIGH,
    _D.REFERENCE_MISMATCH: Severity.MEDIUM,
    _D.REVERSED: Severity.HIGH,
    _D.STATUS_MISMATCH: Severity.MEDIUM,
}
"""Of a STATUS_MISMATCH this is for: we have no success, the provider has. The other way round it is HIGH."""

WORSE_AFTER: Final = timedelta(hours=24)
"""A callback that is missing for so long after it was due is of HIGH severity."""

_RANK: Final[Mapping[Severity, int]] = {Severity.LOW: 0, Severity.MEDIUM: 1, Severity.HIGH: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One thing that does not agree. Type and receipt together say which one it is, however often it is found."""

    type: DiscrepancyType
    severity: Severity
    message: str
    receipt: str | None = None
    expected: str | None = None
    received: str | None = None


def issue(
    type: DiscrepancyType,
    message: str,
    *,
    receipt: str | None = None,
    expected: object = None,
    received: object = None,
    severity: Severity | None = None,
) -> Issue:
    """An issue of the type's severity. Numbers of telephones in what is shown are masked."""
    return Issue(
        type=type,
        severity=severity or SEVERITY[type],
        message=message,
        receipt=receipt,
        expected=scrubbed(str(expected)) if expected is not None else None,
        received=scrubbed(str(received)) if received is not None else None,
    )


def worst(issues: Iterable[Issue]) -> Severity | None:
    return worst_of(each.severity for each in issues)


def worst_of(severities: Iterable[Severity]) -> Severity | None:
    return max(severities, key=_RANK.__getitem__, default=None)


def is_worse(now: Severity, before: Severity) -> bool:
    return _RANK[now] > _RANK[before]


def orphan(evidence: Evidence) -> Issue:
    """Money that came, of which we know no payment."""
    return issue(
        DiscrepancyType.ORPHAN_TRANSACTION,
        "the provider has a payment that we do not know",
        receipt=evidence.receipt,
        received=evidence.amount,
    )
