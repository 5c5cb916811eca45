"""What those who reconcile send about statements, rules, money that nobody knows, and days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domain.payments.errors import InvalidMatchRule
from domain.payments.rules.rule_book import MAX_CRITERIA
from domain.payments.rules.rule_matching import BadRule, Criterion, MatchField, Operator, Strategy
from domain.payments.service.match_rules import RuleChange
from domain.payments.states import Purpose
from schema.kit import ID, attribute, idempotency_key, input_type


@input_type("Which statement to import.")
class ImportMpesaStatementInput:
    file_id: ID = attribute("A CSV file of yours, handed in with the purpose `mpesa_statement`.")
    idempotency_key: str | None = idempotency_key()


@input_type("Which import to call off.")
class CancelStatementImportInput:
    import_id: ID = attribute("An import that has not come to an end.")


@input_type("One comparison of a rule.")
class MatchCriterionInput:
    field: MatchField = attribute("What is compared.")
    operator: Operator = attribute("How.", default=Operator.EQUALS)
    drift: Decimal = attribute(
        "How far the two may differ: an amount by this part of the payment's (0 to 1), a time by so many seconds (up to "
        "31,622,400), a text by this percentage of its characters.",
        default=Decimal(0),
    )

    def parse(self) -> Criterion:
        try:
            return Criterion(self.field, self.operator, self.drift)
        except BadRule as bad:
            raise InvalidMatchRule(str(bad)) from None


def parse_criteria(criteria: list[MatchCriterionInput]) -> list[Criterion]:
    if len(criteria) > MAX_CRITERIA:
        raise InvalidMatchRule("a rule has one criterion for each field")
    return [criterion.parse() for criterion in criteria]


@input_type("A new rule for matching.")
class CreateMatchRuleInput:
    title: str = attribute("What to call it, in 1 to 120 characters; no other rule has this title.")
    strategy: Strategy = attribute("How many rows go with how many payments.", default=Strategy.ONE_TO_ONE)
    criteria: list[MatchCriterionInput] = attribute("What is compared; all of it must hold.")
    position: int | None = attribute(
        "Where it stands, from 0 to 10,000; behind all others when it is not said.", default=None
    )


@input_type("What to say anew of a rule; what is not said stays.")
class UpdateMatchRuleInput:
    rule_id: ID = attribute("The rule.")
    title: str | None = attribute("What to call it.", default=None)
    strategy: Strategy | None = attribute("How many rows go with how many payments.", default=None)
    criteria: list[MatchCriterionInput] | None = attribute("What is compared, all anew.", default=None)
    position: int | None = attribute("Where it stands.", default=None)
    is_active: bool | None = attribute("Whether it is tried.", default=None)
    expected_version: int | None = attribute(
        "The version that was read; refused when somebody has changed the rule since.", default=None
    )

    def parse(self) -> RuleChange:
        return RuleChange(
            title=self.title,
            strategy=self.strategy,
            criteria=None if self.criteria is None else parse_criteria(self.criteria),
            position=self.position,
            is_active=self.is_active,
        )


@input_type("Which rule to forget.")
class DeleteMatchRuleInput:
    rule_id: ID = attribute("The rule. What was matched by it stays.")


@input_type("Which statement to match.")
class MatchStatementInput:
    import_id: ID = attribute("The import.")
    dry_run: bool = attribute("Only tell what would happen, and change nothing.", default=True)


@input_type("What was paid for with money that nobody knew.")
class PlaceOrphanTransactionInput:
    receipt: str = attribute("The receipt of the money.")
    purpose: Purpose = attribute("What it is for.")
    target_id: ID = attribute("What exactly: the loan, invoice, sale and so on.")
    idempotency_key: str | None = idempotency_key()


@input_type("Which day to reconcile.")
class DailyReconciliationInput:
    on_date: date = attribute("A day in East Africa that has begun.", name="date")
