"""The rows of payments."""

from domain.payments.models.figures import (
    AlarmState,
    AlertThresholds,
    DailyReconciliation,
    FeedClient,
    MatchRule,
    PipelinePulse,
    ReconciliationTally,
)
from domain.payments.models.messages import MpesaCommand, MpesaMessage, PaymentEvidence
from domain.payments.models.payments import Payment, PaymentPrompt
from domain.payments.models.receipts import MpesaReceipt, PaymentApplication, PaymentCredit, SuspenseDisposal
from domain.payments.models.reconciling import Discrepancy, Reconciliation
from domain.payments.models.sessions import ServiceSession
from domain.payments.models.statements import StatementImport, StatementRow, StatementRowError

__all__ = [
    "AlarmState",
    "AlertThresholds",
    "DailyReconciliation",
    "Discrepancy",
    "FeedClient",
    "MatchRule",
    "MpesaCommand",
    "MpesaMessage",
    "MpesaReceipt",
    "Payment",
    "PaymentApplication",
    "PaymentCredit",
    "PaymentEvidence",
    "PaymentPrompt",
    "PipelinePulse",
    "Reconciliation",
    "ReconciliationTally",
    "ServiceSession",
    "StatementImport",
    "StatementRow",
    "StatementRowError",
    "SuspenseDisposal",
]
