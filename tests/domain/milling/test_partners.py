"""Suppliers and customers: written down once, changed by who may, found by their names."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.errors import UserNotFound
from domain.identity.permissions import Role
from domain.kit.errors import Forbidden, InvalidInput, Unauthenticated
from domain.kit.ids import new_id
from domain.kit.paging import PageRequest
from domain.kit.unit_of_work import retried, unit_of_work
from domain.milling.errors import (
    CustomerNotFound,
    CustomerTaken,
    PartnerInactive,
    RecordChanged,
    SupplierNotFound,
    SupplierTaken,
)
from domain.milling.models import Customer, Supplier
from domain.milling.queries import catalogue
from domain.milling.service.partners import supplier_for, upsert_customer, upsert_supplier
from tests.support.catalogue import a_crew, refused
from tests.support.happenings import events_so_far, nothing_happens
from tests.support.people import a_user
from tests.support.races import at_once, outcomes_of

pytestmark = pytest.mark.usefixtures("database")


async def told() -> list[tuple[str, str, str]]:
    """What was told of partners: the kind, the change and the name."""
    facts = [each.fact for each in await events_so_far() if each.name == "milling.partner_changed"]
    return [(fact.partner.kind.value, fact.change.value, fact.partner.name) for fact in facts]


async def test_a_supplier_is_written_down_once() -> None:
    crew = await a_crew()
    said = {"name": "Rift  Valley Growers", "phone": "+254712345678", "email": "Growers@Example.com", "payment_days": 14}
    made = await upsert_supplier(crew.manager, said=said)
    assert made.created and made.partner.name == "Rift Valley Growers"
    assert (made.partner.phone, made.partner.email, made.partner.version) == ("+254712345678", "growers@example.com", 1)
    async with nothing_happens():
        again = await upsert_supplier(crew.manager, said={"name": "Rift Valley Growers", "payment_days": 14})
    assert not again.created and again.partner.id == made.partner.id
    changed = await upsert_supplier(crew.manager, said={"name": "RIFT VALLEY GROWERS", "phone": None, "email": ""})
    assert (changed.partner.name, changed.partner.phone, changed.partner.email) == ("RIFT VALLEY GROWERS", None, None)
    assert (changed.partner.payment_days, changed.partner.version) == (14, 2)
    laid_aside = await upsert_supplier(crew.manager, supplier_id=made.partner.id, said={"active": False}, expected_version=2)
    fresh = await upsert_supplier(crew.manager, said={"name": "Rift Valley Growers"})
    assert fresh.created and fresh.partner.id != laid_aside.partner.id
    back = upsert_supplier(crew.manager, supplier_id=made.partner.id, said={"active": True})
    await refused(back, SupplierTaken, "input", "name")
    stale = upsert_supplier(crew.manager, supplier_id=made.partner.id, said={"address": "Nakuru"}, expected_version=2)
    await refused(stale, RecordChanged, "input", "expectedVersion")
    assert await told() == [
        ("SUPPLIER", "CREATED", "Rift Valley Growers"),
        ("SUPPLIER", "EDITED", "RIFT VALLEY GROWERS"),
        ("SUPPLIER", "DEACTIVATED", "RIFT VALLEY GROWERS"),
        ("SUPPLIER", "CREATED", "Rift Valley Growers"),
    ]


@retried
async def bought_from(actor: Actor, **who: Any) -> Supplier:
    """The supplier of some purchase."""
    async with unit_of_work() as work:
        return await supplier_for(work, actor, **who)


async def test_purchases_bring_suppliers() -> None:
    crew = await a_crew()
    many = await at_once([bought_from(crew.keeper, new_supplier={"name": "Eldoret Growers"}) for _ in range(5)])
    assert len({each.id for each in many}) == 1 and len(await told()) == 1
    async with nothing_happens():
        assert (await bought_from(crew.keeper, new_supplier={"name": "ELDORET growers"})).id == many[0].id
        assert (await bought_from(crew.keeper, supplier_id=many[0].id)).id == many[0].id
    await refused(bought_from(crew.keeper), InvalidInput, "input", "supplierId")
    await refused(bought_from(crew.keeper, supplier_id=new_id()), SupplierNotFound, "input", "supplierId")
    await refused(bought_from(crew.keeper, new_supplier={"phone": "+254712345678"}), InvalidInput, "input", "name")
    await upsert_supplier(crew.manager, supplier_id=many[0].id, said={"active": False})
    await refused(bought_from(crew.keeper, supplier_id=many[0].id), PartnerInactive, "input", "supplierId")


async def test_a_customer_may_be_a_registered_user() -> None:
    crew, user = await a_crew(), await a_user(Role.DEBTOR, name="Jamii Bakery")
    said = {"name": "Jamii Bakery", "user_id": user.id, "credit_limit": Decimal("250000.50")}
    made = (await upsert_customer(crew.manager, said=said)).partner
    assert made.credit_limit is not None and made.credit_limit.amount == Decimal("250000.50")
    namesake = await upsert_customer(crew.manager, said={"name": "Jamii Bakery", "credit_limit": Decimal(0)})
    assert namesake.created and namesake.partner.credit_limit_minor == 0, "two customers may have one name"
    await refused(upsert_customer(crew.manager, said=said), CustomerTaken, "input", "userId")
    taking = upsert_customer(crew.manager, customer_id=namesake.partner.id, said={"user_id": user.id})
    await refused(taking, CustomerTaken, "input", "userId")
    unknown = upsert_customer(crew.manager, said={"name": "Nobody", "user_id": new_id()})
    await refused(unknown, UserNotFound, "input", "userId")
    free = await upsert_customer(crew.manager, customer_id=made.id, said={"user_id": None, "credit_limit": None})
    assert (free.created, free.partner.user_id, free.partner.credit_limit) == (False, None, None)
    both = [upsert_customer(crew.manager, said={"name": f"Twin {i}", "user_id": user.id}) for i in range(2)]
    outcomes = await outcomes_of(both)
    assert sorted(type(each).__name__ for each in outcomes) == ["CustomerTaken", "Kept"]


async def test_who_may_and_what_is_no_partner() -> None:
    crew = await a_crew()
    for upsert in (upsert_supplier, upsert_customer):
        act: Any = upsert
        await refused(act(ANONYMOUS, said={"name": "x"}), Unauthenticated)
        for other in (crew.keeper, crew.clerk):
            await refused(act(other, said={"name": "x"}), Forbidden)
        await refused(act(crew.manager, said={}), InvalidInput, "input", "name")
        for wrong, field in (
            ({"name": ""}, "name"),
            ({"name": "x" * 121}, "name"),
            ({"name": "x\x07"}, "name"),
            ({"name": "x", "phone": "0712"}, "phone"),
            ({"name": "x", "email": "nobody"}, "email"),
            ({"name": "x", "address": "x" * 301}, "address"),
            ({"name": "x", "tax_number": "x" * 41}, "taxNumber"),
            ({"name": "x", "payment_days": -1}, "paymentDays"),
            ({"name": "x", "payment_days": 366}, "paymentDays"),
        ):
            await refused(act(crew.manager, said=wrong), InvalidInput, "input", field)
    await refused(upsert_supplier(crew.manager, supplier_id=new_id(), said={}), SupplierNotFound, "input", "supplierId")
    await refused(upsert_customer(crew.manager, customer_id=new_id(), said={}), CustomerNotFound, "input", "customerId")
    for limit in ("NaN", "-1", "0.001", "9" * 19):
        said = {"name": "x", "credit_limit": Decimal(limit)}
        await refused(upsert_customer(crew.manager, said=said), InvalidInput, "input", "creditLimit")


async def test_partners_are_found_by_name() -> None:
    crew = await a_crew()
    for name in ("Rift Growers", "Nakuru Millers", "Old Farm"):
        await upsert_supplier(crew.manager, said={"name": name})
        await upsert_customer(crew.manager, said={"name": name})
    old = await Supplier.get(name="Old Farm")
    await upsert_supplier(crew.manager, supplier_id=old.id, said={"active": False})
    assert await Customer.all().count() == 3
    for listed in (catalogue.suppliers, catalogue.customers):
        page = await listed(crew.clerk, PageRequest(), search="  growers ")
        assert [row.name for row in page.rows] == ["Rift Growers"]
        assert list((await listed(crew.clerk, PageRequest(), search="\x00")).rows) == []
    active = await catalogue.suppliers(crew.clerk, PageRequest())
    assert [row.name for row in active.rows] == [
        "Nakuru Millers",
        "Rift Growers",
    ]
    assert len((await catalogue.suppliers(crew.clerk, PageRequest(), active=None)).rows) == 3
