"""The risk score: every point has a sentence, and worse facts never make a better score."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.invoice_finance.models import Invoice
from domain.invoice_finance.risk import BASE, History, RiskGrade, RiskRule, TrackRecord, risk_scores, score
from domain.invoice_finance.service import settle_invoice
from domain.invoice_finance.states import InvoiceStatus
from domain.kit import clock
from domain.kit.ids import new_id
from tests.support.invoices import a_debtor, a_funded_invoice, a_listed_invoice, a_seller, an_investor, inr

NOTHING_KNOWN = History(TrackRecord(), TrackRecord(), inr(0), 0, 0)
counts = st.integers(0, 20)


def an_offer(**changes: object) -> Invoice:
    """An unsaved invoice of 10,000.00 at 80 percent, due in 30 days."""
    offer = {
        "id": new_id(),
        "status": InvoiceStatus.LISTED,
        "seller_name": "Sita Mills",
        "debtor_name": "Big Bazaar",
        "currency": "INR",
        "face_minor": 1_000_000,
        "requested_minor": 800_000,
        "advance_rate_bps": 8_000,
        "recourse": False,
        "due_on": clock.today() + timedelta(days=30),
    }
    return Invoice(**(offer | changes))


def test_a_newcomers_offer_is_explained_line_by_line() -> None:
    result = score(an_offer(), NOTHING_KNOWN)
    assert {factor.rule: factor.points for factor in result.factors} == {
        RiskRule.BASE: BASE, RiskRule.DEBTOR_RECORD: 10, RiskRule.SELLER_RECORD: 8, RiskRule.TENOR: 0,
        RiskRule.ADVANCE_RATE: 0,
    }  # fmt: skip
    assert (result.score, result.grade) == (38, RiskGrade.B)
    assert all(factor.sentence.endswith(".") for factor in result.factors)


def test_a_good_record_and_recourse_lower_the_score() -> None:
    known = replace(NOTHING_KNOWN, debtor=TrackRecord(on_time=3), seller=TrackRecord(on_time=5))
    assert score(an_offer(recourse=True), known).score == 0
    assert score(an_offer(recourse=True), known).grade is RiskGrade.A


def test_a_default_is_told_and_weighs_most() -> None:
    result = score(an_offer(status=InvoiceStatus.DEFAULTED), replace(NOTHING_KNOWN, debtor=TrackRecord(defaulted=1)))
    assert result.factors[0].sentence == "It is in default."
    assert result.score >= 90 and result.grade is RiskGrade.E


@given(on_time=counts, late=counts, defaulted=counts, tenor=st.integers(1, 400), rate=st.integers(1, 10_000))
def test_the_score_is_the_sum_of_its_factors_within_bounds(
    on_time: int, late: int, defaulted: int, tenor: int, rate: int
) -> None:
    record = TrackRecord(on_time, late, defaulted)
    offer = an_offer(due_on=clock.today() + timedelta(days=tenor), advance_rate_bps=rate)
    history = replace(NOTHING_KNOWN, debtor=record, seller=record)
    result = score(offer, history)
    assert result.score == min(100, max(0, sum(factor.points for factor in result.factors)))
    worse = replace(history, debtor=replace(record, defaulted=defaulted + 1))
    if record.known:
        assert score(offer, worse).score >= result.score


@pytest.mark.usefixtures("database")
async def test_the_record_is_that_of_other_invoices() -> None:
    seller, investor, debtor = a_seller(), an_investor(), await a_debtor("Big Bazaar")
    for _ in range(3):
        paid = await a_funded_invoice(seller, investor, debtor_id=debtor.id, face=inr(5_000))
        await settle_invoice(debtor, invoice_id=paid.id)
    offer = await a_listed_invoice(seller, debtor_id=debtor.id, face=inr(5_000))
    known = (await risk_scores(investor, [offer.id]))[offer.id]
    stranger = await a_listed_invoice(a_seller(), debtor_name="Unheard Of", face=inr(5_000))
    unknown = (await risk_scores(investor, [stranger.id]))[stranger.id]
    assert known.score < unknown.score
    assert "Big Bazaar paid 3 invoices on time." in [factor.sentence for factor in known.factors]
    assert await risk_scores(a_seller(), [offer.id]) == {}
