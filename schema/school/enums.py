"""What the words of the school mean."""

from __future__ import annotations

from domain.school.queries.families import StatementKind
from domain.school.states import (
    AttendanceStatus,
    DiscountBase,
    DiscountKind,
    EnrolmentStatus,
    FeeChange,
    FeePaymentKind,
    FeePaymentMethod,
    FeeStatus,
    GuardianRelation,
    LateFeeKind,
    PlanKind,
    PromotionDecision,
    PromotionOutcome,
    PromotionReason,
    ProrationUnit,
    RefundUnit,
    SchoolChange,
    SchoolRunKind,
    SchoolRunStatus,
    Sex,
    TeachingRole,
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
enum_type(
    SchoolChange,
    "What happened to a record of the school.",
    {
        "CREATED": "It was made.",
        "EDITED": "Something about it was changed.",
        "DEACTIVATED": "It is not used any more.",
        "REACTIVATED": "It is used again.",
        "DELETED": "It was deleted, and is shown no more.",
    },
)
enum_type(Sex, "As a register of pupils has it.", {"FEMALE": "A girl or a woman.", "MALE": "A boy or a man."})
enum_type(
    TeachingRole,
    "What a teacher is to a class.",
    {
        "CLASS_TEACHER": "Responsible for it; there is one on a day.",
        "SUBJECT_TEACHER": "Teaches a subject in it.",
    },
)
enum_type(
    PromotionDecision,
    "What is to become of a student when the class moves on.",
    {
        "PROMOTE": "To move on with it.",
        "REPEAT": "To repeat the class.",
        "GRADUATE": "To be done with the school.",
        "LEAVE_OUT": "To be decided about another time.",
    },
)
enum_type(
    PromotionOutcome,
    "What became of a student when the class moved on.",
    {
        "PROMOTED": "Moved on.",
        "REPEATED": "Repeats the class.",
        "GRADUATED": "Is done with the school.",
        "LEFT_OUT": "Stays where they are; the reason says why.",
        "FAILED": "Was to be moved and could not be, and stays enrolled where they are.",
    },
)
enum_type(
    PromotionReason,
    "Why a student was left out, or could not be moved.",
    {
        "ASKED_FOR": "It was decided so.",
        "DONE_BEFORE": "A promotion has moved the student already.",
        "NOT_ENROLLED": "The student is not enrolled any more.",
        "NOT_OF_THE_CLASS": "The student is not in the class.",
        "PLACED_OTHERWISE": "The student has a place for the coming period that no promotion gave.",
        "CLASS_FULL": "The class has no place left.",
    },
)
enum_type(
    SchoolRunKind,
    "What is done for many, one after the other.",
    {
        "PROMOTION": "A class moves on.",
        "BILLING": "Students are charged by a fee structure.",
        "LATE_FEES": "Late fees are charged.",
        "CARRY_OVER": "Arrears are carried over to a new fee.",
        "RESYNC": "The books are brought in line with the fees.",
    },
)
enum_type(
    SchoolRunStatus,
    "Where a run stands.",
    {
        "QUEUED": "It waits for its turn.",
        "RUNNING": "It is going on.",
        "DONE": "Everybody has a result, though it may be that some could not be helped.",
        "FAILED": "It was given up before that, and can be taken up again.",
        "CANCELLED": "Somebody called it off; what was done stays done.",
    },
)
enum_type(
    DiscountKind,
    "Whether a discount takes off an amount or a share.",
    {"FIXED": "An amount.", "PERCENTAGE": "A percentage."},
)
enum_type(
    DiscountBase,
    "What percentages of discounts are taken of.",
    {
        "LISTED_PRICE": "The listed price: 10 % and 50 % are 60 %.",
        "WHAT_IS_LEFT": "What the discounts before it have left: 10 % and 50 % are 55 %.",
    },
)
enum_type(
    LateFeeKind,
    "How a late fee is reckoned.",
    {
        "FIXED": "An amount, once.",
        "PERCENTAGE": "A percentage of what is unpaid, once.",
        "FIXED_PER_DAY": "An amount for each day that is late.",
        "PERCENTAGE_PER_DAY": "A percentage of what is unpaid, for each day that is late.",
    },
)
enum_type(
    ProrationUnit,
    "What a term is counted in when only a part of it is charged.",
    {
        "DAYS": "Calendar days.",
        "WEEKS": "Weeks from its first day; one that has begun is whole.",
        "LESSONS": "Lessons, as somebody counted them.",
    },
)
enum_type(
    RefundUnit,
    "What the steps of a refund are counted in, from the first day of the term.",
    {
        "CALENDAR_DAYS": "Calendar days.",
        "WEEKS": "Weeks from the first day.",
        "TAUGHT_DAYS": "Days on which there is school.",
    },
)
