"""What clients send about the money of a loan that is agreed to. Amounts are in the loan's one currency."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Final

from strawberry.utils.str_converters import to_camel_case

from domain.lending.rules.terms import ChargeBasis, PeriodUnit
from domain.lending.service import NewPlan
from domain.lending.states import LoanRequestKind, PaymentChannel, RescheduleKind
from schema.kit import ID, MoneyInput, attribute, idempotency_key, input_type
from schema.lending import enums  # noqa: F401  describes the enums that are used here


@input_type("To pay a loan out, whole or in a tranche.")
class DisburseLoanInput:
    loan_id: ID = attribute("The loan.")
    amount: MoneyInput | None = attribute("How much; all that is not paid out yet when left out.", default=None)
    channel: PaymentChannel = attribute("Where the money goes.", default=PaymentChannel.WALLET)
    disbursed_on: date | None = attribute("The day that it counts from; today when left out.", default=None)
    reference: str = attribute("What the papers know it by, up to 120 characters.", default="")
    keep_fees: bool = attribute("Whether charges at disbursement are kept back of the amount.", default=True)
    note: str = attribute("What is said about it, up to 500 characters.", default="")
    idempotency_key: str | None = idempotency_key()


@input_type("Money that staff received for a loan.")
class RecordLoanRepaymentInput:
    loan_id: ID = attribute("The loan.")
    amount: MoneyInput = attribute("How much.")
    channel: PaymentChannel = attribute("How it came: CASH, BANK or MPESA.", default=PaymentChannel.CASH)
    received_on: date | None = attribute(
        "The day on which it came; today when left out. With an earlier day, later payments are applied anew.", default=None
    )
    reference: str = attribute("The number of the receipt; recorded once, and needed with MPESA.", default="")
    note: str = attribute("What is said about it, up to 500 characters.", default="")
    idempotency_key: str | None = idempotency_key()


@input_type("To pay from one's own wallet.")
class PayLoanInput:
    loan_id: ID = attribute("The loan.")
    amount: MoneyInput | None = attribute("How much; what is due, or else the next instalment, when left out.", default=None)
    idempotency_key: str | None = idempotency_key()


@input_type("A loan that is paid off today.")
class PrecloseLoanInput:
    loan_id: ID = attribute("The loan.")
    channel: PaymentChannel = attribute("How the money came: CASH, BANK or MPESA.", default=PaymentChannel.CASH)
    reference: str = attribute("The number of the receipt; recorded once, and needed with MPESA.", default="")
    note: str = attribute("What is said about it, up to 500 characters.", default="")
    idempotency_key: str | None = idempotency_key()


@input_type("A payout to take back: the last thing that happened with its loan.")
class ReverseLoanDisbursementInput:
    transaction_id: ID = attribute("The payout on the statement.")
    reason: str = attribute("Why, of 1 to 500 characters.")
    idempotency_key: str | None = idempotency_key()


@input_type("A payment to undo: it bounced, or was recorded by mistake.")
class ReverseLoanRepaymentInput:
    transaction_id: ID = attribute("The movement on the statement.")
    reason: str = attribute("Why, of 1 to 500 characters.")
    nsf_fee: MoneyInput | None = attribute("What is charged for a payment that bounced.", default=None)
    idempotency_key: str | None = idempotency_key()


@input_type("A payment that the bank took back.")
class ChargeBackLoanInput:
    transaction_id: ID = attribute("The movement on the statement.")
    amount: MoneyInput | None = attribute("How much; all of it when left out.", default=None)
    charged_back_on: date | None = attribute("The day; today when left out.", default=None)
    note: str = attribute("What is said about it, up to 500 characters.", default="")
    idempotency_key: str | None = idempotency_key()


@input_type("To give back what was overpaid.")
class RefundOverpaymentInput:
    loan_id: ID = attribute("The loan.")
    amount: MoneyInput | None = attribute("How much; all of it when left out.", default=None)
    channel: PaymentChannel = attribute("Where the money goes.", default=PaymentChannel.WALLET)
    reference: str = attribute("What the papers know it by.", default="")
    note: str = attribute("What is said about it, up to 500 characters.", default="")
    idempotency_key: str | None = idempotency_key()


@input_type("A fee or a penalty.")
class AddLoanChargeInput:
    loan_id: ID = attribute("The loan.")
    title: str = attribute("What it is for, of 1 to 120 characters.")
    value: Decimal = attribute("Major units with FLAT, percent otherwise; more than zero.")
    basis: ChargeBasis = attribute("Of what it is reckoned.", default=ChargeBasis.FLAT)
    due_on: date | None = attribute("The day by which it is to be paid; today when left out.", default=None)
    penalty: bool = attribute("Whether it is a penalty.", default=False)
    code: str = attribute("What it is known by.", default="MANUAL")
    note: str = attribute("What is said about it, up to 500 characters.", default="")
    idempotency_key: str | None = idempotency_key()


@input_type("A charge to let go, or to demand after all.")
class LoanChargeInput:
    charge_id: ID = attribute("The charge.")
    reason: str = attribute("Why, of 1 to 500 characters.")
    idempotency_key: str | None = idempotency_key()


@input_type("Interest to let go.")
class WaiveLoanInterestInput:
    loan_id: ID = attribute("The loan.")
    amount: MoneyInput = attribute("How much.")
    reason: str = attribute("Why, of 1 to 500 characters.")
    instalment: int | None = attribute("Of this instalment alone; of the oldest first when left out.", default=None)
    idempotency_key: str | None = idempotency_key()


@input_type("Something to do with a loan, and why.")
class LoanReasonInput:
    loan_id: ID = attribute("The loan.")
    reason: str = attribute("Why, of 1 to 500 characters.")
    idempotency_key: str | None = idempotency_key()


@input_type("To take a loan off the books.")
class ChargeOffLoanInput:
    loan_id: ID = attribute("The loan.")
    reason: str = attribute("Why, of 1 to 500 characters.")
    charged_off_on: date | None = attribute("The day; today when left out.", default=None)
    idempotency_key: str | None = idempotency_key()


@input_type("A new rate.")
class ChangeLoanRateInput:
    loan_id: ID = attribute("The loan.")
    annual_rate: Decimal = attribute("The nominal rate, in percent a year, from 0 to 1,000.")
    effective_on: date = attribute("From which day on.")
    reason: str = attribute("Why, of 1 to 500 characters.")
    idempotency_key: str | None = idempotency_key()


@input_type(
    "What is wanted of the instalments still to be paid. NEW_TERMS reads fromOn to interestFree, REAGE firstDueOn to "
    "unit, REAMORTISE nothing more."
)
class NewPlanInput:
    kind: RescheduleKind = attribute("What the plan does.")
    from_on: date | None = attribute("New terms hold for instalments due from this day on.", default=None)
    new_due_on: date | None = attribute("The first of them falls due on this day, the others after it.", default=None)
    extra_instalments: int = attribute("So many more.", default=0)
    instalment: MoneyInput | None = attribute("Each of this amount.", default=None)
    annual_rate: Decimal | None = attribute("At this rate, in percent a year.", default=None)
    grace_principal: int = attribute("So many ask for no principal.", default=0)
    interest_free: int = attribute("So many bear no interest.", default=0)
    first_due_on: date | None = attribute("The first new instalment falls due on this day.", default=None)
    instalments: int | None = attribute("So many new ones.", default=None)
    every: int = attribute("One every so many units.", default=1)
    unit: PeriodUnit = attribute("The unit.", default=PeriodUnit.MONTHS)

    def parse(self, *field: str) -> NewPlan:
        said = dict(vars(self))
        said["instalment"] = None if self.instalment is None else self.instalment.parse(*field, "instalment")
        return NewPlan(**said)


PLAN_FIELDS: Final = frozenset(to_camel_case(each.name) for each in fields(NewPlanInput))  # type: ignore[arg-type]


@input_type("To ask for a new plan; somebody else decides.")
class RequestLoanRescheduleInput:
    loan_id: ID = attribute("The loan.")
    plan: NewPlanInput = attribute("What is wanted.")
    reason: str = attribute("Why, of 1 to 500 characters.")


@input_type("To ask for a loan to be given up; somebody else decides.")
class RequestLoanWriteOffInput:
    loan_id: ID = attribute("The loan.")
    reason: str = attribute("Why, of 1 to 500 characters.")


@input_type("To agree to what somebody else asked for.")
class AgreeToLoanRequestInput:
    loan_id: ID = attribute("The loan.")
    comment: str = attribute("What is said with it, up to 1,000 characters.", default="")
    idempotency_key: str | None = idempotency_key()


@input_type("A request to turn down.")
class RejectLoanRequestInput:
    loan_id: ID = attribute("The loan.")
    kind: LoanRequestKind = attribute("Which request.")
    comment: str = attribute("Why, of 1 to 1,000 characters.")


@input_type("A request of one's own to take back.")
class WithdrawLoanRequestInput:
    loan_id: ID = attribute("The loan.")
    kind: LoanRequestKind = attribute("Which request.")
    reason: str = attribute("Why, of 1 to 500 characters.")


@input_type("Days that do not count as delinquent.")
class PauseLoanDelinquencyInput:
    loan_id: ID = attribute("The loan.")
    starts_on: date = attribute("The first day.")
    ends_on: date = attribute("The last day, within a year.")
    reason: str = attribute("Why, of 1 to 500 characters.")


@input_type("To let days count as delinquent again.")
class ResumeLoanDelinquencyInput:
    loan_id: ID = attribute("The loan.")
    reason: str = attribute("Why, of 1 to 500 characters.")
