"""What payments announce.

Facts about a payment go to whoever is to pay it, to the staff who collect at its branch, and to those who reconcile; what
comes of reconciling goes to the latter alone. Every event carries the state as it stands afterwards. Telephone numbers are
masked in all of them.
"""

from domain.payments.events.keeping import (
    AlarmChanged,
    CommandChanged,
    CommandFigures,
    ImportFigures,
    MessageRejected,
    ReconciliationsPurged,
    StatementImportChanged,
    ThresholdFigures,
    ThresholdsChanged,
)
from domain.payments.events.paying import (
    PaidAfterFailure,
    PaymentApplied,
    PaymentChanged,
    PaymentCredited,
    PaymentFigures,
    PromptChanged,
    PromptFigures,
    PurposeRefused,
    ServiceSessionFigures,
    SessionChanged,
)
from domain.payments.events.reconciling import (
    DiscrepancyChanged,
    DiscrepancyFigures,
    DiscrepancyFound,
    IssueFigures,
    ReconciliationFinished,
)
from domain.payments.events.topics import (
    PAYMENTS,
    RECONCILIATION,
    SERVICE_SESSIONS,
    STATEMENTS,
    import_topic,
    payment_topic,
    payments_of_branch,
    payments_of_client,
    service_session_topic,
)

__all__ = [
    "PAYMENTS",
    "RECONCILIATION",
    "SERVICE_SESSIONS",
    "STATEMENTS",
    "AlarmChanged",
    "CommandChanged",
    "CommandFigures",
    "DiscrepancyChanged",
    "DiscrepancyFigures",
    "DiscrepancyFound",
    "ImportFigures",
    "IssueFigures",
    "MessageRejected",
    "PaidAfterFailure",
    "PaymentApplied",
    "PaymentChanged",
    "PaymentCredited",
    "PaymentFigures",
    "PromptChanged",
    "PromptFigures",
    "PurposeRefused",
    "ReconciliationFinished",
    "ReconciliationsPurged",
    "ServiceSessionFigures",
    "SessionChanged",
    "StatementImportChanged",
    "ThresholdFigures",
    "ThresholdsChanged",
    "import_topic",
    "payment_topic",
    "payments_of_branch",
    "payments_of_client",
    "service_session_topic",
]
