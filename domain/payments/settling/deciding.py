"""From rows to the rules and back: what a payment is, by all that was said of it. Nothing here asks the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from domain.kit.database import Record
from domain.kit.money import Money
from domain.payments.rules.evidence import Evidence
from domain.payments.rules.issues import Issue
from domain.payments.rules.matching import Decision, Period, settle
from domain.payments.rules.phones import PhoneForm, Sender
from domain.payments.rules.receipts import Credit, Intent
from domain.payments.settling.cases import Decided, Dossier
from domain.payments.settling.disagreeing import is_dealt_with
from domain.payments.states import TAKEN, UNPAID, Channel, Destination, Outcome, PromptState, ReconStatus

_CHANNELS: Final = {each.value: each for each in Channel}
_OUTCOMES: Final = {each.value: each for each in Outcome}
_WHOLE_NUMBER: Final = 12
"""Digits. Prompts and evidence have numbers as they were normalised, which need not be read as people write them."""


def decide(dossier: Dossier, now: datetime, covered: Sequence[Period]) -> Decided:
    """The decision on a payment at ``now``; statements tell all of the times that are ``covered``."""
    currency: str = dossier.payment["currency"]
    decision = settle(intent_of(dossier, now), [claim_of(row) for row in dossier.evidence], now, covered=covered)
    issues = _open_issues(dossier, decision.issues)
    receipt = decision.credits[0].receipt if decision.credits else None
    return Decided(
        dossier=dossier,
        decision=decision,
        recon=decision.recon if len(issues) == len(decision.issues) else _recon(decision, issues),
        issues=issues,
        purpose=decision.at(Destination.PURPOSE, currency),
        suspense=decision.at(Destination.SUSPENSE, currency),
        transaction_id=receipt or dossier.payment["transaction_id"],
        paid_at=_paid_at(dossier, decision, receipt, now),
    )


def intent_of(dossier: Dossier, now: datetime) -> Intent:
    """What we know of a payment. Of several prompts the last one says until when to wait.

    A reference was given to the payer with a prompt only: whoever pays without one types what they are paying for.
    """
    row = dossier.payment
    accepted = [prompt for prompt in dossier.prompts if prompt["accepted_at"] is not None]
    last = max(accepted, key=lambda prompt: prompt["accepted_at"], default=None)
    ends = [row["expires_at"], *(prompt["expires_at"] for prompt in accepted)]
    return Intent(
        amount=dossier.amount,
        status=dossier.status,
        reference=row["reference"] if dossier.prompts else None,
        sender=_prompted(dossier),
        prompted_at=last["accepted_at"] if last else None,
        callback_due_at=last["callback_due_at"] if last else None,
        shown=frozenset(
            prompt["checkout_request_id"] or str(prompt["id"]) for prompt in dossier.prompts if _may_be_shown(prompt, now)
        ),
        expires_at=max((end for end in ends if end is not None), default=None),
        booked=tuple(credit_of(credit) for credit in dossier.credits),
        accepted=frozenset(row["accepted"]),
        elsewhere=frozenset(dossier.elsewhere),
        disposed=frozenset(dossier.disposed),
        ordered_back=dossier.ordered_back,
    )


def _may_be_shown(prompt: Record, now: datetime) -> bool:
    """Whether a telephone shows the prompt, or may be about to."""
    if prompt["state"] == PromptState.ACCEPTED:
        due_at: datetime = prompt["callback_due_at"]
        return now < due_at
    return prompt["state"] in (PromptState.WAITING, PromptState.ASKED)


def credit_of(row: Record) -> Credit:
    return Credit(
        receipt=row["receipt"],
        amount=Money(row["amount_minor"], row["currency"]),
        reversed=Money(row["reversed_minor"], row["currency"]),
        destination=Destination(row["destination"]),
    )


def claim_of(row: Record) -> Evidence:
    amount = row["amount_minor"]
    return Evidence(
        channel=_CHANNELS[row["channel"]],
        outcome=_OUTCOMES[row["outcome"]],
        received_at=row["received_at"],
        prompt=row["prompt"],
        receipt=row["receipt"],
        reverses=row["reverses"],
        amount=None if amount is None else Money(amount, row["currency"]),
        transacted_at=row["transacted_at"],
        sender=None if row["sender"] is None else _sender(row["sender"]),
        reference=row["reference"],
        result_code=row["result_code"],
    )


def paid_receipts(dossier: Dossier) -> dict[str, Record]:
    """Receipts that are told of as paid, each with the first claim of it."""
    first: dict[str, Record] = {}
    for row in dossier.evidence:
        if row["outcome"] == Outcome.PAID and row["receipt"]:
            first.setdefault(row["receipt"], row)
    return first


def _prompted(dossier: Dossier) -> Sender | None:
    """Whose telephone was prompted: of several the one whose prompt was paid, or else the last."""
    if not dossier.prompts:
        return None
    paid = {row["prompt"] for row in dossier.evidence if row["outcome"] == Outcome.PAID and row["prompt"]}
    chosen = max(dossier.prompts, key=lambda prompt: (prompt["checkout_request_id"] in paid, prompt["attempt_no"]))
    return _sender(chosen["phone"])


def _sender(stored: str) -> Sender:
    is_whole = len(stored) == _WHOLE_NUMBER and stored.isascii() and stored.isdigit()
    return Sender(PhoneForm.FULL, stored) if is_whole else Sender.read(stored)


def _open_issues(dossier: Dossier, issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
    dealt_with = [row for row in dossier.discrepancies if row["resolved_by"] is not None]
    if not dealt_with:
        return issues
    return tuple(each for each in issues if not any(is_dealt_with(row, each) for row in dealt_with))


def _recon(decision: Decision, issues: tuple[Issue, ...]) -> ReconStatus:
    """As it would be without what a person has dealt with."""
    if issues:
        return ReconStatus.DISCREPANCY
    if decision.credits:
        return ReconStatus.MATCHED if decision.credits[0].receipt else ReconStatus.UNVERIFIED
    return ReconStatus.MATCHED if decision.status in UNPAID else ReconStatus.UNVERIFIED


def _paid_at(dossier: Dossier, decision: Decision, receipt: str | None, now: datetime) -> datetime | None:
    """When the payer paid, as far as somebody tells; else when we came to know."""
    known: datetime | None = dossier.payment["paid_at"]
    if decision.status not in TAKEN or (known is not None and receipt == dossier.payment["transaction_id"]):
        return known
    told = [
        row["transacted_at"]
        for row in dossier.evidence
        if receipt and row["receipt"] == receipt and row["outcome"] == Outcome.PAID and row["transacted_at"]
    ]
    return min(told, default=known or now)
