"""What a reconciliation must find, worked out from what the simulator says really happened: by its labels, and by nothing of
ours that decides the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

Found = tuple[str | None, str, str | None]
"""A discrepancy: the key of the payment, the type, and the receipt. The key is the reference that we gave out, or of a
payment that nobody was asked for the receipt."""

PAID: Final = frozenset({"PAID", "REVERSED", "PARTIALLY_REVERSED"})
UNPAID: Final = "UNPAID"
"""A payment that failed, was cancelled, or expired."""


@dataclass(frozen=True, slots=True)
class Money:
    """Cents of a payment that reached what it is for, and that wait."""

    purpose: int = 0
    suspense: int = 0


@dataclass
class Demand:
    """What has to be in the books and on the list in the end."""

    discrepancies: set[Found] = field(default_factory=set)
    receipts: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Of each receipt what was paid, and what was taken back."""
    payments: dict[str, tuple[str, Money]] = field(default_factory=dict)
    orphans: dict[str, int] = field(default_factory=dict)
    topped_up: Counter[str] = field(default_factory=Counter)
    """By reference, or by the number of the wallet."""


@dataclass(frozen=True)
class Circumstances:
    """What the simulator cannot know: which account numbers mean something, what reached our door although that was not
    acknowledged any more, and which rows the statement lacks."""

    references: Collection[str]
    wallets: Collection[str]
    kept: Mapping[tuple[str, int], int]
    lacking: Collection[str]


def demanded(truth: Iterable[Mapping[str, Any]], known: Circumstances) -> Demand:
    demand = Demand()
    prompted: dict[str, Mapping[str, Any]] = {}
    on_their_own: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for payment in truth:
        if payment["paid"] is not None:
            demand.receipts[payment["receipt"]] = cents(payment["paid"]), cents(payment["reversed"])
        if payment["channel"] == "PROMPT":
            prompted[payment["reference"]] = payment
        elif payment["paid"] is not None:
            on_their_own[_account(payment["reference"])].append(payment)
    assert prompted.keys() == set(known.references), "each payment was prompted for once"
    for reference, payment in prompted.items():
        _of_prompt(demand, reference, payment, on_their_own.pop(reference, []), known)
    for account, payments in on_their_own.items():
        for payment in payments:
            (_of_wallet if account in known.wallets else _of_nobody)(demand, account, payment)
    return demand


def cents(amount: str) -> int:
    return int(Decimal(amount) * 100)


def _account(typed: str) -> str:
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def _of_prompt(
    demand: Demand, reference: str, payment: Mapping[str, Any], more: list[Mapping[str, Any]], known: Circumstances
) -> None:
    callbacks = list(_callbacks(payment, known))
    asked, is_paid = cents(payment["asked"]), payment["state"] in PAID
    demand.discrepancies |= {(reference, kind, receipt) for kind, receipt in _wrong(payment, callbacks, known)}
    status, at_purpose, waiting = UNPAID, 0, 0
    if is_paid:
        status, left = payment["state"], cents(payment["paid"]) - cents(payment["reversed"])
        at_purpose, waiting = (left, 0) if cents(payment["paid"]) == asked else (0, left)
    for place, own in enumerate(more):
        left = cents(own["paid"]) - cents(own["reversed"])
        if own["reversed"] != "0.00":
            demand.discrepancies.add((reference, "REVERSED", own["receipt"]))
        if is_paid or place:
            waiting += left
            if left:
                demand.discrepancies.add((reference, "DUPLICATE_PAYMENT", own["receipt"]))
            continue
        assert any(callbacks), "only of payments that are known to have failed"
        status, at_purpose = own["state"], left
        demand.discrepancies.add((reference, "STATUS_MISMATCH", None))
        if own["phoneMasked"] != payment["phoneMasked"]:
            demand.discrepancies.add((reference, "PHONE_MISMATCH", own["receipt"]))
    demand.payments[reference] = status, Money(at_purpose, waiting)
    demand.topped_up[reference] += at_purpose


def _wrong(payment: Mapping[str, Any], callbacks: list[int], known: Circumstances) -> Iterator[tuple[str, str | None]]:
    """What is wrong with a prompt that was paid; with one that was not, nothing is: an answer is as good as a callback."""
    if payment["state"] not in PAID:
        return
    receipt = payment["receipt"]
    if payment["paid"] != payment["asked"]:
        yield "AMOUNT_MISMATCH", receipt
    if payment["reversed"] != "0.00":
        yield "REVERSED", receipt
    if any(code != 0 for code in callbacks):
        yield "STATUS_MISMATCH", None
    if not callbacks:
        yield "MISSING_CALLBACK", None
    elif payment["misbehaviour"] == "LATE":
        yield "LATE_CALLBACK", None
    if receipt in known.lacking:
        assert 0 in callbacks, "what nobody told us of cannot be missed"
        yield "MISSING_IN_STATEMENT", receipt


def _callbacks(payment: Mapping[str, Any], known: Circumstances) -> Iterator[int]:
    """The result codes that reached us. A server that was killed may have kept what it did not acknowledge."""
    sent = [delivery for delivery in payment["deliveries"] if delivery["kind"] == "CALLBACK"]
    unsure = Counter(delivery["resultCode"] for delivery in sent if delivery["status"] != 200)
    sure = Counter(delivery["resultCode"] for delivery in sent if delivery["status"] == 200)
    yield from sure.elements()
    for code in unsure:
        if known.kept.get((payment["checkoutRequestId"], code), 0) > sure[code]:
            yield code


def _of_wallet(demand: Demand, account: str, payment: Mapping[str, Any]) -> None:
    """Paid into a wallet by its number, without having been asked."""
    receipt, left = payment["receipt"], cents(payment["paid"]) - cents(payment["reversed"])
    if not any(each["kind"] == "CONFIRMATION" and each["status"] == 200 for each in payment["deliveries"]):
        demand.discrepancies.add((receipt, "STATUS_MISMATCH", None))
    if payment["reversed"] != "0.00":
        demand.discrepancies.add((receipt, "REVERSED", receipt))
    demand.payments[receipt] = payment["state"], Money(purpose=left)
    demand.topped_up[account] += left


def _of_nobody(demand: Demand, account: str, payment: Mapping[str, Any]) -> None:
    """Paid under an account number that means nothing."""
    left = cents(payment["paid"]) - cents(payment["reversed"])
    demand.orphans[payment["receipt"]] = left
    if left:
        demand.discrepancies.add((None, "ORPHAN_TRANSACTION", payment["receipt"]))
