"""What clients send about items, warehouses, partners and alerts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

import strawberry

from domain.milling.queries import catalogue as queries
from domain.milling.service.items import NewItem
from domain.milling.service.warehouses import NewWarehouse
from domain.milling.states import AlertKind, AlertPriority, AlertState, ItemCategory, ValuationMethod
from domain.notifications.models import Priority
from schema.kit import ID, MoneyInput, attribute, input_type, read_optional_id
from schema.milling import enums  # noqa: F401  describes the enums that are used here

_EXPECTED = "The version that you read; refused with RECORD_CHANGED when somebody has changed it since."
_CODE = "1 to 30 letters, digits, -, _ and points; unique in the mill. Capitals make no difference."


def change(description: str) -> Any:
    """A field of an input that changes something: what is not sent stays. So does what is sent as null, unless null means
    that there is none."""
    return attribute(description, default=strawberry.UNSET)


@input_type("A unit that an item is also measured in.")
class ItemUnitInput:
    unit: str = attribute("What it is called, such as `tonne` or `bag 50 kg`, in 1 to 20 characters.")
    factor: Decimal = attribute("How many base units one of it is: above 0, with at most 6 decimals.")


@input_type("An item that the mill did not know yet.")
class NewItemInput:
    code: str = attribute(_CODE)
    name: str = attribute("What it is called, in 1 to 120 characters.")
    category: ItemCategory = attribute("What it is to the mill.")
    base_unit: str = attribute(
        "The unit that its quantities are in. One of `g`, `kg`, `quintal` and `tonne` brings the heavier ones along.",
        default="kg",
    )
    description: str = attribute("What there is to say about it, in up to 500 characters.", default="")
    valuation_method: ValuationMethod = attribute(
        "At which cost it goes out. It stays once stock has moved.", default=ValuationMethod.MOVING_AVERAGE
    )
    weight_kg: Decimal | None = attribute(
        "What one base unit weighs, in kilograms with at most 6 decimals; when left out, that of a unit of weight, else 0.",
        default=None,
    )
    reorder_level: Decimal = attribute("At so much or less it is low in a warehouse.", default=Decimal(0))
    reorder_quantity: Decimal = attribute("How much is usually ordered.", default=Decimal(0))
    lead_time_days: int = attribute("How many days an order takes, up to 3650.", default=0)
    sale_price: MoneyInput | None = attribute("What one base unit is sold for when nothing else is said.", default=None)
    allow_negative: bool = attribute("Whether more may go out than there is.", default=False)
    units: list[ItemUnitInput] | None = attribute("The units that it is also measured in, at most 20.", default=None)

    def parse(self, *path: str) -> NewItem:
        """``path`` is where in the input this is."""
        plain = {name: value for name, value in vars(self).items() if name not in ("units", "sale_price")}
        price = None if self.sale_price is None else self.sale_price.parse(*path, "salePrice")
        return NewItem(**plain, sale_price=price, units={each.unit: each.factor for each in self.units or ()})


@input_type("An item to be made.")
class CreateItemInput(NewItemInput):
    pass


@input_type("What changes about an item. What is left out stays.")
class UpdateItemInput:
    item_id: ID = attribute("The item.")
    name: str | None = change("What it is called, in 1 to 120 characters.")
    description: str | None = change("What there is to say about it, in up to 500 characters.")
    category: ItemCategory | None = change("What it is to the mill. It stays once stock has moved.")
    base_unit: str | None = change("The unit that its quantities are in. It stays once stock has moved.")
    valuation_method: ValuationMethod | None = change("At which cost it goes out. It stays once stock has moved.")
    weight_kg: Decimal | None = change("What one base unit weighs, in kilograms with at most 6 decimals.")
    reorder_quantity: Decimal | None = change("How much is usually ordered.")
    lead_time_days: int | None = change("How many days an order takes, up to 3650.")
    sale_price: MoneyInput | None = change("What one base unit is sold for when nothing else is said; null for no price.")
    allow_negative: bool | None = change("Whether more may go out than there is.")
    active: bool | None = change("Whether it can be bought, milled and sold.")
    expected_version: int | None = attribute(_EXPECTED, default=None)

    def changes(self) -> dict[str, Any]:
        return _said(self, {"sale_price": lambda price: price.parse("input", "salePrice")})


@input_type("A unit that an item is to be measured in, or no more.")
class SetItemUnitInput:
    item_id: ID = attribute("The item.")
    unit: str = attribute("What it is called, such as `tonne` or `bag 50 kg`, in 1 to 20 characters.")
    factor: Decimal | None = attribute("How many base units one of it is; null to measure in it no more.")


@input_type("At how much an item is low.")
class SetReorderLevelInput:
    item_id: ID = attribute("The item.")
    warehouse_id: ID | None = attribute(
        "Only in this warehouse; everywhere it has no level of its own when left out.", default=None
    )
    level: Decimal | None = attribute(
        "At so much or less it is low; 0 to tell nobody. Null, with a warehouse, for the item's level again."
    )


@input_type("A warehouse to be opened.")
class OpenWarehouseInput:
    code: str = attribute(_CODE)
    name: str = attribute("What it is called, in 1 to 120 characters.")
    address: str = attribute("Where it is, in up to 300 characters.", default="")
    branch_id: ID | None = attribute("The branch that it is of; the whole mill when left out.", default=None)
    capacity: Decimal | None = attribute("How much it holds, in kilograms; never full when left out.", default=None)
    alert_percent: int | None = attribute(
        "From so many percent of its capacity on it warns, 1 to 100; as the installation says when left out.", default=None
    )

    def parse(self) -> NewWarehouse:
        return NewWarehouse(
            code=self.code,
            name=self.name,
            address=self.address,
            branch_id=read_optional_id("Branch", self.branch_id, "input", "branchId"),
            capacity_kg=self.capacity,
            alert_percent=self.alert_percent,
        )


@input_type("What changes about a warehouse. What is left out stays.")
class UpdateWarehouseInput:
    warehouse_id: ID = attribute("The warehouse.")
    name: str | None = change("What it is called, in 1 to 120 characters.")
    address: str | None = change("Where it is, in up to 300 characters.")
    capacity: Decimal | None = change("How much it holds, in kilograms; null when it is never full.")
    alert_percent: int | None = change("From so many percent of its capacity on it warns, 1 to 100.")
    active: bool | None = change("Whether goods come in and go out. An empty one can be closed.")
    expected_version: int | None = attribute(_EXPECTED, default=None)

    def changes(self) -> dict[str, Any]:
        said = _said(self)
        return {"capacity_kg" if name == "capacity" else name: value for name, value in said.items()}


@input_type("A supplier who is not known yet.")
class NewSupplierInput:
    name: str = attribute("The name, in 1 to 120 characters. The active supplier of this name is meant if there is one.")
    phone: str | None = attribute("The telephone number with + and the country.", default=None)
    email: str | None = attribute("The e-mail address.", default=None)
    address: str = attribute("The address, in up to 300 characters.", default="")
    tax_number: str = attribute("The number at the tax office, in up to 40 characters.", default="")
    payment_days: int = attribute("How many days after a bill it is due, up to 365.", default=0)

    def parse(self) -> dict[str, Any]:
        return dict(vars(self))


@input_type("A supplier to be written down or changed. What is left out stays, or is empty for a new one.")
class UpsertSupplierInput:
    supplier_id: ID | None = attribute(
        "Which one; when left out, the active one of the same name, or a new one.", default=None
    )
    name: str | None = change("The name, in 1 to 120 characters.")
    phone: str | None = change("The telephone number with + and the country, such as `+254712345678`.")
    email: str | None = change("The e-mail address.")
    address: str | None = change("The address, in up to 300 characters.")
    tax_number: str | None = change("The number at the tax office, in up to 40 characters.")
    payment_days: int | None = change("How many days after a bill it is due, up to 365.")
    active: bool | None = change("Whether the mill buys there.")
    expected_version: int | None = attribute(_EXPECTED, default=None)

    def said(self) -> dict[str, Any]:
        return _said(self)


@input_type("A customer to be written down or changed. What is left out stays, or is empty for a new one.")
class UpsertCustomerInput:
    customer_id: ID | None = attribute("Which one; a new one when left out.", default=None)
    name: str | None = change("The name, in 1 to 120 characters.")
    phone: str | None = change("The telephone number with + and the country, such as `+254712345678`.")
    email: str | None = change("The e-mail address.")
    address: str | None = change("The address, in up to 300 characters.")
    tax_number: str | None = change("The number at the tax office, in up to 40 characters.")
    user_id: ID | None = change(
        "The user whom the customer is registered as, who sees the customer's orders and pays them; null for nobody."
    )
    payment_days: int | None = change("How many days after an invoice it is due, up to 365.")
    credit_limit: Decimal | None = change(
        "How much may be owed at most, in the mill's currency; 0 for nothing on credit, null for no limit."
    )
    active: bool | None = change("Whether the mill sells there.")
    expected_version: int | None = attribute(_EXPECTED, default=None)

    def said(self) -> dict[str, Any]:
        return _said(self, {"user_id": lambda user_id: read_optional_id("User", user_id, "input", "userId")})


@input_type("Alerts that somebody has taken note of.")
class AcknowledgeAlertInput:
    alert_ids: list[ID] = attribute("Which ones, 1 to 100.")
    comment: str = attribute("What will be done about it, in up to 500 characters.", default="")


@input_type("Which items. What is left out does not narrow.")
class ItemFilter:
    search: str | None = attribute("A part of the name, or the beginning of the code.", default=None)
    categories: list[ItemCategory] | None = attribute("Of these categories.", default=None)
    warehouse_id: ID | None = attribute("That have been in this warehouse.", default=None)
    active: bool | None = attribute("Those that are used, or those that are not; null for all.", default=True)

    def parse(self) -> queries.ItemFilter:
        return queries.ItemFilter(
            categories=self.categories or (),
            active=self.active,
            search=self.search,
            warehouse_id=read_optional_id("Warehouse", self.warehouse_id, "filter", "warehouseId"),
        )


@input_type("Which alerts. What is left out does not narrow.")
class StockAlertFilter:
    states: list[AlertState] | None = attribute("That stand there.", default=None)
    kinds: list[AlertKind] | None = attribute("That warn of this.", default=None)
    priorities: list[Priority] | None = attribute("That matter so much.", default=None)
    warehouse_id: ID | None = attribute("About this warehouse.", default=None)
    item_id: ID | None = attribute("About this item.", default=None)

    def parse(self) -> queries.AlertFilter:
        return queries.AlertFilter(
            states=self.states or (),
            kinds=self.kinds or (),
            priorities=[AlertPriority(each.value) for each in self.priorities or ()],
            warehouse_id=read_optional_id("Warehouse", self.warehouse_id, "filter", "warehouseId"),
            item_id=read_optional_id("Item", self.item_id, "filter", "itemId"),
        )


_WHICH: Final = frozenset({"item_id", "warehouse_id", "supplier_id", "customer_id", "expected_version"})
"""Fields that say which row is meant, and not what changes."""

_MAY_BE_NONE: Final = frozenset({"sale_price", "capacity", "phone", "email", "user_id", "credit_limit"})
"""Fields of which null says that there is none."""


def _said(input: object, readers: Mapping[str, Callable[[Any], Any]] | None = None) -> dict[str, Any]:
    """What was sent of an input, by the names of the columns."""
    readers = readers or {}
    return {
        name: value if value is None or name not in readers else readers[name](value)
        for name, value in vars(input).items()
        if value is not strawberry.UNSET and name not in _WHICH and (value is not None or name in _MAY_BE_NONE)
    }
