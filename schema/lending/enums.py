"""The words of lending as clients read them."""

from __future__ import annotations

from domain.lending.rules.state import InstalmentKind
from domain.lending.rules.terms import (
    AllocationPass,
    Amortisation,
    ChargeBasis,
    ChargeTime,
    Component,
    DayCount,
    FutureRule,
    InstalmentBasis,
    InterestMethod,
    InterestPeriod,
    InterestRounding,
    PayoffInterest,
    PeriodUnit,
    PrepaymentPolicy,
    Recalculation,
    RoundingMode,
)
from domain.lending.states import (
    DelinquencyBucket,
    DocumentKind,
    LoanChange,
    LoanRequestKind,
    LoanRequestStatus,
    LoanStatus,
    PaymentChannel,
    Recommendation,
    RescheduleKind,
    TransactionKind,
)
from schema.kit import enum_type

enum_type(
    LoanStatus,
    "Where a loan stands between its draft and its end. Overdue and charged off are said beside ACTIVE and are no states.",
    {
        "DRAFT": "Being written; only the borrower and its writer see it.",
        "SUBMITTED": "Handed in; staff of the branch see it.",
        "UNDER_REVIEW": "An officer looks at it.",
        "KYC_PENDING": "Recommended; the borrower's identity is still to be verified.",
        "KYC_VERIFIED": "Nothing is missing any more for the decision.",
        "APPROVED": "Agreed to, and not paid out yet.",
        "ACTIVE": "Paid out, wholly or in part, and not over.",
        "OVERPAID": "Everything is paid, and more.",
        "CLOSED": "Everything is paid.",
        "WRITTEN_OFF": "Given up.",
        "REJECTED": "Turned down.",
        "WITHDRAWN": "Taken back before money was paid out.",
    },
)
enum_type(
    LoanChange,
    "What happened to a loan, for those who follow it.",
    {
        "DRAFTED": "An application was begun.",
        "EDITED": "A draft was changed.",
        "SUBMITTED": "It was handed in.",
        "DOCUMENTS_ADDED": "Papers were added.",
        "OFFICER_ASSIGNED": "Somebody looks after it now.",
        "REVIEWED": "An officer recommended something.",
        "KYC_VERIFIED": "The borrower's identity was verified.",
        "APPROVED": "It was agreed to.",
        "REJECTED": "It was turned down.",
        "WITHDRAWN": "It was taken back.",
        "DISBURSED": "Money was paid out.",
        "DISBURSEMENT_REVERSED": "A payout was taken back.",
        "REPAID": "Money came in.",
        "REPAYMENT_REVERSED": "A payment was undone.",
        "CHARGE_ADDED": "A fee or penalty was charged.",
        "CHARGE_WAIVED": "A fee or penalty was let go.",
        "INTEREST_WAIVED": "Interest was let go.",
        "RATE_CHANGED": "Its rate changed.",
        "RESCHEDULED": "Instalments to come have new dates or amounts.",
        "CHARGED_BACK": "The bank took a payment back.",
        "CREDIT_REFUNDED": "What was overpaid was given back.",
        "DELINQUENCY_PAUSED": "Days of a pause do not count as delinquent.",
        "DELINQUENCY_CHANGED": "It became later or less late.",
        "ADJUSTED": "Something that had been decided was taken back.",
        "CHARGED_OFF": "It was taken off the books.",
        "WRITTEN_OFF": "It was given up.",
        "RECOVERED": "Money came in after the write-off.",
        "BROUGHT_UP_TO_DATE": "Days passed: penalties or interest on what is overdue.",
    },
)
enum_type(
    Recommendation,
    "What a review of an application comes to.",
    {
        "APPROVE": "It should be agreed to.",
        "REJECT": "It should be turned down.",
        "MORE_INFORMATION": "Something is still to be found out.",
    },
)
enum_type(
    DocumentKind,
    "What a document of an application shows.",
    {
        "NATIONAL_ID": "The borrower's identity card.",
        "PASSPORT": "The borrower's passport.",
        "PHOTO": "The borrower's face.",
        "PROOF_OF_INCOME": "What the borrower earns.",
        "PROOF_OF_ADDRESS": "Where the borrower lives.",
        "BANK_STATEMENT": "What went through the borrower's account.",
        "BUSINESS_LICENCE": "What the borrower may trade in.",
        "COLLATERAL": "What secures the loan.",
        "GUARANTEE": "Who answers for the borrower.",
        "SIGNED_AGREEMENT": "The contract.",
        "OTHER": "Something else.",
    },
)
enum_type(
    TransactionKind,
    "What a movement on a loan's statement was.",
    {
        "DISBURSEMENT": "Money was paid out.",
        "FEE_DEDUCTION": "Charges at disbursement were kept back of it.",
        "DOWN_PAYMENT": "The borrower's own share, due on the day of disbursement.",
        "REPAYMENT": "Money came in.",
        "SET_OFF": "What was overpaid was used against a later debt.",
        "ACCRUAL": "Interest and charges became income when they fell due.",
        "CHARGE_WAIVER": "A fee or penalty was let go.",
        "INTEREST_WAIVER": "Interest was let go.",
        "CHARGE_BACK": "The bank took a payment back.",
        "CREDIT_REFUND": "What was overpaid was given back.",
        "CHARGE_OFF": "The balance was taken off the books.",
        "WRITE_OFF": "What was unpaid was given up.",
        "RESIDUAL_WRITE_OFF": "A rest within the product's tolerance was given up.",
        "RECOVERY": "Money came in after the write-off.",
    },
)
enum_type(
    PaymentChannel,
    "How money came or went.",
    {
        "WALLET": "A wallet here.",
        "CASH": "The till of a branch.",
        "BANK": "The bank account.",
        "MPESA": "Mobile money; the reference is that of its receipt.",
        "DIRECT": "Straight to what the loan pays for; nothing comes back that way.",
    },
)
enum_type(
    DelinquencyBucket,
    "How late a loan is: the days since the due date of its oldest unpaid instalment.",
    {
        "CURRENT": "Nothing is past due.",
        "DAYS_1_30": "1 to 30 days.",
        "DAYS_31_60": "31 to 60 days.",
        "DAYS_61_90": "61 to 90 days.",
        "DAYS_91_180": "91 to 180 days.",
        "OVER_180": "More than 180 days.",
    },
)
enum_type(
    LoanRequestKind,
    "What needs a second person's agreement.",
    {"WRITE_OFF": "To give a loan up.", "RESCHEDULE": "To plan anew what is still to be paid."},
)
enum_type(
    LoanRequestStatus,
    "How far a request is.",
    {
        "PENDING": "It waits for a second person.",
        "APPROVED": "It was agreed to and carried out.",
        "REJECTED": "It was turned down.",
        "WITHDRAWN": "It was taken back, or the loan has come to its end.",
    },
)
enum_type(
    RescheduleKind,
    "What a new plan does.",
    {
        "NEW_TERMS": "Other dates, amounts or rate for the instalments to come.",
        "REAGE": "All that is unpaid is spread over new instalments.",
        "REAMORTISE": "What is overdue is spread over the instalments to come.",
    },
)
enum_type(
    InstalmentKind,
    "What an instalment is.",
    {
        "NORMAL": "It repays the loan.",
        "DOWN_PAYMENT": "It is due on the day of disbursement.",
        "ADDITIONAL": "It holds what fell due after maturity.",
        "DISBURSEMENT": "It holds the charges at disbursement, due on that day.",
    },
)
enum_type(
    InterestMethod,
    "On what interest is charged.",
    {
        "DECLINING_BALANCE": "On what is still owed.",
        "FLAT": "On the whole principal in every period.",
    },
)
enum_type(
    Amortisation,
    "What is equal from instalment to instalment.",
    {"EQUAL_INSTALLMENTS": "The whole instalment.", "EQUAL_PRINCIPAL": "Its principal."},
)
enum_type(
    InterestPeriod,
    "How the interest of a period is found.",
    {
        "SAME_AS_REPAYMENT_PERIOD": "The yearly rate divided by the periods of a year, however long the month.",
        "DAILY": "The yearly rate times the days of the period by the day count.",
    },
)
enum_type(
    DayCount,
    "How days become a part of a year.",
    {
        "ACTUAL_365": "Days over 365.",
        "ACTUAL_360": "Days over 360.",
        "ACTUAL_ACTUAL": "Days over those of their year, 365 or 366.",
        "THIRTY_360": "Months of 30 days over 360.",
        "FIXED_364": "Days over 52 weeks.",
    },
)
enum_type(
    PeriodUnit, "The unit of the repayment frequency.", {"DAYS": "Days.", "WEEKS": "Weeks.", "MONTHS": "Calendar months."}
)
enum_type(
    InstalmentBasis,
    "With DAILY interest, from which rates the equal instalment is computed.",
    {
        "NOMINAL_PERIOD": "Every month as 30 days of the day count's year.",
        "ACTUAL_PERIODS": "The days that each period really has, so that the last instalment is closest to the others.",
    },
)
enum_type(
    InterestRounding,
    "Where half a minor unit of interest is rounded.",
    {
        "EACH_ROW": "Once for each instalment.",
        "EACH_BALANCE": "Once for each balance that the period of an instalment has seen.",
    },
)
enum_type(
    RoundingMode,
    "Which way an instalment goes that is no multiple.",
    {"NEAREST": "To the nearest, a half upwards.", "UP": "Upwards.", "DOWN": "Downwards."},
)
enum_type(
    Recalculation,
    "Whether interest follows what is really owed.",
    {"NONE": "Interest is as scheduled.", "DAILY": "Day by day: early pays less, late pays more."},
)
enum_type(
    PrepaymentPolicy,
    "What principal paid ahead does to the instalments that follow.",
    {
        "REDUCE_NUMBER_OF_INSTALLMENTS": "The instalment stays, the last ones fall away.",
        "REDUCE_INSTALLMENT_AMOUNT": "As many instalments, each smaller.",
        "RESCHEDULE_NEXT_REPAYMENTS": "It is taken off the next instalments.",
    },
)
enum_type(
    PayoffInterest,
    "How far a pay-off quote charges interest.",
    {
        "TILL_PRE_CLOSE_DATE": "Until its day.",
        "TILL_REST_FREQUENCY_DATE": "Until the end of the period that is running.",
    },
)
enum_type(
    Component,
    "The four parts of what a borrower owes.",
    {
        "PRINCIPAL": "What was lent.",
        "INTEREST": "What lending it costs.",
        "FEE": "What was charged for a service.",
        "PENALTY": "What was charged for being late.",
    },
)
enum_type(
    AllocationPass,
    "In which order the dues are gone through.",
    {
        "BY_INSTALMENT": "All parts of the oldest instalment before the next.",
        "BY_COMPONENT": "One part over all instalments that are due before the next part.",
    },
)
enum_type(
    FutureRule,
    "Which instalment money in advance goes to.",
    {"NEXT": "The next one.", "LAST": "The last one.", "REAMORTISE": "All that remain, in equal shares."},
)
enum_type(
    ChargeTime,
    "When a charge falls due.",
    {
        "DISBURSEMENT": "When money is paid out.",
        "INSTALMENT": "With every instalment.",
        "SPECIFIED_DUE_DATE": "On a day that staff name.",
        "OVERDUE_INSTALMENT": "When an instalment is still unpaid after its grace.",
    },
)
enum_type(
    ChargeBasis,
    "Of what a charge is reckoned.",
    {
        "FLAT": "An amount.",
        "PERCENT_OF_PRINCIPAL": "Percent of the principal: at disbursement of what is paid out.",
        "PERCENT_OF_INTEREST": "Percent of the interest.",
        "PERCENT_OF_PRINCIPAL_AND_INTEREST": "Percent of both.",
        "PERCENT_PER_YEAR_OF_OVERDUE_PRINCIPAL": (
            "Penal interest, only with OVERDUE_INSTALMENT: percent a year of the overdue principal, growing by the day "
            "until that is paid."
        ),
        "PERCENT_PER_YEAR_OF_OVERDUE_PRINCIPAL_AND_INTEREST": (
            "Penal interest, only with OVERDUE_INSTALMENT: percent a year of overdue principal and interest, growing by the "
            "day until they are paid."
        ),
    },
)
