"""Which money came for a payment, whoever said so: one entry for each receipt, and where it goes.

The purpose gets exactly what was asked for, or what a person accepted. All other money that came (too much, too little, in
another currency, a second time) waits in suspense. All this follows from the claims as a set: their order, and how often
they were made, change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Final

from domain.kit.money import Money
from domain.payments.rules.evidence import Evidence, distinct
from domain.payments.rules.phones import Sender
from domain.payments.states import Channel, Destination, Outcome, PaymentStatus

_ANY_TIME: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Money that came with one receipt, what of it was taken back, and where the rest is.

    The receipt is not known yet when the provider only answered that a prompt was paid; there is one such credit at most.
    """

    receipt: str | None
    amount: Money
    reversed: Money
    destination: Destination

    @property
    def net(self) -> Money:
        return self.amount - self.reversed


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What we know of a payment that somebody is to make."""

    amount: Money
    status: PaymentStatus
    reference: str | None = None
    sender: Sender | None = None
    """Whose telephone was prompted."""
    prompted_at: datetime | None = None
    """When the provider took the request to prompt; none for a payment that the payer begins."""
    callback_due_at: datetime | None = None
    """Until when a callback is in time."""
    shown: frozenset[str] = frozenset()
    """Prompts that telephones may show now. While one can still be paid, no failure of another ends the payment."""
    expires_at: datetime | None = None
    booked: tuple[Credit, ...] = ()
    """What is in the books already."""
    accepted: frozenset[str] = frozenset()
    """Receipts that a person let through to the purpose as they are. Once there are any, no other reaches it: who accepts a
    second payment beside a first names both."""
    elsewhere: frozenset[str] = frozenset()
    """Receipts that are credited to other payments."""
    disposed: frozenset[str] = frozenset()
    """Receipts whose money a person took out of suspense: it is not there any more, and can pay nothing."""
    ordered_back: Mapping[str, Money] = field(default_factory=dict)
    """How much of a receipt we had the provider give back, and it did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One payment that was made, as far as all claims of it together tell."""

    receipt: str | None
    amount: Money
    reversed: Money
    ordered: Money
    """What of that we had given back ourselves: whoever did knows."""
    other_amounts: tuple[Money, ...] = ()
    """What other claims of the same receipt say."""
    at: datetime | None = None
    claims: tuple[Evidence, ...] = ()

    @property
    def stands(self) -> bool:
        """Not all of it was taken back."""
        return bool(self.amount - self.reversed)


@dataclass(frozen=True, slots=True)
class Posting:
    """What the books still lack: money of a receipt comes to a destination, or with a minus leaves it again."""

    receipt: str | None
    destination: Destination
    change: Money


def received(intent: Intent, evidence: Iterable[Evidence]) -> list[Received]:
    """The payments that came for the intent, the one that pays it first.

    What is in the books stays although no claim of it is at hand. A success without a receipt counts when the provider
    said it in answer to our question, and as long as no receipt is known: then it is that receipt's.
    """
    claims = distinct(evidence)
    found = [each for each in _by_receipt(intent, claims) if each.receipt not in intent.elsewhere]
    known = {each.receipt for each in found}
    gone = known | intent.elsewhere | {None}
    found += [_from_books(intent, credit, claims) for credit in intent.booked if credit.receipt not in gone]
    if not found:
        found = _without_receipt(intent, claims)
    return sorted(found, key=lambda each: _rank(intent, each))


def credits(intent: Intent, payments: Sequence[Received]) -> tuple[Credit, ...]:
    """Where the money of each is: the first's at the purpose if it is what was asked for, others' if a person said so."""
    return tuple(
        Credit(
            receipt=payment.receipt,
            amount=payment.amount,
            reversed=payment.reversed,
            destination=_destination(intent, payment, is_first=place == 0),
        )
        for place, payment in enumerate(payments)
    )


def postings(booked: Sequence[Credit], now: Sequence[Credit]) -> tuple[Posting, ...]:
    """The difference between the books and what should be in them. A receipt that became known takes over what was booked
    without one."""
    named = _heir(booked, now)
    sums: dict[tuple[str | None, Destination, str], int] = {}
    for credit, sign in [(credit, 1) for credit in now] + [(credit, -1) for credit in booked]:
        receipt = named if credit.receipt is None else credit.receipt
        key = (receipt, credit.destination, credit.amount.currency)
        sums[key] = sums.get(key, 0) + sign * credit.net.amount_minor
    return tuple(
        Posting(receipt, destination, Money(minor, currency))
        for (receipt, destination, currency), minor in sorted(sums.items(), key=lambda item: (item[0][0] or "", item[0][1:]))
        if minor
    )


def _heir(booked: Sequence[Credit], now: Sequence[Credit]) -> str | None:
    """The receipt that the prompt was paid with, which was booked before it was known."""
    if not now or all(credit.receipt is not None for credit in booked):
        return None
    return now[0].receipt


def _by_receipt(intent: Intent, claims: Sequence[Evidence]) -> list[Received]:
    """Of each receipt that somebody calls paid. What a receipt without an amount is worth, a prompt that is paid says."""
    paid = [claim for claim in claims if claim.outcome is Outcome.PAID and claim.receipt]
    found = []
    for receipt, group in groupby(sorted(paid, key=_receipt_of), _receipt_of):
        own = tuple(group)
        amounts = _amounts(intent, own)
        if not amounts and any(_is_answered(claims, claim.prompt) for claim in own):
            amounts = [intent.amount]
        if amounts:
            taken_back = _reversed(claims, receipt, amounts[0])
            found.append(
                Received(
                    receipt=receipt,
                    amount=amounts[0],
                    reversed=taken_back,
                    ordered=_ordered(intent, claims, receipt, taken_back),
                    other_amounts=tuple(amounts[1:]),
                    at=min((claim.transacted_at for claim in own if claim.transacted_at), default=None),
                    claims=own,
                )
            )
    return found


def _amounts(intent: Intent, own: Sequence[Evidence]) -> list[Money]:
    """The amount of a receipt, and what else is claimed of it. A statement is believed before all; without one what we asked
    for, because a prompt cannot be paid with any other amount."""
    stated = {claim.amount for claim in own if claim.amount and claim.channel is Channel.STATEMENT}
    claimed = {claim.amount for claim in own if claim.amount}
    return sorted(claimed, key=lambda each: (each not in stated, each != intent.amount, each.currency, each.amount_minor))


def _without_receipt(intent: Intent, claims: Sequence[Evidence]) -> list[Received]:
    """A prompt of which we only know that it was paid. Its amount is what was asked for."""
    booked = next((credit for credit in intent.booked if credit.receipt is None), None)
    answers = tuple(claim for claim in claims if _is_answer(claim))
    if booked is None and not answers:
        return []
    amount = booked.amount if booked else intent.amount
    nothing = Money.zero(amount.currency)
    return [Received(receipt=None, amount=amount, reversed=nothing, ordered=nothing, claims=answers)]


def _from_books(intent: Intent, credit: Credit, claims: Sequence[Evidence]) -> Received:
    taken_back = max(credit.reversed, _reversed(claims, credit.receipt, credit.amount))
    return Received(
        receipt=credit.receipt,
        amount=credit.amount,
        reversed=taken_back,
        ordered=_ordered(intent, claims, credit.receipt, taken_back),
    )


def _reversed(claims: Sequence[Evidence], receipt: str | None, amount: Money) -> Money:
    """How much was taken back, never more than came. A reversal has a receipt of its own, by which two claims of it are one;
    one that says no amount takes back all, and one without a receipt counts only where no other is known. A person who took
    off the books what no statement told of was wrong once one does."""
    backs: dict[str | None, list[int]] = {}
    is_stated = any(claim.channel is Channel.STATEMENT and claim.receipt == receipt and _is_paid(claim) for claim in claims)
    for claim in claims:
        if claim.outcome is Outcome.REVERSED and receipt is not None and claim.reverses == receipt:
            if is_stated and claim.channel is Channel.QUERY and claim.receipt is None:
                continue
            told = backs.setdefault(claim.receipt, [])
            if claim.amount and claim.amount.currency == amount.currency:
                told.append(claim.amount.amount_minor)
    if len(backs) > 1:
        backs.pop(None, None)
    return min(Money(sum(max(told, default=amount.amount_minor) for told in backs.values()), amount.currency), amount)


def _ordered(intent: Intent, claims: Iterable[Evidence], receipt: str | None, taken_back: Money) -> Money:
    """What we asked the provider for, and no more; or all, where nobody but a person of ours took it off the books."""
    ordered = intent.ordered_back.get(receipt or "")
    if ordered is not None and ordered.currency == taken_back.currency:
        return min(ordered, taken_back)
    back = {
        (claim.channel, claim.receipt) for claim in claims if claim.outcome is Outcome.REVERSED and claim.reverses == receipt
    }
    is_ours = back == {(Channel.QUERY, None)}
    return taken_back if is_ours else Money.zero(taken_back.currency)


def _is_paid(claim: Evidence) -> bool:
    return claim.outcome is Outcome.PAID


def _is_answer(claim: Evidence) -> bool:
    return claim.channel is Channel.QUERY and claim.outcome is Outcome.PAID and claim.receipt is None


def _is_answered(claims: Iterable[Evidence], prompt: str | None) -> bool:
    """Whether the provider answered that this prompt was paid."""
    return prompt is not None and any(_is_answer(claim) and claim.prompt == prompt for claim in claims)


def _rank(intent: Intent, payment: Received) -> tuple[object, ...]:
    """Which payment pays the intent: its money at hand, accepted, not taken back, of the amount asked for, in the books as
    such, the first."""
    paid = {credit.receipt for credit in intent.booked if credit.destination is Destination.PURPOSE}
    in_books = payment.amount == intent.amount and payment.receipt in paid
    return (
        payment.receipt in intent.disposed,
        not _is_accepted(intent, payment),
        not payment.stands,
        payment.amount != intent.amount,
        payment.reversed.amount_minor,
        not in_books,
        payment.at or _ANY_TIME,
        payment.receipt or "",
    )


def _destination(intent: Intent, payment: Received, *, is_first: bool) -> Destination:
    if payment.receipt in intent.disposed:
        return Destination.SUSPENSE
    suits = is_first and payment.amount == intent.amount
    return Destination.PURPOSE if suits or _is_accepted(intent, payment) else Destination.SUSPENSE


def _is_accepted(intent: Intent, payment: Received) -> bool:
    return payment.receipt in intent.accepted and payment.amount.currency == intent.amount.currency


def _receipt_of(claim: Evidence) -> str:
    return claim.receipt or ""
