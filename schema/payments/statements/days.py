"""The report of a day as clients see it. Days are those of East Africa."""

from __future__ import annotations

from datetime import date, datetime

from domain.payments.states import Channel, DiscrepancyType, PaymentStatus, Purpose
from schema.kit import Money, attribute, object_type
from schema.kit.fields import FieldRule

STATUSES, CHANNELS, PURPOSES, TYPES = len(PaymentStatus), len(Channel), len(Purpose), len(DiscrepancyType)


@object_type("How many, and how much together.")
class CountedMoney:
    count: int = attribute("How many.")
    amount: Money = attribute("How much.")


@object_type("Payments that were opened on a day, of one status.")
class PaymentsOfStatus:
    status: PaymentStatus = attribute("Where they stand now.")
    count: int = attribute("How many.")
    amount: Money = attribute("How much was asked for.")


@object_type("Money of a day that we heard of first in one way.")
class ReceivedByChannel:
    channel: Channel = attribute("How we heard of it first.")
    count: int = attribute("How many receipts.")
    amount: Money = attribute("How much came.")


@object_type("Money of a day that is at one purpose.")
class ReceivedForPurpose:
    purpose: Purpose = attribute("What it is for.")
    count: int = attribute("How many receipts.")
    amount: Money = attribute("How much of it is there now.")


@object_type("How the reconciliations of a day ended.")
class ReconciliationOutcomes:
    matched: int = attribute("How many agreed.")
    discrepancies: int = attribute("How many did not agree.")
    failed: int = attribute("How many were given up.")
    unverified: int = attribute("How often nobody could say yet; those are tried again.")


@object_type("Discrepancies of one type that were found on a day.")
class DiscrepanciesOfType:
    type: DiscrepancyType = attribute("What they are.")
    found: int = attribute("How many were found.")
    unresolved: int = attribute("How many of them are not dealt with.")


@object_type("The provider's statement beside the books, for as much of the day as statements tell all of.")
class StatementBesideBooks:
    covered_s: int = attribute("How much of the day that is, in seconds.")
    provider: CountedMoney = attribute("What came, by the statement.")
    books: CountedMoney = attribute("What came, by the books.")
    difference: Money = attribute("What the statement has more than the books; below 0 for less.")
    only_provider: int = attribute("How many receipts only the statement has.")
    only_books: int = attribute("How many receipts only the books have.")
    differing: int = attribute("How many receipts both have, with different amounts.")
    agrees: bool = attribute("Whether both have the same receipts with the same amounts.")


@object_type("The report of a day, as it stood when it was made. A day is one of East Africa.")
class ReconciliationReport:
    on_date: date = attribute("The day.", name="date")
    made_at: datetime = attribute("When it was made.")
    payments: list[PaymentsOfStatus] = attribute(
        "Payments that were opened on the day.", rule=FieldRule(size=STATUSES, shared=True)
    )
    received: CountedMoney = attribute("All money that moved to us on the day.")
    reversed_amount: Money = attribute("How much of that was taken back until the report was made.")
    channels: list[ReceivedByChannel] = attribute(
        "The same, by how we heard of it first.", rule=FieldRule(size=CHANNELS, shared=True)
    )
    purposes: list[ReceivedForPurpose] = attribute(
        "What of it is at the purposes of its payments.", rule=FieldRule(size=PURPOSES, shared=True)
    )
    outcomes: ReconciliationOutcomes = attribute("How the reconciliations of the day ended.")
    discrepancies: list[DiscrepanciesOfType] = attribute(
        "Discrepancies that were found on the day.", rule=FieldRule(size=TYPES, shared=True)
    )
    orphans: CountedMoney = attribute("Money of the day of which no payment is known.")
    suspense: Money = attribute("What was in suspense when the day ended, whenever it had come.")
    statement: StatementBesideBooks | None = attribute(
        "The provider's statement beside the books; null where no statement tells of the day."
    )
