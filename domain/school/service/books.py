"""Other income of the school, and what it spends: written down by hand, changed and deleted.

Nothing of it is ever changed in the books. A transaction that was wrong is reversed, and another takes its place under the
same reference; one that is deleted is reversed alone. Money of fees is not touched here: it changes with the fee.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.errors import InvalidAmount, InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.ledger.chart import AccountKind, HouseAccount, every_house_account, house_account
from domain.ledger.errors import AccountNotFound, AccountNotManual, PeriodClosed
from domain.ledger.service import Line, post_entry, reverse_entry
from domain.school import accounts
from domain.school.access import visible_transactions
from domain.school.activities import note_activity
from domain.school.errors import (
    FeeChannelNotPossible,
    FeeOwnsTransaction,
    TransactionChangedMeanwhile,
    TransactionNotFound,
)
from domain.school.events import FinancialTransactionChanged, TransactionFigures
from domain.school.fees.chain import CATEGORY
from domain.school.models import SchoolTransaction
from domain.school.rules.fees import reference_of
from domain.school.service.counter import AT_THE_COUNTER, MAX_REFERENCE, day_of
from domain.school.service.desk import campus_of
from domain.school.states import FeePaymentMethod, TransactionChange, TransactionKind
from domain.school.words import line

MAX_CATEGORY: Final = 80
MAX_DESCRIPTION: Final = 300

_KINDS: Final = {TransactionKind.INCOME: AccountKind.INCOME, TransactionKind.EXPENSE: AccountKind.EXPENSE}
_USUAL: Final = {TransactionKind.INCOME: accounts.OTHER_INCOME, TransactionKind.EXPENSE: accounts.OTHER_EXPENSES}


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionTerms:
    """What is said about other income or an expense.

    ``category`` is a word of the school's own, ``account_code`` the account of the chart whose it is. ``reference`` is what
    it is found by, such as the number of a bill; one is given where none is said.
    """

    category: str
    description: str
    amount: Money
    on: date | None = None
    method: FeePaymentMethod = FeePaymentMethod.CASH
    account_code: str | None = None
    reference: str | None = None
    branch_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionEdits:
    """What is said anew about a transaction; what is None stays."""

    category: str | None = None
    description: str | None = None
    amount: Money | None = None
    on: date | None = None
    method: FeePaymentMethod | None = None
    account_code: str | None = None

    @property
    def said(self) -> dict[str, Any]:
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name)) is not None}


@retried
async def add_income(actor: Actor, *, terms: TransactionTerms) -> SchoolTransaction:
    """Write down income that is no fee. Refuses with INVALID_AMOUNT, INVALID_INPUT, ACCOUNT_NOT_FOUND, ACCOUNT_NOT_MANUAL,
    FEE_CHANNEL_NOT_POSSIBLE, FEE_DAY_INVALID, PERIOD_CLOSED and BRANCH_NOT_FOUND."""
    return await _add(actor, TransactionKind.INCOME, terms)


@retried
async def add_expense(actor: Actor, *, terms: TransactionTerms) -> SchoolTransaction:
    """Write down what was spent. Refuses as :func:`add_income` does."""
    return await _add(actor, TransactionKind.EXPENSE, terms)


@retried
async def change_transaction(actor: Actor, *, transaction_id: UUID, edits: TransactionEdits) -> SchoolTransaction:
    """Say anew what a transaction was: the old row is reversed, and the one that is returned takes its place.

    Nothing happens where nothing is said that differs. The old row leaves the books on its own day, unless these are closed:
    then both rows are of today. Refuses with TRANSACTION_NOT_FOUND, TRANSACTION_CHANGED_MEANWHILE and FEE_OWNS_TRANSACTION,
    and as :func:`add_income` does.
    """
    actor.require(Permission.SCHOOL_BOOKS)
    async with unit_of_work() as work:
        row = await _locked(actor, transaction_id)
        before = _terms_of(row)
        wanted = _checked(replace(before, **edits.said), row.kind)
        if wanted == before:
            return row
        reversed_on = await _reverse(work, actor, row)
        # What is not said to be of another day stays on its own, if the books of that day are open.
        on = wanted.on if edits.on is not None or reversed_on == row.on_date else reversed_on
        made = await _post(actor, row.kind, replace(wanted, on=on), revises=row)
        await _tell(work, actor, TransactionChange.UPDATED, live=made, ended=row)
    return made


@retried
async def delete_transaction(actor: Actor, *, transaction_id: UUID) -> SchoolTransaction:
    """Take a transaction off the books, by the opposite entry on its own day, or today when the books of that are closed.

    Returns the row as it was reversed. Refuses with TRANSACTION_NOT_FOUND, TRANSACTION_CHANGED_MEANWHILE and
    FEE_OWNS_TRANSACTION.
    """
    actor.require(Permission.SCHOOL_BOOKS)
    async with unit_of_work() as work:
        row = await _locked(actor, transaction_id)
        await _reverse(work, actor, row)
        await _tell(work, actor, TransactionChange.DELETED, ended=row)
    return row


async def _add(actor: Actor, kind: TransactionKind, terms: TransactionTerms) -> SchoolTransaction:
    actor.require(Permission.SCHOOL_BOOKS)
    terms = _checked(terms, kind)
    async with unit_of_work() as work:
        branch_id = await campus_of(work, actor, terms.branch_id)
        made = await _post(actor, kind, replace(terms, branch_id=branch_id))
        await _tell(work, actor, TransactionChange.CREATED, live=made)
    return made


async def _locked(actor: Actor, transaction_id: UUID) -> SchoolTransaction:
    """A transaction that the actor may change, locked."""
    row = await visible_transactions(actor).select_for_update().get_or_none(id=transaction_id)
    if row is None:
        raise TransactionNotFound("there is no such transaction")
    if row.fee_id is not None:
        raise FeeOwnsTransaction(row.reference)
    if not row.live:
        raise TransactionChangedMeanwhile("this transaction stands no more")
    return row


async def _reverse(work: Work, actor: Actor, row: SchoolTransaction) -> date:
    """Take a row off the books; the day on which that is."""

    async def reverse(on: date) -> UUID:
        posted = await reverse_entry(
            row.entry_id, kind=accounts.TRANSACTION_REVERSED, description=row.description, effective_on=on
        )
        return posted.entry_id

    on = row.on_date
    try:
        async with work.savepoint():
            row.reversed_by_entry_id = await reverse(on)
    except PeriodClosed:
        on = clock.today()
        row.reversed_by_entry_id = await reverse(on)
    row.reversed_on, row.reversed_at, row.reversed_by_id = on, clock.now(), actor.id
    await row.save(update_fields=["reversed_by_entry_id", "reversed_on", "reversed_at", "reversed_by_id"])
    return on


async def _post(
    actor: Actor, kind: TransactionKind, terms: TransactionTerms, *, revises: SchoolTransaction | None = None
) -> SchoolTransaction:
    """Dr cash or bank   Cr the account of income; the other way round for an expense."""
    assert terms.account_code is not None and terms.on is not None, "checked before"
    transaction_id, amount = new_id(), terms.amount
    money = await house_account(accounts.MONEY_AT[terms.method], amount.currency)
    counter = await house_account(accounts.account_named(terms.account_code), amount.currency)
    came_in = kind is TransactionKind.INCOME
    posted = await post_entry(
        kind=accounts.TRANSACTION,
        description=terms.description,
        lines=[Line(money, amount, is_debit=came_in), Line(counter, amount, is_debit=not came_in)],
        reference=accounts.of_transaction(transaction_id),
        effective_on=terms.on,
        branch_id=terms.branch_id,
    )
    return await SchoolTransaction.create(
        id=transaction_id,
        reference=terms.reference or f"TXN-{posted.number}",
        kind=kind,
        category=terms.category,
        description=terms.description,
        currency=amount.currency,
        amount_minor=amount.amount_minor,
        on_date=terms.on,
        branch_id=terms.branch_id,
        method=terms.method,
        entry_id=posted.entry_id,
        shares={terms.account_code: amount.amount_minor},
        revises_id=revises and revises.id,
        created_by_id=actor.id,
        created_at=clock.now(),
        correlation_id=current_call().correlation_id,
    )


async def _tell(
    work: Work,
    actor: Actor,
    change: TransactionChange,
    *,
    live: SchoolTransaction | None = None,
    ended: SchoolTransaction | None = None,
) -> None:
    about = live or ended
    assert about is not None, "one of the two is there"
    work.record(
        FinancialTransactionChanged(
            change=change,
            reference=about.reference,
            live=None if live is None else TransactionFigures.of(live),
            ended=None if ended is None else TransactionFigures.of(ended),
        )
    )
    await note_activity(
        work,
        actor,
        f"{about.kind.value.lower()}_{_DONE[change]}",
        subject_kind="school_transaction",
        subject_id=about.id,
        branch_id=about.branch_id,
        title=f"{about.reference}: {about.category}, {about.amount}",
        data={"reference": about.reference, "category": about.category, "amount": about.amount, "on": about.on_date}
        | ({} if ended is None else {"before": ended.amount}),
    )


_DONE: Final[Mapping[TransactionChange, str]] = {
    TransactionChange.CREATED: "added",
    TransactionChange.UPDATED: "changed",
    TransactionChange.DELETED: "deleted",
}


def _terms_of(row: SchoolTransaction) -> TransactionTerms:
    assert row.method is not None, "what is written by hand says how the money went"
    [account_code] = row.shares
    return TransactionTerms(
        category=row.category,
        description=row.description,
        amount=row.amount,
        on=row.on_date,
        method=row.method,
        account_code=account_code,
        reference=row.reference,
        branch_id=row.branch_id,
    )


def _checked(terms: TransactionTerms, kind: TransactionKind) -> TransactionTerms:
    """The same terms, whole and in order."""
    category = line(terms.category, MAX_CATEGORY, "category")
    if category.casefold() == CATEGORY.casefold():
        raise InvalidInput("money of fees is written down with the fee", field=("input", "category"))
    if terms.amount.amount_minor <= 0:
        raise InvalidAmount("an amount must be greater than zero", field=("input", "amount"))
    if terms.method not in AT_THE_COUNTER:
        raise FeeChannelNotPossible("what the school writes down itself goes by cash or the bank")
    return replace(
        terms,
        category=category,
        description=line(terms.description, MAX_DESCRIPTION, "description"),
        on=day_of(terms.on, "date"),
        account_code=_account(terms.account_code, kind).code,
        reference=None if terms.reference is None else _reference(terms.reference),
    )


def _account(code: str | None, kind: TransactionKind) -> HouseAccount:
    """The account of the chart; where none is said, the one of all that has none of its own."""
    if code is None:
        return _USUAL[kind]
    where = ("input", "accountCode")
    found = next((account for account in every_house_account() if account.code == code), None)
    if found is None or found.kind is not _KINDS[kind]:
        raise AccountNotFound(f"the chart has no account of {_KINDS[kind].value.lower()} with this code", field=where)
    if found.by_process:
        raise AccountNotManual(f"{found.code} {found.name} is kept by a process", field=where)
    return found


def _reference(text: str) -> str:
    found = line(text, MAX_REFERENCE, "reference")
    ours = reference_of("")
    if found.upper().startswith(ours):
        raise InvalidInput(f"what begins with {ours} is money of a fee", field=("input", "reference"))
    return found
