"""Writing down other income and expenses."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import strawberry

from domain.identity.permissions import Permission
from domain.kit.idempotency import once
from domain.school.service import books, repairing
from schema.kit import ID, Answer, Info, Payload, ReplayablePayload, argument, attribute, mutation, payload_type, read_id
from schema.school.money.inputs import (
    AddFinancialTransactionInput,
    DeleteFinancialTransactionInput,
    ResyncFinancialsInput,
    UpdateFinancialTransactionInput,
)
from schema.school.money.types import FinancialTransaction
from schema.school.runs.types import SchoolRun

BOOKS = Permission.SCHOOL_BOOKS


@payload_type("The transaction as it stands now.")
class FinancialTransactionPayload(ReplayablePayload):
    financial_transaction: FinancialTransaction | None = attribute("The transaction.")


@payload_type("What came of deleting a transaction.")
class DeleteFinancialTransactionPayload(ReplayablePayload):
    deleted_transaction: FinancialTransaction | None = attribute("The transaction as it was reversed.")
    deleted_reference: str | None = attribute("Its reference, under which nothing stands any more that it was.")


@payload_type("What was found when fees and the books were compared.")
class ResyncFinancialsPayload(Payload):
    run: SchoolRun | None = attribute("The run, with a result for each fee that something is wrong with.")
    missing: int | None = attribute("Fees that are paid, of which the books have no transaction.")
    orphan: int | None = attribute("Transactions under the number of a fee that has no money, or is not there.")
    different: int | None = attribute("Fees of which the books have something else than is paid.")
    repaired: int | None = attribute("With how many of these the books are in line by now; none by a dry run.")


@strawberry.type
class Mutation:
    @mutation(
        ResyncFinancialsPayload,
        "Compare the fees with what the books have of them, and bring the books in line: for when somebody has written past "
        "the guards of the database. A second time finds nothing.",
        requires=Permission.SCHOOL_REPAIR,
        without_key="what is in line already is left as it is.",
    )
    async def resync_financials(
        self, info: Info, input: Annotated[ResyncFinancialsInput | None, argument("How.")] = None
    ) -> Answer:
        done = await repairing.resync_financials(info.context.actor, dry_run=input is not None and input.dry_run)
        return Answer(
            run=done.run,
            missing=done.missing,
            orphan=done.orphan,
            different=done.different,
            repaired=done.repaired,
        )

    @mutation(FinancialTransactionPayload, "Write down income that is no fee, such as a donation.", requires=BOOKS)
    async def add_income(
        self, info: Info, input: Annotated[AddFinancialTransactionInput, argument("What came in.")]
    ) -> Answer:
        outcome = await once(input.idempotency_key, books.add_income, info.context.actor, terms=input.terms())
        return Answer(financial_transaction=outcome.result, replayed=outcome.replayed)

    @mutation(FinancialTransactionPayload, "Write down what was spent.", requires=BOOKS)
    async def add_expense(
        self, info: Info, input: Annotated[AddFinancialTransactionInput, argument("What was spent.")]
    ) -> Answer:
        outcome = await once(input.idempotency_key, books.add_expense, info.context.actor, terms=input.terms())
        return Answer(financial_transaction=outcome.result, replayed=outcome.replayed)

    @mutation(
        FinancialTransactionPayload,
        "Say anew what other income or an expense was. It is reversed on its own day, or today where the books of that day "
        "are closed, and another takes its place under the same reference. Money of a fee changes with the fee: "
        "FEE_OWNS_TRANSACTION.",
        requires=BOOKS,
    )
    async def update_financial_transaction(
        self, info: Info, input: Annotated[UpdateFinancialTransactionInput, argument("Which one, and what it was.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            books.change_transaction,
            info.context.actor,
            transaction_id=_id(input.transaction_id),
            edits=input.edits(),
        )
        return Answer(financial_transaction=outcome.result, replayed=outcome.replayed)

    @mutation(
        DeleteFinancialTransactionPayload,
        "Take other income or an expense off the books, by the opposite entry. Money of a fee goes with the fee: "
        "FEE_OWNS_TRANSACTION.",
        requires=BOOKS,
    )
    async def delete_financial_transaction(
        self, info: Info, input: Annotated[DeleteFinancialTransactionInput, argument("Which one.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            books.delete_transaction,
            info.context.actor,
            transaction_id=_id(input.transaction_id),
        )
        gone = outcome.result
        return Answer(deleted_transaction=gone, deleted_reference=gone.reference, replayed=outcome.replayed)


def _id(transaction_id: ID) -> UUID:
    found: UUID = read_id("FinancialTransaction", transaction_id, "input", "transactionId")
    return found
