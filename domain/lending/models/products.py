"""What can be lent, and how a rate is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from tortoise import fields
from tortoise.models import Model

from domain.identity.models import EnumArrayField
from domain.kit.decimals import PlainDecimalField
from domain.kit.money import Money, MoneyOf
from domain.lending import stored
from domain.lending.rules.terms import LoanTerms
from domain.lending.states import (
    DocumentKind,
)


def rate_field() -> fields.Field[Decimal]:
    """A nominal yearly rate in percent."""
    return PlainDecimalField(max_digits=16, decimal_places=12)


class LoanProduct(Model):
    """What can be lent: bounds, and terms with the usual principal, rate and number of instalments."""

    id = fields.UUIDField(primary_key=True)
    code = fields.CharField(max_length=30)
    revision = fields.IntField()
    name = fields.CharField(max_length=120)
    description = fields.CharField(max_length=2000)
    currency = fields.CharField(max_length=3)
    min_principal_minor = fields.BigIntField()
    max_principal_minor = fields.BigIntField()
    min_instalments = fields.IntField()
    max_instalments = fields.IntField()
    min_annual_rate = rate_field()
    max_annual_rate = rate_field()
    terms: fields.Field[dict[str, Any]] = fields.JSONField()
    requires_kyc = fields.BooleanField()
    required_documents: fields.Field[list[DocumentKind]] = EnumArrayField(DocumentKind)
    active = fields.BooleanField()
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "loan_product"

    min_principal = MoneyOf("min_principal_minor")
    max_principal = MoneyOf("max_principal_minor")

    @property
    def usual_terms(self) -> LoanTerms:
        """The terms of a loan about which nothing else is said."""
        return stored.terms_from(self.terms)

    def terms_for(
        self,
        principal: Money,
        *,
        instalments: int | None = None,
        annual_rate: Decimal | None = None,
        first_due_on: date | None = None,
    ) -> LoanTerms:
        """The terms of one loan of this product; what is None is as usual."""
        usual = self.usual_terms
        return replace(
            usual,
            principal=principal,
            instalments=usual.instalments if instalments is None else instalments,
            annual_rate=usual.annual_rate if annual_rate is None else annual_rate,
            first_due_on=first_due_on,
        )
