"""Products: made, revised, retired; every revision is remembered, and what contradicts itself is refused."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from domain.identity.actor import SYSTEM
from domain.identity.permissions import Role
from domain.kit.database import execute, fetch
from domain.kit.errors import CurrencyMismatch, DomainError, Forbidden, InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.paging import PageRequest
from domain.lending import queries
from domain.lending.errors import (
    InvalidProduct,
    LoanProductChanged,
    LoanProductNotFound,
    LoanProductTaken,
)
from domain.lending.models import LoanProduct
from domain.lending.rules.terms import (
    ALLOCATIONS,
    Amortisation,
    ChargeBasis,
    ChargeRule,
    ChargeTime,
    Grace,
    InterestPeriod,
    PeriodUnit,
    PrepaymentPolicy,
    Recalculation,
    Rounding,
    RoundingMode,
)
from domain.lending.service import create_product, restore_product, retire_product, update_product
from domain.lending.states import DocumentKind
from tests.support.happenings import assert_integrity, events_so_far, names_of_events, nothing_happens
from tests.support.loans import a_product, kes, offer, terms
from tests.support.people import somebody
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")

BORROWER = somebody(Role.BORROWER, name="Beatrice")
MANAGER = somebody(Role.BRANCH_MANAGER, name="Mary")


async def test_every_convention_is_kept_as_it_was_said() -> None:
    said = terms(
        annual_rate=Decimal("9.4822"),
        every=2,
        unit=PeriodUnit.WEEKS,
        amortisation=Amortisation.EQUAL_PRINCIPAL,
        interest_period=InterestPeriod.DAILY,
        rounding=Rounding(Decimal(5), RoundingMode.UP),
        grace=Grace(principal=1, interest_payment=1, interest_free=1),
        down_payment_percent=Decimal("2.5"),
        recalculation=Recalculation.DAILY,
        prepayment=PrepaymentPolicy.REDUCE_INSTALLMENT_AMOUNT,
        allocation=ALLOCATIONS["DUE_THEN_IN_ADVANCE"],
        charges=(
            ChargeRule(
                code="LATE",
                title="Late fee",
                time=ChargeTime.OVERDUE_INSTALMENT,
                basis=ChargeBasis.PERCENT_OF_PRINCIPAL,
                value=Decimal("1.5"),
                penalty=True,
                grace_days=3,
            ),
        ),
        delinquency_grace_days=4,
        residual_tolerance=kes("1.50"),
    )
    product = await create_product(
        SYSTEM, offer=dataclasses.replace(offer(), terms=said, min_instalments=3, required_documents=[DocumentKind.PHOTO])
    )
    stored = await LoanProduct.get(id=product.id)
    assert stored.usual_terms == said
    assert (stored.min_annual_rate, stored.max_annual_rate) == (Decimal(0), Decimal(100))
    assert str(stored.max_annual_rate) == "100"
    assert stored.required_documents == [DocumentKind.PHOTO]
    assert stored.terms_for(kes(500), instalments=6, first_due_on=date(2030, 5, 31)) == dataclasses.replace(
        said, principal=kes(500), instalments=6, first_due_on=date(2030, 5, 31)
    )
    assert await names_of_events() == ["lending.loan_product_changed"]


async def test_a_change_is_the_next_revision_and_each_is_remembered() -> None:
    product = await a_product(name="Old name")
    changed = await update_product(
        SYSTEM,
        product_id=product.id,
        changes={"name": "New name", "terms": terms(annual_rate=Decimal(18))},
        expected_revision=1,
    )
    assert (changed.revision, changed.name, changed.usual_terms.annual_rate) == (2, "New name", 18)
    rows = await fetch("select revision, body ->> 'name' as name from loan_product_revision order by revision")
    assert [tuple(row) for row in rows] == [(1, "Old name"), (2, "New name")]
    last = (await events_so_far())[-1].fact.product
    assert (last.revision, last.name, last.active) == (2, "New name", True)


async def test_no_change_is_no_revision_and_no_news() -> None:
    product = await a_product()
    async with nothing_happens():
        same = await update_product(SYSTEM, product_id=product.id, changes={"name": product.name})
        assert same.revision == 1
        await restore_product(SYSTEM, product_id=product.id)


async def test_retired_and_brought_back() -> None:
    product = await a_product()
    assert not (await retire_product(SYSTEM, product_id=product.id)).active
    assert not (await queries.loan_products(BORROWER, PageRequest())).rows
    shown = await queries.loan_products(BORROWER, PageRequest(), active=False)
    assert [each.id for each in shown.rows] == [product.id]
    back = await restore_product(SYSTEM, product_id=product.id)
    assert back.active and back.revision == 1
    assert [each.id for each in (await queries.loan_products(BORROWER, PageRequest())).rows] == [product.id]
    assert len(await names_of_events()) == 3


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"code": ""}, InvalidInput, "code"),
        ({"code": "Zażółć"}, InvalidInput, "code"),
        ({"code": "-A"}, InvalidInput, "code"),
        ({"code": "A" * 31}, InvalidInput, "code"),
        ({"name": "  "}, InvalidInput, "name"),
        ({"name": "bell\x07"}, InvalidInput, "name"),
        ({"description": "x" * 2_001}, InvalidInput, "description"),
        ({"min_principal": kes(20_000)}, InvalidProduct, "minPrincipal"),
        ({"max_principal": kes(10_000)}, InvalidProduct, "maxPrincipal"),
        ({"max_principal": Money.of(10_000, "USD")}, CurrencyMismatch, "maxPrincipal"),
        ({"min_instalments": 13}, InvalidProduct, "minInstalments"),
        ({"max_instalments": 11}, InvalidProduct, "maxInstalments"),
        ({"max_instalments": 601}, InvalidProduct, "instalments"),
        ({"min_annual_rate": Decimal(13)}, InvalidProduct, "minAnnualRate"),
        ({"min_annual_rate": Decimal(-1)}, InvalidInput, "minAnnualRate"),
        ({"max_annual_rate": Decimal("NaN")}, InvalidInput, "maxAnnualRate"),
        ({"max_annual_rate": Decimal(1_001)}, InvalidInput, "maxAnnualRate"),
        ({"grace": Grace(principal=3), "min_instalments": 3}, InvalidProduct, "grace"),
        ({"first_due_on": date(2030, 1, 31)}, InvalidProduct, "firstDueOn"),
    ],
)
async def test_what_contradicts_itself_is_no_product(
    changes: dict[str, Any], refusal: type[DomainError], field: str
) -> None:
    async with nothing_happens():
        with pytest.raises(refusal) as refused:
            await create_product(SYSTEM, offer=offer(**changes))
    assert refused.value.field is not None and field in refused.value.field


async def test_who_may_not_and_what_is_not_there() -> None:
    product = await a_product(code="MICRO")
    async with nothing_happens():
        for who in (BORROWER, MANAGER):
            with pytest.raises(Forbidden):
                await create_product(who, offer=offer())
            with pytest.raises(Forbidden):
                await update_product(who, product_id=product.id, changes={"name": "Mine"})
            with pytest.raises(Forbidden):
                await retire_product(who, product_id=product.id)
        with pytest.raises(LoanProductTaken):
            await create_product(SYSTEM, offer=offer(code=" micro "))
        with pytest.raises(LoanProductNotFound):
            await retire_product(SYSTEM, product_id=new_id())
        with pytest.raises(LoanProductChanged):
            await update_product(SYSTEM, product_id=product.id, changes={"name": "New"}, expected_revision=2)
        with pytest.raises(InvalidProduct):
            await update_product(SYSTEM, product_id=product.id, changes={"code": "OTHER"})
        with pytest.raises(InvalidProduct):
            dollars = offer(principal=Money.of(12_000, "USD"))
            await update_product(
                SYSTEM,
                product_id=product.id,
                changes={
                    "terms": dollars.terms,
                    "min_principal": dollars.min_principal,
                    "max_principal": dollars.max_principal,
                },
            )


async def test_two_at_once_revise_one_after_the_other() -> None:
    product = await a_product()
    outcomes = await outcomes_of(
        update_product(SYSTEM, product_id=product.id, changes={"name": f"Name {i}"}, expected_revision=1) for i in range(6)
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["LoanProduct", *["LoanProductChanged"] * 5]
    assert (await LoanProduct.get(id=product.id)).revision == 2
    await assert_integrity("lending")


async def test_the_database_itself_guards_revisions() -> None:
    product = await a_product()
    for change in ("name = 'Sly'", "revision = 2", "code = 'SLY', revision = 2", "currency = 'USD', revision = 2"):
        with pytest.raises(asyncpg.CheckViolationError):
            await execute(f"update loan_product set {change} where id = $1", product.id)
    with pytest.raises(asyncpg.CheckViolationError):
        await execute("delete from loan_product_revision")
