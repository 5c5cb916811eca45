"""An investor's money becomes flour: a wallet is topped up, a mill's invoice financed, wheat bought and milled with it,
flour sold, and the debtor's payment goes back to the investor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.demo import people
from api.demo.mill_things import FLOUR_50, GROWERS, MILLING, RETAILER, SHOP, STORE, WHEAT
from domain.kit import clock
from schema.kit.ids import read_id
from tests.journeys.travelling import Journey, Road, a_phone, shown, travelling
from tests.support.operations import money

if TYPE_CHECKING:
    from tests.journeys.conftest import Journeys

SALES, PURCHASES, WALLET = "SalesUpdated", "PurchaseUpdated", "wallets/WalletBalanceChanged"
PAYOUTS, PAYMENTS, BOOKS = "invoice_finance/PayoutMade", "payments/PaymentUpdated", "accounting/AccountingDashboardUpdated"
FEEDS = {
    people.MILLER: [SALES, WALLET],
    people.THIRD_INVESTOR: [WALLET, PAYOUTS, PAYMENTS],
    people.DEBTOR: ["MillOrderUpdated", PAYMENTS],
    people.ACCOUNTANT: [],
    people.CLERK: [],
    people.CASHIER: [],
    people.STOREKEEPER: [],
}
BAGS = 10


@pytest.mark.timeout(300)
async def test_an_investor_the_mill_and_its_debtor(journeys: Journeys) -> None:
    await journeys.arrive(1)


async def tell(road: Road) -> None:
    async with travelling(road, "milling", FEEDS, streams=[PAYOUTS, SALES]) as journey:
        mill = await _look_around(journey)
        before, held = await _earned(journey), await _held(journey)
        sale = await _sell_on_credit(journey, mill)
        invoice_id = await _offer(journey, sale["id"])
        topped_up = await _top_up(journey)
        await _fund(journey, sale, invoice_id)
        assert _since(held, await _held(journey)) == {"received": 29_600_00, "available": 29_600_00}
        async with road.night:
            bought, milled, sold = await _buy_mill_and_sell(journey, mill)
        paid = await _debtor_pays(journey, sale, invoice_id)
        await _everybody_has_theirs(journey, sale, invoice_id)
        assert _since(held, await _held(journey)) == {"received": 36_260_00, "spent": 23_000_00, "collected": 13_260_00}
        await road.settled()
        await _books_have_it(journey, before, bought, sold)
        await _one_story(journey, invoice_id, sale, bought, milled, sold, topped_up, paid)


async def _look_around(journey: Journey) -> dict[str, str]:
    miller, ids = journey[people.MILLER], {}
    for name in ("Items", "Warehouses", "BillsOfMaterials", "Suppliers", "Customers"):
        for row in (await miller.sees(name, first=50) if name == "Items" else await miller.sees(name))["nodes"]:
            ids[row.get("code") or row["name"]] = row["id"]
    return ids


async def _earned(journey: Journey) -> dict[str, Any]:
    today = clock.today().isoformat()
    found: dict[str, Any] = await journey[people.ACCOUNTANT].sees("accounting/ProfitAndLoss", **{"from": today, "to": today})
    return found


async def _held(journey: Journey) -> dict[str, int]:
    """What the seller holds of the mill's money, and what became of it."""
    stands = await journey[people.MILLER].sees("FinanceProceeds")
    return {name: round(float(amount["amount"]) * 100) for name, amount in stands.items()}


def _since(before: dict[str, int], now: dict[str, int]) -> dict[str, int]:
    return {name: amount - before[name] for name, amount in now.items() if amount != before[name]}


async def _sell_on_credit(journey: Journey, mill: dict[str, str]) -> dict[str, Any]:
    clerk = journey[people.CLERK]
    line = {"itemId": mill[FLOUR_50], "quantity": str(BAGS), "unitPrice": money("3700.00", "KES")}
    said = {"customerId": mill[RETAILER], "warehouseId": mill[STORE], "lines": [line], "idempotencyKey": "flour on credit"}
    made = (await clerk.does("CreateSale", **said))["sale"]
    assert shown(made["amount"]) == "KES 37,000.00"
    invoiced = await clerk.does("InvoiceSale", saleId=made["id"])
    sale: dict[str, Any] = invoiced["sale"]
    return sale


async def _offer(journey: Journey, sale_id: str) -> str:
    """Offered, and listed on the market a moment later; the id of the invoice there."""
    miller = journey[people.MILLER]
    await miller.does("OfferSaleForFinance", saleId=sale_id, advanceRate="80", feeRate="2")
    await miller.hears(SALES, lambda item: _is(item, sale_id) and item["sale"]["financeStatus"] == "LISTED")
    found = await journey[people.THIRD_INVESTOR].sees("invoice_finance/Marketplace", first=50)
    number = (await miller.sees("Sale", id=sale_id))["invoiceNumber"]
    return next(str(node["id"]) for node in found["nodes"] if node["number"] == number)


async def _top_up(journey: Journey) -> dict[str, Any]:
    investor = journey[people.THIRD_INVESTOR]
    wallets = await investor.sees("wallets/Wallets")
    wallet_id = next(each["id"] for each in wallets if each["currency"] == "KES")
    payment = await journey.pays(people.THIRD_INVESTOR, "WALLET_TOP_UP", wallet_id, a_phone(1), amount=money("30000", "KES"))
    came = await investor.hears(WALLET, lambda item: item["kind"] == "payments.wallet_topped_up")
    assert shown(came["change"]) == "KES 30,000.00"
    return payment


async def _fund(journey: Journey, sale: dict[str, Any], invoice_id: str) -> None:
    """All of the advance: 80 percent of the face value goes from one wallet into the other."""
    funded = await journey[people.THIRD_INVESTOR].does(
        "invoice_finance/FundInvoice", invoiceId=invoice_id, amount=money("29600.00", "KES"), idempotencyKey="the advance"
    )
    assert funded["invoice"]["status"] == "FUNDED"
    miller = journey[people.MILLER]
    came = await miller.hears(WALLET, lambda item: item["kind"] == "invoice_finance.investment")
    assert shown(came["change"]) == "KES 29,600.00"
    await miller.hears(SALES, lambda item: _is(item, sale["id"]) and item["sale"]["financeStatus"] == "FUNDED")


async def _buy_mill_and_sell(journey: Journey, mill: dict[str, str]) -> tuple[Any, Any, Any]:
    """While no worker and no Valkey is there: wheat out of the seller's wallet, flour, and a buyer with cash."""
    keeper, clerk, miller = journey[people.STOREKEEPER], journey[people.CLERK], journey[people.MILLER]
    line = {"itemId": mill[WHEAT], "quantity": "500", "unitPrice": money("46.00", "KES")}
    said = {"supplierId": mill[GROWERS], "warehouseId": mill[STORE], "lines": [line], "idempotencyKey": "wheat"}
    bought = (await keeper.does("CreatePurchase", **said))["purchase"]
    await journey[people.CASHIER].does("BillPurchase", purchaseId=bought["id"], billNumber=f"J1-{journey.id.hex[:8]}")
    act = {"purchaseId": bought["id"], "method": "WALLET", "idempotencyKey": "out of the wallet"}
    paid = await miller.does("PayPurchase", **act)
    assert (shown(paid["purchase"]["dueAmount"]), paid["payment"]["method"]) == ("KES 0.00", "WALLET")
    assert (await miller.does("PayPurchase", **act))["replayed"] is True
    said = {"bomId": mill[MILLING], "quantity": "750", "warehouseId": mill[STORE], "upTo": "COMPLETED"}
    milled = (await keeper.does("CreateProduction", **said, idempotencyKey="flour"))["production"]
    line = {"itemId": mill[FLOUR_50], "quantity": "2"}
    sold = (await clerk.does("CreateSale", warehouseId=mill[SHOP], lines=[line], idempotencyKey="for cash"))["sale"]
    await journey[people.CASHIER].does(
        "RecordSalePayment", saleId=sold["id"], payment={"method": "CASH"}, idempotencyKey="cash for two bags"
    )
    return bought, milled, sold


async def _debtor_pays(journey: Journey, sale: dict[str, Any], invoice_id: str) -> dict[str, Any]:
    debtor = journey[people.DEBTOR]
    payment = await journey.pays(people.DEBTOR, "INVOICE_SETTLEMENT", invoice_id, a_phone(2))
    assert shown(payment["amount"]) == "KES 37,000.00"
    await debtor.hears(PAYMENTS, lambda item: item["__typename"] == "PaymentApplied")
    return payment


async def _everybody_has_theirs(journey: Journey, sale: dict[str, Any], invoice_id: str) -> None:
    investor, miller = journey[people.THIRD_INVESTOR], journey[people.MILLER]
    payout = await investor.hears(PAYOUTS, lambda item: item["invoice"]["id"] == invoice_id)
    assert (shown(payout["invested"]), shown(payout["paidInAll"])) == ("KES 29,600.00", "KES 30,340.00")
    done = await miller.hears(SALES, lambda item: _is(item, sale["id"]) and item["change"] == "PAID")
    assert (done["sale"]["status"], done["sale"]["financeStatus"]) == ("PAID", "SETTLED")
    rest = {"amount": money("13260.00", "KES"), "idempotencyKey": "the rest"}
    assert shown((await miller.does("CollectFinanceProceeds", **rest))["collected"]) == "KES 13,260.00"
    assert (await miller.does("CollectFinanceProceeds", **rest))["replayed"] is True
    told = [item for item in investor.feeds[PAYOUTS].items if item["invoice"]["id"] == invoice_id]
    assert len(told) == 1, "it was told once, although the server that told it died before"
    assert all(each.cuts for somebody in (investor, miller) for each in somebody.feeds.values())


async def _books_have_it(journey: Journey, before: dict[str, Any], bought: Any, sold: Any) -> None:
    """Of the mill's own accounts what the investors had paid is cleared, and the books of the journey balance."""
    entries = await journey.entries()
    assert sum(entries.values()) == 0
    assert not {"1320", "1340", "2130", "2120", "2910", "2920"} & entries.keys(), entries
    assert (entries["1210"], entries["1200"], entries["5223"]) == (67_000_00, -23_000_00, 740_00)
    # Whoever put money in has a fee more than before, and the seller nothing of the mill's any more.
    assert entries["2310"] == -(30_000_00 + 740_00)
    after = await _earned(journey)
    grown = float(after["totalIncome"]["amount"]) - float(before["totalIncome"]["amount"])
    assert grown >= 37_000 + float(sold["amount"]["amount"])


async def _one_story(journey: Journey, invoice_id: str, sale: Any, bought: Any, milled: Any, sold: Any, *paid: Any) -> None:
    await journey.goes_through(
        "milling.sale_changed",
        "milling.sale_offered",
        "invoice_finance.invoice_listed",
        "payments.payment_credited",
        "payments.payment_applied",
        "invoice_finance.invoice_funded",
        "milling.proceeds_changed",
        "milling.purchase_changed",
        "milling.production_changed",
        "payments.payment_credited",
        "invoice_finance.invoice_repaid",
        "invoice_finance.payout_made",
        "milling.sale_changed",
        "milling.proceeds_changed",
    )
    await journey.is_one(
        f"invoice:{read_id('Invoice', invoice_id)}",
        *(f"sale:{read_id('Sale', each['id'])}" for each in (sale, sold)),
        f"purchase:{read_id('Purchase', bought['id'])}",
        f"production:{read_id('Production', milled['id'])}",
        *(f"payment:{read_id('Payment', each['id'])}" for each in paid),
    )


def _is(item: dict[str, Any], sale_id: str) -> bool:
    return item["__typename"] == "SaleChanged" and bool(item["sale"]["id"] == sale_id)
