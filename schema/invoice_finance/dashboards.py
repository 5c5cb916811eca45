"""What clients see at a glance. Each dashboard is in one currency, because amounts of several cannot be added up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domain.invoice_finance.states import Industry, InvoiceStatus
from schema.invoice_finance.types import Invoice
from schema.kit import ID, CurrencyCode, Money, attribute, global_id, object_type
from schema.kit.fields import FieldRule


@object_type("Counts and sums of what somebody sells, has invested, and owes.")
class DashboardStats:
    draft_invoices: int = attribute("Own invoices that are drafts.")
    open_invoices: int = attribute("Own invoices on the marketplace.")
    outstanding_invoices: int = attribute("Own invoices that are financed and not repaid to the end.")
    overdue_invoices: int = attribute("Those of them that are late or in default.")
    settled_invoices: int = attribute("Own invoices that were repaid, or whose recovery is over.")
    raised: Money = attribute("What investors have paid for own invoices, ever.")
    active_investments: int = attribute("Investments that are with a seller.")
    invested: Money = attribute("The money in them.")
    held_for_investments: Money = attribute("What is set aside for invoices that pay all or nothing.")
    received_from_investments: Money = attribute("What investments have paid back, ever.")
    invoices_to_pay: int = attribute("Financed invoices that the user owes.")
    amount_to_pay: Money = attribute("What is still owed on them.")


@object_type("Somebody's wallet and the numbers beside it.")
class UserDashboard:
    user_id: ID = global_id("User", "Whose it is.")
    currency: CurrencyCode = attribute("The currency of all amounts in it; the counts are of its invoices too.")
    wallet_balance: Money = attribute("All that is in the wallet.")
    wallet_held: Money = attribute("The part that is set aside.")
    wallet_available: Money = attribute("What can be spent.")
    stats: DashboardStats = attribute("What is sold, invested and owed.")


@object_type("What an investor has in one invoice, all acts of investing together.")
class Position:
    invoice: Invoice = attribute("The invoice.")
    invested: Money = attribute("What is with the seller.")
    held: Money = attribute("What is set aside until all of the advance is there.")
    paid: Money = attribute("What has come back so far.")
    expected_return: Money = attribute(
        "What it will have paid in all if the debtor pays on the due date, to the nearest minor unit; the exact split among "
        "investors may move it by one."
    )


@object_type("An investor's money: at work, waiting, and come back.")
class Portfolio:
    user_id: ID = global_id("User", "Whose it is.")
    currency: CurrencyCode = attribute("The currency of all amounts in it.")
    invested: Money = attribute("What is with sellers now.")
    held: Money = attribute("What is set aside now.")
    received: Money = attribute("What has come back, ever.")
    realised_profit: Money = attribute(
        "What invoices that are over have brought beyond their principal; below zero is a loss."
    )
    expected_return: Money = attribute("What the positions that are not over will have paid in all if debtors pay when due.")
    open_positions: int = attribute("Invoices that are not over.")
    ended_positions: int = attribute("Invoices that are over.")
    positions: list[Position] = attribute(
        "Those that are not over, the earliest due first; the first 100.", rule=FieldRule(size=20, shared=True)
    )


@object_type("The part of an investor's money that went into one industry, or into invoices of one status.")
class InvestmentSlice:
    industry: Industry | None = attribute("The industry; null in a list by status.")
    status: InvoiceStatus | None = attribute("The status; null in a list by industry.")
    investments: int = attribute("How many investments.")
    invested: Money = attribute("How much.")
    share: Decimal = attribute("Percent of everything invested, two decimals, rounded half-even.")


@object_type("What went out and came back in a calendar month (UTC).")
class MonthOfInvesting:
    month: date = attribute("The first day of the month.")
    invested: Money = attribute("What was invested.")
    received: Money = attribute("What came back.")


@object_type(
    "How an investor has done. Rates are percentages with two decimals, rounded half-even; null with nothing to compare."
)
class InvestorAnalytics:
    user_id: ID = global_id("User", "Whose it is.")
    currency: CurrencyCode = attribute("The currency of all amounts in it.")
    invested: Money = attribute("What was invested, ever.")
    received: Money = attribute("What has come back, ever.")
    at_work: Money = attribute("What is in invoices that are not over.")
    realised_profit: Money = attribute(
        "What invoices that are over have brought beyond their principal; below zero is a loss."
    )
    lost: Money = attribute("Principal that did not come back from invoices that are over.")
    average_expected_yield: Decimal | None = attribute("The expected yearly yield of all investments, weighted by amount.")
    realised_return: Decimal | None = attribute(
        "The profit of invoices that are over, in percent of what was put into them."
    )
    default_rate: Decimal | None = attribute(
        "The share of all money that was in invoices when or before they fell into default."
    )
    by_industry: list[InvestmentSlice] = attribute("By industry, the largest first.")
    by_status: list[InvestmentSlice] = attribute("By the invoices' status, the largest first.")
    by_month: list[MonthOfInvesting] = attribute("The last twelve months in which something moved, the earliest first.")
