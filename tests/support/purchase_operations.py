"""Purchases as clients send and read them, for tests of the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from domain.identity.actor import Actor
from domain.milling.models import Purchase
from tests.support.graphql import do, encode_id, heard
from tests.support.purchases import Mill
from tests.support.stock_operations import op, place_id, valued


def new_line(code: str = "WHEAT", quantity: str = "100", price: str = "10.00", **more: Any) -> dict[str, Any]:
    """Of an item that the mill may not know yet."""
    new = {"code": code, "name": code.title(), "category": "RAW_MATERIAL"}
    return {"newItem": new, "quantity": quantity, "unitPrice": valued(price)} | more


def form(mill: Mill, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A purchase of the mill's supplier; 100 kg of wheat at 10.00 unless lines are said."""
    who = {} if "newSupplier" in more else {"supplierId": encode_id("Supplier", mill.supplier.id)}
    return who | {"warehouseId": place_id(mill.warehouse), "lines": list(lines) or [new_line()]} | more


async def bought(mill: Mill, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A purchase made by the manager through the API, as `createPurchase` shows it."""
    made = await do(mill.manager, op("CreatePurchase"), input=form(mill, *lines, **more))
    found: dict[str, Any] = made["purchase"]
    return found


def of(purchase: Purchase | dict[str, Any], **more: Any) -> dict[str, Any]:
    """An input about a purchase."""
    known = purchase["id"] if isinstance(purchase, dict) else encode_id("Purchase", purchase.id)
    return {"purchaseId": known} | more


def unknown(type_name: str) -> str:
    return encode_id(type_name, UUID(int=7))


async def changes_heard(actor: Actor, **narrowed: Any) -> list[str]:
    """What somebody hears to have become of purchases."""
    return [item["change"] for item in await heard(actor, op("PurchaseUpdated"), **narrowed)]
