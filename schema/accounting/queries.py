"""Reading vouchers, fiscal periods and statements, and looking at forms while they are filled in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

import strawberry

from domain.accounting import general_ledger as ledgers
from domain.accounting import models, queries, service, settings, statements
from domain.accounting.dashboard import accounting_dashboard
from domain.accounting.service import ExpenseTerms, RevenueTerms, TransferTerms
from domain.accounting.service.forms import MoneyTerms
from domain.accounting.service.treasury import money_in
from domain.accounting.states import BreakdownBy, DashboardPeriod, PeriodState
from domain.identity.permissions import Permission
from domain.kit.errors import DomainError
from domain.kit.paging import Page, PageRequest
from schema.accounting.inputs import Unread, ValidateExpenseInput, ValidateRevenueInput, VoucherFilter, said_in
from schema.accounting.statements import (
    AccountingDashboard,
    BalanceSheet,
    CashPosition,
    GeneralLedger,
    GeneralLedgerLine,
    ProfitAndLoss,
    RevenueBreakdown,
)
from schema.accounting.types import Expense, FiscalPeriod, FiscalYear, JournalDraft, Revenue, Transfer
from schema.kit import (
    ID,
    CurrencyCode,
    Info,
    Money,
    MoneyInput,
    argument,
    attribute,
    listing,
    object_type,
    query,
    read_id,
)
from schema.kit.errors import UserError
from schema.kit.fields import FieldRule
from schema.kit.forms import Validation

STATEMENT_COST = 20

Filter = Annotated[VoucherFilter | None, argument("Only some of them.")]
From = Annotated[date, argument("The first day.", name="from")]
To = Annotated[date, argument("The last day.", name="to")]
AsOf = Annotated[date | None, argument("The day at whose end; today when left out.")]
InCurrency = Annotated[CurrencyCode | None, argument("In which currency; the house's default when left out.")]
OfBranch = Annotated[ID | None, argument("Of which branch; all when left out. Staff of a branch always read their own.")]
AccountId = Annotated[ID, argument("The account.")]


_ERRORS = "All that the act would refuse; empty when it would not."
_NEEDS = "Whether the amount is above the threshold of the house, so that somebody else has to approve it."


@object_type("What is wrong with an expense or a revenue as it is filled in now. Nothing was written.")
class VoucherValidation:
    errors: list[UserError] = attribute(_ERRORS, rule=FieldRule(size=10, shared=True))
    valid: bool = attribute("Whether nothing is wrong.")
    needs_approval: bool = attribute(_NEEDS)


@object_type("What is wrong with a transfer, and what there is. Nothing was written.")
class TransferValidation:
    available_balance: Money | None = attribute("What is in the giving account now; null when it is none of cash or bank.")
    errors: list[UserError] = attribute(_ERRORS, rule=FieldRule(size=10, shared=True))
    valid: bool = attribute("Whether nothing is wrong.")
    needs_approval: bool = attribute(_NEEDS)


class VoucherCheck(Validation):
    """The row behind both."""

    def __init__(self, terms: MoneyTerms, problems: Sequence[DomainError], available: object = None) -> None:
        super().__init__(problems)
        self.available_balance = available
        self.needs_approval = terms.amount is not None and settings.current().takes_two(terms.amount)


@strawberry.type
class Query:
    @query(Expense | None, "One expense; null when there is none, or none for you.", requires=Permission.ACCOUNTING_READ)
    async def expense(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.expenses_by_id, read_id("Expense", id, "id"))

    @query(Revenue | None, "One revenue; null when there is none, or none for you.", requires=Permission.ACCOUNTING_READ)
    async def revenue(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.revenues_by_id, read_id("Revenue", id, "id"))

    @listing(Expense, "Expenses, those written down last first.", requires=Permission.ACCOUNTING_READ)
    async def expenses(self, info: Info, page: PageRequest, filter: Filter = None) -> Page[models.Expense]:
        return await queries.expenses(info.context.actor, page, filter.parse() if filter else None)

    @listing(Revenue, "Revenues, those written down last first.", requires=Permission.ACCOUNTING_READ)
    async def revenues(self, info: Info, page: PageRequest, filter: Filter = None) -> Page[models.Revenue]:
        return await queries.revenues(info.context.actor, page, filter.parse() if filter else None)

    @listing(
        Transfer,
        "Transfers between accounts of the house, those written down last first.",
        requires=Permission.ACCOUNTING_READ,
    )
    async def transfers(self, info: Info, page: PageRequest, filter: Filter = None) -> Page[models.Transfer]:
        return await queries.transfers(info.context.actor, page, filter.parse() if filter else None)

    @listing(
        JournalDraft,
        "Entries by hand that were written down as drafts, the last first; those that are in the books too.",
        requires=Permission.ACCOUNTING_READ,
    )
    async def journal_drafts(self, info: Info, page: PageRequest, filter: Filter = None) -> Page[models.JournalDraft]:
        return await queries.journal_drafts(info.context.actor, page, filter.parse() if filter else None)

    @query(
        VoucherValidation,
        "What `createExpense` would refuse about a form as it is filled in now.",
        requires=Permission.ACCOUNTING_WRITE,
    )
    async def validate_expense(
        self, info: Info, input: Annotated[ValidateExpenseInput, argument("The form.")]
    ) -> VoucherCheck:
        unread = Unread()
        terms = ExpenseTerms(**said_in(input, unread))
        return VoucherCheck(terms, unread.with_problems(await service.validate_expense(info.context.actor, terms=terms)))

    @query(
        VoucherValidation,
        "What `createRevenue` would refuse about a form as it is filled in now.",
        requires=Permission.ACCOUNTING_WRITE,
    )
    async def validate_revenue(
        self, info: Info, input: Annotated[ValidateRevenueInput, argument("The form.")]
    ) -> VoucherCheck:
        unread = Unread()
        terms = RevenueTerms(**said_in(input, unread))
        return VoucherCheck(terms, unread.with_problems(await service.validate_revenue(info.context.actor, terms=terms)))

    @query(
        TransferValidation,
        "What `createTransfer` would refuse, and what there is in the giving account.",
        requires=Permission.ACCOUNTING_WRITE,
    )
    async def validate_transfer(
        self,
        info: Info,
        giving: Annotated[ID, argument("The account of cash or bank that gives the money.", name="from")],
        getting: Annotated[ID, argument("The account of cash or bank that gets it.", name="to")],
        amount: Annotated[MoneyInput, argument("How much.")],
    ) -> VoucherCheck:
        actor, unread = info.context.actor, Unread()
        from_account_id = unread.read(lambda: read_id("Account", giving, "from"))
        to_account_id = unread.read(lambda: read_id("Account", getting, "to"))
        sum_ = unread.read(lambda: amount.parse("amount"))
        terms = TransferTerms(
            from_account_id=from_account_id, to_account_id=to_account_id, amount=sum_, description="Transfer"
        )
        problems = await service.validate_transfer(actor, terms=terms)
        for problem in problems:
            problem.field = _ARGUMENTS.get(problem.field or (), problem.field)
        available = None if from_account_id is None else await money_in(actor, from_account_id)
        return VoucherCheck(terms, unread.with_problems(problems), available)

    @listing(FiscalYear, "Fiscal years, the latest first.", requires=Permission.ACCOUNTING_READ)
    async def fiscal_years(self, info: Info, page: PageRequest) -> Page[models.FiscalYear]:
        return await queries.fiscal_years(info.context.actor, page)

    @listing(FiscalPeriod, "Fiscal periods in the order of time.", requires=Permission.ACCOUNTING_READ)
    async def fiscal_periods(
        self,
        info: Info,
        page: PageRequest,
        year_id: Annotated[ID | None, argument("Only those of this fiscal year.")] = None,
        state: Annotated[PeriodState | None, argument("Only the open or only the closed ones.")] = None,
    ) -> Page[models.FiscalPeriod]:
        found = None if year_id is None else read_id("FiscalYear", year_id, "yearId")
        return await queries.fiscal_periods(info.context.actor, page, year_id=found, state=state)

    @query(
        ProfitAndLoss,
        "What was earned and spent in a stretch of days. The closing of a year is left out.",
        requires=Permission.ACCOUNTING_READ,
        cost=STATEMENT_COST,
    )
    async def profit_and_loss(
        self,
        info: Info,
        since: From,
        until: To,
        currency: InCurrency = None,
        branch_id: OfBranch = None,
        compare: Annotated[bool, argument("Also the stretch just before, and each row's amount in it.")] = False,
    ) -> statements.ProfitAndLoss:
        return await statements.profit_and_loss(
            info.context.actor,
            since=since,
            until=until,
            currency=currency,
            branch_id=_branch(branch_id),
            compare=compare,
        )

    @query(
        RevenueBreakdown,
        "What was earned in a stretch of days, by what it came of.",
        requires=Permission.ACCOUNTING_READ,
        cost=STATEMENT_COST,
    )
    async def revenue_breakdown(
        self,
        info: Info,
        since: From,
        until: To,
        by: Annotated[BreakdownBy, argument("By what.")],
        currency: InCurrency = None,
        branch_id: OfBranch = None,
    ) -> statements.RevenueBreakdown:
        return await statements.revenue_breakdown(
            info.context.actor, since=since, until=until, by=by, currency=currency, branch_id=_branch(branch_id)
        )

    @query(
        CashPosition,
        "The money at hand at the end of a day, and how much of it belongs to the owners of wallets.",
        requires=Permission.ACCOUNTING_READ,
        cost=STATEMENT_COST,
    )
    async def cash_position(
        self, info: Info, as_of: AsOf = None, currency: InCurrency = None, branch_id: OfBranch = None
    ) -> statements.CashPosition:
        return await statements.cash_position(
            info.context.actor, as_of=as_of, currency=currency, branch_id=_branch(branch_id)
        )

    @query(
        BalanceSheet,
        "What the house has, what it owes, and what is its owners', at the end of a day.",
        requires=Permission.ACCOUNTING_READ,
        cost=STATEMENT_COST,
    )
    async def balance_sheet(self, info: Info, as_of: AsOf = None, currency: InCurrency = None) -> statements.BalanceSheet:
        return await statements.balance_sheet(info.context.actor, as_of=as_of, currency=currency)

    @query(
        GeneralLedger,
        "An account over a stretch of days; its lines are in `generalLedgerLines`.",
        requires=Permission.LEDGER_READ,
        cost=STATEMENT_COST,
    )
    async def general_ledger(self, info: Info, account_id: AccountId, since: From, until: To) -> ledgers.GeneralLedger:
        found = read_id("Account", account_id, "accountId")
        return await ledgers.general_ledger(info.context.actor, account_id=found, since=since, until=until)

    @listing(
        GeneralLedgerLine,
        "The lines of an account in a stretch of days, by date, each with the balance after it.",
        requires=Permission.LEDGER_READ,
    )
    async def general_ledger_lines(
        self, info: Info, page: PageRequest, account_id: AccountId, since: From, until: To
    ) -> Page[ledgers.LedgerLine]:
        found = read_id("Account", account_id, "accountId")
        return await ledgers.general_ledger_lines(info.context.actor, page, account_id=found, since=since, until=until)

    @query(
        AccountingDashboard,
        "The accounts at a glance: result, money at hand, revenue by business, what waits, the latest entries.",
        requires=Permission.ACCOUNTING_READ,
        cost=STATEMENT_COST,
    )
    async def accounting_dashboard(
        self,
        info: Info,
        period: Annotated[DashboardPeriod, argument("Which stretch of days.")] = DashboardPeriod.MONTH,
        currency: InCurrency = None,
        branch_id: OfBranch = None,
    ) -> object:
        return await accounting_dashboard(info.context.actor, period=period, currency=currency, branch_id=_branch(branch_id))


_ARGUMENTS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("input", "fromAccountId"): ("from",),
    ("input", "toAccountId"): ("to",),
    ("input", "amount"): ("amount",),
}


def _branch(branch_id: str | None) -> UUID | None:
    return None if branch_id is None else read_id("Branch", branch_id, "branchId")
