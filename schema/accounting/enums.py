"""What the words of accounting mean."""

from __future__ import annotations

from domain.accounting.states import (
    BreakdownBy,
    DashboardPeriod,
    PeriodState,
    VoucherChange,
    VoucherKind,
    VoucherState,
)
from schema.kit import enum_type

enum_type(
    VoucherKind,
    "What a voucher wants in the books.",
    {
        "EXPENSE": "What the house spent.",
        "REVENUE": "What the house earned outside of its businesses.",
        "TRANSFER": "Money that moves between cash and bank accounts of the house.",
        "JOURNAL_ENTRY": "An entry by hand.",
    },
)
enum_type(
    VoucherState,
    "Where a voucher stands between its draft and the books.",
    {
        "DRAFT": "Written down; can be changed.",
        "PENDING_APPROVAL": "Waits for somebody who did not make it. Changed, it is a draft again.",
        "POSTED": "In the books.",
        "REJECTED": "Sent back, with a comment. Changed, it is a draft again.",
        "VOIDED": "Thrown away before it was in the books.",
        "REVERSED": "Was in the books, and is taken back by the opposite entry.",
    },
)
enum_type(
    VoucherChange,
    "What happened to a voucher besides being written and being posted.",
    {
        "EDITED": "It says something else, and is a draft.",
        "SUBMITTED": "Somebody else is asked to approve it.",
        "REJECTED": "It was sent back.",
        "VOIDED": "It was thrown away.",
        "REVERSED": "It was taken back.",
        "PAPERS_ADDED": "Receipts or other papers were added to it.",
    },
)
enum_type(
    PeriodState,
    "Whether anything can be dated into a fiscal year or period.",
    {"OPEN": "Entries can be dated into it.", "CLOSED": "Nothing can be dated into it, whoever posts."},
)
enum_type(
    BreakdownBy,
    "What revenue is broken down by.",
    {
        "ACCOUNT": "By income account.",
        "DAY": "By day.",
        "MONTH": "By calendar month.",
        "BUSINESS": "By the business whose entries it came of, such as `lending`.",
        "BRANCH": "By branch.",
    },
    name="RevenueBreakdownBy",
)
enum_type(
    DashboardPeriod,
    "The stretch of days that a dashboard looks at; it ends today (UTC).",
    {
        "TODAY": "Today.",
        "WEEK": "From Monday.",
        "MONTH": "From the first of the month.",
        "QUARTER": "From the first day of January, April, July or October.",
        "YEAR": "From the first of January.",
    },
)
