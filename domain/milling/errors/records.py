"""Refusals about items, warehouses, partners and bills of materials."""

from __future__ import annotations

from domain.kit.errors import Conflict, DomainError, InvalidInput


class ItemTaken(Conflict):
    """Another item has this code."""

    code = "ITEM_TAKEN"
    field = ("input", "code")


class WarehouseTaken(Conflict):
    """Another warehouse has this code."""

    code = "WAREHOUSE_TAKEN"
    field = ("input", "code")


class SupplierTaken(Conflict):
    """Another supplier has this name."""

    code = "SUPPLIER_TAKEN"
    field = ("input", "name")


class CustomerTaken(Conflict):
    """This user is a customer already."""

    code = "CUSTOMER_TAKEN"
    field = ("input", "userId")


class BomTaken(Conflict):
    """Another bill of materials has this code."""

    code = "BOM_TAKEN"
    field = ("input", "code")


class RecordChanged(Conflict):
    """It was changed since the caller read it."""

    code = "RECORD_CHANGED"
    field = ("input", "expectedVersion")


class PartnerInactive(DomainError):
    """The mill does no business with this supplier or customer any more."""

    code = "PARTNER_INACTIVE"


class BomInactive(DomainError):
    """The bill of materials is not used any more."""

    code = "BOM_INACTIVE"
    field = ("input", "bomId")


class ItemInUse(Conflict):
    """The item has stock or a history that forbids this."""

    code = "ITEM_IN_USE"


class WarehouseInUse(Conflict):
    """The warehouse has stock or a history that forbids this."""

    code = "WAREHOUSE_IN_USE"


class ItemContradiction(Conflict):
    """There is an item with this code, and it is another one than was described."""

    code = "ITEM_CONTRADICTION"


class InvalidBom(InvalidInput):
    """The bill of materials contradicts itself."""

    code = "INVALID_BOM"
