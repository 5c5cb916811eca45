"""Money of a student in advance, as clients see it."""

from __future__ import annotations

from datetime import date, datetime

from domain.school import models
from domain.school.queries import terms as queries
from domain.school.states import FeePaymentMethod
from schema.kit import ID, Money, Node, attribute, global_id, node_type
from schema.school import enums  # noqa: F401  describes the enums that are used here


@node_type(
    models.StudentAdvance,
    queries.advances_by_id,
    "Money of a student that is for no fee yet: what came, and under zero what of it was used or given back.",
)
class StudentAdvance(Node):
    student_id: ID = global_id("Student", "The student.")
    amount: Money = attribute("How much came; under zero when it was used or went back.")
    method: FeePaymentMethod = attribute("By which way it came or went; `ADVANCE` to a fee, or from one.")
    reference: str = attribute("The number of a slip or a cheque; empty when there is none.")
    paid_on: date = attribute("The day on which the books have it.")
    receipt_number: str | None = attribute("The number of its receipt; null for all but what came.")
    fee_payment_id: ID | None = global_id("FeePayment", "What it paid of a fee, or came from.")
    created_at: datetime = attribute("When it was written down.")
