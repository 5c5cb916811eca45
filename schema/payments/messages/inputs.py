"""What clients send of messages of M-Pesa."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.payments.queries.messages import MessageFilter as FilterRow
from domain.payments.states import MessageKind, MessageOrigin, MessageState
from schema.kit import ID, attribute, input_type, optional, read_optional_id
from schema.payments.messages import types  # noqa: F401  describes the enums that are used here


@input_type("A message of M-Pesa that got lost on its way, and that somebody has.")
class IngestMpesaCallbackInput:
    kind: MessageKind = attribute("What it is.")
    body: str = attribute("The message word by word, 1 to 65,536 bytes.")


@input_type("Which messages to list; those that fit all that is said.")
class MpesaMessageFilter:
    kinds: list[MessageKind] | None = optional("Of such a kind.")
    states: list[MessageState] | None = optional("That this became of.")
    origins: list[MessageOrigin] | None = optional("That came so.")
    session_id: ID | None = optional("About this payment.")
    correlation_id: UUID | None = optional("That came with one request.")
    since: datetime | None = optional("That came then, or later.", name="from")
    until: datetime | None = optional("That came before then.", name="to")

    def parse(self) -> FilterRow:
        return FilterRow(
            kinds=self.kinds or (),
            states=self.states or (),
            origins=self.origins or (),
            payment_id=read_optional_id("Payment", self.session_id, "filter", "sessionId"),
            correlation_id=self.correlation_id,
            since=self.since,
            until=self.until,
        )
