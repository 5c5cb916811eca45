"""From what was read to what is claimed, over the published formats."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import permutations

from domain.kit.money import Money
from domain.payments.rules.evidence import (
    Evidence,
    distinct,
    of_c2b,
    of_callback,
    of_reversal,
    of_row,
    of_transaction_status,
)
from domain.payments.rules.matching import settle
from domain.payments.rules.messages import (
    C2BPayment,
    Result,
    StkCallback,
    parse_c2b,
    parse_result,
    parse_stk_callback,
)
from domain.payments.rules.results import meaning_of, outcome_of
from domain.payments.rules.statements import RowKind, StatementRow, read_statement
from domain.payments.states import Channel, Destination, Outcome, PaymentStatus, ReconStatus
from tests.domain.payments.rules.factory import LATER, SENT_AT, SOON, answer, callback, intent, kes, told, unprompted
from tests.domain.payments.rules.test_messages import CANCELLED, CONFIRMED, PAID, REVERSED
from tests.domain.payments.rules.test_statements import ORGANISATION, a_row, one


def paid() -> Evidence:
    read = parse_stk_callback(PAID)
    assert isinstance(read, StkCallback)
    return of_callback(read, SOON)


def result(**fields: object) -> Result:
    read = parse_result(json.dumps({"Result": REVERSED["Result"] | fields}).encode())
    assert isinstance(read, Result)
    return read


def statement() -> list[Evidence]:
    return [claim for row in read_statement(ORGANISATION) if isinstance(row, StatementRow) for claim in of_row(row, LATER)]


def test_a_payment_by_all_channels_is_one() -> None:
    answered = Evidence(
        channel=Channel.QUERY, outcome=Outcome.PAID, received_at=SOON, prompt="ws_CO_05032025101530123712345678"
    )
    decision = settle(intent(), [paid(), answered, statement()[0]], LATER)
    assert (decision.status, decision.recon) == (PaymentStatus.PAID, ReconStatus.MATCHED)
    assert decision.at(Destination.PURPOSE, "KES") == kes(2_500)


def test_why_it_failed_is_what_was_said_first_and_makes_no_other_claim() -> None:
    """The callback and an answer stay two claims; the same failure with another code is the same one."""
    told = [
        callback(Outcome.FAILED, result_code=1, after_s=10),
        answer(Outcome.FAILED, result_code=2001, after_s=20),
        callback(Outcome.FAILED, result_code=17, after_s=30),
    ]
    assert [(claim.channel, claim.result_code) for claim in distinct(told)] == [(Channel.CALLBACK, 1), (Channel.QUERY, 2001)]
    for order in permutations(told):
        decision = settle(intent(), order, LATER)
        assert (decision.status, decision.result_code, decision.recon) == (PaymentStatus.FAILED, 1, ReconStatus.MATCHED)
    assert settle(intent(), [*told, callback(after_s=40)], LATER).result_code is None


def test_what_codes_mean_is_short_and_of_failures_only() -> None:
    assert meaning_of(0) is meaning_of(424242) is None
    assert meaning_of(1) == "there is not enough money in the M-Pesa account; put some in first"
    assert all(outcome_of(code) is not Outcome.PAID and len(meaning_of(code) or "") <= 100 for code in _codes())


def _codes() -> list[int]:
    return [code for code in range(10_000) if meaning_of(code) is not None]


def test_the_statement_and_the_result_tell_the_same_reversal() -> None:
    asked = of_reversal(result(), "TC51ABCD2E", LATER)
    assert asked is not None and asked.receipt == "TC51ZZZZ9K"
    for reversal in ([asked], [statement()[1]], [asked, statement()[1]]):
        decision = settle(intent(), [paid(), *reversal], LATER)
        assert decision.status is PaymentStatus.REVERSED and decision.at(Destination.PURPOSE, "KES") == kes(0)
    assert of_reversal(result(ResultCode=2001), "TC51ABCD2E", LATER) is None


def test_a_cancelled_prompt() -> None:
    read = parse_stk_callback(CANCELLED)
    assert isinstance(read, StkCallback)
    assert settle(intent(), [of_callback(read, SOON)], LATER).status is PaymentStatus.CANCELLED


def test_a_confirmation_and_its_row() -> None:
    read = parse_c2b(CONFIRMED)
    assert isinstance(read, C2BPayment)
    known = unprompted(amount=Money(99_950, "KES"), sender=None)
    decision = settle(known, [of_c2b(read, SENT_AT + timedelta(days=1)), statement()[2]], LATER + timedelta(days=1))
    assert (decision.status, told(decision)) == (PaymentStatus.PAID, {})


def test_the_status_of_a_transaction_fills_a_receipt() -> None:
    parameters = [("ReceiptNo", "TC51ABCD2E"), ("Amount", 2500.0), ("TransactionStatus", "Completed")]
    listed = {"ResultParameter": [{"Key": key, "Value": value} for key, value in parameters]}
    claim = of_transaction_status(result(ResultParameters=listed), LATER)
    assert claim is not None
    assert (claim.channel, claim.outcome, claim.receipt, claim.amount) == (
        Channel.QUERY,
        Outcome.PAID,
        "TC51ABCD2E",
        kes(2_500),
    )
    listed["ResultParameter"][2]["Value"] = "Declined"
    assert of_transaction_status(result(ResultParameters=listed), LATER) is None


def test_rows_that_say_nothing_of_our_payments() -> None:
    charge = one(a_row(paid_in="", withdrawn="23", details="Pay Bill Charge"))
    sent = one(a_row(paid_in="", withdrawn="23", details="Customer Transfer"))
    returned = one(a_row(details="Reversal of TC61QWER3T"))
    assert isinstance(returned, StatementRow) and returned.kind is RowKind.REVERSAL and returned.came_in
    for row in (charge, sent, returned):
        assert isinstance(row, StatementRow) and of_row(row, LATER) == []


def test_a_row_that_calls_its_own_payment_reversed() -> None:
    row = one(a_row(paid_in="2500").replace("Completed", "Reversed"))
    assert isinstance(row, StatementRow)
    decision = settle(intent(), of_row(row, LATER), LATER)
    assert decision.status is PaymentStatus.REVERSED and decision.at(Destination.PURPOSE, "KES") == kes(0)
