"""Reading the mill's payments: from and to customers, to and from suppliers."""

from __future__ import annotations

from domain.kit.reading import rows_by_id, rows_of
from domain.milling.access import shown_to
from domain.milling.models import Payment

payments_by_id = rows_by_id(Payment, shown_to)

payments_of_purchases = rows_of(Payment, "purchase_id", shown_to, order=("created_at", "id"))
"""What was paid for several purchases and back, in the order of time; what was reversed stays among it."""
