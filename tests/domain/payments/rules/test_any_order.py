"""Whatever is said first, twice or late: the money is the same, and no receipt counts twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.kit.money import Money
from domain.payments.rules.evidence import Evidence
from domain.payments.rules.matching import Decision, settle
from domain.payments.rules.receipts import Intent
from domain.payments.states import TAKEN, TRANSITIONS, Channel, Destination, Outcome, ReconStatus
from tests.domain.payments.rules.factory import (
    ASKED,
    LATER,
    OTHER,
    RECEIPT,
    SENT_AT,
    answer,
    applied,
    callback,
    confirmation,
    intent,
    kes,
    row,
    taken_back,
    told,
    unprompted,
)

THIRD, BACK_AGAIN = "TC71AAAA1B", "TC71BBBB2C"
receipts = st.sampled_from([RECEIPT, OTHER, THIRD])
amounts = st.sampled_from([ASKED, ASKED, kes(2_499), kes(5_000), kes(1), Money(250_000, "TZS")])
moments = st.integers(1, 3_000)
failures = st.sampled_from([Outcome.FAILED, Outcome.CANCELLED, Outcome.EXPIRED])

claims = st.one_of(
    st.builds(callback, after_s=moments, receipt=receipts, amount=amounts | st.none()),
    st.builds(callback, after_s=moments, receipt=st.none(), amount=st.none()),
    st.builds(callback, failures, after_s=moments),
    st.builds(answer, failures | st.just(Outcome.PENDING) | st.just(Outcome.PAID), after_s=moments),
    st.builds(confirmation, after_s=moments, receipt=receipts, amount=amounts),
    st.builds(row, after_s=moments, receipt=receipts, amount=amounts),
    st.builds(row, after_s=moments, receipt=receipts, outcome=failures),
    st.builds(
        taken_back,
        amounts,
        receipts,
        channel=st.sampled_from([Channel.STATEMENT, Channel.QUERY]),
    ),
    st.builds(taken_back, amounts, receipts).map(lambda claim: replace(claim, receipt=BACK_AGAIN)),
    st.builds(taken_back, amounts, receipts).map(lambda claim: replace(claim, receipt=None)),
)
intents = st.builds(
    lambda prompted, accepted, elsewhere: (intent if prompted else unprompted)(
        accepted=frozenset(accepted), elsewhere=frozenset(elsewhere)
    ),
    st.booleans(),
    st.sets(receipts, max_size=1),
    st.sets(receipts, max_size=1),
)
MANY = settings(max_examples=150, deadline=None)

Books = Counter[tuple[Destination, str]]


def told_one_by_one(known: Intent, evidence: list[Evidence], now: datetime = LATER) -> tuple[Intent, Decision, Books]:
    """As a service does: with each claim it asks again with all that is there, and books the difference."""
    books: Books = Counter()
    decision = settle(known, [], now)
    for count in range(1, len(evidence) + 1):
        decision = settle(known, evidence[:count], now)
        status = known.status
        for step in decision.steps:
            assert step in TRANSITIONS[status]
            status = step
        assert status is decision.status
        for posting in decision.postings:
            books[posting.destination, posting.change.currency] += posting.change.amount_minor
        known = applied(known, decision)
    return known, decision, books


@MANY
@given(intents, st.lists(claims, min_size=1, max_size=8), st.data())
def test_the_order_and_repeats_of_what_is_said_change_no_money(
    known: Intent, evidence: list[Evidence], data: st.DataObject
) -> None:
    at_once = settle(known, evidence, LATER)
    shuffled = data.draw(st.permutations(evidence))
    repeated = shuffled + data.draw(st.lists(st.sampled_from(evidence), max_size=4))
    _, decision, books = told_one_by_one(known, repeated)
    for destination in Destination:
        for currency in ("KES", "TZS"):
            expected = at_once.at(destination, currency)
            assert decision.at(destination, currency) == expected
            assert books[destination, currency] == expected.amount_minor
    assert told(decision) == told(at_once)
    if at_once.status in TAKEN:
        assert decision.status is at_once.status


@MANY
@given(intents, st.lists(claims, max_size=8))
def test_no_receipt_is_credited_twice(known: Intent, evidence: list[Evidence]) -> None:
    after, decision, _ = told_one_by_one(known, evidence)
    credited = [credit.receipt for credit in decision.credits]
    assert len(set(credited)) == len(credited)
    assert not set(credited) & known.elsewhere
    assert None not in credited or len(credited) == 1
    of_a_person = known.accepted & {credit.receipt for credit in decision.credits if credit.amount.currency == "KES"}
    pays = [credit for credit in decision.credits if credit.destination is Destination.PURPOSE]
    assert len([credit for credit in pays if credit.receipt not in known.accepted]) <= (0 if of_a_person else 1)
    assert all(credit.amount == ASKED for credit in pays if credit.receipt not in known.accepted)
    assert all(Money.zero(credit.amount.currency) <= credit.net <= credit.amount for credit in decision.credits)
    assert settle(after, evidence, LATER).postings == ()


@MANY
@given(intents, st.lists(claims, max_size=6), claims)
def test_no_failure_takes_away_money(known: Intent, evidence: list[Evidence], last: Evidence) -> None:
    before, decision, _ = told_one_by_one(known, evidence)
    if last.outcome in (Outcome.FAILED, Outcome.CANCELLED, Outcome.EXPIRED, Outcome.PENDING) and before.status in TAKEN:
        after = settle(before, [*evidence, last], LATER)
        assert (after.status, after.postings) == (before.status, ())
        assert after.credits == decision.credits


@MANY
@given(st.lists(claims, max_size=6), st.integers(0, 200_000))
def test_matched_means_that_nothing_is_wrong(evidence: list[Evidence], after_s: int) -> None:
    decision = settle(intent(), evidence, SENT_AT + timedelta(seconds=after_s))
    assert (decision.recon is ReconStatus.DISCREPANCY) is bool(decision.issues)
    if decision.recon is ReconStatus.MATCHED and decision.credits:
        (credit,) = decision.credits
        assert (credit.amount, credit.destination, credit.reversed) == (ASKED, Destination.PURPOSE, kes(0))


@given(st.lists(claims, max_size=6))
def test_evidence_that_is_lost_takes_nothing_out_of_the_books(evidence: list[Evidence]) -> None:
    known, decision, _ = told_one_by_one(intent(), evidence)
    later = settle(known, [], LATER)
    assert {destination: later.at(destination, "KES") for destination in Destination} == {
        destination: decision.at(destination, "KES") for destination in Destination
    }
    assert later.status is known.status or known.status not in TAKEN
