"""Does what we know of a payment agree with what was said of it, and what follows?

``settle`` decides the whole of it: the status, where the money goes, and each thing that does not agree. The checks below it
are the table of discrepancies, one function for each line. All are functions of the evidence as a set, so a service calls it
with everything that was ever said, whatever came first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.kit.money import Money
from domain.payments.rules.evidence import Evidence, distinct
from domain.payments.rules.issues import WORSE_AFTER, Issue, issue, worst
from domain.payments.rules.phones import Agreement
from domain.payments.rules.receipts import Credit, Intent, Posting, Received, credits, postings, received
from domain.payments.rules.references import is_same
from domain.payments.states import (
    TAKEN,
    UNPAID,
    Channel,
    Destination,
    DiscrepancyType,
    Outcome,
    PaymentStatus,
    ReconStatus,
    Severity,
    way,
)

_D = DiscrepancyType
_S = PaymentStatus

_FAILURES: Final = {
    Outcome.FAILED: _S.FAILED,
    Outcome.CANCELLED: _S.CANCELLED,
    Outcome.EXPIRED: _S.EXPIRED,
}


@dataclass(frozen=True, slots=True)
class Period:
    """The time that an imported statement tells all of."""

    from_at: datetime
    until_at: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.from_at <= moment < self.until_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A payment with all that is known of it at a moment."""

    intent: Intent
    evidence: tuple[Evidence, ...]
    now: datetime
    covered: tuple[Period, ...]
    payments: tuple[Received, ...]

    @property
    def failures(self) -> list[Evidence]:
        """Claims that a prompt ended without money."""
        return [claim for claim in self.evidence if claim.outcome in _FAILURES and claim.receipt is None]

    @property
    def callbacks(self) -> list[Evidence]:
        return [claim for claim in self.evidence if claim.channel is Channel.CALLBACK]

    @property
    def unproven(self) -> bool:
        """A callback says paid and not what, and the provider, when asked, has said nothing else."""
        answered = any(claim.channel is Channel.QUERY for claim in self.failures)
        return not self.payments and not answered and any(claim.outcome is Outcome.PAID for claim in self.callbacks)

    @property
    def is_open(self) -> bool:
        """A prompt has failed, and a telephone may still show another."""
        failed = {claim.prompt for claim in self.failures}
        expires_at = self.intent.expires_at
        in_time = expires_at is None or self.now < expires_at
        return in_time and bool(failed) and None not in failed and bool(self.intent.shown - failed)

    @property
    def is_overdue(self) -> bool:
        """The callback of a prompt has not come in its time."""
        due_at = self.intent.callback_due_at
        prompted = self.intent.prompted_at is not None
        return prompted and not self.callbacks and due_at is not None and self.now > due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a payment is, what the books should have of it, and what does not agree."""

    status: PaymentStatus
    steps: tuple[PaymentStatus, ...]
    """The statuses to go through from the one before; empty when it stays."""
    recon: ReconStatus
    credits: tuple[Credit, ...]
    postings: tuple[Posting, ...]
    issues: tuple[Issue, ...]
    result_code: int | None = None
    """Why it ended without money, as far as the provider says."""

    @property
    def severity(self) -> Severity | None:
        return worst(self.issues)

    def at(self, destination: Destination, currency: str) -> Money:
        """How much of the money is there, less what was taken back."""
        there = (credit.net for credit in self.credits if credit.destination is destination)
        return sum((net for net in there if net.currency == currency), Money.zero(currency))


def settle(intent: Intent, evidence: Iterable[Evidence], now: datetime, *, covered: Sequence[Period] = ()) -> Decision:
    """The decision on a payment at ``now`` by all evidence of it; ``covered`` are the times that statements tell all of."""
    claims = tuple(distinct(evidence))
    payments = tuple(received(intent, claims))
    case = Case(intent=intent, evidence=claims, now=now, covered=tuple(covered), payments=payments)
    steps = way(intent.status, _status(case)) or ()
    issues = tuple(found for check in CHECKS for found in check(case))
    held = credits(intent, payments)
    status = steps[-1] if steps else intent.status
    return Decision(
        status=status,
        steps=steps,
        recon=_recon(case, status, issues),
        credits=held,
        postings=postings(intent.booked, held),
        issues=issues,
        result_code=_result_code(case, status),
    )


def _result_code(case: Case, status: PaymentStatus) -> int | None:
    """Of the first claim by which it ended as it did."""
    ends = [claim for claim in case.failures if _FAILURES[claim.outcome] is status]
    return min(ends, key=_when).result_code if ends else None


def _when(claim: Evidence) -> tuple[datetime, Outcome, int]:
    return claim.received_at, claim.outcome, claim.result_code or 0


def _status(case: Case) -> PaymentStatus:
    """Money that came decides; then a success that is to be confirmed; then a failure; then time."""
    intent, payments = case.intent, case.payments
    if payments:
        if not payments[0].reversed:
            return _S.PAID
        return _S.PARTIALLY_REVERSED if payments[0].stands else _S.REVERSED
    if case.unproven:
        return _S.PROCESSING
    if case.failures and not case.is_open:
        first = min(case.failures, key=_when)
        return _FAILURES[first.outcome]
    pending = [claim.received_at for claim in case.evidence if claim.outcome is Outcome.PENDING]
    expires_at = intent.expires_at
    if expires_at is not None and case.now >= expires_at and not any(at >= expires_at for at in pending):
        return _S.EXPIRED
    return _S.PROCESSING if pending or case.is_open else intent.status


def _recon(case: Case, status: PaymentStatus, issues: Sequence[Issue]) -> ReconStatus:
    if issues:
        return ReconStatus.DISCREPANCY
    if case.payments:
        return ReconStatus.MATCHED if case.payments[0].receipt else ReconStatus.UNVERIFIED
    return ReconStatus.MATCHED if status in UNPAID and not case.unproven else ReconStatus.UNVERIFIED


def _currency(case: Case) -> Iterator[Issue]:
    """The money is of another currency than was asked for."""
    for payment in case.payments:
        if payment.amount.currency != case.intent.amount.currency:
            yield issue(
                _D.CURRENCY_MISMATCH,
                "paid in another currency than asked for",
                receipt=payment.receipt,
                expected=case.intent.amount,
                received=payment.amount,
            )


def _amount(case: Case) -> Iterator[Issue]:
    """More or less than was asked for came, or the channels do not agree on how much."""
    for place, payment in enumerate(case.payments):
        if payment.receipt in case.intent.accepted:
            continue
        if place == 0 and payment.amount.currency == case.intent.amount.currency and payment.amount != case.intent.amount:
            how = "less" if payment.amount < case.intent.amount else "more"
            yield issue(
                _D.AMOUNT_MISMATCH,
                f"{how} was paid than asked for",
                receipt=payment.receipt,
                expected=case.intent.amount,
                received=payment.amount,
            )
        elif place == 0 and payment.stands and payment.receipt in case.intent.disposed:
            yield issue(
                _D.AMOUNT_MISMATCH,
                "the money had been taken out of suspense already",
                receipt=payment.receipt,
                expected=case.intent.amount,
                received=Money.zero(payment.amount.currency),
            )
        elif payment.other_amounts:
            yield issue(
                _D.AMOUNT_MISMATCH,
                "the same receipt is told with different amounts",
                receipt=payment.receipt,
                expected=payment.amount,
                received=", ".join(map(str, payment.other_amounts)),
            )


def _duplicate(case: Case) -> Iterator[Issue]:
    """Another payment came for the same, or one that is another payment's already."""
    for payment in case.payments[1:]:
        if payment.stands and payment.receipt not in case.intent.accepted:
            yield issue(
                _D.DUPLICATE_PAYMENT,
                "paid more than once",
                receipt=payment.receipt,
                expected=case.payments[0].receipt or case.intent.amount,
                received=payment.amount,
            )
    paid = {claim.receipt for claim in case.evidence if claim.outcome is Outcome.PAID and claim.receipt}
    for receipt in sorted(paid & case.intent.elsewhere):
        yield issue(_D.DUPLICATE_PAYMENT, "the receipt is credited to another payment", receipt=receipt)


def _status_mismatch(case: Case) -> Iterator[Issue]:
    """One says paid, the other not. Two prompts of one payment may well end differently."""
    successes = [claim for claim in case.evidence if claim.outcome is Outcome.PAID]
    against = [
        (failure, success)
        for failure in case.evidence
        if failure.outcome in _FAILURES
        for success in successes
        if _contradict(failure, success)
    ]
    ours_stands = not successes and case.intent.status in TAKEN and bool(case.failures)
    after = [failure for failure, success in against if failure.received_at > success.received_at]
    after += case.failures if ours_stands else []
    if after:
        yield issue(
            _D.STATUS_MISMATCH,
            "the provider says failed of what was paid",
            severity=Severity.HIGH,
            expected=Outcome.PAID,
            received=max(after, key=_when).outcome,
        )
    elif against:
        first = min((failure for failure, _ in against), key=_when)
        yield issue(
            _D.STATUS_MISMATCH, "the provider says paid of what had failed", expected=first.outcome, received=Outcome.PAID
        )
    elif case.intent.prompted_at is None and successes and {claim.channel for claim in successes} == {Channel.STATEMENT}:
        yield issue(
            _D.STATUS_MISMATCH, "only the statement knows that it is paid", expected=Outcome.PENDING, received=Outcome.PAID
        )


def _contradict(failure: Evidence, success: Evidence) -> bool:
    """Whether both are about the same: a receipt, a prompt, or as far as they tell."""
    if failure.receipt is not None:
        return failure.receipt == success.receipt
    return None in (failure.prompt, success.prompt) or failure.prompt == success.prompt


def _missing_callback(case: Case) -> Iterator[Issue]:
    """No callback, and otherwise we know of money, or of nothing. Of a failure an answer to a query tells as much."""
    due_at = case.intent.callback_due_at
    if case.is_overdue and due_at is not None and (case.payments or not case.failures):
        worse = case.now - due_at >= WORSE_AFTER
        yield issue(
            _D.MISSING_CALLBACK,
            "the callback has not come",
            severity=Severity.HIGH if worse else None,
            expected=f"{due_at:%Y-%m-%d %H:%M:%S}",
        )


def _late_callback(case: Case) -> Iterator[Issue]:
    """The first callback came, after its time."""
    due_at = case.intent.callback_due_at
    first_at = min((claim.received_at for claim in case.callbacks), default=None)
    if due_at is not None and first_at is not None and first_at > due_at:
        yield issue(
            _D.LATE_CALLBACK,
            "the callback came late",
            expected=f"{due_at:%Y-%m-%d %H:%M:%S}",
            received=f"{first_at:%Y-%m-%d %H:%M:%S}",
        )


def _missing_in_statement(case: Case) -> Iterator[Issue]:
    """A statement of the time does not have a receipt that we have."""
    for payment in case.payments:
        told = any(claim.channel is Channel.STATEMENT for claim in payment.claims)
        at = payment.at
        if payment.receipt and at and not told and any(at in period for period in case.covered):
            yield issue(
                _D.MISSING_IN_STATEMENT,
                "the statement does not have this receipt",
                receipt=payment.receipt,
                expected=payment.amount,
            )


def _phone(case: Case) -> Iterator[Issue]:
    """Another telephone paid than the one that was prompted, as far as the numbers can be seen."""
    known = case.intent.sender
    for payment in case.payments if known else ():
        assert known is not None, "without a number nothing is compared"
        others = sorted(
            (str(claim.sender) for claim in payment.claims if _differs(claim, known.agrees_with)),
        )
        if others:
            yield issue(
                _D.PHONE_MISMATCH, "another telephone paid", receipt=payment.receipt, expected=known, received=others[0]
            )


def _differs(claim: Evidence, agrees: Callable[..., Agreement]) -> bool:
    return claim.sender is not None and agrees(claim.sender) is Agreement.DIFFERENT


def _reference(case: Case) -> Iterator[Issue]:
    """The payer typed another reference."""
    known = case.intent.reference
    for payment in case.payments if known else ():
        typed = sorted(
            {claim.reference for claim in payment.claims if claim.reference and not is_same(claim.reference, known or "")}
        )
        if typed:
            yield issue(
                _D.REFERENCE_MISMATCH,
                "paid under another reference",
                receipt=payment.receipt,
                expected=known,
                received=typed[0],
            )


def _reversal(case: Case) -> Iterator[Issue]:
    """Money was taken back, or more of it than we gave back ourselves."""
    for payment in case.payments:
        if payment.reversed != payment.ordered:
            yield issue(
                _D.REVERSED,
                "the payment was taken back" if not payment.stands else "a part of the payment was taken back",
                receipt=payment.receipt,
                expected=payment.amount - payment.ordered,
                received=payment.amount - payment.reversed,
            )


CHECKS: Final[tuple[Callable[[Case], Iterator[Issue]], ...]] = (
    _currency,
    _amount,
    _duplicate,
    _status_mismatch,
    _reversal,
    _missing_in_statement,
    _missing_callback,
    _late_callback,
    _reference,
    _phone,
)
"""What is looked at, the worst first. An orphan has no payment to be checked: :mod:`domain.payments.rules.issues`."""
