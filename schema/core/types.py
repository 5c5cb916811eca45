"""What the audit trail remembers, whether the promises hold, how live it is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.events.models import AuditRecord as AuditRecordRow
from domain.identity import oversight
from domain.identity.queries import people
from domain.kit.checks import CheckResult
from schema.core.activity import ActivityRecord
from schema.identity.types import User
from schema.kit import ID, Node, Parent, attribute, field, global_id, node_type, object_type, relation, relations
from schema.kit.fields import FieldRule
from schema.kit.scalars import Json

ABOUT_SO_MANY_CHECKS = 30
ABOUT_SO_MANY_CHANGES = 5


@node_type(AuditRecordRow, oversight.audit_records_at, "Who did what, from where: one record for each event.", key=int)
class AuditRecord(Node):
    event_name: str = attribute("What happened, such as `ledger.entry_posted`.")
    domain: str = attribute("The business in which it happened, such as `ledger`.")
    actor_id: ID | None = global_id("User", "Who did it; null for strangers, and for what happens by the clock.")
    address: str | None = attribute("The network address that the request came from.")
    correlation_id: UUID = attribute("What all that came of one request, job or event has in common.")
    occurred_at: datetime = attribute("When it happened.")
    payload: Json = attribute("What the event says, as an object. Amounts are in minor units, with their currency.")

    actor: User | None = relation(people, "actor_id", "Who did it; null for strangers, and for what happens by the clock.")
    changes: list[ActivityRecord] = relations(
        oversight.row_changes_of,
        "correlation_id",
        "What the same request, job or event changed in the books, in order; the first 100 rows of it.",
        size=ABOUT_SO_MANY_CHANGES,
    )


@object_type("A promise of the house, and what breaks it now.")
class IntegrityCheck:
    @field(str, "The room that makes the promise, such as `ledger`.", shared=True)
    def domain(self, result: Parent[CheckResult]) -> str:
        return result.check.domain

    @field(str, "The name of the check, such as `entries_balance`.", shared=True)
    def name(self, result: Parent[CheckResult]) -> str:
        return result.check.name

    @field(str, "What is promised, in a sentence.", shared=True)
    def promise(self, result: Parent[CheckResult]) -> str:
        return result.check.promise

    holds: bool = attribute("Nothing breaks it.")
    violations: list[str] = attribute("A sentence for each violation, 100 at most.")


@object_type("Every promise of the house, recomputed from the tables at one moment.")
class IntegrityReport:
    recomputed_at: datetime = attribute("The moment.")
    holds: bool = attribute("Nothing breaks any promise.")
    checks: list[IntegrityCheck] = attribute(
        "All checks, by room and name.", rule=FieldRule(size=ABOUT_SO_MANY_CHECKS, shared=True)
    )
    broken: list[IntegrityCheck] = attribute("Only the checks that found something; empty when all is well.")
