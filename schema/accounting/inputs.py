"""What clients send to accounting.

A form can be looked at while it is being filled in: its inputs are all optional then, and what could not be read is told
beside what is missing. The same inputs, read in the same way, make the voucher.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

import strawberry

from domain.accounting.queries import VoucherFilter as VoucherFilterRow
from domain.accounting.service import ExpenseTerms, JournalTerms, RevenueTerms, TransferTerms
from domain.accounting.states import VoucherState
from domain.kit.errors import DomainError, InvalidInput
from domain.kit.money import Money
from domain.ledger.service import Line, credit, debit
from schema.kit import ID, MoneyInput, attribute, idempotency_key, input_type, optional, read_id


class Unread(list[DomainError]):
    """What of an input could not be read; what could be read is judged by the rules."""

    def read(self, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except DomainError as refusal:
            self.append(refusal)
            return None

    def with_problems(self, problems: list[DomainError]) -> list[DomainError]:
        """All that is wrong; what could not be read is not missing as well."""
        told = {refusal.field for refusal in self} | {refusal.field and refusal.field[:2] for refusal in self}
        return [*self, *(problem for problem in problems if problem.field not in told)]

    def require_none(self) -> None:
        if self:
            raise self[0]


_ACCOUNTS: Final = (
    "category_account_id",
    "paid_from_account_id",
    "received_into_account_id",
    "from_account_id",
    "to_account_id",
)


def said_in(input: object, unread: Unread) -> dict[str, Any]:
    """What an input says, by the names of the terms; what is left out or could not be read is not among it."""
    said: dict[str, Any] = {}
    for name in (*_ACCOUNTS, "amount", "branch_id", "payee", "payer", "description", "reference", "dated_on", "lines"):
        value = getattr(input, name, strawberry.UNSET)
        if value is strawberry.UNSET:
            continue
        if value is not None:
            value = unread.read(lambda name=name, value=value: _READERS.get(name, _as_it_is)(value))  # type: ignore[misc]
        if value is not None or name in ("branch_id", "amount"):
            said[name] = value
    return said


def _as_it_is(value: Any) -> Any:
    return value


def _account(field: str) -> Callable[[str], UUID]:
    return lambda value: read_id("Account", value, "input", field)


def _money(value: MoneyInput) -> Money:
    return value.parse("input", "amount")


def _lines(value: list[JournalLineInput]) -> list[Line]:
    return [line.parse("input", "lines", str(index)) for index, line in enumerate(value)]


_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "category_account_id": _account("categoryAccountId"),
    "paid_from_account_id": _account("paidFromAccountId"),
    "received_into_account_id": _account("receivedIntoAccountId"),
    "from_account_id": _account("fromAccountId"),
    "to_account_id": _account("toAccountId"),
    "branch_id": lambda value: read_id("Branch", value, "input", "branchId"),
    "amount": _money,
    "lines": _lines,
}

_CATEGORY_OF_EXPENSE = "An expense account of `chartOfAccounts`, in the amount's currency."
_CATEGORY_OF_REVENUE = "An income account of `chartOfAccounts`, in the amount's currency."
_PAID_FROM = "An account of cash or bank; or the creditors, when it is to be paid later."
_RECEIVED_INTO = "An account of cash or bank; or the debtors, when it is to come later."
_FROM, _TO = "The account of cash or bank that gives the money.", "The account of cash or bank that gets it."
_PAYEE, _PAYER = "Who was paid, or is to be; 1 to 120 characters.", "Who paid, or is to pay; 1 to 120 characters."
_DESCRIPTION = "What it is for, in 1 to 300 characters."
_REFERENCE = "The number of the paper behind it, up to 120 characters."
_DATED_ON = "The date on which it counts, not in the future and not in a closed period; today when left out."
_BRANCH = "The branch that it is of; the whole house when left out."


def _change(description: str) -> Any:
    return attribute(description, default=strawberry.UNSET)


@input_type("An expense to be written down.")
class CreateExpenseInput:
    amount: MoneyInput = attribute("How much.")
    category_account_id: ID = attribute(_CATEGORY_OF_EXPENSE)
    paid_from_account_id: ID = attribute(_PAID_FROM)
    payee: str = attribute(_PAYEE)
    description: str = attribute(_DESCRIPTION)
    reference: str | None = optional(_REFERENCE)
    dated_on: date | None = optional(_DATED_ON)
    branch_id: ID | None = optional(_BRANCH)
    idempotency_key: str | None = idempotency_key()

    def terms(self) -> ExpenseTerms:
        unread = Unread()
        said = said_in(self, unread)
        unread.require_none()
        return ExpenseTerms(**said)


@input_type("An expense as it is being filled in.")
class ValidateExpenseInput:
    amount: MoneyInput | None = optional("How much.")
    category_account_id: ID | None = optional(_CATEGORY_OF_EXPENSE)
    paid_from_account_id: ID | None = optional(_PAID_FROM)
    payee: str | None = optional(_PAYEE)
    description: str | None = optional(_DESCRIPTION)
    reference: str | None = optional(_REFERENCE)
    dated_on: date | None = optional(_DATED_ON)
    branch_id: ID | None = optional(_BRANCH)


@input_type("What to change of an expense that is not in the books. What is left out stays.")
class UpdateExpenseInput:
    expense_id: ID = attribute("The expense.")
    amount: MoneyInput | None = _change("How much.")
    category_account_id: ID | None = _change(_CATEGORY_OF_EXPENSE)
    paid_from_account_id: ID | None = _change(_PAID_FROM)
    payee: str | None = _change(_PAYEE)
    description: str | None = _change(_DESCRIPTION)
    reference: str | None = _change(_REFERENCE)
    dated_on: date | None = _change("The date on which it counts.")
    branch_id: ID | None = _change("The branch that it is of; null for the whole house.")
    idempotency_key: str | None = idempotency_key()


@input_type("Which expense.")
class ExpenseActInput:
    expense_id: ID = attribute("The expense.")
    idempotency_key: str | None = idempotency_key()


@input_type("Which expense to take back, and why.")
class ReverseExpenseInput:
    expense_id: ID = attribute("An expense that is in the books.")
    reason: str = attribute("Why, in 1 to 300 characters; the description of the opposite entry.")
    idempotency_key: str | None = idempotency_key()


@input_type("A revenue to be written down.")
class CreateRevenueInput:
    amount: MoneyInput = attribute("How much.")
    category_account_id: ID = attribute(_CATEGORY_OF_REVENUE)
    received_into_account_id: ID = attribute(_RECEIVED_INTO)
    payer: str = attribute(_PAYER)
    description: str = attribute(_DESCRIPTION)
    reference: str | None = optional(_REFERENCE)
    dated_on: date | None = optional(_DATED_ON)
    branch_id: ID | None = optional(_BRANCH)
    idempotency_key: str | None = idempotency_key()

    def terms(self) -> RevenueTerms:
        unread = Unread()
        said = said_in(self, unread)
        unread.require_none()
        return RevenueTerms(**said)


@input_type("A revenue as it is being filled in.")
class ValidateRevenueInput:
    amount: MoneyInput | None = optional("How much.")
    category_account_id: ID | None = optional(_CATEGORY_OF_REVENUE)
    received_into_account_id: ID | None = optional(_RECEIVED_INTO)
    payer: str | None = optional(_PAYER)
    description: str | None = optional(_DESCRIPTION)
    reference: str | None = optional(_REFERENCE)
    dated_on: date | None = optional(_DATED_ON)
    branch_id: ID | None = optional(_BRANCH)


@input_type("What to change of a revenue that is not in the books. What is left out stays.")
class UpdateRevenueInput:
    revenue_id: ID = attribute("The revenue.")
    amount: MoneyInput | None = _change("How much.")
    category_account_id: ID | None = _change(_CATEGORY_OF_REVENUE)
    received_into_account_id: ID | None = _change(_RECEIVED_INTO)
    payer: str | None = _change(_PAYER)
    description: str | None = _change(_DESCRIPTION)
    reference: str | None = _change(_REFERENCE)
    dated_on: date | None = _change("The date on which it counts.")
    branch_id: ID | None = _change("The branch that it is of; null for the whole house.")
    idempotency_key: str | None = idempotency_key()


@input_type("Which revenue.")
class RevenueActInput:
    revenue_id: ID = attribute("The revenue.")
    idempotency_key: str | None = idempotency_key()


@input_type("Which revenue to take back, and why.")
class ReverseRevenueInput:
    revenue_id: ID = attribute("A revenue that is in the books.")
    reason: str = attribute("Why, in 1 to 300 characters; the description of the opposite entry.")
    idempotency_key: str | None = idempotency_key()


@input_type("A transfer between cash and bank accounts of the house.")
class CreateTransferInput:
    from_account_id: ID = attribute(_FROM)
    to_account_id: ID = attribute(_TO)
    amount: MoneyInput = attribute("How much; not more than there is.")
    description: str = attribute(_DESCRIPTION, default="Transfer")
    reference: str | None = optional(_REFERENCE)
    dated_on: date | None = optional(_DATED_ON)
    branch_id: ID | None = optional(_BRANCH)
    idempotency_key: str | None = idempotency_key()

    def terms(self) -> TransferTerms:
        unread = Unread()
        said = said_in(self, unread)
        unread.require_none()
        return TransferTerms(**said)


@input_type("What to change of a transfer that is not in the books. What is left out stays.")
class UpdateTransferInput:
    transfer_id: ID = attribute("The transfer.")
    from_account_id: ID | None = _change(_FROM)
    to_account_id: ID | None = _change(_TO)
    amount: MoneyInput | None = _change("How much.")
    description: str | None = _change(_DESCRIPTION)
    reference: str | None = _change(_REFERENCE)
    dated_on: date | None = _change("The date on which it counts.")
    branch_id: ID | None = _change("The branch that it is of; null for the whole house.")
    idempotency_key: str | None = idempotency_key()


@input_type("Which transfer.")
class TransferActInput:
    transfer_id: ID = attribute("The transfer.")
    idempotency_key: str | None = idempotency_key()


@input_type("Which transfer to take back, and why.")
class ReverseTransferInput:
    transfer_id: ID = attribute("A transfer that is in the books.")
    reason: str = attribute("Why, in 1 to 300 characters; the description of the opposite entry.")
    idempotency_key: str | None = idempotency_key()


@input_type("One line of an entry: a debit or a credit, not both.")
class JournalLineInput:
    account_id: ID = attribute("An account of the house: one that is open, or one of `chartOfAccounts`.")
    debit: MoneyInput | None = attribute("How much to debit.", default=None)
    credit: MoneyInput | None = attribute("How much to credit.", default=None)

    def parse(self, *path: str) -> Line:
        """The line; a refusal names the part of ``path`` that it is about."""
        account_id = read_id("Account", self.account_id, *path, "accountId")
        if self.debit is not None and self.credit is None:
            return debit(account_id, self.debit.parse(*path, "debit"))
        if self.credit is not None and self.debit is None:
            return credit(account_id, self.credit.parse(*path, "credit"))
        raise InvalidInput("a line has either a debit or a credit", field=path)


_LINES = "Two lines or more, whose debits equal their credits in each currency."


@input_type("An entry to write down as a draft.")
class CreateJournalEntryInput:
    lines: list[JournalLineInput] = attribute(_LINES)
    description: str = attribute(_DESCRIPTION)
    reference: str | None = optional(_REFERENCE)
    dated_on: date | None = optional(_DATED_ON)
    branch_id: ID | None = optional(_BRANCH)
    idempotency_key: str | None = idempotency_key()

    def terms(self) -> JournalTerms:
        unread = Unread()
        said = said_in(self, unread)
        unread.require_none()
        return JournalTerms(**said)


@input_type("What to change of the draft of an entry. What is left out stays; lines are replaced as a whole.")
class UpdateJournalEntryInput:
    draft_id: ID = attribute("The draft.")
    lines: list[JournalLineInput] | None = _change(_LINES)
    description: str | None = _change(_DESCRIPTION)
    reference: str | None = _change(_REFERENCE)
    dated_on: date | None = _change("The date on which it counts.")
    branch_id: ID | None = _change("The branch that it is of; null for the whole house.")
    idempotency_key: str | None = idempotency_key()


@input_type("Which draft of an entry.")
class JournalDraftActInput:
    draft_id: ID = attribute("The draft.")
    idempotency_key: str | None = idempotency_key()


@input_type("An entry to post: a draft, or one that is stated here.")
class PostJournalEntryInput:
    draft_id: ID | None = attribute("The draft to post; then nothing else is said.", default=None)
    lines: list[JournalLineInput] | None = attribute(f"Without a draft: {_LINES[0].lower()}{_LINES[1:]}", default=None)
    description: str | None = attribute("Without a draft: what it is for, in 1 to 300 characters.", default=None)
    effective_on: date | None = attribute("Without a draft: the date on which it counts; today when left out.", default=None)
    idempotency_key: str | None = idempotency_key()

    def parse_lines(self) -> list[Line]:
        """The lines that are stated, when no draft is named; one of the two is asked for."""
        if self.draft_id is not None and (self.lines or self.description or self.effective_on):
            raise InvalidInput("name a draft, or state an entry, not both", field=("input", "draftId"))
        if self.draft_id is None and (self.lines is None or self.description is None):
            raise InvalidInput("name a draft, or state lines and description", field=("input", "lines"))
        return _lines(self.lines or [])


@input_type("An entry to take back.")
class ReverseJournalEntryInput:
    entry_id: ID = attribute("An entry that was posted by hand, and not taken back before.")
    reason: str = attribute("Why, in 1 to 300 characters; the description of the opposite entry.")
    idempotency_key: str | None = idempotency_key()


@input_type("Papers to add to a voucher.")
class AddVoucherPapersInput:
    voucher_id: ID = attribute("An expense, a revenue, a transfer or the draft of an entry.")
    file_ids: list[ID] = attribute("Files that you have handed in and that belong to nothing yet; 10 at most.")
    idempotency_key: str | None = idempotency_key()


@input_type("A fiscal year to set up.")
class CreateFiscalYearInput:
    starts_on: date = attribute("Its first day: the first of a month.")
    months: int = attribute("How many months it has, from 1 to 24; each is a period.", default=12)
    name: str | None = attribute("What it is called, such as `2026`; by its years when left out.", default=None)
    idempotency_key: str | None = idempotency_key()


@input_type("Which fiscal period.")
class FiscalPeriodActInput:
    period_id: ID = attribute("The period.")


@input_type("Which fiscal year.")
class FiscalYearActInput:
    year_id: ID = attribute("The fiscal year.")
    idempotency_key: str | None = idempotency_key()


@input_type("Which vouchers to list; those that fit all that is said.")
class VoucherFilter:
    states: list[VoucherState] | None = optional("Only those that stand in one of these ways.")
    since: date | None = optional("Only those dated on this day or later.")
    until: date | None = optional("Only those dated on this day or earlier.")
    account_id: ID | None = optional("Only those that debit or credit this account; entries by hand are never among them.")
    branch_id: ID | None = optional("Only those of this branch.")
    created_by_id: ID | None = optional("Only those that this user wrote down.")
    search: str | None = optional("Only those with this in their description, payee or payer, or reference.")

    def parse(self) -> VoucherFilterRow:
        return VoucherFilterRow(
            states=self.states or (),
            since=self.since,
            until=self.until,
            account_id=None if self.account_id is None else read_id("Account", self.account_id, "filter", "accountId"),
            branch_id=None if self.branch_id is None else read_id("Branch", self.branch_id, "filter", "branchId"),
            created_by=None if self.created_by_id is None else read_id("User", self.created_by_id, "filter", "createdById"),
            search=self.search,
        )
