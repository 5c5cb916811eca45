"""What the demo mill has: warehouses of two branches, wheat and what becomes of it, and whom it buys from and sells to.

Of 100 kg of wheat come 75 kg of straight flour, 16 kg of bran and 7.5 kg of shorts; the rest is dust and moisture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from api.demo.people import DEBTOR, KISUMU, MILLER, NAIROBI
from api.demo.stage import Stage
from domain.identity.models import Branch, User
from domain.kit.money import Money
from domain.milling import settings
from domain.milling.models import Bom, Customer, Item, Supplier, Warehouse
from domain.milling.service.boms import NewBom, create_bill_of_materials
from domain.milling.service.items import NewItem, create_item
from domain.milling.service.partners import upsert_customer, upsert_supplier
from domain.milling.service.recipes import ByProduct, Ingredient
from domain.milling.service.warehouses import NewWarehouse, open_warehouse
from domain.milling.states import ItemCategory, ValuationMethod

STORE: Final = "NBO-STORE"
SHOP: Final = "NBO-SHOP"
DEPOT: Final = "KSM-DEPOT"

WHEAT: Final = "WHEAT"
FLOUR: Final = "FLOUR"
BRAN: Final = "BRAN"
SHORTS: Final = "SHORTS"
FLOUR_50: Final = "FLOUR-50"
FLOUR_2: Final = "FLOUR-2"
FLOUR_1: Final = "FLOUR-1"
SACK_50: Final = "SACK-50"
PAPER_2: Final = "PAPER-2"
PAPER_1: Final = "PAPER-1"
ITEMS: Final = (WHEAT, FLOUR, BRAN, SHORTS, FLOUR_50, FLOUR_2, FLOUR_1, SACK_50, PAPER_2, PAPER_1)

MILLING: Final = "STRAIGHT"
PACKING: Final = {FLOUR_50: "PACK-50", FLOUR_2: "PACK-2", FLOUR_1: "PACK-1"}
"""Which bill of materials fills which bags."""

GROWERS: Final = "Rift Valley Growers"
COOPERATIVE: Final = "Uasin Gishu Farmers Co-operative"
PACKAGING: Final = "Karatasi Packaging"
RETAILER: Final = DEBTOR.name
BAKERY: Final = "Mama Njoki Bakery"
FEEDS: Final = "Lakeside Feeds"

_RAW, _MADE = ItemCategory.RAW_MATERIAL, ItemCategory.FINISHED
_BESIDE, _AROUND = ItemCategory.BY_PRODUCT, ItemCategory.PACKAGING


def shillings(amount: int | str) -> Money:
    """An amount in the currency in which the mill keeps its stock; the demo's is the shilling."""
    return Money.of(amount, settings.current().currency)


def _items() -> list[NewItem]:
    """Flour is sold in bags and packets alone; loose flour is what they are filled from."""
    return [
        NewItem(
            code=WHEAT,
            name="Wheat",
            category=_RAW,
            valuation_method=ValuationMethod.FIFO,
            reorder_level=Decimal(2_500),
            reorder_quantity=Decimal(10_000),
            lead_time_days=4,
            units={"bag": Decimal(90)},
        ),
        NewItem(code=FLOUR, name="Straight flour, loose", category=_MADE),
        _bran(BRAN, "Wheat bran", 20),
        _bran(SHORTS, "Wheat shorts", 26),
        _flour(FLOUR_50, "Straight flour 50 kg", "bag", kg=50, price=3_700, level=5, valuation_method=ValuationMethod.FIFO),
        _flour(FLOUR_2, "Straight flour 2 kg", "packet", kg=2, price=158, level=48, units={"bale": Decimal(12)}),
        _flour(FLOUR_1, "Straight flour 1 kg", "packet", kg=1, price=82, level=48, units={"bale": Decimal(24)}),
        _paper(SACK_50, "Sack for 50 kg", "0.11", level=100),
        _paper(PAPER_2, "Paper bag for 2 kg", "0.02", level=1_000),
        _paper(PAPER_1, "Paper bag for 1 kg", "0.015", level=500),
    ]


def _bran(code: str, name: str, price: int) -> NewItem:
    return NewItem(code=code, name=name, category=_BESIDE, sale_price=shillings(price), units={"bag": Decimal(40)})


def _flour(code: str, name: str, unit: str, *, kg: int, price: int, level: int, **more: Any) -> NewItem:
    return NewItem(
        code=code,
        name=name,
        category=_MADE,
        base_unit=unit,
        weight_kg=Decimal(kg),
        sale_price=shillings(price),
        reorder_level=Decimal(level),
        **more,
    )


def _paper(code: str, name: str, kg: str, *, level: int) -> NewItem:
    return NewItem(
        code=code,
        name=name,
        category=_AROUND,
        base_unit="piece",
        weight_kg=Decimal(kg),
        reorder_level=Decimal(level),
        reorder_quantity=Decimal(4 * level),
        units={"bundle": Decimal(100)},
    )


@dataclass
class Mill:
    """What there is, by its code or name."""

    places: dict[str, Warehouse] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    recipes: dict[str, Bom] = field(default_factory=dict)
    suppliers: dict[str, Supplier] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)

    def place(self, code: str) -> UUID:
        return self.places[code].id

    def item(self, code: str) -> UUID:
        return self.items[code].id

    @classmethod
    async def known(cls) -> Mill:
        """The demo mill as it was set up."""
        return cls(
            places={row.code: row for row in await Warehouse.filter(code__in=[STORE, SHOP, DEPOT])},
            items={row.code: row for row in await Item.filter(code__in=ITEMS)},
            recipes={row.code: row for row in await Bom.filter(code__in=[MILLING, *PACKING.values()])},
            suppliers={row.name: row for row in await Supplier.filter(name__in=[GROWERS, COOPERATIVE, PACKAGING])},
            customers={row.name: row for row in await Customer.filter(name__in=[RETAILER, BAKERY, FEEDS])},
        )

    async def set_up(self, stage: Stage) -> None:
        """Make all of it, as the mill's manager."""
        await self._open_places(stage)
        for item in _items():
            self.items[item.code] = await stage.does(MILLER, create_item, item=item)
        for bom in self._recipes():
            self.recipes[bom.code] = await stage.does(MILLER, create_bill_of_materials, bom=bom)
        await self._meet_partners(stage)

    async def _open_places(self, stage: Stage) -> None:
        branches = {branch.code: branch.id for branch in await Branch.all()}
        for code, name, branch, capacity in (
            (STORE, "Kisima main store", NAIROBI, 40_000),
            (SHOP, "Kisima shop, Gikomba", NAIROBI, 2_500),
            (DEPOT, "Kisima depot, Kisumu", KISUMU, 8_000),
        ):
            place = NewWarehouse(code=code, name=name, branch_id=branches[branch], capacity_kg=Decimal(capacity))
            self.places[code] = await stage.does(MILLER, open_warehouse, warehouse=place)

    def _recipes(self) -> Sequence[NewBom]:
        milling = NewBom(
            code=MILLING,
            name="Straight run, 75 % extraction",
            item_id=self.item(FLOUR),
            quantity=Decimal(750),
            inputs=[Ingredient(item_id=self.item(WHEAT), quantity=Decimal(1), unit="tonne")],
            by_products=[
                ByProduct(item_id=self.item(BRAN), quantity=Decimal(160), cost_per_unit=shillings(15)),
                ByProduct(item_id=self.item(SHORTS), quantity=Decimal(75), share_percent=Decimal(3)),
            ],
            overhead=shillings(3_600),
            note="Electricity, wages and wear for a tonne of wheat.",
        )
        fillings = ((FLOUR_50, 50, SACK_50, 600), (FLOUR_2, 2, PAPER_2, 120), (FLOUR_1, 1, PAPER_1, 80))
        return [milling, *(self._packing(*each) for each in fillings)]

    def _packing(self, made: str, kg: int, around: str, overhead: int) -> NewBom:
        """For 100 bags."""
        return NewBom(
            code=PACKING[made],
            name=f"Filling: {self.items[made].name}",
            item_id=self.item(made),
            quantity=Decimal(100),
            inputs=[
                Ingredient(item_id=self.item(FLOUR), quantity=Decimal(100 * kg)),
                Ingredient(item_id=self.item(around), quantity=Decimal(100)),
            ],
            overhead=shillings(overhead),
        )

    async def _meet_partners(self, stage: Stage) -> None:
        for name, phone, days in (
            (GROWERS, "+254722000101", 14),
            (COOPERATIVE, "+254722000102", 7),
            (PACKAGING, "+254722000103", 30),
        ):
            said = {"name": name, "phone": phone, "payment_days": days}
            self.suppliers[name] = (await stage.does(MILLER, upsert_supplier, said=said)).partner
        user = await User.get(email=DEBTOR.email)
        for said in (
            {"name": RETAILER, "user_id": user.id, "payment_days": 30, "credit_limit": Decimal(500_000)},
            {"name": BAKERY, "phone": "+254733000201", "payment_days": 14, "credit_limit": Decimal(120_000)},
            {"name": FEEDS, "phone": "+254733000202", "payment_days": 0},
        ):
            customer = (await stage.does(MILLER, upsert_customer, said=said)).partner
            self.customers[customer.name] = customer
