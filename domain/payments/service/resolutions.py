"""What a resolution does with money: lets it through, brings it to another payment, gives it back, or takes it out of
suspense or off the books for good.

Each is about the money of one receipt. That money may have moved on meanwhile: it was given to another payment, is being
given back, or was taken out of suspense. Then the resolution is refused, and nothing happens.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.kit import clock
from domain.kit.errors import InvalidAmount
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work
from domain.ledger.service import post_entry
from domain.payments import accounts
from domain.payments.errors import ReceiptNotFound, ReceiptTaken, ResolutionNotPossible, ReversalNotPossible
from domain.payments.models import Discrepancy, MpesaCommand, PaymentCredit, PaymentEvidence, SuspenseDisposal
from domain.payments.provider import MAX_REMARKS
from domain.payments.purposes.applying import bring_to_purpose, give_up_shortfall
from domain.payments.queries.discrepancies import waiting_in_suspense
from domain.payments.rules.resolving import Effect
from domain.payments.service.commanding import leave_reversal, require_commands
from domain.payments.settling import Wanted, assign_receipt, settle_payments
from domain.payments.settling.assigning import ACCEPT
from domain.payments.states import Channel, CommandKind, Destination, DisposalKind, Outcome, ReconTrigger, Resolution


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A person deals with a discrepancy that is locked, together with its payment and its ``receipt``.

    ``payment_id`` is the one that a receipt is given to.
    """

    work: Work
    actor: Actor
    row: Discrepancy
    receipt: str | None
    resolution: Resolution
    note: str
    payment_id: UUID | None
    began_at: datetime

    async def money(self) -> PaymentCredit:
        """What came with the receipt, and is where the discrepancy says."""
        credit = None if self.receipt is None else await PaymentCredit.get_or_none(receipt=self.receipt)
        if credit is None:
            raise ResolutionNotPossible("no money came with a receipt that is known")
        if credit.payment_id != self.row.payment_id:
            raise ResolutionNotPossible(f"the money of {credit.receipt} is another payment's")
        return credit

    async def waiting(self) -> Money:
        """What of the receipt's money waits in suspense."""
        assert self.receipt is not None, "money came with it"
        return (await waiting_in_suspense([self.receipt])).get(self.receipt, Money.zero((await self.money()).currency))

    async def require_at_rest(self) -> None:
        """Nobody is giving the money back, and nobody has taken it out of suspense."""
        reversals = MpesaCommand.filter(receipt=self.receipt, kind=CommandKind.REVERSAL, finished_at__isnull=True)
        if await reversals.exists():
            raise ResolutionNotPossible(f"the money of {self.receipt} is being given back")
        if await SuspenseDisposal.filter(receipt=self.receipt).exists():
            raise ResolutionNotPossible(f"the money of {self.receipt} was taken out of suspense")


async def _accept(act: Act) -> None:
    """The receipt reaches the purpose as it came, and so do those that are there already: once some are accepted, no others
    are."""
    credit = await act.money()
    await act.require_at_rest()
    _require_some(credit)
    payment_id = credit.payment_id
    assert payment_id is not None, "only a payment's money has a purpose"
    at_purpose = PaymentCredit.filter(
        payment_id=payment_id, destination=Destination.PURPOSE, net_minor__gt=0, receipt__isnull=False
    )
    receipts = {credit.receipt, *(each.receipt for each in await at_purpose)}
    await act.work.execute(ACCEPT, [payment_id] * len(receipts), sorted(filter(None, receipts)), clock.now())
    await _settle(act, payment_id)


async def _apply(act: Act) -> None:
    """The purpose is offered the money once more. If it still refuses, nothing has happened."""
    assert act.row.payment_id is not None, "only a payment has a purpose"
    application = await bring_to_purpose(act.row.payment_id, asked_by=act.actor.id, note=act.note)
    if application is not None and application.refused_reason is not None:
        raise ResolutionNotPossible(f"it is refused still: {application.refused_reason}")


async def _absorb(act: Act) -> None:
    """The purpose keeps what was taken back of the payment, and the house bears it."""
    assert act.row.payment_id is not None, "only a payment has a purpose"
    await give_up_shortfall(act.row.payment_id)


async def _assign(act: Act) -> None:
    assert act.receipt is not None and act.payment_id is not None, "somebody said what is whose"
    await act.money()
    await act.require_at_rest()
    await assign_receipt(
        act.work,
        act.receipt,
        act.payment_id,
        trigger=ReconTrigger.MANUAL,
        requested_by=act.actor.id,
        started_at=act.began_at,
    )


async def _reverse(act: Act) -> None:
    """All that is left of the receipt's money goes back. What came of it is told by the provider, later."""
    require_commands()
    credit = await act.money()
    await act.require_at_rest()
    assert credit.receipt is not None, "it was found by its receipt"
    await leave_reversal(
        act.work,
        receipt=credit.receipt,
        amount=None,
        remarks=act.note[:MAX_REMARKS],
        requested_by=act.actor.id,
        discrepancy_id=act.row.id,
    )


async def _dispose(act: Act) -> None:
    """The money leaves suspense without a payment: it becomes income, or was recorded elsewhere by hand."""
    credit = await act.money()
    await act.require_at_rest()
    waiting = await act.waiting()
    if waiting.amount_minor <= 0 or credit.receipt is None:
        raise ResolutionNotPossible("nothing of this money waits in suspense")
    kind = DisposalKind(act.resolution.value)
    is_given_up = kind is DisposalKind.WRITTEN_OFF
    payment_id = act.row.payment_id
    posted = await post_entry(
        kind=accounts.WRITTEN_OFF if is_given_up else accounts.CORRECTED,
        description=f"M-Pesa receipt {credit.receipt} {'written off' if is_given_up else 'corrected'}, {act.row.number}",
        lines=await (accounts.written_off(waiting) if is_given_up else accounts.corrected(waiting)),
        reference=accounts.of_receipt(credit.receipt) if payment_id is None else accounts.of_payment(payment_id),
        branch_id=act.row.branch_id,
    )
    await SuspenseDisposal.create(
        id=new_id(),
        receipt=credit.receipt,
        amount_minor=waiting.amount_minor,
        currency=waiting.currency,
        kind=kind,
        entry_id=posted.entry_id,
        discrepancy_id=act.row.id,
        note=act.note,
        disposed_by=act.actor.id,
        disposed_at=clock.now(),
    )


async def _take_off(act: Act) -> None:
    """What a receipt brought that the provider does not know leaves the books, as if it had been taken back."""
    credit = await act.money()
    await act.require_at_rest()
    _require_some(credit)
    assert credit.payment_id is not None, "a statement is compared with payments"
    await PaymentEvidence.create(
        payment_id=credit.payment_id,
        channel=Channel.QUERY,
        outcome=Outcome.REVERSED,
        received_at=clock.now(),
        reverses=credit.receipt,
        amount_minor=credit.net_minor,
        currency=credit.currency,
    )
    await _settle(act, credit.payment_id)
    await credit.refresh_from_db()
    if credit.net_minor:
        raise ResolutionNotPossible(f"the provider has taken a part of {credit.receipt} back, so it knows it")


async def _require_settled(act: Act) -> None:
    """Money that waits is not merely put aside. Whatever is another payment's is not this one's to wait for."""
    credit = None if act.receipt is None else await PaymentCredit.get_or_none(receipt=act.receipt)
    if credit is None or credit.payment_id != act.row.payment_id:
        return
    waiting = await act.waiting()
    if waiting.amount_minor > 0:
        raise ResolutionNotPossible(f"{waiting} of {act.receipt} wait in suspense; say where they go")


def _require_some(credit: PaymentCredit) -> None:
    if credit.net_minor <= 0:
        raise ResolutionNotPossible(f"nothing of the money of {credit.receipt} is left")


async def _settle(act: Act, payment_id: UUID) -> None:
    wanted = Wanted(payment_id=payment_id, trigger=ReconTrigger.MANUAL, requested_by=act.actor.id, started_at=act.began_at)
    await settle_payments(act.work, [wanted])


async def _nothing(act: Act) -> None:
    """It is as it is."""


_CARRIED_OUT: Final[Mapping[Effect, Callable[[Act], Awaitable[None]]]] = MappingProxyType(
    {
        Effect.ACCEPT: _accept,
        Effect.ABSORB: _absorb,
        Effect.APPLY: _apply,
        Effect.ASSIGN: _assign,
        Effect.REVERSE: _reverse,
        Effect.DISPOSE: _dispose,
        Effect.TAKE_OFF: _take_off,
        Effect.SETTLED: _require_settled,
        Effect.NONE: _nothing,
    }
)


async def carry_out(effect: Effect, act: Act) -> None:
    """Do with the money what the resolution means, or refuse it (RESOLUTION_NOT_POSSIBLE, PAYMENT_NOT_FOUND,
    MPESA_NOT_CONFIGURED)."""
    try:
        await _CARRIED_OUT[effect](act)
    except (InvalidAmount, ReceiptNotFound, ReceiptTaken, ReversalNotPossible) as refused:
        raise ResolutionNotPossible(refused.message) from None
