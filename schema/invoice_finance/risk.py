"""What clients see of a risk score."""

from __future__ import annotations

from domain.invoice_finance.risk import RiskGrade, RiskRule
from schema.invoice_finance import enums  # noqa: F401  describes the enums that are used here
from schema.kit import ID, attribute, global_id, object_type


@object_type("What one rule of the risk score found.")
class RiskFactor:
    rule: RiskRule = attribute("Which rule.")
    points: int = attribute("What it adds to the score; below zero it lowers the risk.")
    sentence: str = attribute("Why, in a sentence.")


@object_type(
    "How risky the rules find an invoice, from 0 (little) to 100. The points of the factors sum to it, within bounds."
)
class RiskScore:
    invoice_id: ID = global_id("Invoice", "The invoice.")
    score: int = attribute("From 0 to 100; more is riskier.")
    grade: RiskGrade = attribute("The score in one letter.")
    factors: list[RiskFactor] = attribute("All that went into it, the weightiest first.")
