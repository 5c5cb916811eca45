"""Everything that can be wrong with what is said about a voucher, found in one place for the form and for the act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from domain.accounting.errors import AccountNotSuitable, DateInFuture, MissingInput, SameAccount
from domain.accounting.service.forms import JournalTerms, MoneyTerms, Side, TransferTerms, VoucherTerms
from domain.accounting.service.treasury import available_in
from domain.identity.actor import Actor
from domain.identity.errors import BranchClosed, BranchNotFound
from domain.identity.models import Branch
from domain.kit import clock
from domain.kit.database import fetch, fetchval
from domain.kit.errors import CurrencyMismatch, DomainError, InvalidInput
from domain.kit.money import Money
from domain.ledger.chart import house_account_of, kept_by_process
from domain.ledger.errors import AccountNotFound, AccountNotManual, InsufficientFunds, PeriodClosed, UnbalancedEntry
from domain.ledger.service import Line, require_balanced

MAX_DESCRIPTION: Final = 300
MAX_TEXT: Final = 120
MAX_LINES: Final = 200
EARLIEST: Final = date(1970, 1, 1)
# East of Greenwich a day begins before it does in UTC.
DATED_AHEAD: Final = timedelta(days=1)


async def problems_of(actor: Actor, terms: VoucherTerms) -> list[DomainError]:
    """All that is wrong, each with the field that it is about; nothing is written."""
    problems = [*_problems_of_texts(terms), *_problems_of_date(terms.dated_on)]
    if isinstance(terms, MoneyTerms):
        problems += _problems_of_money(terms)
    if isinstance(terms, JournalTerms):
        problems += await _problems_of_lines(terms.lines)
    problems += await _problems_of_branch(actor, terms.branch_id)
    closed = await closed_period_of(terms.dated_on or clock.today())
    if closed is not None:
        problems.append(PeriodClosed(f"the fiscal period {closed} is closed", field=("input", "datedOn")))
    if isinstance(terms, TransferTerms) and not problems:
        problems += await _problems_of_balance(terms)
    return problems


async def columns_of(actor: Actor, terms: VoucherTerms) -> dict[str, Any]:
    """The columns of a voucher of which this is said; raises the first problem, if there is any."""
    problems = await problems_of(actor, terms)
    if problems:
        raise problems[0]
    columns: dict[str, Any] = {
        "description": terms.description.strip(),
        "reference": terms.reference.strip(),
        "dated_on": terms.dated_on or clock.today(),
        "branch_id": terms.branch_id or actor.branch_scope,
    }
    if isinstance(terms, MoneyTerms):
        assert terms.amount is not None, "checked above"
        columns |= {
            "currency": terms.amount.currency,
            "amount_minor": terms.amount.amount_minor,
            "debit_account_id": terms.debit_account_id,
            "credit_account_id": terms.credit_account_id,
            "party": terms.party.strip(),
        }
    return columns


async def closed_period_of(day: date) -> str | None:
    """The name of the closed fiscal period in which a day lies; None for a day that takes entries."""
    name: str | None = await fetchval(
        "select name from fiscal_period where state = 'CLOSED' and daterange(starts_on, ends_on, '[]') @> $1::date", day
    )
    return name


def _problems_of_texts(terms: VoucherTerms) -> list[DomainError]:
    asked = [("description", terms.description, MAX_DESCRIPTION, True), ("reference", terms.reference, MAX_TEXT, False)]
    if isinstance(terms, MoneyTerms) and terms.party_field is not None:
        asked.append((terms.party_field, terms.party, MAX_TEXT, True))
    problems: list[DomainError] = []
    for name, text, longest, needed in asked:
        text = text.strip()
        if needed and not text:
            problems.append(MissingInput(f"{name} is missing", field=("input", name)))
        elif len(text) > longest or not text.isprintable():
            problems.append(
                InvalidInput(f"{name} has at most {longest} characters, all of them printable", field=("input", name))
            )
    return problems


def _problems_of_date(dated_on: date | None) -> list[DomainError]:
    if dated_on is not None and dated_on > clock.today() + DATED_AHEAD:
        return [DateInFuture(f"{dated_on} is still to come")]
    if dated_on is not None and dated_on < EARLIEST:
        return [InvalidInput(f"{dated_on} is before the beginning of the books", field=("input", "datedOn"))]
    return []


def _problems_of_money(terms: MoneyTerms) -> list[DomainError]:
    problems: list[DomainError] = []
    if terms.amount is None:
        problems.append(MissingInput("amount is missing", field=("input", "amount")))
    for account_id, side in ((terms.debit_account_id, terms.debit), (terms.credit_account_id, terms.credit)):
        problem = _problem_of_account(account_id, side, terms.amount)
        if problem is not None:
            problems.append(problem)
    if not problems and terms.debit_account_id == terms.credit_account_id:
        problems.append(SameAccount("these are the same account", field=("input", terms.debit.field)))
    return problems


def _problem_of_account(account_id: UUID | None, side: Side, amount: Money | None) -> DomainError | None:
    field = ("input", side.field)
    if account_id is None:
        return MissingInput(f"say which account: {side.wanted}", field=field)
    found = house_account_of(account_id)
    if found is None:
        return AccountNotFound("the house has no such account", field=field)
    account, currency = found
    if not side.admits(account):
        return AccountNotSuitable(f"{account.name} is not {side.wanted}", field=field)
    if amount is not None and currency != amount.currency:
        return CurrencyMismatch(f"this account is in {currency}, the amount in {amount.currency}", field=field)
    return None


async def _problems_of_lines(lines: Sequence[Line]) -> list[DomainError]:
    problems: list[DomainError] = []
    field = ("input", "lines")
    if len(lines) > MAX_LINES:
        return [InvalidInput(f"an entry by hand has at most {MAX_LINES} lines", field=field)]
    try:
        require_balanced(lines)
    except UnbalancedEntry as unbalanced:
        problems.append(unbalanced)
    unknown = [line.account_id for line in lines if house_account_of(line.account_id) is None]
    opened = {row["id"]: row for row in await fetch("select * from ledger_account where id = any($1)", unknown)}
    for index, line in enumerate(lines):
        at = (*field, str(index), "accountId")
        found, row = house_account_of(line.account_id), opened.get(line.account_id)
        if found is None and row is None:
            problems.append(AccountNotFound("the house has no such account", field=at))
        elif kept_by_process(line.account_id) or (row is not None and (row["guarded"] or row["owner_id"])):
            problems.append(AccountNotManual("an account that a process keeps takes no entries by hand", field=at))
        elif line.amount.currency != (found[1] if found else opened[line.account_id]["currency"]):
            problems.append(CurrencyMismatch("this account is in another currency", field=at))
    return problems


async def _problems_of_branch(actor: Actor, branch_id: UUID | None) -> list[DomainError]:
    # Staff of one branch write for it; whoever belongs to none, and does not see all, finds none.
    branch_id = branch_id or actor.branch_scope
    if branch_id is None:
        return []
    branch = await Branch.get_or_none(id=branch_id) if actor.sees_branch(branch_id) else None
    if branch is None:
        return [BranchNotFound("there is no such branch")]
    return [] if branch.active else [BranchClosed(f"the branch {branch.name} is closed")]


async def _problems_of_balance(terms: TransferTerms) -> list[DomainError]:
    assert terms.from_account_id is not None and terms.amount is not None, "checked before"
    available = await available_in(terms.from_account_id, terms.amount.currency)
    return [InsufficientFunds(available, terms.amount)] if available < terms.amount else []
