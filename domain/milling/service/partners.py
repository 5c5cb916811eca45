"""Suppliers and customers: whom the mill buys from and sells to. Purchases make suppliers that are not known yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.errors import UserNotFound
from domain.identity.models import User
from domain.identity.permissions import Permission
from domain.identity.rules import clean_email, clean_phone
from domain.kit import clock
from domain.kit.errors import InvalidAmount, InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.milling import settings
from domain.milling.errors import CustomerNotFound, CustomerTaken, PartnerInactive, SupplierNotFound, SupplierTaken
from domain.milling.events import PartnerChanged, PartnerFigures
from domain.milling.models import Customer, Supplier
from domain.milling.service.desk import (
    MAX_ADDRESS,
    MAX_NAME,
    change_of,
    changed,
    line,
    refusals_of_tables,
    require_version,
    whole,
)
from domain.milling.states import RecordChange

MAX_TAX_NUMBER: Final = 40
MAX_PAYMENT_DAYS: Final = 365

# The supplier that a name means, locked, as the unique index reads names.
BY_NAME: Final = "select id from mill_supplier where active and lower(name) = lower($1) for no key update"

P = TypeVar("P", Supplier, Customer)


@dataclass(frozen=True, slots=True)
class Kept(Generic[P]):
    """A partner as it is now, and whether this act made it."""

    partner: P
    created: bool


@retried
async def upsert_supplier(
    actor: Actor, *, said: Mapping[str, Any], supplier_id: UUID | None = None, expected_version: int | None = None
) -> Kept[Supplier]:
    """Make a supplier, or change one; ``said`` is by the columns, and what is not said stays.

    Without an id, the active supplier of the same name is meant if there is one. Two of one name would be taken for each
    other, so a change that makes them is refused with SUPPLIER_TAKEN.
    """
    actor.require(Permission.MILL_MANAGE)
    columns = _read(said)
    async with unit_of_work() as work:
        if supplier_id is None:
            supplier, created = await _supplier_named(work, actor, columns)
            if created:
                return Kept(supplier, created=True)
        else:
            found = await Supplier.filter(id=supplier_id).select_for_update(no_key=True).get_or_none()
            if found is None:
                raise SupplierNotFound(field=("input", "supplierId"))
            supplier = found
        require_version(supplier, expected_version)
        with refusals_of_tables({"mill_supplier_name_is_unique": _name_taken}):
            await _change(work, supplier, columns)
    return Kept(supplier, created=False)


@retried
async def upsert_customer(
    actor: Actor, *, said: Mapping[str, Any], customer_id: UUID | None = None, expected_version: int | None = None
) -> Kept[Customer]:
    """Make a customer, or change one; ``said`` is by the columns, and what is not said stays.

    Several customers may have one name. A registered user is one customer at most (CUSTOMER_TAKEN).
    """
    actor.require(Permission.MILL_MANAGE)
    columns = _read(said)
    async with unit_of_work() as work:
        await _require_user(columns.get("user_id"))
        with refusals_of_tables({"mill_customer_user_is_unique": _user_taken}):
            if customer_id is None:
                _require_name(columns)
                customer = _new(Customer, actor, columns | {"currency": settings.current().currency})
                await customer.save(force_create=True)
                _tell(work, customer, RecordChange.CREATED)
                return Kept(customer, created=True)
            found = await Customer.filter(id=customer_id).select_for_update(no_key=True).get_or_none()
            if found is None:
                raise CustomerNotFound(field=("input", "customerId"))
            require_version(found, expected_version)
            await _change(work, found, columns)
    return Kept(found, created=False)


async def supplier_for(
    work: Work, actor: Actor, *, supplier_id: UUID | None = None, new_supplier: Mapping[str, Any] | None = None
) -> Supplier:
    """The supplier that a purchase is from: one that is known, or one that the purchase makes.

    ``new_supplier`` is by the columns; the active supplier of the same name is taken as it is. Refusals point at
    ``supplierId`` or the fields of the new one as if those were the input; the caller says where they are.
    """
    if (supplier_id is None) == (new_supplier is None):
        raise InvalidInput("name a supplier, or say who the new one is", field=("input", "supplierId"))
    if new_supplier is not None:
        return (await _supplier_named(work, actor, _read(new_supplier)))[0]
    found = await Supplier.get_or_none(id=supplier_id)
    if found is None:
        raise SupplierNotFound
    if not found.active:
        raise PartnerInactive(f"the mill does not buy from {found.name} any more", field=("input", "supplierId"))
    return found


async def _supplier_named(work: Work, actor: Actor, columns: Mapping[str, Any]) -> tuple[Supplier, bool]:
    """The active supplier of a name, locked, and whether it was made now: two purchases may bring one at the same time."""
    _require_name(columns)
    made = _new(Supplier, actor, columns)
    await Supplier.bulk_create([made], ignore_conflicts=True)
    row = await work.fetchval(BY_NAME, made.name)
    found = await Supplier.get(id=row)
    if found.id == made.id:
        _tell(work, found, RecordChange.CREATED)
    return found, found.id == made.id


def _new(model: type[P], actor: Actor, columns: Mapping[str, Any]) -> P:
    moment = clock.now()
    usual = {"active": True, "version": 1, "created_by_id": actor.id, "created_at": moment, "updated_at": moment}
    return model(**({"id": new_id()} | usual | dict(columns)))


async def _change(work: Work, partner: Supplier | Customer, columns: Mapping[str, Any]) -> None:
    wanted = changed(partner, columns)
    if not wanted:
        return
    partner.update_from_dict(wanted)
    partner.touch()
    await partner.save()
    _tell(work, partner, change_of(wanted))


def _require_name(columns: Mapping[str, Any]) -> None:
    if "name" not in columns:
        raise InvalidInput("a new one needs a name", field=("input", "name"))


async def _require_user(user_id: UUID | None) -> None:
    if user_id is not None and not await User.exists(id=user_id, active=True):
        raise UserNotFound("there is no such user", field=("input", "userId"))


def _read(said: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a partner, as its columns keep it."""
    columns = {name: _READERS[name](value) if name in _READERS else value for name, value in said.items()}
    if "credit_limit" in columns:
        columns["credit_limit_minor"] = _limit(columns.pop("credit_limit"))
    return columns


_READERS: Final[Mapping[str, Any]] = {
    "name": lambda value: line(value, MAX_NAME, "name"),
    "phone": lambda value: clean_phone(value) if value else None,
    "email": lambda value: clean_email(value) if value else None,
    "address": lambda value: line(value, MAX_ADDRESS, "address", least=0),
    "tax_number": lambda value: line(value, MAX_TAX_NUMBER, "taxNumber", least=0),
    "payment_days": lambda value: whole(value, "paymentDays", most=MAX_PAYMENT_DAYS),
}
"""How each column reads what is said of it."""


def _limit(amount: Decimal | None) -> int | None:
    """A credit limit in minor units of the mill's currency; 0 is one, too."""
    if amount is None:
        return None
    try:
        limit = Money.of(amount, settings.current().currency)
    except InvalidAmount as refused:
        refused.field = ("input", "creditLimit")
        raise
    if limit.amount_minor < 0:
        raise InvalidAmount("a limit is not negative", field=("input", "creditLimit"))
    return limit.amount_minor


def _name_taken() -> SupplierTaken:
    return SupplierTaken("another supplier has this name")


def _user_taken() -> CustomerTaken:
    return CustomerTaken("this user is another customer")


def _tell(work: Work, partner: Supplier | Customer, change: RecordChange) -> None:
    work.record(PartnerChanged(partner=PartnerFigures.of(partner), change=change))
