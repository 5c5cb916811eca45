"""The vocabulary in which every business writes its part of the schema."""

from strawberry import ID, Parent

from schema.kit.connections import Connection
from schema.kit.context import Context, Info
from schema.kit.errors import ErrorCode, UserError
from schema.kit.feeds import Beside, FeedItem, Greeting, LiveEvent, event_feed, event_type, state_feed
from schema.kit.fields import argument, attribute, field, global_id, listing, optional, query
from schema.kit.ids import encode_id, read_any_id, read_id, read_number_id, read_optional_id
from schema.kit.money import Money, MoneyInput
from schema.kit.mutations import Answer, Payload, ReplayablePayload, idempotency_key, mutation, payload_type
from schema.kit.nodes import Node, node_type
from schema.kit.relations import relation, relations
from schema.kit.scalars import CurrencyCode, Cursor
from schema.kit.types import enum_type, input_type, object_type

__all__ = [
    "ID",
    "Answer",
    "Beside",
    "Connection",
    "Context",
    "CurrencyCode",
    "Cursor",
    "ErrorCode",
    "FeedItem",
    "Greeting",
    "Info",
    "LiveEvent",
    "Money",
    "MoneyInput",
    "Node",
    "Parent",
    "Payload",
    "ReplayablePayload",
    "UserError",
    "argument",
    "attribute",
    "encode_id",
    "enum_type",
    "event_feed",
    "event_type",
    "field",
    "global_id",
    "idempotency_key",
    "input_type",
    "listing",
    "mutation",
    "node_type",
    "object_type",
    "optional",
    "payload_type",
    "query",
    "read_any_id",
    "read_id",
    "read_number_id",
    "read_optional_id",
    "relation",
    "relations",
    "state_feed",
]
