"""The mill's payments as clients see them."""

from __future__ import annotations

from datetime import datetime

from domain.identity.queries import people
from domain.ledger import queries as books
from domain.milling import models
from domain.milling.queries.payments import payments_by_id
from domain.milling.states import PaymentKind, PaymentMethod
from schema.core.books import JournalEntry
from schema.identity.types import User
from schema.kit import ID, Money, Node, attribute, global_id, node_type, relation
from schema.milling import enums  # noqa: F401  describes the enums that are used here


@node_type(models.Payment, payments_by_id, "Money from or to a customer or a supplier. It stays, and can be reversed once.")
class MillPayment(Node):
    number: str = attribute("Its number, such as `PY-000001`.")
    kind: PaymentKind = attribute("Whom it came from, or went to.")
    method: PaymentMethod | None = attribute("How it came or went; null for what a financed invoice paid.")
    sale_id: ID | None = global_id("Sale", "The sale that it is for.")
    sale_return_id: ID | None = global_id("SaleReturn", "The return that it was given back for.")
    purchase_id: ID | None = global_id("Purchase", "The purchase that it is for.")
    collected_payment_id: ID | None = global_id("Payment", "The payment by M-Pesa that it came by.")
    branch_id: ID | None = global_id("Branch", "The branch that it is of; null for the whole mill.")
    amount: Money = attribute("How much.")
    reference: str = attribute("The code of mobile money, the number of a cheque; empty when there is none.")
    note: str = attribute("What there is to say about it; empty when nothing.")
    paid_at: datetime = attribute("When the money moved.")
    entry_id: ID = global_id("JournalEntry", "Its entry in the books.")
    reversed: bool = attribute("Whether it was taken back.")
    reversed_at: datetime | None = attribute("When that was.")
    reversed_by_id: ID | None = global_id("User", "Who took it back.")
    reversal_reason: str = attribute("Why; empty while it stands.")
    reversal_entry_id: ID | None = global_id("JournalEntry", "The entry that took it back.")
    created_by_id: ID = global_id("User", "Who recorded it.")
    created_at: datetime = attribute("When it was recorded.")

    created_by: User | None = relation(people, "created_by_id", "Who recorded it.")
    entry: JournalEntry | None = relation(
        books.entries_by_id, "entry_id", "Its entry; null to those who may not read the books."
    )
