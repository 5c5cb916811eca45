"""Loan products: made, revised, retired, brought back. A loan keeps the terms that it was agreed on."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import asyncpg
from tortoise.exceptions import IntegrityError

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.decimals import plain
from domain.kit.errors import CurrencyMismatch, DomainError, InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.lending import stored
from domain.lending.errors import InvalidProduct, LoanProductChanged, LoanProductNotFound, LoanProductTaken
from domain.lending.events import LoanProductChanged as LoanProductChangedEvent
from domain.lending.events import LoanProductFigures
from domain.lending.models import LoanProduct
from domain.lending.rules import quote
from domain.lending.rules.terms import MAX_ANNUAL_RATE, LoanTerms, require_plain
from domain.lending.service.desk import line, prose
from domain.lending.states import DocumentKind

MAX_CODE: Final = 30
MAX_NAME: Final = 120
MAX_DESCRIPTION: Final = 2_000


@dataclass(frozen=True, kw_only=True)
class ProductOffer:
    """What is said of a product: ``terms`` are those of the usual loan; a bound that is None is that of the usual loan."""

    code: str
    name: str
    terms: LoanTerms
    description: str = ""
    min_principal: Money | None = None
    max_principal: Money | None = None
    min_instalments: int | None = None
    max_instalments: int | None = None
    min_annual_rate: Decimal | None = None
    max_annual_rate: Decimal | None = None
    requires_kyc: bool = True
    required_documents: Sequence[DocumentKind] = ()


@retried
async def create_product(actor: Actor, *, offer: ProductOffer) -> LoanProduct:
    """A new product, which can be applied for at once. Refuses with INVALID_LOAN_PRODUCT and LOAN_PRODUCT_TAKEN."""
    actor.require(Permission.LOAN_PRODUCTS_MANAGE)
    columns = columns_of(offer)
    async with unit_of_work() as work, _code_is_free():
        moment = clock.now()
        product = await LoanProduct.create(
            id=new_id(),
            revision=1,
            active=True,
            created_by_id=actor.id,
            created_at=moment,
            updated_at=moment,
            **columns,
        )
        _tell(work, product)
    return product


@retried
async def update_product(
    actor: Actor, *, product_id: UUID, changes: Mapping[str, Any], expected_revision: int | None = None
) -> LoanProduct:
    """The next revision of a product; ``changes`` is by the field names of :class:`ProductOffer`, code and currency stay.

    Applications that are not decided yet keep the terms that they were written with. Refuses with LOAN_PRODUCT_CHANGED when
    somebody else was faster than ``expected_revision``. No change at all makes no revision.
    """
    actor.require(Permission.LOAN_PRODUCTS_MANAGE)
    async with unit_of_work() as work:
        product = await _locked(product_id)
        if expected_revision is not None and expected_revision != product.revision:
            raise LoanProductChanged(f"this product is at revision {product.revision} by now")
        columns = columns_of(dataclasses.replace(offer_of(product), **changes))
        if columns["code"] != product.code or columns["currency"] != product.currency:
            raise InvalidProduct("the code and the currency of a product stay", field=("input", "code"))
        if all(getattr(product, column) == value for column, value in columns.items()):
            return product
        product.update_from_dict(columns)
        product.revision += 1
        await _save(work, product)
    return product


@retried
async def retire_product(actor: Actor, *, product_id: UUID) -> LoanProduct:
    """Lend it no more. Loans that there are go on; applications that were submitted can still be approved."""
    return await _set_active(actor, product_id, active=False)


@retried
async def restore_product(actor: Actor, *, product_id: UUID) -> LoanProduct:
    """Lend it again."""
    return await _set_active(actor, product_id, active=True)


def offer_of(product: LoanProduct) -> ProductOffer:
    """What was said of a product."""
    return ProductOffer(
        code=product.code,
        name=product.name,
        terms=product.usual_terms,
        description=product.description,
        min_principal=product.min_principal,
        max_principal=product.max_principal,
        min_instalments=product.min_instalments,
        max_instalments=product.max_instalments,
        min_annual_rate=product.min_annual_rate,
        max_annual_rate=product.max_annual_rate,
        requires_kyc=product.requires_kyc,
        required_documents=product.required_documents,
    )


def columns_of(offer: ProductOffer) -> dict[str, Any]:
    """The columns of a product so offered; refuses what contradicts itself."""
    usual = offer.terms
    if usual.first_due_on is not None:
        raise InvalidProduct("a first due date belongs to a loan and not to a product", field=("input", "firstDueOn"))
    least, most = offer.min_principal or usual.principal, offer.max_principal or usual.principal
    for amount, name in ((least, "minPrincipal"), (most, "maxPrincipal")):
        if amount.currency != usual.currency:
            raise CurrencyMismatch(f"this product lends {usual.currency}", field=("input", name, "currency"))
    columns = {
        "code": _code(offer.code),
        "name": line(offer.name, MAX_NAME, "name"),
        "description": prose(offer.description, MAX_DESCRIPTION, "description"),
        "currency": usual.currency,
        "min_principal_minor": least.amount_minor,
        "max_principal_minor": most.amount_minor,
        "min_instalments": usual.instalments if offer.min_instalments is None else offer.min_instalments,
        "max_instalments": usual.instalments if offer.max_instalments is None else offer.max_instalments,
        "min_annual_rate": _rate(offer.min_annual_rate, usual, "minAnnualRate"),
        "max_annual_rate": _rate(offer.max_annual_rate, usual, "maxAnnualRate"),
        "terms": stored.terms_to_json(usual),
        "requires_kyc": offer.requires_kyc,
        "required_documents": [kind for kind in DocumentKind if kind in offer.required_documents],
    }
    _require_ranges(usual, columns)
    _require_schedules(usual, columns)
    return columns


def _require_ranges(usual: LoanTerms, columns: Mapping[str, Any]) -> None:
    """The usual loan lies within the bounds."""
    for name, value, field in (
        ("principal", usual.principal.amount_minor, "Principal"),
        ("instalments", usual.instalments, "Instalments"),
        ("annual_rate", usual.annual_rate, "AnnualRate"),
    ):
        suffix = "_minor" if name == "principal" else ""
        if columns[f"min_{name}{suffix}"] > value:
            raise InvalidProduct("the usual loan is below this bound", field=("input", f"min{field}"))
        if columns[f"max_{name}{suffix}"] < value:
            raise InvalidProduct("the usual loan is above this bound", field=("input", f"max{field}"))


def _require_schedules(usual: LoanTerms, columns: Mapping[str, Any]) -> None:
    """The smallest and the largest loan can be scheduled: whatever lies between, a borrower may ask for."""
    for end in ("min", "max"):
        try:
            terms = dataclasses.replace(
                usual,
                principal=Money(columns[f"{end}_principal_minor"], usual.currency),
                instalments=columns[f"{end}_instalments"],
                annual_rate=columns[f"{end}_annual_rate"],
            )
            quote(terms, clock.today())
        except DomainError as error:
            raise InvalidProduct(f"the {end}imal loan is impossible: {error.message}", field=error.field) from None


def _code(code: str) -> str:
    code = code.strip().upper()
    if not 1 <= len(code) <= MAX_CODE or not code.isascii() or not code.replace("-", "A").replace("_", "A").isalnum():
        raise InvalidInput(f"a code has 1 to {MAX_CODE} letters, digits, - and _", field=("input", "code"))
    if not code[0].isalnum():
        raise InvalidInput("a code begins with a letter or a digit", field=("input", "code"))
    return code


def _rate(rate: Decimal | None, usual: LoanTerms, name: str) -> Decimal:
    rate = usual.annual_rate if rate is None else rate
    require_plain(rate, ("input", name), least=Decimal(0), most=MAX_ANNUAL_RATE)
    return plain(rate)


async def _set_active(actor: Actor, product_id: UUID, *, active: bool) -> LoanProduct:
    actor.require(Permission.LOAN_PRODUCTS_MANAGE)
    async with unit_of_work() as work:
        product = await _locked(product_id)
        if product.active != active:
            product.active = active
            await _save(work, product)
    return product


async def _locked(product_id: UUID) -> LoanProduct:
    product = await LoanProduct.filter(id=product_id).select_for_update(no_key=True).get_or_none()
    if product is None:
        raise LoanProductNotFound
    return product


async def _save(work: Work, product: LoanProduct) -> None:
    product.updated_at = clock.now()
    await product.save()
    _tell(work, product)


def _tell(work: Work, product: LoanProduct) -> None:
    work.record(LoanProductChangedEvent(product=LoanProductFigures.of(product)))


@asynccontextmanager
async def _code_is_free() -> AsyncIterator[None]:
    """Say in words what the unique index refuses."""
    try:
        yield
    except IntegrityError as error:
        cause = error.__cause__
        if isinstance(cause, asyncpg.UniqueViolationError) and cause.constraint_name == "loan_product_code_is_unique":
            raise LoanProductTaken("another loan product has this code") from None
        raise
