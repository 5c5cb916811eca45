"""What the words of payments mean."""

from __future__ import annotations

from domain.payments.states import (
    Channel,
    Destination,
    DiscrepancyType,
    Outcome,
    PaymentStatus,
    Purpose,
    ReconStatus,
    ReconTrigger,
    Resolution,
    Severity,
)
from schema.kit import enum_type

enum_type(
    PaymentStatus,
    "Where a payment stands.",
    {
        "CREATED": "Nobody has been prompted for it yet.",
        "STK_SENT": "The provider took the request to prompt the payer.",
        "PROCESSING": "It is with the payer, or the provider is at work on it.",
        "PAID": "The money is there.",
        "FAILED": "It ended without money. A genuine success that becomes known later still makes it PAID.",
        "CANCELLED": "The payer, or whoever asked for it, called it off.",
        "EXPIRED": "Nobody paid in time.",
        "REVERSED": "The money went back to the payer.",
        "PARTIALLY_REVERSED": "A part of the money went back to the payer.",
    },
)
enum_type(
    Purpose,
    "What a payment is for.",
    {
        "SERVICE_SESSION": "A booked session with somebody who is paid for it.",
        "LOAN_INSTALMENT": "What is due of a loan.",
        "SCHOOL_FEE": "A fee of the school.",
        "INVOICE_SETTLEMENT": "An invoice that investors have funded.",
        "WALLET_TOP_UP": "Money in the payer's own wallet.",
        "MILL_SALE": "Goods of the mill.",
    },
    name="PaymentPurpose",
)
enum_type(
    ReconStatus,
    "Where a reconciliation stands.",
    {
        "QUEUED": "It waits for its turn.",
        "ACTIVE": "The provider is being asked.",
        "MATCHED": "All that is known of the payment agrees.",
        "DISCREPANCY": "Something does not agree; see the issues.",
        "UNVERIFIED": "Nobody can say yet how the payment ended. It is tried again.",
        "FAILED": "It was given up after too many attempts.",
    },
)
enum_type(
    ReconTrigger,
    "What made a payment be reconciled.",
    {
        "PAYMENT_INITIATION": "The payer was prompted.",
        "PAYMENT_CALLBACK": "The provider told of the payment; looked at two seconds later.",
        "STATUS_QUERY": "Somebody asked how the payment stands.",
        "PERIODIC": "The regular check took it up, a statement that was imported, or the close of the day.",
        "MANUAL": "A person asked for it.",
        "MANUAL_DASHBOARD": "A person asked for it on the dashboard.",
        "MANUAL_QUEUE": "A person put it into the queue.",
        "BULK_MANUAL": "A person asked for it, among others.",
        "WEBSOCKET": "A person asked for it over a live connection.",
    },
)
enum_type(
    DiscrepancyType,
    "How what we know of a payment and what was said of it differ.",
    {
        "AMOUNT_MISMATCH": "More or less was paid than asked for, or the same receipt is told with different amounts.",
        "CURRENCY_MISMATCH": "Paid in another currency than asked for.",
        "DUPLICATE_PAYMENT": "Paid more than once, or with a receipt that is another payment's.",
        "LATE_CALLBACK": "The provider's answer came after its time.",
        "MISSING_CALLBACK": "The provider's answer has not come.",
        "MISSING_IN_STATEMENT": "The statement of that time does not have the receipt.",
        "ORPHAN_TRANSACTION": "Money came of which no payment is known.",
        "PHONE_MISMATCH": "Another telephone paid than the one that was prompted.",
        "PURPOSE_REFUSED": "The money is there, and what it was paid for does not take it.",
        "REFERENCE_MISMATCH": "Paid under another reference.",
        "REVERSED": "The money was taken back, in whole or in part, and not by our own order.",
        "STATUS_MISMATCH": "One says paid, the other says failed.",
    },
)
enum_type(
    Severity,
    "How soon somebody should look.",
    {
        "HIGH": "At once; administrators are told by e-mail and SMS.",
        "MEDIUM": "Soon.",
        "LOW": "When there is time.",
    },
)
enum_type(
    Resolution,
    "What was done about a discrepancy.",
    {
        "ACCEPTED": "The money is taken as it came; where its purpose had refused it, it is offered again.",
        "MATCHED_BY_HAND": "A person said which payment the money belongs to.",
        "REFUNDED": "It goes back to the payer.",
        "CORRECTED": "It was put right elsewhere, or what we had wrong was.",
        "WRITTEN_OFF": "It is income that nobody claims, or our loss when what it paid for keeps what was taken back.",
        "NO_ACTION": "It explains itself, or was gone when somebody looked.",
    },
    name="DiscrepancyResolution",
)
enum_type(
    Channel,
    "How we heard of a payment.",
    {
        "CALLBACK": "The provider's answer to a prompt.",
        "C2B": "The provider's message of a payment that the payer began.",
        "QUERY": "The provider's answer to a question of ours.",
        "STATEMENT": "A row of a statement.",
    },
    name="EvidenceChannel",
)
enum_type(
    Outcome,
    "What somebody says became of a payment.",
    {
        "PENDING": "Nothing yet.",
        "PAID": "It was paid.",
        "FAILED": "It failed.",
        "CANCELLED": "The payer called it off.",
        "EXPIRED": "Nobody paid in time.",
        "REVERSED": "It was taken back.",
    },
    name="EvidenceOutcome",
)
enum_type(
    Destination,
    "Where money that came is.",
    {
        "PURPOSE": "It is for what the payment is for.",
        "SUSPENSE": "It waits until somebody says what it is for.",
    },
    name="MoneyDestination",
)
