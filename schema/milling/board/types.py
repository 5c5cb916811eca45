"""The parts of the mill's dashboard as clients see them. Days are those of UTC; the currency is the mill's.

``MillDashboard`` and ``MillModuleDashboard`` name their parts alike, so that one fragment shows a part of either.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from domain.milling.dashboards import Activity, ActivityKind, MillModule
from domain.milling.dashboards import stock as boards
from domain.milling.queries import catalogue as queries
from domain.milling.rules.forecast import ForecastMethod
from domain.milling.states import ItemCategory, MovementKind
from domain.notifications.models import Priority
from domain.notifications.queries import unread_notification_count
from schema.core.realtime import RealtimeStatus
from schema.kit import ID, CurrencyCode, Info, Money, Parent, attribute, encode_id, enum_type, field, global_id, object_type
from schema.kit.context import RealtimeStatus as RealtimeStatusRow
from schema.kit.fields import FieldRule
from schema.kit.relations import relation
from schema.milling.catalogue.types import Item, StockAlert, StockLevel, Supplier, Warehouse

DAYS_SHOWN = 30

enum_type(
    MillModule,
    "A part of the mill that has a dashboard of its own.",
    {
        "INVENTORY": "What is kept, how much of it lies there, and what runs low.",
        "STOCK": "What moves.",
        "PRODUCTION": "What is milled.",
        "SALES": "What is sold, and what customers owe.",
        "PURCHASES": "What is bought, and what suppliers are owed.",
        "WAREHOUSE": "Where it lies, and how full that is.",
    },
)
enum_type(
    ActivityKind,
    "What an activity is about.",
    {
        "SALE": "A sale.",
        "SALE_RETURN": "Goods that a customer brought back.",
        "PURCHASE": "A purchase.",
        "PURCHASE_RETURN": "Goods that went back to a supplier.",
        "PRODUCTION": "A production.",
        "STOCK_DOCUMENT": "A document about stock alone.",
        "PAYMENT": "Money that came or went.",
        "ALERT": "Something to look at.",
    },
)
enum_type(
    ForecastMethod,
    "How past days become a forecast. The one is taken that would have foreseen them better.",
    {
        "MOVING_AVERAGE": "The mean of the last 28 days.",
        "EXPONENTIAL_SMOOTHING": "All days, the later the more: each day counts for a fifth, the days before for the rest.",
    },
)

NODE_OF = {
    ActivityKind.SALE: "Sale",
    ActivityKind.SALE_RETURN: "SaleReturn",
    ActivityKind.PURCHASE: "Purchase",
    ActivityKind.PURCHASE_RETURN: "PurchaseReturn",
    ActivityKind.PRODUCTION: "Production",
    ActivityKind.STOCK_DOCUMENT: "StockDocument",
    ActivityKind.PAYMENT: "MillPayment",
    ActivityKind.ALERT: "StockAlert",
}
"""The type that an activity's subject is a node of."""


def short_list(size: int) -> FieldRule:
    """The rule of a list of about so many rows."""
    return FieldRule(size=size, shared=True)


@object_type("How many, and how much in all.")
class MillTally:
    count: int = attribute("How many.")
    amount: Money = attribute("How much in all.")


@object_type("The items of one category.")
class CategoryStock:
    category: ItemCategory = attribute("The category.")
    items: int = attribute("How many items of it are kept by the mill.")
    kilograms: Decimal = attribute("What lies of them, in kilograms.")
    value: Money = attribute("What that is worth in the books.")


@object_type("What is kept, and what lies there.")
class InventoryBoard:
    items: int = attribute("How many items the mill keeps.")
    stock_value: Money = attribute("What all that lies there is worth in the books.")
    kilograms: Decimal = attribute("What lies there, in kilograms.")
    low: int = attribute("Items at or under their reorder level, counted in each warehouse.")
    out: int = attribute("Items of which nothing is left, counted in each warehouse that has had them.")
    by_category: list[CategoryStock] = attribute("By category, all four.", rule=short_list(4))
    lowest: list[StockLevel] = attribute("What is out or low, the emptiest first; 10 at most.", rule=short_list(10))


@object_type("One warehouse, and what lies in it.")
class WarehouseStock:
    warehouse: Warehouse = attribute("The warehouse.")
    items: int = attribute("How many items lie in it.")
    used_kg: Decimal = attribute("What lies in it, in kilograms.", name="used")
    used_percent: Decimal | None = attribute(
        "How full it is, in percent with 2 decimals, half-even; null without a capacity."
    )
    value: Money = attribute("What lies in it, as worth in the books.")
    low: int = attribute("Items at or under their reorder level here.")
    out: int = attribute("Items of which nothing is left here.")


@object_type("The warehouses together, and one by one.")
class WarehouseBoard:
    warehouses: int = attribute("How many are open.")
    capacity_kg: Decimal = attribute("What those with a capacity hold, in kilograms.", name="capacity")
    used_kg: Decimal = attribute("What lies in them, in kilograms.", name="used")
    value: Money = attribute("What that is worth in the books.")
    by_warehouse: list[WarehouseStock] = attribute("Each of them, by name.", rule=short_list(10))


@object_type("Movements of one kind in one direction.")
class KindFlow:
    kind: MovementKind = attribute("The kind.")
    incoming: bool = attribute("Whether they brought something in, or took something out.")
    movements: int = attribute("How many.")
    kilograms: Decimal = attribute("How much, in kilograms.")
    value: Money = attribute("What it was worth in the books, as posted now.")


@object_type("What came in and what went out, from one day to another. A transfer does both.")
class StockFlow:
    since: date = attribute("The first day.", name="from")
    until: date = attribute("The last day.", name="to")
    movements: int = attribute("How many movements.")
    received_kg: Decimal = attribute("What came in, in kilograms.")
    received_value: Money = attribute("What that was worth.")
    issued_kg: Decimal = attribute("What went out, in kilograms.")
    issued_value: Money = attribute("What that was worth.")
    by_kind: list[KindFlow] = attribute("By kind and direction, those that happened.", rule=short_list(8))


@object_type("What came in and what went out on one day.")
class StockDay:
    since: date = attribute("The day.", name="day")
    movements: int = attribute("How many movements.")
    received_kg: Decimal = attribute("What came in, in kilograms.")
    received_value: Money = attribute("What that was worth.")
    issued_kg: Decimal = attribute("What went out, in kilograms.")
    issued_value: Money = attribute("What that was worth.")


@object_type("What moves.")
class StockMovementBoard:
    today: StockFlow = attribute("Today.")
    last_7_days: StockFlow = attribute("Today and the six days before.", name="last7Days")
    last_30_days: StockFlow = attribute("Today and the 29 days before.", name="last30Days")
    by_day: list[StockDay] = attribute("Each of these 30 days, the oldest first.", rule=short_list(DAYS_SHOWN))


@object_type("Productions completed from one day to another.")
class ProductionFigures:
    since: date = attribute("The first day.", name="from")
    until: date = attribute("The last day.", name="to")
    completed: int = attribute("How many.")
    input_kg: Decimal = attribute("What went in, in kilograms.")
    output_kg: Decimal = attribute("What came out as main output, in kilograms.")
    by_product_kg: Decimal = attribute("What came out besides, in kilograms.")
    loss_kg: Decimal = attribute("What went in and did not come out, in kilograms; water that was added makes it negative.")
    yield_percent: Decimal | None = attribute(
        "Extraction: main output in percent of what went in, by weight, 2 decimals, half-even; null when nothing went in."
    )
    output_cost: Money = attribute("What the main outputs cost, by-products taken off.")
    cost_per_kg: Decimal | None = attribute(
        "What a kilogram of main output cost, in major units, rounded half up four decimals behind the minor unit; null "
        "when nothing came out."
    )


@object_type("What is milled.")
class ProductionBoard:
    planned: int = attribute("Productions that wait.")
    in_progress: int = attribute("Productions that run: their inputs are taken, and nothing has come out.")
    today: ProductionFigures = attribute("Today.")
    last_7_days: ProductionFigures = attribute("Today and the six days before.", name="last7Days")
    last_30_days: ProductionFigures = attribute("Today and the 29 days before.", name="last30Days")
    by_day: list[ProductionFigures] = attribute("Each of these 30 days, the oldest first.", rule=short_list(DAYS_SHOWN))


@object_type("Sales delivered from one day to another.")
class SalesFigures:
    since: date = attribute("The first day.", name="from")
    until: date = attribute("The last day.", name="to")
    sales: int = attribute("How many were delivered.")
    sold: Money = attribute("What they were sold for.")
    returns: MillTally = attribute("What customers brought back, at what it had been sold for.")
    revenue: Money = attribute("What was sold, less what came back.")
    cost: Money = attribute("What the goods had cost, those that came back taken off, as in the books now.")
    gross_margin: Money = attribute("Revenue less cost.")
    gross_margin_percent: Decimal | None = attribute(
        "The margin in percent of the revenue, 2 decimals, half-even; null without revenue."
    )
    delivered_kg: Decimal = attribute("What was delivered, in kilograms.")


@object_type("How much of an item was sold in the last 30 days, less what came back of it.")
class TopItem:
    item_id: ID = global_id("Item", "The item.")
    quantity: Decimal = attribute("How much, in its base unit.")
    revenue: Money = attribute("For how much.")

    item: Item = relation(queries.items_by_id, "item_id", "The item.")


@object_type("What is sold, what it brings in, and what customers owe.")
class SalesBoard:
    today: SalesFigures = attribute("Today.")
    last_7_days: SalesFigures = attribute("Today and the six days before.", name="last7Days")
    last_30_days: SalesFigures = attribute("Today and the 29 days before.", name="last30Days")
    by_day: list[SalesFigures] = attribute("Each of these 30 days, the oldest first.", rule=short_list(DAYS_SHOWN))
    receivables: MillTally = attribute("Deliveries that are not paid in full, and what is owed for them.")
    overdue: MillTally = attribute("Those of them that were due before today; due on delivery when no day was agreed.")
    top_items: list[TopItem] = attribute("The 5 items that brought in most in the last 30 days.", rule=short_list(5))


@object_type("Purchases that came from one day to another.")
class PurchaseFigures:
    since: date = attribute("The first day.", name="from")
    until: date = attribute("The last day.", name="to")
    received: MillTally = attribute("Purchases that came, and what their goods cost.")
    returns: MillTally = attribute("What went back to suppliers, at what they give for it.")


@object_type("What came from a supplier in the last 30 days.")
class TopSupplier:
    supplier_id: ID = global_id("Supplier", "The supplier.")
    purchases: int = attribute("How many purchases.")
    amount: Money = attribute("What their goods cost.")

    supplier: Supplier = relation(queries.suppliers_by_id, "supplier_id", "The supplier.")


@object_type("What is bought, and what suppliers are owed.")
class PurchaseBoard:
    today: PurchaseFigures = attribute("Today.")
    last_7_days: PurchaseFigures = attribute("Today and the six days before.", name="last7Days")
    last_30_days: PurchaseFigures = attribute("Today and the 29 days before.", name="last30Days")
    by_day: list[PurchaseFigures] = attribute("Each of these 30 days, the oldest first.", rule=short_list(DAYS_SHOWN))
    orders: MillTally = attribute("What is ordered and has not come.")
    unbilled: MillTally = attribute("What came and has no bill, less what went back of it.")
    payables: MillTally = attribute("Bills that are not paid in full, and what is owed for them.")
    overdue: MillTally = attribute("Those of them that were due before today.")
    top_suppliers: list[TopSupplier] = attribute(
        "The 5 suppliers from whom most came in the last 30 days.", rule=short_list(5)
    )


@object_type("Alerts of one priority that stand.")
class AlertCount:
    alerts: int = attribute("How many.")
    unseen: int = attribute("Of how many nobody has taken note.")

    @field(Priority, "The priority.", shared=True)
    def priority(self, count: Parent[boards.PriorityCount]) -> Priority:
        return Priority(count.priority.value)


@object_type("What the viewer was told, and what the mill warns of.")
class MillNotificationCentre:
    open_alerts: int = attribute("Alerts whose cause is not gone.")
    unseen: int = attribute("Those of them that nobody has taken note of.")
    by_priority: list[AlertCount] = attribute("Alerts by priority, all four.", rule=short_list(4))
    latest: list[StockAlert] = attribute("The newest 10 of them.", rule=short_list(10))

    @field(int, "How many notifications the viewer has not read.")
    async def unread(self, info: Info) -> int:
        return await unread_notification_count(info.context.actor)


@object_type("A document, payment or alert that something happened to lately, as it stands.")
class MillActivity:
    kind: ActivityKind = attribute("What it is.")
    number: str | None = attribute("Its number; null for an alert.")
    status: str = attribute("The status of a document, the kind of a payment, the state of an alert.")
    what: str = attribute("Whom or what it is about: a partner, an item, a reason, a reference; may be empty.")
    amount: Money | None = attribute("What it comes to; null for an alert.")
    at: datetime = attribute("When something last happened to it: it was made, took effect, or was called off.")
    warehouse_id: ID | None = global_id("Warehouse", "The warehouse; null for a payment.")

    @field(ID, "Its id, for `node`.", shared=True)
    def subject_id(self, activity: Parent[Activity]) -> str:
        return encode_id(NODE_OF[activity.kind], activity.subject_id)


@object_type("The mill at a glance, as far as the viewer sees it.")
class MillDashboard:
    branch_id: ID | None = global_id("Branch", "The branch that it is of; null when it is of all.")
    currency: CurrencyCode = attribute("The currency of all amounts in it.")
    as_of: date = attribute("The day that is today in it.")
    inventory: InventoryBoard = attribute("What is kept, and what lies there.")
    stock_movements: StockMovementBoard = attribute("What moves.")
    production: ProductionBoard = attribute("What is milled.")
    sales_revenue: SalesBoard = attribute("What is sold.")
    purchases: PurchaseBoard = attribute("What is bought.")
    warehouses: WarehouseBoard = attribute("Where it lies.")
    notifications: MillNotificationCentre = attribute("What the viewer was told, and what the mill warns of.")
    recent_activities: list[MillActivity] = attribute(
        "What happened last in all modules, the newest first; 20 at most.", rule=short_list(20)
    )

    @field(RealtimeStatus, "How live delivery stands on the server that answers.")
    def connection(self, info: Info) -> RealtimeStatusRow:
        return info.context.realtime_status


@object_type("One module's part of the mill's dashboard; the other parts are null.")
class MillModuleDashboard:
    module: MillModule = attribute("The module.")
    branch_id: ID | None = global_id("Branch", "The branch that it is of; null when it is of all.")
    currency: CurrencyCode = attribute("The currency of all amounts in it.")
    as_of: date = attribute("The day that is today in it.")
    inventory: InventoryBoard | None = attribute("Of INVENTORY.")
    stock_movements: StockMovementBoard | None = attribute("Of STOCK.")
    production: ProductionBoard | None = attribute("Of PRODUCTION.")
    sales_revenue: SalesBoard | None = attribute("Of SALES.")
    purchases: PurchaseBoard | None = attribute("Of PURCHASES.")
    warehouses: WarehouseBoard | None = attribute("Of WAREHOUSE.")


@object_type("Which modules have changed, so that their parts of a dashboard are to be read anew.")
class DashboardRefresh:
    modules: list[MillModule] = attribute(
        "What has changed since the item before; every module in the first item, and when there may be more than was heard.",
        rule=short_list(6),
    )
    at: datetime = attribute("When this was said.")


@object_type("What was taken of an item on a day, in its base unit.")
class DemandDay:
    day: date = attribute("The day.")
    sold: Decimal = attribute("Delivered to customers, less what they brought back on that day.")
    consumed: Decimal = attribute("Milled or repacked into something else.")
    quantity: Decimal = attribute("Both together, and never under zero: the demand of the day.")


@object_type(
    "What will be wanted of an item, for how long it lasts, and when to order how much. Quantities are in its base unit."
)
class DemandForecast:
    item: Item = attribute("The item.")
    warehouse: Warehouse | None = attribute("The warehouse; null for all that the viewer sees.")
    as_of: date = attribute("The day that is today in it.")
    horizon_days: int = attribute("For how many days to come.")
    method: ForecastMethod = attribute("How it was made.")
    daily_demand: Decimal = attribute("What is expected to be wanted on each day to come.")
    sigma: Decimal = attribute("By how much a day usually differs from that: the standard deviation of one-day forecasts.")
    horizon_demand: Decimal = attribute("What is expected to be wanted in the horizon, rounded up.")
    available: Decimal = attribute("What can go out now.")
    on_order: Decimal = attribute("What suppliers were asked for and has not come.")
    days_of_cover: int | None = attribute("For how many whole days what is available lasts; null without demand.")
    lead_time_days: int = attribute("How many days an order of it takes.")
    reorder_point: Decimal = attribute(
        "With less than this it is time to order: the demand of the lead time, and its spread in 95 of 100 cases."
    )
    reorder_on: date | None = attribute(
        "When what is available and on order falls to that at this demand; today when it has; null without demand."
    )
    reorder_quantity: Decimal = attribute(
        "How much to order then to last for the horizon; at least what is usually ordered; 0 without demand."
    )
    history: list[DemandDay] = attribute(
        "The days that it was made from, the oldest first: since the item's first movement, 90 at most, ending yesterday.",
        rule=short_list(90),
    )
