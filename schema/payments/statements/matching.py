"""What came of matching a statement, and what money that nobody knows may be for."""

from __future__ import annotations

from datetime import datetime

from domain.payments.purposes import Due
from domain.payments.rules.orphans import FULL_SCORE, Why
from domain.payments.states import Channel, MatchOutcome, Purpose
from schema.kit import ID, Money, Parent, attribute, encode_id, enum_type, field, global_id, object_type
from schema.kit.fields import FieldRule
from schema.payments.paying.targets import TARGETS
from schema.payments.paying.types import Payment
from schema.payments.statements.types import MpesaStatementRow, StatementImport

ABOUT_SO_MANY_MATCHES = 50
ABOUT_SO_MANY_TOGETHER = 2
ABOUT_SO_MANY_DOUBTFUL = 20
ABOUT_SO_MANY_REASONS = 3

enum_type(
    MatchOutcome,
    "What became of rows and payments that go together by a rule.",
    {
        "POSSIBLE": "They would be brought together; this was a dry run.",
        "ASSIGNED": "The money is the payment's now.",
        "FOR_A_PERSON": "One receipt cannot pay several payments, so somebody has to say which one it is of.",
        "CHANGED_MEANWHILE": "The money has become somebody's, or the payment has ended, since they were compared.",
    },
)
enum_type(
    Why,
    "What speaks for a suggestion, or against it.",
    {
        "SAME_AMOUNT": "The amount is the same.",
        "NEAR_AMOUNT": "The amount is within one percent.",
        "SAME_REFERENCE": "What the payer typed is its reference.",
        "LIKE_REFERENCE": "What the payer typed is like its reference.",
        "SAME_PHONE": "The same telephone was prompted.",
        "CONSISTENT_PHONE": "As far as the number can be seen, the same telephone was prompted.",
        "DIFFERENT_PHONE": "Another telephone was prompted, which speaks against it.",
        "SAME_HOUR": "The money moved within an hour of it.",
        "SAME_DAY": "The money moved within a day of it.",
        "SAME_NAME": "The payer has the name of the client.",
        "LIKE_NAME": "The payer's name and the client's have parts in common.",
    },
    name="OrphanSuggestionReason",
)


@object_type("Rows and payments that go together by a rule.")
class StatementMatch:
    rule: str = attribute("The title of the rule.")
    rows: list[MpesaStatementRow] = attribute("The rows.", rule=FieldRule(size=ABOUT_SO_MANY_TOGETHER))
    payments: list[Payment] = attribute("The payments.", rule=FieldRule(size=ABOUT_SO_MANY_TOGETHER))
    outcome: MatchOutcome = attribute("What became of them.")


@object_type("What came of matching the rows of a statement that are nobody's with payments that are open.")
class StatementMatching:
    statement_import: StatementImport = attribute("The import.")
    dry_run: bool = attribute("Whether nothing was changed.")
    matches: list[StatementMatch] = attribute("What goes together.", rule=FieldRule(size=ABOUT_SO_MANY_MATCHES))
    ambiguous_rows: list[MpesaStatementRow] = attribute(
        "Rows that go with several payments equally well, so that nothing is decided.",
        rule=FieldRule(size=ABOUT_SO_MANY_DOUBTFUL),
    )
    unmatched_rows: int = attribute("How many rows go with nothing.")
    rows_left: bool = attribute("There were more rows than are looked at in one go; match again for the next ones.")


@object_type("Money that came with a receipt, of which no payment is known. It waits in suspense.")
class OrphanTransaction:
    receipt: str = attribute("The receipt number.")
    amount: Money = attribute("How much came.")
    reversed_amount: Money = attribute("How much of it was taken back.")
    net_amount: Money = attribute("How much of it waits.")
    transacted_at: datetime | None = attribute("When the money moved, as far as anybody said.")
    first_seen_at: datetime = attribute("When we heard of it first.")
    first_channel: Channel = attribute("From where we heard of it first.")
    reference: str | None = attribute("The account number that the payer typed.")
    payer_name: str | None = attribute("Who paid, as the provider calls them.")
    phone_masked: str | None = attribute("From which telephone, masked.")
    discrepancy_id: ID | None = global_id("Discrepancy", "The discrepancy about it, by which it is dealt with.")


@object_type("Something that is owed to a business of the house, although nobody was asked to pay it.")
class OpenDue:
    purpose: Purpose = attribute("What a payment of it would be for.")
    title: str = attribute("What it is.")
    amount: Money | None = attribute("How much is owed; null where any amount will do.")
    client_name: str = attribute("Who owes it.")
    payee_name: str = attribute("To whom it is owed.")
    account_reference: str = attribute("What a payer types for it.")

    @field(ID, "What is owed: a session, loan, invoice, wallet or sale, as the purpose says.", name="targetId", shared=True)
    def target(self, due: Parent[Due]) -> str:
        return encode_id(TARGETS[due.purpose], due.target_id)


@object_type("What money that nobody knows may be for.")
class OrphanSuggestion:
    score: int = attribute(f"How much speaks for it, of {FULL_SCORE}.")
    reasons: list[Why] = attribute("What.", rule=FieldRule(size=ABOUT_SO_MANY_REASONS))
    payment: Payment | None = attribute("A payment that is waited for.")
    due: OpenDue | None = attribute("Something that is owed, where it is no payment.")
