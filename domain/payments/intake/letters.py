"""A message that is due: what it says, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain.kit.database import Record
from domain.payments.events import MessageRejected
from domain.payments.models import MpesaMessage
from domain.payments.rules.backoff import full_delay_s
from domain.payments.rules.evidence import Evidence, of_c2b, of_callback
from domain.payments.rules.messages import (
    C2BPayment,
    Malformed,
    Result,
    StkCallback,
    parse_c2b,
    parse_result,
    parse_stk_callback,
)
from domain.payments.states import MessageKind, MessageOrigin, MessageState

REJECTED: Final = frozenset({MessageState.MALFORMED, MessageState.UNKNOWN, MessageState.REFUSED})

Said = StkCallback | C2BPayment | Result | Malformed

_READERS: Final[Mapping[MessageKind, Callable[[bytes], Said]]] = {
    MessageKind.STK_CALLBACK: parse_stk_callback,
    MessageKind.C2B_VALIDATION: parse_c2b,
    MessageKind.C2B_CONFIRMATION: parse_c2b,
    MessageKind.STATUS_RESULT: parse_result,
    MessageKind.STATUS_TIMEOUT: parse_result,
    MessageKind.REVERSAL_RESULT: parse_result,
    MessageKind.REVERSAL_TIMEOUT: parse_result,
}


@dataclass(slots=True)
class Letter:
    """A message with what it says. Unless somebody decides otherwise it is done when its batch is."""

    id: UUID
    kind: MessageKind
    origin: MessageOrigin
    source_address: str | None
    size_bytes: int
    received_at: datetime
    work_at: datetime
    attempts: int
    correlation_id: UUID
    said: Said = field(repr=False)
    claim: Evidence | None = None
    """What it says of a payment, if anything."""
    payer: str | None = field(default=None, repr=False)
    payment_id: UUID | None = None
    is_doubtful: bool = False
    """Whether it fits what we know too loosely to be believed."""
    state: MessageState = MessageState.DONE
    problem: str | None = None

    @classmethod
    def open(cls, row: Record) -> Letter:
        """Read a message. What cannot be read is malformed for good."""
        kind = MessageKind(row["kind"])
        letter = cls(
            id=row["id"],
            kind=kind,
            origin=MessageOrigin(row["origin"]),
            source_address=row["source_address"],
            size_bytes=row["size_bytes"],
            received_at=row["received_at"],
            work_at=row["work_at"],
            attempts=row["attempts"],
            correlation_id=row["correlation_id"],
            said=_READERS[kind](row["body"]),
        )
        letter._take_in()
        return letter

    def _take_in(self) -> None:
        """A validation asks about a payment that may still not happen, so it claims nothing."""
        match self.said:
            case Malformed():
                self.reject(MessageState.MALFORMED, str(self.said))
            case StkCallback():
                self.claim = of_callback(self.said, self.received_at)
            case C2BPayment() if self.kind is MessageKind.C2B_CONFIRMATION:
                self.claim, self.payer = of_c2b(self.said, self.received_at), self.said.payer

    @property
    def is_open(self) -> bool:
        """Nothing has been decided against it."""
        return self.state is MessageState.DONE

    @property
    def about(self) -> str | None:
        """The receipt of the payment that it claims something of."""
        return None if self.claim is None else self.claim.reverses or self.claim.receipt

    def reject(self, state: MessageState, problem: str) -> None:
        assert state in REJECTED, f"{state} is no rejection"
        self.state, self.problem, self.claim = state, problem, None

    def park(self, now: datetime, problem: str, *, at_most: timedelta) -> None:
        """Look at it again, after 2, 4, 8 ... seconds, and once more when the time is up; after that it fits nothing."""
        give_up_at = self.received_at + at_most
        if now >= give_up_at:
            self.reject(MessageState.UNKNOWN, problem)
            return
        self.state, self.problem, self.claim = MessageState.PARKED, problem, None
        self.work_at = min(now + pause_after(self.attempts + 1), give_up_at)

    @property
    def rejection(self) -> MessageRejected | None:
        """What is announced when nothing is made of it."""
        if self.state not in REJECTED:
            return None
        return rejection_of(self)


def rejection_of(message: Letter | MpesaMessage) -> MessageRejected:
    return MessageRejected(
        message_id=message.id,
        kind=message.kind,
        origin=message.origin,
        state=message.state,
        problem=message.problem or "",
        size_bytes=message.size_bytes,
        source_address=message.source_address,
        received_at=message.received_at,
    )


def pause_after(attempts: int) -> timedelta:
    """2, 4, 8 ... seconds, up to five minutes."""
    return timedelta(seconds=full_delay_s(attempts + 1))
