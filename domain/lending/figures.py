"""What a loan says in money and days, reckoned from its columns."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from domain.kit import clock
from domain.kit.money import Money, MoneyOf
from domain.lending.rules import bucket_of
from domain.lending.rules.state import Components
from domain.lending.states import DelinquencyBucket, LoanStatus


class LoanReckoning:
    """The reckoning half of :class:`domain.lending.models.Loan`; it reads columns and changes none."""

    currency: str
    status: LoanStatus
    requested_minor: int
    approved_minor: int | None
    disbursed_minor: int
    principal_outstanding_minor: int
    interest_outstanding_minor: int
    fee_outstanding_minor: int
    penalty_outstanding_minor: int
    principal_paid_minor: int
    interest_paid_minor: int
    fee_paid_minor: int
    penalty_paid_minor: int
    waived_minor: int
    written_off_minor: int
    overpaid_minor: int
    refunded_minor: int
    recovered_minor: int
    accrued_interest_minor: int
    past_due_minor: int
    next_due_on: date | None
    next_due_minor: int
    annual_rate: Decimal
    submitted_at: datetime | None

    def _money(self, amount_minor: int) -> Money:
        return Money(amount_minor, self.currency)

    requested_principal = MoneyOf("requested_minor")

    @property
    def approved_principal(self) -> Money | None:
        return None if self.approved_minor is None else self._money(self.approved_minor)

    disbursed_amount = MoneyOf("disbursed_minor")

    @property
    def undisbursed_amount(self) -> Money:
        """What is approved and not paid out yet."""
        return self._money((self.approved_minor or 0) - self.disbursed_minor)

    @property
    def outstanding(self) -> Components:
        return Components(
            self.principal_outstanding_minor,
            self.interest_outstanding_minor,
            self.fee_outstanding_minor,
            self.penalty_outstanding_minor,
        )

    principal_outstanding = MoneyOf("principal_outstanding_minor")
    interest_outstanding = MoneyOf("interest_outstanding_minor")
    fee_outstanding = MoneyOf("fee_outstanding_minor")
    penalty_outstanding = MoneyOf("penalty_outstanding_minor")

    @property
    def outstanding_amount(self) -> Money:
        """All that is unpaid of the schedule, interest of instalments to come included."""
        return self._money(self.outstanding.total)

    principal_paid = MoneyOf("principal_paid_minor")
    interest_paid = MoneyOf("interest_paid_minor")
    fee_paid = MoneyOf("fee_paid_minor")
    penalty_paid = MoneyOf("penalty_paid_minor")

    @property
    def paid_amount(self) -> Money:
        """What payments have settled so far; what was overpaid is not in it."""
        parts = (self.principal_paid_minor, self.interest_paid_minor, self.fee_paid_minor, self.penalty_paid_minor)
        return self._money(sum(parts))

    waived_amount = MoneyOf("waived_minor")
    written_off_amount = MoneyOf("written_off_minor")
    overpaid_amount = MoneyOf("overpaid_minor")
    """What the borrower has paid too much and can have back."""
    recovered_amount = MoneyOf("recovered_minor")
    """What came in after the write-off."""
    accrued_interest = MoneyOf("accrued_interest_minor")
    past_due_amount = MoneyOf("past_due_minor")
    """What was unpaid past its due date when the figures were last brought up to date."""
    next_due_amount = MoneyOf("next_due_minor")
    """What is unpaid of the oldest instalment that is not complete."""

    @property
    def past_due_days(self) -> int:
        """Days past due today: they count from the due date of the oldest unpaid instalment."""
        return self.past_due_days_on(clock.today())

    def past_due_days_on(self, on: date) -> int:
        """Days past due on that day, if nothing is paid until then."""
        if self.status is not LoanStatus.ACTIVE or self.next_due_on is None:
            return 0
        return max(0, (on - self.next_due_on).days)

    @property
    def overdue(self) -> bool:
        """Whether something is past its due date today: derived, and never a status."""
        return self.past_due_days > 0

    @property
    def bucket_today(self) -> DelinquencyBucket:
        return DelinquencyBucket(bucket_of(self.past_due_days).code)

    @property
    def private(self) -> bool:
        """Whether it was never submitted: then it is between the borrower and whoever wrote it."""
        return self.submitted_at is None
