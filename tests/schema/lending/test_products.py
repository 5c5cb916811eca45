"""Loan products in the API: every convention is a field, and what contradicts itself is no product."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from strawberry.utils.str_converters import to_camel_case

from domain.identity.permissions import Role
from domain.kit.ids import new_id
from domain.lending.rules.terms import LoanTerms
from domain.lending.states import DocumentKind
from schema.lending.inputs import TERMS_FIELDS
from tests.schema.test_architecture import the_schema
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.loan_operations import kes_shown, op, shillings
from tests.support.loans import a_product
from tests.support.operations import money
from tests.support.people import somebody

pytestmark = pytest.mark.usefixtures("database")

CREATE, UPDATE = op("CreateLoanProduct"), op("UpdateLoanProduct")
RETIRE, RESTORE = op("RetireLoanProduct"), op("RestoreLoanProduct")
PRODUCT, PRODUCTS, FEED = op("LoanProduct"), op("LoanProducts"), op("LoanProductChanged")

TERMS: dict[str, Any] = {"principal": shillings("12000.00"), "annualRate": "12", "instalments": 12}
OFFER: dict[str, Any] = {"code": "MICRO-12", "name": "Micro Loan", "terms": TERMS}

EVERY_TERM: dict[str, Any] = {
    "principal": shillings("5000.00"),
    "annualRate": "8.24",
    "instalments": 10,
    "every": 2,
    "unit": "WEEKS",
    "interestMethod": "DECLINING_BALANCE",
    "amortisation": "EQUAL_PRINCIPAL",
    "interestPeriod": "DAILY",
    "dayCount": "FIXED_364",
    "instalmentBasis": "ACTUAL_PERIODS",
    "interestRounding": "EACH_BALANCE",
    "rounding": {"multipleOf": "5", "mode": "UP"},
    "grace": {"principal": 1, "interestPayment": 2, "interestFree": 3},
    "evenOutLast": True,
    "fixedInstalment": None,
    "downPaymentPercent": "25",
    "recalculation": "DAILY",
    "bearsAfterMaturity": False,
    "prepayment": "REDUCE_INSTALLMENT_AMOUNT",
    "payoffInterest": "TILL_REST_FREQUENCY_DATE",
    "allocation": {
        "order": ["INTEREST", "PRINCIPAL", "PENALTY", "FEE"],
        "inAdvance": ["PRINCIPAL", "PENALTY", "FEE", "INTEREST"],
        "pastDueOrder": ["PRINCIPAL", "INTEREST", "PENALTY", "FEE"],
        "duePass": "BY_COMPONENT",
        "futureRule": "REAMORTISE",
    },
    "charges": [
        {
            "code": "PROCESSING", "title": "Processing", "time": "DISBURSEMENT", "basis": "PERCENT_OF_PRINCIPAL",
            "value": "1.5", "penalty": False, "graceDays": 0,
        },
        {
            "code": "LATE", "title": "Late", "time": "OVERDUE_INSTALMENT", "basis": "FLAT",
            "value": "100", "penalty": True, "graceDays": 3,
        },
        {
            "code": "PENAL", "title": "Penal interest", "time": "OVERDUE_INSTALMENT",
            "basis": "PERCENT_PER_YEAR_OF_OVERDUE_PRINCIPAL", "value": "240", "penalty": True, "graceDays": 3,
        },
    ],
    "delinquencyGraceDays": 2,
    "residualTolerance": shillings("1.00"),
}  # fmt: skip
LENDER = somebody(Role.ADMIN, name="Ada Admin")
OFFICER = somebody(Role.LOAN_OFFICER, name="Omari Officer")
BORROWER = somebody(Role.BORROWER, name="Beatrice Wanjiru")


def said_again(terms: dict[str, Any]) -> dict[str, Any]:
    """Terms that were read, as somebody would send them: without what a product cannot say."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict) and "formatted" in value:
            return shillings(value["amount"])
        return {key: plain(each) for key, each in value.items()} if isinstance(value, dict) else value

    return {name: plain(value) for name, value in terms.items() if name != "firstDueOn"}


async def test_a_product_is_made_and_read() -> None:
    await refused_to_strangers(CREATE, input=OFFER)
    await refused_to_strangers(PRODUCTS)
    assert (await ask(BORROWER, PRODUCTS))["nodes"] == []
    made = (await do(LENDER, CREATE, input=OFFER))["product"]
    assert (made["code"], made["revision"], made["active"], made["currency"]) == ("MICRO-12", 1, True, "KES")
    assert (made["minPrincipal"], made["maxInstalments"], made["minAnnualRate"]) == (kes_shown("12,000.00"), 12, "12")
    assert made["usualTerms"]["allocation"]["order"] == ["PENALTY", "FEE", "INTEREST", "PRINCIPAL"]
    for viewer in (BORROWER, OFFICER):
        assert await ask(viewer, PRODUCT, id=made["id"]) == made
        [listed] = (await ask(viewer, PRODUCTS))["nodes"]
        assert listed["usualTerms"]["instalments"] == 12
    assert await ask(BORROWER, PRODUCT, id=encode_id("LoanProduct", new_id())) is None
    assert await ask_refused(somebody(Role.SELLER, name="Sita"), PRODUCTS) == "FORBIDDEN"
    assert await ask_refused(OFFICER, CREATE, input=OFFER) == "FORBIDDEN"


def test_every_term_of_the_engine_is_a_field() -> None:
    known = {to_camel_case(each.name) for each in fields(LoanTerms)}
    assert known == TERMS_FIELDS | {"firstDueOn"} == EVERY_TERM.keys() | {"firstDueOn"}
    shown = the_schema().type_map["LoanTerms"].fields.keys()  # type: ignore[attr-defined]
    assert shown == known | {"currency"}


async def test_every_term_comes_back_as_it_was_sent() -> None:
    made = (await do(LENDER, CREATE, input=OFFER | {"terms": EVERY_TERM, "requiredDocuments": ["PHOTO", "PASSPORT"]}))[
        "product"
    ]
    assert said_again(made["usualTerms"]) == EVERY_TERM
    assert made["usualTerms"]["firstDueOn"] is None
    assert made["requiredDocuments"] == ["PASSPORT", "PHOTO"]
    fixed = TERMS | {"instalments": 9, "fixedInstalment": shillings("1500.00")}
    other = (await do(LENDER, CREATE, input=OFFER | {"code": "FIXED", "terms": fixed}))["product"]
    assert other["usualTerms"]["fixedInstalment"] == kes_shown("1,500.00")


async def test_the_next_revision() -> None:
    product = await a_product(code="SHOP", name="Shop loan", required_documents=[DocumentKind.PHOTO])
    about = {"productId": encode_id("LoanProduct", product.id)}
    await refused_to_strangers(UPDATE, input=about)
    assert (await do(LENDER, UPDATE, input=about))["product"]["revision"] == 1
    raised = about | {"expectedRevision": 1, "maxPrincipal": shillings("20000000.00"), "name": None}
    changed = (await do(LENDER, UPDATE, input=raised))["product"]
    assert (changed["revision"], changed["name"], changed["maxPrincipal"]["amount"]) == (2, "Shop loan", "20000000.00")
    assert changed["requiredDocuments"] == ["PHOTO"]
    stale = ("LOAN_PRODUCT_CHANGED", ["input", "expectedRevision"])
    assert await do_refused(LENDER, UPDATE, input=raised) == stale
    terms = (await do(LENDER, UPDATE, input=about | {"terms": TERMS | {"annualRate": "18.5"}}))["product"]["usualTerms"]
    assert (terms["annualRate"], terms["dayCount"]) == ("18.5", "ACTUAL_365")
    wrong = about | {"terms": TERMS | {"instalments": 0}}
    assert await do_refused(LENDER, UPDATE, input=wrong) == ("INVALID_INPUT", ["input", "terms", "instalments"])
    other = about | {"terms": TERMS | {"principal": money("1.00", "USD")}}
    assert (await do_refused(LENDER, UPDATE, input=other))[0] == "CURRENCY_MISMATCH"
    assert await ask_refused(OFFICER, UPDATE, input=about) == "FORBIDDEN"
    unknown = {"productId": encode_id("LoanProduct", new_id())}
    missing = ("LOAN_PRODUCT_NOT_FOUND", ["input", "productId"])
    for document in (UPDATE, RETIRE, RESTORE):
        assert await do_refused(LENDER, document, input=unknown) == missing
        not_one = {"productId": encode_id("Loan", product.id)}
        assert await do_refused(LENDER, document, input=not_one) == ("NOT_FOUND", ["input", "productId"])


async def test_retired_and_brought_back() -> None:
    product = await a_product(code="SHOP")
    about = {"productId": encode_id("LoanProduct", product.id)}
    await refused_to_strangers(RETIRE, input=about)
    await refused_to_strangers(RESTORE, input=about)
    assert not (await do(LENDER, RETIRE, input=about))["product"]["active"]
    assert (await ask(BORROWER, PRODUCTS))["nodes"] == []
    [retired] = (await ask(BORROWER, PRODUCTS, active=None))["nodes"]
    assert (retired["code"], retired["active"]) == ("SHOP", False)
    assert (await do(LENDER, RESTORE, input=about))["product"]["active"]
    assert len((await ask(BORROWER, PRODUCTS, currency="KES"))["nodes"]) == 1
    assert (await ask(BORROWER, PRODUCTS, currency="USD"))["nodes"] == []
    assert await ask_refused(OFFICER, RETIRE, input=about) == "FORBIDDEN"
    for viewer in (BORROWER, OFFICER, LENDER):
        told = await heard(viewer, FEED)
        assert [(item["code"], item["active"]) for item in told] == [("SHOP", True), ("SHOP", False), ("SHOP", True)]
        assert told[0]["productId"] == about["productId"]
    assert await feed_refused(somebody(Role.SELLER, name="Sita"), FEED) == "FORBIDDEN"


CONTRADICTIONS: list[tuple[dict[str, Any], str, str]] = [
    ({"code": ""}, "INVALID_INPUT", "code"),
    ({"name": " "}, "INVALID_INPUT", "name"),
    ({"minPrincipal": money("1.00", "USD")}, "CURRENCY_MISMATCH", "minPrincipal.currency"),
    ({"minPrincipal": shillings("13000.00")}, "INVALID_LOAN_PRODUCT", "minPrincipal"),
    ({"maxPrincipal": shillings("0.001")}, "INVALID_AMOUNT", "maxPrincipal"),
    ({"maxInstalments": 11}, "INVALID_LOAN_PRODUCT", "maxInstalments"),
    ({"maxInstalments": 601}, "INVALID_LOAN_PRODUCT", "terms.instalments"),
    ({"terms": TERMS | {"principal": shillings("0")}}, "INVALID_AMOUNT", "terms.principal"),
    ({"terms": TERMS | {"principal": shillings("9" * 19)}}, "INVALID_AMOUNT", "terms.principal"),
    ({"terms": TERMS | {"annualRate": "-1"}}, "INVALID_INPUT", "terms.annualRate"),
    ({"terms": TERMS | {"annualRate": "12.1234567890123"}}, "INVALID_INPUT", "terms.annualRate"),
    ({"terms": TERMS | {"instalments": 601}}, "INVALID_INPUT", "terms.instalments"),
    ({"terms": TERMS | {"every": 0}}, "INVALID_INPUT", "terms.every"),
    ({"terms": TERMS | {"grace": {"principal": 12}}}, "INVALID_INPUT", "terms.grace.principal"),
    ({"terms": TERMS | {"rounding": {"multipleOf": "0"}}}, "INVALID_INPUT", "terms.rounding.multipleOf"),
    ({"terms": TERMS | {"allocation": {"order": ["FEE"]}}}, "INVALID_INPUT", "terms.allocation.order"),
    ({"terms": TERMS | {"downPaymentPercent": "100"}}, "INVALID_INPUT", "terms.downPaymentPercent"),
    ({"terms": TERMS | {"interestMethod": "FLAT", "recalculation": "DAILY"}}, "INVALID_INPUT", "terms.recalculation"),
    (
        {"terms": TERMS | {"residualTolerance": money("1.00", "USD")}},
        "CURRENCY_MISMATCH",
        "terms.residualTolerance.currency",
    ),
    (
        {"terms": TERMS | {"charges": [{"code": "", "title": "x", "time": "DISBURSEMENT", "value": "1"}]}},
        "INVALID_INPUT",
        "terms.charges.code",
    ),
]


async def test_what_contradicts_itself() -> None:
    for changes, code, field in CONTRADICTIONS:
        refused, path = await do_refused(LENDER, CREATE, input=OFFER | changes)
        assert (refused, ".".join(path or [])) == (code, f"input.{field}"), changes


async def test_a_code_is_taken_once() -> None:
    await do(LENDER, CREATE, input=OFFER)
    assert await do_refused(LENDER, CREATE, input=OFFER) == ("LOAN_PRODUCT_TAKEN", ["input", "code"])
    assert await ask_refused(LENDER, CREATE, input=OFFER | {"terms": TERMS | {"annualRate": "NaN"}}) == "INVALID_AMOUNT"
