"""Importing and matching statements, placing money that nobody knows, and closing days."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.idempotency import once
from domain.payments.queries.daily import report_of
from domain.payments.service import daily, match_rules, matching, placing, statements
from schema.kit import (
    ID,
    Answer,
    Info,
    Payload,
    ReplayablePayload,
    argument,
    attribute,
    encode_id,
    mutation,
    payload_type,
    read_id,
)
from schema.payments.paying.targets import read_target
from schema.payments.paying.types import Payment
from schema.payments.statements import inputs
from schema.payments.statements.days import ReconciliationReport
from schema.payments.statements.matching import StatementMatching
from schema.payments.statements.types import MatchRule, StatementImport

RECONCILE = Permission.PAYMENTS_RECONCILE
MATCH_COST = 100
DAY_COST = 50


@payload_type("What came of handing in a statement.")
class ImportMpesaStatementPayload(ReplayablePayload):
    statement_import: StatementImport | None = attribute(
        "The import, which is worked through in the background. Follow `statementImportProgress`."
    )


@payload_type("What came of calling an import off.")
class CancelStatementImportPayload(Payload):
    statement_import: StatementImport | None = attribute("The import as it stands now. What was worked through stays.")


@payload_type("What came of writing a rule.")
class MatchRulePayload(Payload):
    rule: MatchRule | None = attribute("The rule as it stands now.")


@payload_type("What came of forgetting a rule.")
class DeleteMatchRulePayload(Payload):
    rule_id: ID | None = attribute("The rule that is gone.")


@payload_type("What came of matching a statement.")
class MatchStatementPayload(Payload):
    matching: StatementMatching | None = attribute("What goes together, and what became of it.")


@payload_type("What came of placing money that nobody knew.")
class PlaceOrphanTransactionPayload(ReplayablePayload):
    payment: Payment | None = attribute("The payment that the money is of now.")


@payload_type("What came of reconciling a day.")
class DailyReconciliationPayload(Payload):
    report: ReconciliationReport | None = attribute(
        "The report as things stand now. What does not agree is settled once more in the background, and the report made "
        "again then."
    )


@strawberry.type
class Mutation:
    @mutation(
        ImportMpesaStatementPayload,
        "Import a statement of our account at M-Pesa, in the background. A row that was told before changes nothing.",
        requires=RECONCILE,
    )
    async def import_mpesa_statement(
        self, info: Info, input: Annotated[inputs.ImportMpesaStatementInput, argument("Which.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            statements.import_statement,
            info.context.actor,
            file_id=read_id("File", input.file_id, "input", "fileId"),
        )
        return Answer(statement_import=outcome.result, replayed=outcome.replayed)

    @mutation(CancelStatementImportPayload, "Go no further with an import.", requires=RECONCILE)
    async def cancel_statement_import(
        self, info: Info, input: Annotated[inputs.CancelStatementImportInput, argument("Which.")]
    ) -> Answer:
        import_id = read_id("StatementImport", input.import_id, "input", "importId")
        return Answer(statement_import=await statements.cancel_statement_import(info.context.actor, import_id=import_id))

    @mutation(MatchRulePayload, "Write a rule for matching rows of statements with payments.", requires=RECONCILE)
    async def create_match_rule(
        self, info: Info, input: Annotated[inputs.CreateMatchRuleInput, argument("The rule.")]
    ) -> Answer:
        made = await match_rules.create_match_rule(
            info.context.actor,
            title=input.title,
            strategy=input.strategy,
            criteria=inputs.parse_criteria(input.criteria),
            position=input.position,
        )
        return Answer(rule=made)

    @mutation(MatchRulePayload, "Say a rule anew, in part or whole.", requires=RECONCILE)
    async def update_match_rule(
        self, info: Info, input: Annotated[inputs.UpdateMatchRuleInput, argument("Which, and what of it.")]
    ) -> Answer:
        changed = await match_rules.update_match_rule(
            info.context.actor,
            rule_id=read_id("MatchRule", input.rule_id, "input", "ruleId"),
            change=input.parse(),
            expected_version=input.expected_version,
        )
        return Answer(rule=changed)

    @mutation(DeleteMatchRulePayload, "Forget a rule.", requires=RECONCILE)
    async def delete_match_rule(
        self, info: Info, input: Annotated[inputs.DeleteMatchRuleInput, argument("Which.")]
    ) -> Answer:
        rule_id = read_id("MatchRule", input.rule_id, "input", "ruleId")
        gone = await match_rules.delete_match_rule(info.context.actor, rule_id=rule_id)
        return Answer(rule_id=encode_id("MatchRule", gone))

    @mutation(
        MatchStatementPayload,
        "Match the rows of a statement that are nobody's with payments that are open, by the house's rules; or, in a dry "
        "run, tell how it would be.",
        requires=RECONCILE,
        without_key="money of a row is given to a payment once, and is nobody's no more.",
        cost=MATCH_COST,
    )
    async def match_statement(
        self, info: Info, input: Annotated[inputs.MatchStatementInput, argument("Which, and whether in earnest.")]
    ) -> Answer:
        import_id = read_id("StatementImport", input.import_id, "input", "importId")
        run = await matching.match_statement(info.context.actor, import_id=import_id, dry_run=input.dry_run)
        return Answer(matching=run)

    @mutation(
        PlaceOrphanTransactionPayload,
        "Say what was paid for with money that nobody knew, where nobody was asked to pay it: a payment is opened for it, "
        "and the money is that payment's. Money for a payment that is waited for goes there by `resolveDiscrepancy`.",
        requires=RECONCILE,
    )
    async def place_orphan_transaction(
        self, info: Info, input: Annotated[inputs.PlaceOrphanTransactionInput, argument("Which, and for what.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            placing.place_orphan,
            info.context.actor,
            receipt=input.receipt,
            purpose=input.purpose,
            target_id=read_target(input.purpose, input.target_id, "input", "targetId"),
        )
        return Answer(payment=outcome.result, replayed=outcome.replayed)

    @mutation(
        DailyReconciliationPayload,
        "Reconcile a day in East Africa again, and make its report anew.",
        requires=RECONCILE,
        without_key="a day has one report, and what a payment was credited with is not credited again.",
        cost=DAY_COST,
    )
    async def daily_reconciliation(
        self, info: Info, input: Annotated[inputs.DailyReconciliationInput, argument("Which.")]
    ) -> Answer:
        made = await daily.daily_reconciliation(info.context.actor, on_date=input.on_date)
        return Answer(report=report_of(made))
