"""What a payer is given for money that came for a fee, as it is kept: with the names and figures of then."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.kit.money import Money
from domain.school.fees.locking import Desk
from domain.school.rules.receipts import receipt


def given(desk: Desk, amount: Money, before: Money, paid_on: date) -> dict[str, Any]:
    """The receipt for a payment of a fee that had ``before``. It gets its number with its row."""
    found = receipt(number="", paid_on=paid_on, amount=amount, lines=desk.rule_lines, before=before)
    return {
        "student": desk.student,
        "fee": desk.fee.number,
        "title": desk.fee.title,
        "currency": amount.currency,
        "amount_minor": amount.amount_minor,
        "lines": [
            {
                "instalment": line.number,
                "due_on": line.due_on.isoformat(),
                "category": line.category,
                "amount_minor": line.amount.amount_minor,
            }
            for line in found.lines
        ],
        "beyond_minor": found.beyond.amount_minor,
        "paid_in_all_minor": found.paid_in_all.amount_minor,
        "outstanding_minor": found.outstanding.amount_minor,
        "credit_minor": found.credit.amount_minor,
    }
