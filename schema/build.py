"""The one schema of the house, composed of what every business adds to it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import strawberry
from strawberry.schema.config import StrawberryConfig

import schema.accounting.mutations
import schema.accounting.queries
import schema.accounting.subscriptions
import schema.approvals.mutations
import schema.approvals.queries
import schema.approvals.subscriptions
import schema.core.queries
import schema.core.subscriptions
import schema.files.queries
import schema.identity.mutations
import schema.identity.queries
import schema.invoice_finance.mutations
import schema.invoice_finance.queries
import schema.invoice_finance.subscriptions
import schema.jobs.mutations
import schema.jobs.queries
import schema.jobs.subscriptions
import schema.lending.applications
import schema.lending.casework
import schema.lending.casework_acts
import schema.lending.collections
import schema.lending.dashboards
import schema.lending.planning
import schema.lending.queries
import schema.lending.servicing
import schema.lending.subscriptions
import schema.milling.board.queries
import schema.milling.board.subscriptions
import schema.milling.catalogue.mutations
import schema.milling.catalogue.queries
import schema.milling.catalogue.subscriptions
import schema.milling.orders.mutations
import schema.milling.orders.queries
import schema.milling.orders.subscriptions
import schema.milling.production.mutations
import schema.milling.production.queries
import schema.milling.production.subscriptions
import schema.milling.purchasing.mutations
import schema.milling.purchasing.queries
import schema.milling.purchasing.subscriptions
import schema.milling.sales.mutations
import schema.milling.sales.queries
import schema.milling.sales.subscriptions
import schema.milling.stock.mutations
import schema.milling.stock.queries
import schema.milling.stock.subscriptions
import schema.notifications.mutations
import schema.notifications.queries
import schema.notifications.subscriptions
import schema.payments.discrepancies.mutations
import schema.payments.discrepancies.queries
import schema.payments.discrepancies.subscriptions
import schema.payments.feeds.subscriptions
import schema.payments.figures.mutations
import schema.payments.figures.queries
import schema.payments.messages.mutations
import schema.payments.messages.queries
import schema.payments.paying.mutations
import schema.payments.paying.queries
import schema.payments.paying.subscriptions
import schema.payments.reconciling.mutations
import schema.payments.reconciling.queries
import schema.payments.sessions.mutations
import schema.payments.sessions.queries
import schema.payments.statements.mutations
import schema.payments.statements.queries
import schema.payments.statements.subscriptions
import schema.privacy.mutations
import schema.privacy.queries
import schema.privacy.subscriptions
import schema.reports.mutations
import schema.reports.queries
import schema.reports.subscriptions
import schema.school.activity.mutations
import schema.school.activity.queries
import schema.school.advances.mutations
import schema.school.advances.queries
import schema.school.attendance.mutations
import schema.school.attendance.queries
import schema.school.attendance.subscriptions
import schema.school.board.mutations
import schema.school.board.queries
import schema.school.board.subscriptions
import schema.school.calendar.mutations
import schema.school.calendar.queries
import schema.school.enrolment.mutations
import schema.school.enrolment.queries
import schema.school.enrolment.subscriptions
import schema.school.fees.mutations
import schema.school.fees.queries
import schema.school.fees.subscriptions
import schema.school.money.mutations
import schema.school.money.queries
import schema.school.money.subscriptions
import schema.school.people.mutations
import schema.school.people.queries
import schema.school.people.subscriptions
import schema.school.runs.mutations
import schema.school.runs.queries
import schema.school.runs.subscriptions
import schema.school.structures.mutations
import schema.school.structures.queries
import schema.wallets.mutations
import schema.wallets.queries
import schema.wallets.subscriptions
import schema.webhooks.mutations
import schema.webhooks.queries
import schema.webhooks.subscriptions
from schema.kit.finish import finish
from schema.kit.scalars import SCALARS


@dataclasses.dataclass(frozen=True)
class Part:
    """What one business adds: classes decorated with ``strawberry.type``; None where it adds nothing."""

    query: type | None = None
    mutation: type | None = None
    subscription: type | None = None


PARTS = (
    Part(schema.identity.queries.Query, schema.identity.mutations.Mutation),
    Part(schema.core.queries.Query, subscription=schema.core.subscriptions.Subscription),
    Part(schema.jobs.queries.Query, schema.jobs.mutations.Mutation, schema.jobs.subscriptions.Subscription),
    Part(schema.files.queries.Query),
    Part(schema.reports.queries.Query, schema.reports.mutations.Mutation, schema.reports.subscriptions.Subscription),
    Part(schema.webhooks.queries.Query, schema.webhooks.mutations.Mutation, schema.webhooks.subscriptions.Subscription),
    Part(schema.privacy.queries.Query, schema.privacy.mutations.Mutation, schema.privacy.subscriptions.Subscription),
    Part(
        schema.notifications.queries.Query,
        schema.notifications.mutations.Mutation,
        schema.notifications.subscriptions.Subscription,
    ),
    Part(
        schema.accounting.queries.Query,
        schema.accounting.mutations.Mutation,
        schema.accounting.subscriptions.Subscription,
    ),
    Part(schema.lending.queries.Query, schema.lending.servicing.Mutation, schema.lending.subscriptions.Subscription),
    Part(schema.lending.applications.Query, schema.lending.applications.Mutation),
    Part(mutation=schema.lending.planning.Mutation),
    Part(schema.lending.collections.Query, subscription=schema.lending.collections.Subscription),
    Part(schema.lending.casework.Query, schema.lending.casework_acts.Mutation, schema.lending.casework.Subscription),
    Part(schema.lending.dashboards.Query, subscription=schema.lending.dashboards.Subscription),
    Part(
        schema.milling.catalogue.queries.Query,
        schema.milling.catalogue.mutations.Mutation,
        schema.milling.catalogue.subscriptions.Subscription,
    ),
    Part(
        schema.milling.production.queries.Query,
        schema.milling.production.mutations.Mutation,
        schema.milling.production.subscriptions.Subscription,
    ),
    Part(
        schema.milling.purchasing.queries.Query,
        schema.milling.purchasing.mutations.Mutation,
        schema.milling.purchasing.subscriptions.Subscription,
    ),
    Part(
        schema.milling.stock.queries.Query,
        schema.milling.stock.mutations.Mutation,
        schema.milling.stock.subscriptions.Subscription,
    ),
    Part(schema.wallets.queries.Query, schema.wallets.mutations.Mutation, schema.wallets.subscriptions.Subscription),
    Part(schema.approvals.queries.Query, schema.approvals.mutations.Mutation, schema.approvals.subscriptions.Subscription),
    Part(
        schema.invoice_finance.queries.Query,
        schema.invoice_finance.mutations.Mutation,
        schema.invoice_finance.subscriptions.Subscription,
    ),
    Part(
        schema.milling.sales.queries.Query,
        schema.milling.sales.mutations.Mutation,
        schema.milling.sales.subscriptions.Subscription,
    ),
    Part(
        schema.milling.orders.queries.Query,
        schema.milling.orders.mutations.Mutation,
        schema.milling.orders.subscriptions.Subscription,
    ),
    Part(schema.milling.board.queries.Query, subscription=schema.milling.board.subscriptions.Subscription),
    Part(
        schema.payments.statements.queries.Query,
        schema.payments.statements.mutations.Mutation,
        schema.payments.statements.subscriptions.Subscription,
    ),
    Part(
        schema.payments.figures.queries.Query,
        schema.payments.figures.mutations.Mutation,
        schema.payments.feeds.subscriptions.Subscription,
    ),
    Part(schema.payments.sessions.queries.Query, schema.payments.sessions.mutations.Mutation),
    Part(
        schema.payments.paying.queries.Query,
        schema.payments.paying.mutations.Mutation,
        schema.payments.paying.subscriptions.Subscription,
    ),
    Part(schema.payments.reconciling.queries.Query, schema.payments.reconciling.mutations.Mutation),
    Part(
        schema.payments.discrepancies.queries.Query,
        schema.payments.discrepancies.mutations.Mutation,
        schema.payments.discrepancies.subscriptions.Subscription,
    ),
    Part(schema.payments.messages.queries.Query, schema.payments.messages.mutations.Mutation),
    Part(
        schema.school.enrolment.queries.Query,
        schema.school.enrolment.mutations.Mutation,
        schema.school.enrolment.subscriptions.Subscription,
    ),
    Part(
        schema.school.attendance.queries.Query,
        schema.school.attendance.mutations.Mutation,
        schema.school.attendance.subscriptions.Subscription,
    ),
    Part(
        schema.school.runs.queries.Query,
        schema.school.runs.mutations.Mutation,
        schema.school.runs.subscriptions.Subscription,
    ),
    Part(
        schema.school.fees.queries.Query,
        schema.school.fees.mutations.Mutation,
        schema.school.fees.subscriptions.Subscription,
    ),
    Part(
        schema.school.money.queries.Query,
        schema.school.money.mutations.Mutation,
        schema.school.money.subscriptions.Subscription,
    ),
    Part(schema.school.calendar.queries.Query, schema.school.calendar.mutations.Mutation),
    Part(schema.school.structures.queries.Query, schema.school.structures.mutations.Mutation),
    Part(schema.school.advances.queries.Query, schema.school.advances.mutations.Mutation),
    Part(
        schema.school.people.queries.Query,
        schema.school.people.mutations.Mutation,
        schema.school.people.subscriptions.Subscription,
    ),
    Part(schema.school.activity.queries.Query, schema.school.activity.mutations.Mutation),
    Part(
        schema.school.board.queries.Query,
        schema.school.board.mutations.Mutation,
        schema.school.board.subscriptions.Subscription,
    ),
)


def build(parts: Sequence[Part] = PARTS) -> strawberry.Schema:
    """Compose the parts; a field name that two of them use is a mistake."""
    built = strawberry.Schema(
        query=_root("Query", "Everything that can be read.", [part.query for part in parts]),
        mutation=_root_if_any("Mutation", "Everything that can be done.", [part.mutation for part in parts]),
        subscription=_root_if_any(
            "Subscription", "Everything that can be followed live.", [part.subscription for part in parts]
        ),
        types=[],
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    finish(built._schema)
    return built


def _root_if_any(name: str, description: str, parts: Sequence[type | None]) -> type | None:
    return _root(name, description, parts) if any(parts) else None


def _root(name: str, description: str, parts: Sequence[type | None]) -> type:
    bases = tuple(part for part in parts if part is not None)
    names = [field.name for base in bases for field in base.__strawberry_definition__.fields]  # type: ignore[attr-defined]
    twice = {each for each in names if names.count(each) > 1}
    assert not twice, f"two parts of {name} have the same fields: {sorted(twice)}"
    composed: Any = strawberry.type(type(name, bases, {}), description=description)
    return composed  # type: ignore[no-any-return]
