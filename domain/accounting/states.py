"""The words that vouchers and fiscal periods can be described with, and which may follow which."""

from __future__ import annotations

from enum import Enum
from typing import Final


class VoucherKind(str, Enum):
    """What a voucher wants in the books."""

    EXPENSE = "EXPENSE"
    REVENUE = "REVENUE"
    TRANSFER = "TRANSFER"
    JOURNAL_ENTRY = "JOURNAL_ENTRY"


class VoucherState(str, Enum):
    """Where a voucher stands between its draft and the books."""

    DRAFT = "DRAFT"
    PENDING_APPROVAL = "PENDING_APPROVAL"
    POSTED = "POSTED"
    REJECTED = "REJECTED"
    VOIDED = "VOIDED"
    REVERSED = "REVERSED"


_S = VoucherState

TRANSITIONS: Final[dict[VoucherState, frozenset[VoucherState]]] = {
    _S.DRAFT: frozenset({_S.PENDING_APPROVAL, _S.POSTED, _S.VOIDED}),
    _S.PENDING_APPROVAL: frozenset({_S.DRAFT, _S.POSTED, _S.REJECTED, _S.VOIDED}),
    _S.REJECTED: frozenset({_S.DRAFT, _S.VOIDED}),
    _S.POSTED: frozenset({_S.REVERSED}),
    _S.VOIDED: frozenset(),
    _S.REVERSED: frozenset(),
}

UNPOSTED: Final = frozenset({_S.DRAFT, _S.PENDING_APPROVAL, _S.REJECTED})
"""Not in the books yet: may be changed, which makes a draft of it again, or thrown away."""


class VoucherChange(str, Enum):
    """What happened to a voucher besides being written and being posted."""

    EDITED = "EDITED"
    SUBMITTED = "SUBMITTED"
    REJECTED = "REJECTED"
    VOIDED = "VOIDED"
    REVERSED = "REVERSED"
    PAPERS_ADDED = "PAPERS_ADDED"


class PeriodState(str, Enum):
    """Whether anything can be dated into a fiscal year or period."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


class BreakdownBy(str, Enum):
    """What revenue is broken down by."""

    ACCOUNT = "ACCOUNT"
    DAY = "DAY"
    MONTH = "MONTH"
    BUSINESS = "BUSINESS"
    BRANCH = "BRANCH"


class DashboardPeriod(str, Enum):
    """The stretch of days that a dashboard looks at; it ends today."""

    TODAY = "TODAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"
