"""The chart of accounts of the mill, and the sides of every journal entry it makes.

Each movement moves its value between stock and the account that its kind stands for: what came in by a purchase is owed as
received but not billed, what a production takes is work in progress, and so on. What of a cost found no stock to be in goes
to stock variance. Stock in transfer is zero after every entry, for both ends of a transfer are in one.

The other sides of a document (what a customer owes, what a bill comes to, money) are functions below. An amount is whole
minor units of the mill's currency, and a side is positive for a debit.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from domain.ledger.chart import BANK, CASH, SALES, AccountKind, HouseAccount, register_account
from domain.milling.states import ItemCategory, MovementKind, PaymentMethod

_K = MovementKind

MPESA_CLEARING: Final = register_account("1210", "M-Pesa Clearing", AccountKind.ASSET, is_cash=True)
TRADE_RECEIVABLES: Final = register_account("1320", "Trade Receivables", AccountKind.ASSET, by_process=True)
FINANCE_PROCEEDS: Final = register_account("1340", "Invoice Finance Proceeds", AccountKind.ASSET, by_process=True)
RAW_MATERIALS: Final = register_account("1411", "Raw Materials", AccountKind.ASSET, by_process=True)
FINISHED_GOODS: Final = register_account("1412", "Finished Goods", AccountKind.ASSET, by_process=True)
BY_PRODUCTS: Final = register_account("1413", "By-products", AccountKind.ASSET, by_process=True)
PACKAGING: Final = register_account("1414", "Packaging", AccountKind.ASSET, by_process=True)
WORK_IN_PROGRESS: Final = register_account("1415", "Work in Progress", AccountKind.ASSET, by_process=True)
STOCK_IN_TRANSFER: Final = register_account("1416", "Stock in Transfer", AccountKind.ASSET, by_process=True)
TRADE_PAYABLES: Final = register_account("2120", "Trade Payables", AccountKind.LIABILITY, by_process=True)
FINANCE_ADVANCES: Final = register_account("2130", "Invoice Finance Advances", AccountKind.LIABILITY, by_process=True)
NOT_BILLED: Final = register_account("2210", "Stock Received But Not Billed", AccountKind.LIABILITY, by_process=True)
LANDED_COST_PAYABLE: Final = register_account("2220", "Landed Cost Payable", AccountKind.LIABILITY)
OPENING_STOCK: Final = register_account("3300", "Opening Stock", AccountKind.EQUITY)
SALES_RETURNS: Final = register_account("4190", "Sales Returns", AccountKind.INCOME)
COST_OF_GOODS_SOLD: Final = register_account("5111", "Cost of Goods Sold", AccountKind.EXPENSE)
STOCK_USED: Final = register_account("5112", "Stock Used", AccountKind.EXPENSE)
OVERHEAD_ABSORBED: Final = register_account("5117", "Production Overhead Absorbed", AccountKind.EXPENSE)
STOCK_VARIANCE: Final = register_account("5118", "Stock Variance", AccountKind.EXPENSE)
STOCK_ADJUSTMENT: Final = register_account("5119", "Stock Adjustment", AccountKind.EXPENSE)
FINANCE_COSTS: Final = register_account("5223", "Invoice Finance Costs", AccountKind.EXPENSE)

STOCK_OF: Final[Mapping[ItemCategory, HouseAccount]] = MappingProxyType(
    {
        ItemCategory.RAW_MATERIAL: RAW_MATERIALS,
        ItemCategory.FINISHED: FINISHED_GOODS,
        ItemCategory.BY_PRODUCT: BY_PRODUCTS,
        ItemCategory.PACKAGING: PACKAGING,
    }
)
"""Where the value of an item in stock is."""

COUNTER_OF: Final[Mapping[MovementKind, HouseAccount]] = MappingProxyType(
    {
        _K.OPENING: OPENING_STOCK,
        _K.RECEIPT: STOCK_ADJUSTMENT,
        _K.ISSUE: STOCK_USED,
        _K.PURCHASE_RECEIPT: NOT_BILLED,
        # What a return is worth in stock may turn out otherwise later, what the supplier credits for it does not.
        _K.PURCHASE_RETURN: STOCK_VARIANCE,
        _K.BILL_DIFFERENCE: NOT_BILLED,
        _K.LANDED_COST: LANDED_COST_PAYABLE,
        _K.SALE_DELIVERY: COST_OF_GOODS_SOLD,
        _K.SALE_RETURN: COST_OF_GOODS_SOLD,
        _K.TRANSFER_OUT: STOCK_IN_TRANSFER,
        _K.TRANSFER_IN: STOCK_IN_TRANSFER,
        _K.PRODUCTION_CONSUME: WORK_IN_PROGRESS,
        _K.PRODUCTION_OUTPUT: WORK_IN_PROGRESS,
        _K.PRODUCTION_BY_PRODUCT: WORK_IN_PROGRESS,
        _K.REPACK_OUT: WORK_IN_PROGRESS,
        _K.REPACK_IN: WORK_IN_PROGRESS,
        _K.ADJUSTMENT: STOCK_ADJUSTMENT,
        _K.COUNT: STOCK_ADJUSTMENT,
    }
)
"""Where the value of a movement comes from, or goes to."""

MONEY_AT: Final[Mapping[PaymentMethod, HouseAccount]] = MappingProxyType(
    {PaymentMethod.CASH: CASH, PaymentMethod.BANK: BANK, PaymentMethod.MPESA: MPESA_CLEARING}
)
"""Where money of the house is, by how it came; a wallet is somebody's own account."""


class Side(NamedTuple):
    """One side of an entry: minor units on an account, positive for a debit."""

    account: HouseAccount
    amount_minor: int


def sold(amount: int) -> list[Side]:
    """Dr trade receivables   Cr sales: goods were delivered for a price."""
    return _sides(Side(TRADE_RECEIVABLES, amount), Side(SALES, -amount))


def taken_back(amount: int) -> list[Side]:
    """Dr sales returns   Cr trade receivables: a customer brought goods back, for what they were sold for."""
    return _sides(Side(SALES_RETURNS, amount), Side(TRADE_RECEIVABLES, -amount))


def billed(amount: int, on_returned: int = 0) -> list[Side]:
    """Dr stock received but not billed   Cr trade payables.

    Where the bill says something else than the receipt did, movements of value alone carry the difference into stock.
    ``on_returned`` is the part of it on goods that had gone back before the bill: Dr stock received but not billed
    Cr stock variance, for their return was of that price, too.
    """
    return _sides(Side(NOT_BILLED, amount + on_returned), Side(TRADE_PAYABLES, -amount), Side(STOCK_VARIANCE, -on_returned))


def paid_to_supplier(money: HouseAccount, amount: int) -> list[Side]:
    """Dr trade payables   Cr cash, bank or M-Pesa clearing; what a supplier gives back is a negative amount."""
    return _sides(Side(TRADE_PAYABLES, amount), Side(money, -amount))


def proceeds_received(amount: int) -> list[Side]:
    """Dr invoice finance proceeds   Cr invoice finance advances.

    Investors paid for an invoice of the mill: whoever offered it holds that for the mill, and until the customer has paid
    the investors it is an advance.
    """
    return _sides(Side(FINANCE_PROCEEDS, amount), Side(FINANCE_ADVANCES, -amount))


def financed_and_repaid(amount: int, received: int) -> list[Side]:
    """Dr invoice finance advances, Dr invoice finance costs (what investors and the market kept)   Cr trade receivables.

    What was received beyond what the customer ever paid stays an advance, for the customer owes as much still.
    """
    met = min(amount, received)
    return _sides(Side(FINANCE_ADVANCES, met), Side(FINANCE_COSTS, amount - met), Side(TRADE_RECEIVABLES, -amount))


def sent_back(amount: int, credited: int) -> list[Side]:
    """Dr trade payables (what is taken off a bill), stock received but not billed (the rest)   Cr stock variance.

    ``amount`` is what the supplier gives for the goods. Their movement debits what they were worth in stock to variance; so
    what stays there is the difference.
    """
    return _sides(Side(TRADE_PAYABLES, credited), Side(NOT_BILLED, amount - credited), Side(STOCK_VARIANCE, -amount))


def overhead_absorbed(amount: int) -> list[Side]:
    """Dr work in progress   Cr production overhead absorbed: labour, power and wear become a part of what is milled."""
    return _sides(Side(WORK_IN_PROGRESS, amount), Side(OVERHEAD_ABSORBED, -amount))


def _sides(*sides: Side) -> list[Side]:
    """The sides with an amount; they balance."""
    assert sum(side.amount_minor for side in sides) == 0, "an entry balances"
    return [side for side in sides if side.amount_minor]
