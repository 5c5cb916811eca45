"""The table of discrepancies, line by line: what we know, what was said, and what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.kit.money import Money
from domain.payments.rules.evidence import Evidence
from domain.payments.rules.issues import orphan, worst
from domain.payments.rules.matching import settle
from domain.payments.rules.phones import Sender, hashed
from domain.payments.rules.receipts import Credit, Intent, Posting
from domain.payments.states import (
    TAKEN,
    UNDECIDED,
    UNPAID,
    Channel,
    Destination,
    DiscrepancyType,
    Outcome,
    PaymentStatus,
    ReconStatus,
    Severity,
)
from tests.domain.payments.rules.factory import (
    ASKED,
    DUE_AT,
    EXPIRES_AT,
    LATER,
    OTHER,
    RECEIPT,
    SENT_AT,
    SOON,
    THE_DAY,
    answer,
    applied,
    callback,
    confirmation,
    intent,
    kes,
    row,
    said,
    taken_back,
    told,
    unprompted,
)

D, S, P = DiscrepancyType, Severity, PaymentStatus
HIGH, MEDIUM, LOW = S.HIGH, S.MEDIUM, S.LOW
PURPOSE, SUSPENSE = Destination.PURPOSE, Destination.SUSPENSE

LATE_S = 600

# what it is, what we know, what was said, the status, at the purpose, in suspense, what does not agree
TABLE: list[tuple[str, Intent, list[Evidence], PaymentStatus, int, int, dict[DiscrepancyType, Severity]]] = [
    ("paid as asked", intent(), [callback()], P.PAID, 2_500, 0, {}),
    ("confirmed by all channels", intent(), [callback(), confirmation(), answer(), row()], P.PAID, 2_500, 0, {}),
    ("the same callback twice", intent(), [callback(), callback(after_s=16)], P.PAID, 2_500, 0, {}),
    ("paid by Paybill", unprompted(), [confirmation(reference="fee 42")], P.PAID, 2_500, 0, {}),
    ("cancelled", intent(), [callback(Outcome.CANCELLED)], P.CANCELLED, 0, 0, {}),
    ("failed, by callback and query", intent(), [callback(Outcome.FAILED), answer(Outcome.FAILED)], P.FAILED, 0, 0, {}),
    ("failed, by query alone", intent(), [answer(Outcome.EXPIRED)], P.EXPIRED, 0, 0, {}),
    ("a shilling less", intent(), [callback(amount=kes(2_499))], P.PAID, 0, 2_499, {D.AMOUNT_MISMATCH: HIGH}),
    ("twice as much", intent(), [callback(amount=kes(5_000))], P.PAID, 0, 5_000, {D.AMOUNT_MISMATCH: HIGH}),
    (
        "one receipt with two amounts",
        intent(),
        [callback(), callback(amount=kes(1), after_s=16)],
        P.PAID, 2_500, 0,
        {D.AMOUNT_MISMATCH: HIGH},
    ),
    (
        "the statement knows the amount",
        intent(),
        [callback(), row(amount=kes(2_499))],
        P.PAID, 0, 2_499,
        {D.AMOUNT_MISMATCH: HIGH},
    ),
    (
        "two payments",
        intent(),
        [callback(), callback(receipt=OTHER, prompt="ws_CO_2", after_s=60)],
        P.PAID, 2_500, 2_500,
        {D.DUPLICATE_PAYMENT: HIGH},
    ),
    (
        "a receipt that is another payment's",
        unprompted(elsewhere=frozenset({RECEIPT})),
        [confirmation()],
        P.CREATED, 0, 0,
        {D.DUPLICATE_PAYMENT: HIGH},
    ),
    ("no callback, paid", intent(), [answer()], P.PAID, 2_500, 0, {D.MISSING_CALLBACK: MEDIUM}),
    ("no callback, filled from the statement", intent(), [answer(), row()], P.PAID, 2_500, 0, {D.MISSING_CALLBACK: MEDIUM}),
    ("a callback after its time", intent(), [callback(after_s=LATE_S)], P.PAID, 2_500, 0, {D.LATE_CALLBACK: LOW}),
    (
        "late, and in time before that",
        intent(),
        [callback(), callback(after_s=LATE_S)],
        P.PAID, 2_500, 0,
        {},
    ),
    (
        "failure after success",
        intent(P.PAID),
        [callback(), callback(Outcome.FAILED, after_s=30)],
        P.PAID, 2_500, 0,
        {D.STATUS_MISMATCH: HIGH},
    ),
    (
        "success after failure",
        intent(P.FAILED),
        [callback(Outcome.FAILED), callback(after_s=30)],
        P.PAID, 2_500, 0,
        {D.STATUS_MISMATCH: MEDIUM},
    ),
    (
        "the statement has what had failed",
        intent(P.CANCELLED),
        [callback(Outcome.CANCELLED), row()],
        P.PAID, 2_500, 0,
        {D.STATUS_MISMATCH: MEDIUM},
    ),
    (
        "the statement alone knows of a Paybill payment",
        unprompted(),
        [row()],
        P.PAID, 2_500, 0,
        {D.STATUS_MISMATCH: MEDIUM},
    ),
    (
        "the statement says that a receipt failed",
        intent(P.PAID),
        [callback(), row(outcome=Outcome.FAILED)],
        P.PAID, 2_500, 0,
        {D.STATUS_MISMATCH: HIGH},
    ),
    (
        "another prompt of the same payment was cancelled",
        intent(),
        [callback(Outcome.CANCELLED, prompt="ws_CO_0"), callback(after_s=60)],
        P.PAID, 2_500, 0,
        {},
    ),
    (
        "another telephone",
        intent(),
        [callback(sender=Sender.read("0700000002"))],
        P.PAID, 2_500, 0,
        {D.PHONE_MISMATCH: LOW},
    ),
    (
        "hidden numbers that fit",
        intent(),
        [confirmation(sender=Sender.read(hashed("254700000001"))), callback(), row(sender=Sender.read("0****001"))],
        P.PAID, 2_500, 0,
        {},
    ),
    (
        "another reference",
        unprompted(),
        [confirmation(reference="FEE-43")],
        P.PAID, 2_500, 0,
        {D.REFERENCE_MISMATCH: MEDIUM},
    ),
    ("taken back", intent(P.PAID), [callback(), taken_back()], P.REVERSED, 0, 0, {D.REVERSED: HIGH}),
    (
        "taken back, told twice",
        intent(P.PAID),
        [callback(), taken_back(kes(500)), taken_back(kes(500), channel=Channel.QUERY)],
        P.PARTIALLY_REVERSED, 2_000, 0,
        {D.REVERSED: HIGH},
    ),
    (
        "given back by our order",
        intent(P.PAID, ordered_back={RECEIPT: ASKED}),
        [callback(), taken_back(channel=Channel.QUERY), taken_back()],
        P.REVERSED, 0, 0,
        {},
    ),
    (
        "a part given back by our order, and told by the statement alone",
        intent(P.PAID, ordered_back={RECEIPT: kes(500)}),
        [callback(), taken_back(kes(500))],
        P.PARTIALLY_REVERSED, 2_000, 0,
        {},
    ),
    (
        "more taken back than we ordered",
        intent(P.PAID, ordered_back={RECEIPT: kes(500)}),
        [callback(), taken_back(kes(800), channel=Channel.QUERY)],
        P.PARTIALLY_REVERSED, 1_700, 0,
        {D.REVERSED: HIGH},
    ),
    (
        "a part given back by our order, and then another taken back",
        intent(P.PAID, ordered_back={RECEIPT: kes(500)}),
        [callback(), taken_back(kes(500), channel=Channel.QUERY), replace(taken_back(kes(500)), receipt="TC51YYYY9K")],
        P.PARTIALLY_REVERSED, 1_500, 0,
        {D.REVERSED: HIGH},
    ),
    (
        "another receipt is given back by our order",
        intent(P.PAID, ordered_back={OTHER: ASKED}),
        [callback(), callback(receipt=OTHER, after_s=60), taken_back()],
        P.PAID, 2_500, 0,
        {D.REVERSED: HIGH},
    ),
    (
        "taken off the books by a person",
        intent(P.PAID),
        [callback(), replace(taken_back(channel=Channel.QUERY), receipt=None)],
        P.REVERSED, 0, 0,
        {},
    ),
    (
        "taken off the books by a person, and taken back by the provider",
        intent(P.PAID),
        [callback(), replace(taken_back(channel=Channel.QUERY), receipt=None), taken_back(kes(500))],
        P.PARTIALLY_REVERSED, 2_000, 0,
        {D.REVERSED: HIGH},
    ),
    (
        "taken back before we knew",
        intent(),
        [taken_back(), callback(after_s=60)],
        P.REVERSED, 0, 0,
        {D.REVERSED: HIGH},
    ),
    (
        "too little, and then what was asked for",
        unprompted(),
        [confirmation(amount=kes(999), transacted_at=SENT_AT), confirmation(receipt=OTHER)],
        P.PAID, 2_500, 999,
        {D.DUPLICATE_PAYMENT: HIGH},
    ),
    (
        "what was asked for is taken back, and something else stands",
        unprompted(),
        [confirmation(), confirmation(receipt=OTHER, amount=kes(5_000)), taken_back()],
        P.PAID, 0, 5_000,
        {D.AMOUNT_MISMATCH: HIGH, D.REVERSED: HIGH},
    ),
    (
        "a reversal with a receipt is more exact than one without",
        intent(P.PAID),
        [callback(), replace(taken_back(), receipt=None), taken_back(kes(500))],
        P.PARTIALLY_REVERSED, 2_000, 0,
        {D.REVERSED: HIGH},
    ),
    (
        "an old failure that is told again",
        intent(),
        [callback(Outcome.FAILED), callback(after_s=30), callback(Outcome.FAILED, after_s=60)],
        P.PAID, 2_500, 0,
        {D.STATUS_MISMATCH: MEDIUM},
    ),
    ("failed, then cancelled", intent(P.FAILED), [callback(Outcome.FAILED), answer(Outcome.CANCELLED)], P.FAILED, 0, 0, {}),
    (
        "one of two was taken back",
        intent(),
        [callback(), callback(receipt=OTHER, after_s=60), taken_back()],
        P.PAID, 2_500, 0,
        {D.REVERSED: HIGH},
    ),
    (
        "another currency",
        unprompted(),
        [confirmation(amount=Money(250_000, "TZS"))],
        P.PAID, 0, 0,
        {D.CURRENCY_MISMATCH: HIGH},
    ),
    ("paid, but what", intent(), [callback(receipt=None, amount=None)], P.PROCESSING, 0, 0, {}),
    ("paid, but what, and confirmed", intent(), [callback(receipt=None, amount=None), answer()], P.PAID, 2_500, 0, {}),
    ("a receipt without an amount, confirmed", intent(), [callback(amount=None), answer()], P.PAID, 2_500, 0, {}),
    ("paid, but what, and denied", intent(), [callback(receipt=None), answer(Outcome.FAILED)], P.FAILED, 0, 0,
     {D.STATUS_MISMATCH: MEDIUM}),
    ("not answered for", intent(), [answer(Outcome.PENDING)], P.EXPIRED, 0, 0, {D.MISSING_CALLBACK: MEDIUM}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "known", "evidence", "status", "purpose", "suspense", "issues"), TABLE)
def test_the_table(
    what: str,
    known: Intent,
    evidence: list[Evidence],
    status: PaymentStatus,
    purpose: int,
    suspense: int,
    issues: dict[DiscrepancyType, Severity],
) -> None:
    decision = settle(known, evidence, LATER)
    assert decision.status is status, what
    assert decision.at(PURPOSE, "KES") == kes(purpose), what
    assert decision.at(SUSPENSE, "KES") == kes(suspense), what
    assert told(decision) == issues, what
    assert decision.severity is worst(decision.issues)
    assert (decision.recon is ReconStatus.DISCREPANCY) is bool(issues)
    again = settle(applied(known, decision), evidence, LATER)
    assert (again.steps, again.postings, again.credits) == ((), (), decision.credits), what


def test_amounts_are_compared_as_decimals() -> None:
    for written in ("2500", "2500.0", "2500.00"):
        assert settle(intent(), [callback(amount=Money.of(written, "KES"))], LATER).recon is ReconStatus.MATCHED


def test_an_issue_says_what_was_expected_and_received() -> None:
    (found,) = settle(intent(), [callback(amount=kes(2_499))], LATER).issues
    assert (found.expected, found.received, found.receipt) == ("KES 2,500.00", "KES 2,499.00", RECEIPT)
    assert found.message == "less was paid than asked for"
    (found,) = settle(intent(), [callback(sender=Sender.read("0711222333"))], LATER).issues
    assert (found.expected, found.received) == ("2547*****001", "2547*****333")
    (found,) = settle(unprompted(), [confirmation(reference="0711222333")], LATER).issues
    assert found.received == "07*****333"


def test_a_missing_callback_is_worse_after_a_day() -> None:
    day = timedelta(hours=24)
    for now, expected in (
        (DUE_AT, {}),
        (DUE_AT + timedelta(seconds=1), {D.MISSING_CALLBACK: MEDIUM}),
        (DUE_AT + day - timedelta(seconds=1), {D.MISSING_CALLBACK: MEDIUM}),
        (DUE_AT + day, {D.MISSING_CALLBACK: HIGH}),
    ):
        assert told(settle(intent(P.PAID), [answer()], now)) == expected


def test_until_anybody_says_anything_nothing_is_verified() -> None:
    for evidence, status in (([], P.STK_SENT), ([answer(Outcome.PENDING)], P.PROCESSING)):
        decision = settle(intent(P.STK_SENT), evidence, SOON)
        assert (decision.recon, decision.status, decision.issues) == (ReconStatus.UNVERIFIED, status, ())
    assert settle(intent(), [answer()], SOON).recon is ReconStatus.UNVERIFIED
    assert settle(intent(), [callback(receipt=None)], SOON).recon is ReconStatus.UNVERIFIED


def test_time_ends_what_nobody_answers_for() -> None:
    assert settle(intent(), [], EXPIRES_AT - timedelta(seconds=1)).status is P.PROCESSING
    decision = settle(intent(), [], EXPIRES_AT)
    assert decision.status is P.EXPIRED and told(decision) == {D.MISSING_CALLBACK: MEDIUM}
    pending = answer(Outcome.PENDING, after_s=700)
    assert settle(intent(), [answer(Outcome.PENDING), pending], LATER).status is P.PROCESSING
    never_prompted = settle(unprompted(expires_at=EXPIRES_AT), [], EXPIRES_AT)
    assert (never_prompted.status, never_prompted.recon) == (P.EXPIRED, ReconStatus.MATCHED)


@pytest.mark.parametrize("status", sorted(UNDECIDED | UNPAID))
def test_a_genuine_success_is_paid_whatever_we_thought(status: PaymentStatus) -> None:
    decision = settle(intent(status), [callback()], LATER)
    assert decision.status is P.PAID and decision.steps == (P.PAID,)
    assert decision.postings == (Posting(RECEIPT, PURPOSE, ASKED),)


@pytest.mark.parametrize("status", sorted(TAKEN))
@pytest.mark.parametrize("failure", [Outcome.FAILED, Outcome.CANCELLED, Outcome.EXPIRED])
def test_no_failure_overwrites_what_was_paid(status: PaymentStatus, failure: Outcome) -> None:
    """Even where the evidence of the payment is not at hand."""
    gone = {P.PAID: 0, P.PARTIALLY_REVERSED: 500, P.REVERSED: 2_500}[status]
    booked = (Credit(receipt=RECEIPT, amount=ASKED, reversed=kes(gone), destination=PURPOSE),)
    decision = settle(intent(status, booked=booked), [callback(failure)], LATER)
    assert (decision.status, decision.steps, decision.postings, decision.credits) == (status, (), (), booked)
    assert told(decision)[D.STATUS_MISMATCH] is HIGH


def test_a_receipt_that_becomes_known_is_not_credited_again() -> None:
    known = intent()
    first = settle(known, [answer()], LATER)
    assert first.postings == (Posting(None, PURPOSE, ASKED),)
    for later in (callback(after_s=LATE_S), row(), confirmation()):
        second = settle(applied(known, first), [answer(), later], LATER)
        assert second.postings == ()
        assert [credit.receipt for credit in second.credits] == [RECEIPT]


def test_a_prompt_that_was_paid_with_another_amount_is_put_right() -> None:
    known = intent()
    first = settle(known, [answer()], LATER)
    second = settle(applied(known, first), [answer(), row(amount=kes(2_499))], LATER)
    assert second.postings == (Posting(RECEIPT, PURPOSE, -ASKED), Posting(RECEIPT, SUSPENSE, kes(2_499)))


def test_what_a_person_accepted_goes_to_the_purpose() -> None:
    known = intent(P.PAID, accepted=frozenset({RECEIPT}))
    decision = settle(known, [callback(amount=kes(2_499))], LATER)
    assert decision.at(PURPOSE, "KES") == kes(2_499) and decision.recon is ReconStatus.MATCHED
    foreign = settle(known, [callback(amount=Money(9, "TZS"))], LATER)
    assert foreign.credits[0].destination is SUSPENSE


def test_once_a_person_accepted_something_nothing_else_reaches_the_purpose_by_itself() -> None:
    short, right = confirmation(amount=kes(2_499)), confirmation(receipt=OTHER)
    decision = settle(unprompted(P.PAID, accepted=frozenset({RECEIPT})), [right, short], LATER)
    assert decision.at(PURPOSE, "KES") == kes(2_499) and decision.at(SUSPENSE, "KES") == kes(2_500)
    assert told(decision) == {D.DUPLICATE_PAYMENT: HIGH}
    both = settle(unprompted(P.PAID, accepted=frozenset({RECEIPT, OTHER})), [right, short], LATER)
    assert both.at(PURPOSE, "KES") == kes(4_999) and told(both) == {}


def test_a_receipt_that_a_person_gave_to_another_payment_leaves_this_one() -> None:
    booked = (Credit(receipt=RECEIPT, amount=ASKED, reversed=kes(0), destination=PURPOSE),)
    decision = settle(intent(P.PAID, booked=booked, elsewhere=frozenset({RECEIPT})), [callback()], LATER)
    assert decision.postings == (Posting(RECEIPT, PURPOSE, -ASKED),)


def test_the_first_payment_stays_the_one_that_pays() -> None:
    """An earlier one that is heard of later does not make the books turn round."""
    known = intent()
    second = callback(receipt=OTHER, after_s=60, transacted_at=SENT_AT + timedelta(seconds=50))
    first = settle(known, [second], LATER)
    both = settle(applied(known, first), [second, callback()], LATER)
    assert both.postings == (Posting(RECEIPT, SUSPENSE, ASKED),)


def test_a_reversal_is_booked_as_what_is_left() -> None:
    known = intent()
    paid = settle(known, [callback()], LATER)
    back = settle(applied(known, paid), [callback(), taken_back(kes(500))], LATER)
    assert back.postings == (Posting(RECEIPT, PURPOSE, kes(-500)),)
    back_again = replace(taken_back(kes(9_000)), receipt=OTHER)
    more = settle(applied(known, back), [callback(), taken_back(kes(500)), back_again], LATER)
    assert more.status is P.REVERSED and more.postings == (Posting(RECEIPT, PURPOSE, kes(-2_000)),)


def test_a_statement_of_the_time_must_have_the_receipt() -> None:
    known, evidence = intent(), [callback()]
    missing = settle(known, evidence, LATER, covered=[THE_DAY])
    assert told(missing) == {D.MISSING_IN_STATEMENT: HIGH}
    assert told(settle(known, [*evidence, row()], LATER, covered=[THE_DAY])) == {}
    other_day = type(THE_DAY)(THE_DAY.until_at, THE_DAY.until_at + timedelta(days=1))
    assert told(settle(known, evidence, LATER, covered=[other_day])) == {}


def test_money_that_nobody_knows_is_an_orphan() -> None:
    found = orphan(row())
    assert (found.type, found.severity, found.receipt, found.received) == (
        D.ORPHAN_TRANSACTION,
        HIGH,
        RECEIPT,
        "KES 2,500.00",
    )


@pytest.mark.parametrize("hidden", ["+254700000001", "254700000001", "0700000001"])
def test_no_decision_shows_a_number(hidden: str) -> None:
    claims: list[Any] = [said(Channel.C2B, sender=Sender.read(hidden), reference=hidden)]
    assert hidden not in repr(settle(intent(sender=Sender.read("0711222333")), claims, LATER))
