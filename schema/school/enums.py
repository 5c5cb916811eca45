"""What the words of the school mean."""

from __future__ import annotations

from domain.school.queries.families import StatementKind
from domain.school.states import (
    AttendanceStatus,
    EnrolmentStatus,
    FeeChange,
    FeePaymentKind,
    FeePaymentMethod,
    FeeStatus,
    GuardianRelation,
    PlanKind,
    TransactionChange,
    TransactionKind,
)
from schema.kit import enum_type

enum_type(
    FeeStatus,
    "Where a fee stands. It follows from what is due and what is paid.",
    {
        "UNPAID": "Nothing is paid of it.",
        "PARTIALLY_PAID": "A part of it is paid.",
        "PAID": "All of it is paid, or nothing was due.",
        "OVERPAID": "More was paid than is due; the rest is the family's credit.",
        "REFUNDED": "What was paid went back, and nothing is owed.",
        "VOID": "It was deleted: nothing is owed, and it has no money.",
    },
)
enum_type(
    FeeChange,
    "What happened to a fee.",
    {
        "CHARGED": "A student was charged it.",
        "EDITED": "What is due, or when, was changed.",
        "COLLECTED": "Money came for it.",
        "CORRECTED": "What had been recorded of money was wrong, or was taken back.",
        "REFUNDED": "Money went back to the family.",
        "MOVED": "Money went to it from another fee, or from it.",
        "LATE_FEE_ADDED": "It was charged more for being late.",
        "DELETED": "It was deleted.",
        "REPAIRED": "The books were brought in line with it.",
    },
)
enum_type(
    FeePaymentKind,
    "What money of a fee is.",
    {
        "PAYMENT": "It came, and there is a receipt.",
        "CORRECTION": "A record was wrong, or the money was taken back.",
        "REFUND": "It went back to the family.",
        "MOVED": "It went to another fee, or came from one.",
    },
)
enum_type(
    FeePaymentMethod,
    "By which way money of the school came or went.",
    {
        "CASH": "In cash.",
        "BANK": "By the bank.",
        "MPESA": "By M-Pesa, as its provider told.",
        "WALLET": "Out of a wallet, or into it.",
        "ADVANCE": "Out of what the school had of the student in advance.",
        "LOAN": "Paid out to the school by a loan.",
    },
)
enum_type(
    PlanKind,
    "How a fee is spread over its period.",
    {
        "MONTHLY": "By the months that begin in it.",
        "QUARTERLY": "By quarters of a year.",
        "SEMI_ANNUAL": "By halves of a year.",
        "TERM": "By its terms.",
        "ANNUAL": "In one piece.",
        "CUSTOM": "As the school says.",
    },
    name="FeePlanKind",
)
enum_type(
    TransactionKind,
    "Whether money came in or was spent.",
    {"INCOME": "It came in.", "EXPENSE": "It was spent."},
    name="FinancialTransactionKind",
)
enum_type(
    TransactionChange,
    "What happened to a transaction.",
    {
        "CREATED": "It came into the books.",
        "UPDATED": "It was reversed, and another took its place.",
        "DELETED": "It was reversed.",
    },
    name="FinancialTransactionChange",
)
enum_type(
    StatementKind,
    "What a line of a statement is.",
    {
        "CHARGE": "More is due, or less.",
        "PAYMENT": "Money came for a fee.",
        "CORRECTION": "What had been recorded of money was wrong, or was taken back.",
        "REFUND": "Money went back to the family.",
        "MOVED": "Money went to a fee from another one.",
        "ADVANCE": "Money came that is for no fee yet, or went back.",
    },
    name="StudentStatementKind",
)
enum_type(
    GuardianRelation,
    "What a guardian is to a student.",
    {
        "MOTHER": "The mother.",
        "FATHER": "The father.",
        "GRANDPARENT": "A grandmother or a grandfather.",
        "SIBLING": "A sister or a brother.",
        "RELATIVE": "Another relative.",
        "LEGAL_GUARDIAN": "Guardian by law.",
        "SPONSOR": "Who pays for the student.",
        "OTHER": "Somebody else.",
    },
)
enum_type(
    EnrolmentStatus,
    "Where a student's enrolment stands.",
    {
        "APPLIED": "A place was asked for; there is none yet.",
        "ENROLLED": "The student has a place.",
        "PROMOTED": "The period is over, and the student moved on.",
        "REPEATED": "The period is over, and the student repeats it.",
        "TRANSFERRED": "The student left for another school.",
        "WITHDRAWN": "The student left before the end, or the place was not taken up.",
        "GRADUATED": "The student is done with the school.",
    },
)
enum_type(
    AttendanceStatus,
    "What is marked for a student on the roll.",
    {
        "PRESENT": "There.",
        "LATE": "There, after the beginning.",
        "ABSENT": "Not there.",
        "LEAVE": "Away with permission.",
    },
)
