"""What rows were before and after each change, and who changed them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.events import models
from domain.events.models import Operation
from domain.identity import oversight
from domain.identity.queries import people
from schema.identity.types import User
from schema.kit import ID, Node, Parent, attribute, encode_id, enum_type, field, global_id, node_type, object_type, relation
from schema.kit.fields import FieldRule
from schema.kit.nodes import type_name_of

ABOUT_SO_MANY_COLUMNS = 8

enum_type(
    Operation,
    "What happened to a row.",
    {"INSERT": "It came to be.", "UPDATE": "It changed.", "DELETE": "It went."},
    name="RowOperation",
)


@object_type("A field of a row, before and after, as text; null where there was nothing. Amounts are in minor units.")
class FieldChange:
    field: str = attribute("The column, such as `funded_minor`.")
    before: str | None = attribute("What it held before; null when nothing, or when the row is new.")
    after: str | None = attribute("What it holds after; null when nothing, or when the row is gone.")


@node_type(
    models.RowChange,
    oversight.row_changes_by_id,
    "One change of one row: who, from where, when, and what it was before and after. Secrets are never among the fields.",
    key=int,
)
class ActivityRecord(Node):
    object_kind: str = attribute("What was changed, such as `user`, `branch` or `invoice`.")
    operation: Operation = attribute("What happened to it.")
    actor_id: ID | None = global_id("User", "Who did it; null for what happens by the clock or behind the services' back.")
    address: str | None = attribute("The network address that the request came from.")
    correlation_id: UUID | None = attribute("What all that came of one request, job or event has in common.")
    recorded_at: datetime = attribute("When the database wrote it down.")
    database_user: str = attribute("Under which name of the database: all that is known of what no service did.")
    changes: list[FieldChange] = attribute(
        "The fields that this touched, by name; of a row that came or went, those that held something.",
        rule=FieldRule(size=ABOUT_SO_MANY_COLUMNS, shared=True),
    )

    @field(ID, "The id of what was changed, for `node` where such a thing can be fetched, and for `filter`.", shared=True)
    def object_id(self, record: Parent[models.RowChange]) -> ID:
        return ID(encode_id(type_name_of(record.object_kind), record.object_id))

    actor: User | None = relation(
        people, "actor_id", "Who did it; null for what happens by the clock or behind the services' back."
    )
