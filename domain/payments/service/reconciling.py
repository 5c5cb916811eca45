"""Reconciling because a person asks: one payment or many at once, or one when its turn comes.

Whoever asks gets what is known now: nobody waits for the provider. Of a payment that nobody can decide by that, the provider
is asked afterwards, until it answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.database import fetch
from domain.kit.errors import DomainError, InvalidInput
from domain.kit.unit_of_work import retried, unit_of_work
from domain.payments.access import session_of
from domain.payments.errors import SessionNotFound
from domain.payments.models import Payment, Reconciliation
from domain.payments.queries.reconciling import ReconciliationResult
from domain.payments.service import desk
from domain.payments.settling import Wanted, settle_payments
from domain.payments.states import BY_HAND, ReconStatus, ReconTrigger

SESSION: Final = ("input", "sessionId")
SESSIONS: Final = ("input", "sessionIds")
TRIGGER: Final = ("input", "trigger")

MAX_BULK: Final = 500
BATCH: Final = 100
"""Payments in one unit of work: enough to share its costs, and not so many that others wait long for one of them."""

# How many reconciliations that are due go before this one, and itself.
_PLACE: Final = """
select count(*)::int from reconciliation r, (select coalesce(next_attempt_at, due_at) as due_at, id from reconciliation
                                             where id = $1) as this
where r.status = 'QUEUED' and (coalesce(r.next_attempt_at, r.due_at), r.id) <= (this.due_at, this.id)
"""


@dataclass(frozen=True, slots=True)
class BulkItem:
    """What came of one payment among many: its result, or why there is none."""

    session_id: UUID | None
    result: ReconciliationResult | None = None
    refusal: DomainError | None = None


@dataclass(frozen=True, slots=True)
class Bulk:
    """One item for each session that was named, in their order; a payment that was named twice counts once."""

    items: Sequence[BulkItem]

    @property
    def failed(self) -> int:
        return sum(1 for item in self._each if item.refusal is not None) + self.came_out(ReconStatus.FAILED)

    def came_out(self, status: ReconStatus) -> int:
        """How many payments came out so."""
        return sum(1 for item in self._each if item.result is not None and item.result.status is status)

    @property
    def _each(self) -> list[BulkItem]:
        named = {item.session_id: item for item in self.items if item.session_id is not None}
        return [*named.values(), *(item for item in self.items if item.session_id is None)]


@dataclass(frozen=True, slots=True)
class Queued:
    """A reconciliation in the queue; ``place`` is 1 for the next one."""

    result: ReconciliationResult
    place: int


async def reconcile_payment(
    actor: Actor, *, session_id: UUID, trigger: ReconTrigger = ReconTrigger.MANUAL
) -> ReconciliationResult:
    """Compare a payment with all that was said of it, now (SESSION_NOT_FOUND, INVALID_INPUT)."""
    actor.require(Permission.PAYMENTS_RECONCILE)
    _require_by_hand(trigger)
    await session_of(actor, session_id, field=SESSION)
    [result] = await _settle(actor, [session_id], trigger)
    return result


async def bulk_reconcile(
    actor: Actor, *, session_ids: Sequence[UUID | None], trigger: ReconTrigger = ReconTrigger.BULK_MANUAL
) -> Bulk:
    """Reconcile many payments, each whatever becomes of the others; None stands for what is nobody's id.

    A payment that is named twice is reconciled once. Payments are settled in batches, each of which is a unit of work of its
    own: what one refuses does not undo another. Refuses with INVALID_INPUT when there are none, or more than 500.
    """
    actor.require(Permission.PAYMENTS_RECONCILE)
    _require_by_hand(trigger)
    if not 1 <= len(session_ids) <= MAX_BULK:
        raise InvalidInput(f"name 1 to {MAX_BULK} sessions", field=SESSIONS)
    wanted = list(dict.fromkeys(each for each in session_ids if each is not None))
    known = {row["id"] for row in await fetch("select id from payment where id = any ($1::uuid[])", wanted)}
    there = [each for each in wanted if each in known]
    done: dict[UUID | None, BulkItem] = {}
    for start in range(0, len(there), BATCH):
        done |= {item.session_id: item for item in await _batch(actor, there[start : start + BATCH], trigger)}
    return Bulk([done.get(each) or BulkItem(each, refusal=SessionNotFound(field=SESSIONS)) for each in session_ids])


@retried
async def queue_reconciliation(
    actor: Actor, *, session_id: UUID, trigger: ReconTrigger = ReconTrigger.MANUAL_QUEUE
) -> Queued:
    """Have a payment reconciled when its turn comes. While a person's request for it waits already, that one is the
    answer."""
    actor.require(Permission.PAYMENTS_RECONCILE)
    _require_by_hand(trigger)
    async with unit_of_work() as work:
        # Of two who ask at once the second finds what the first has left.
        payment = await Payment.filter(id=session_id).select_for_update(no_key=True).get_or_none()
        if payment is None:
            raise SessionNotFound(field=SESSION)
        waiting = Reconciliation.filter(payment_id=session_id, status=ReconStatus.QUEUED, trigger__in=list(BY_HAND))
        row = await waiting.order_by("queued_at", "id").first()
        if row is None:
            row = await desk.queue_reconciliation(work, session_id, trigger, due_at=clock.now(), requested_by=actor.id)
        place = await work.fetchval(_PLACE, row.id)
    return Queued(ReconciliationResult.of(row, payment), place)


def _require_by_hand(trigger: ReconTrigger) -> None:
    if trigger not in BY_HAND:
        raise InvalidInput(f"{trigger.value} is no person's trigger", field=TRIGGER)


async def _batch(actor: Actor, session_ids: Sequence[UUID], trigger: ReconTrigger) -> list[BulkItem]:
    """All in one unit of work; where that is refused each alone, so that only those that cannot be settled are not."""
    try:
        results = await _settle(actor, session_ids, trigger)
    except DomainError as refusal:
        if len(session_ids) == 1:
            return [BulkItem(session_ids[0], refusal=refusal)]
        return [item for each in session_ids for item in await _batch(actor, [each], trigger)]
    return [BulkItem(result.session_id, result) for result in results]


@retried
async def _settle(actor: Actor, session_ids: Sequence[UUID], trigger: ReconTrigger) -> list[ReconciliationResult]:
    started_at = clock.now()
    async with unit_of_work() as work:
        settled = await settle_payments(
            work,
            [Wanted(payment_id=each, trigger=trigger, requested_by=actor.id, started_at=started_at) for each in session_ids],
        )
    return [ReconciliationResult.of(each.reconciliation, each.payment) for each in settled]
