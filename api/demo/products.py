"""What the demo branches lend: a business, an emergency and a school-fee loan, each with conventions of its own."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from api.demo.books import kes
from domain.lending.rules.terms import (
    ChargeBasis,
    ChargeRule,
    ChargeTime,
    Grace,
    InterestMethod,
    InterestPeriod,
    LoanTerms,
    PeriodUnit,
    PrepaymentPolicy,
    Recalculation,
    Rounding,
)
from domain.lending.service import ProductOffer

BIASHARA: Final = "BIASHARA"
DHARURA: Final = "DHARURA"
ELIMU: Final = "ELIMU"

WHOLE_SHILLINGS: Final = Rounding(Decimal(1))

LATE: Final = ChargeRule(
    code="LATE",
    title="Late payment",
    time=ChargeTime.OVERDUE_INSTALMENT,
    basis=ChargeBasis.PERCENT_OF_PRINCIPAL_AND_INTEREST,
    value=Decimal(5),
    penalty=True,
    grace_days=3,
)
PROCESSING: Final = ChargeRule(
    code="PROCESSING",
    title="Processing fee",
    time=ChargeTime.DISBURSEMENT,
    basis=ChargeBasis.PERCENT_OF_PRINCIPAL,
    value=Decimal("1.5"),
)
PAPERWORK: Final = ChargeRule(
    code="PAPERWORK", title="Paperwork", time=ChargeTime.DISBURSEMENT, basis=ChargeBasis.FLAT, value=Decimal(100)
)

OFFERS: Final = (
    ProductOffer(
        code=BIASHARA,
        name="Biashara Business Loan",
        description="For stock and tools of a business: 18 % a year on what is still owed, monthly, in whole shillings.",
        terms=LoanTerms(
            principal=kes(50_000),
            annual_rate=Decimal(18),
            instalments=12,
            rounding=WHOLE_SHILLINGS,
            charges=(PROCESSING, LATE),
            delinquency_grace_days=3,
            residual_tolerance=kes(5),
        ),
        min_principal=kes(5_000),
        max_principal=kes(500_000),
        min_instalments=3,
        max_instalments=24,
        min_annual_rate=Decimal(12),
        max_annual_rate=Decimal(24),
    ),
    ProductOffer(
        code=DHARURA,
        name="Dharura Emergency Loan",
        description="Small and quick: flat interest, paid weekly, without a check of papers.",
        terms=LoanTerms(
            principal=kes(5_000),
            annual_rate=Decimal(26),
            instalments=8,
            unit=PeriodUnit.WEEKS,
            interest_method=InterestMethod.FLAT,
            rounding=WHOLE_SHILLINGS,
            charges=(PAPERWORK, LATE),
        ),
        min_principal=kes(1_000),
        max_principal=kes(20_000),
        min_instalments=4,
        max_instalments=16,
        requires_kyc=False,
    ),
    ProductOffer(
        code=ELIMU,
        name="Elimu School-Fee Loan",
        description="For school fees: interest alone for two months, counted by the day, and less for whoever pays early.",
        terms=LoanTerms(
            principal=kes(30_000),
            annual_rate=Decimal(14),
            instalments=8,
            interest_period=InterestPeriod.DAILY,
            recalculation=Recalculation.DAILY,
            prepayment=PrepaymentPolicy.REDUCE_INSTALLMENT_AMOUNT,
            rounding=WHOLE_SHILLINGS,
            grace=Grace(principal=2),
            delinquency_grace_days=5,
        ),
        min_principal=kes(3_000),
        max_principal=kes(150_000),
        min_instalments=4,
        max_instalments=12,
    ),
)
