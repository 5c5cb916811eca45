"""Fees through the schema: charged, paid, changed and deleted by staff; seen and paid by the families whose they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.ids import new_id
from domain.school.models import Student
from domain.school.service.advances import record_advance, use_advance
from domain.school.service.counter import IN_CASH
from domain.wallets.service import wallet_of
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.happenings import assert_integrity
from tests.support.operations import money, operation, shown
from tests.support.people import somebody
from tests.support.school import School, a_branch_row, a_guardian, a_pupil, a_school, enrolled_students, known
from tests.support.school_fees import charged, ghs, kes, paid, put_into_purse
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")


def op(name: str) -> str:
    """A canonical operation, without the cursor that live pages read first."""
    return operation(f"school/{name}").replace("  asOf\n", "")


ADD, UPDATE, DELETE, PAY = op("AddFee"), op("UpdateFee"), op("DeleteFee"), op("PayFee")
ONE, ALL, WARDS, RECEIPT, STATEMENT = op("SchoolFee"), op("SchoolFees"), op("MyWards"), op("Receipt"), op("StudentStatement")
LIVE, LIVE_WARDS = op("FeeUpdated"), op("WardUpdated")


def cedis(amount: str) -> dict[str, str]:
    return money(amount, "GHS")


def said(student: Student, due: str = "1500", **changes: Any) -> dict[str, Any]:
    whole = {"studentId": encode_id("Student", student.id), "title": "Tuition, term 1", "amountDue": cedis(due)}
    return whole | changes


async def ready() -> tuple[School, Student, Actor]:
    """A school, one of its students, and the guardian."""
    school = await a_school()
    student = await a_pupil(school, "Ama Mensah")
    return school, student, await a_guardian(student)


async def test_charging_with_a_payment() -> None:
    school, student, guardian = await ready()
    bursar, whole = school.bursar, said(student, amountPaid=cedis("500"), idempotencyKey="once")
    await refused_to_strangers(ADD, input=whole)
    done = await do(bursar, ADD, input=whole)
    fee, transaction = done["fee"], done["financialTransaction"]
    assert done["message"] == "Payment recorded and financial transaction created"
    assert (fee["status"], fee["arrears"], fee["studentName"]) == (
        "PARTIALLY_PAID", shown("1,000.00", "GHS"), "Ama Mensah",
    )  # fmt: skip
    assert (transaction["reference"], transaction["category"], transaction["amount"]) == (
        fee["number"], "School Fees", shown("500.00", "GHS"),
    )  # fmt: skip
    assert "Ama Mensah" in transaction["description"] and "Tuition, term 1" in transaction["description"]
    assert (done["receipt"]["amount"], done["receipt"]["outstanding"]) == (shown("500.00", "GHS"), shown("1,000.00", "GHS"))
    again = await do(bursar, ADD, input=whole)
    assert (again["replayed"], again["fee"]["id"]) == (True, fee["id"])
    assert (await do_refused(bursar, ADD, input=whole | {"title": "Another"}))[0] == "IDEMPOTENCY_KEY_REUSED"
    unpaid = await do(bursar, ADD, input=said(student, "300", amountPaid=cedis("0")))
    assert (unpaid["message"], unpaid["financialTransaction"], unpaid["receipt"]) == ("Fee recorded", None, None)
    listed = [each["number"] for each in (await ask(bursar, ALL))["nodes"]]
    assert listed == [unpaid["fee"]["number"], fee["number"]]
    for stranger in (guardian, somebody(Role.TEACHER), school.registrar):
        assert await ask_refused(stranger, ADD, input=said(student)) == "FORBIDDEN"
    assert (await do_refused(await known(Role.BURSAR, branch=await a_branch_row()), ADD, input=said(student)))[0] == (
        "STUDENT_NOT_FOUND"
    )
    await assert_integrity()


async def test_what_cannot_be_charged() -> None:
    school, student, _ = await ready()
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    line = {"amount": cedis("1000"), "dueOn": tomorrow}
    refusals: list[tuple[dict[str, Any], str, list[str] | None]] = [
        ({"amountDue": cedis("-1")}, "INVALID_AMOUNT", ["input", "amountDue"]),
        ({"amountDue": cedis("1.005")}, "INVALID_AMOUNT", ["input", "amountDue"]),
        ({"amountDue": cedis("9999999999999999999")}, "INVALID_AMOUNT", ["input", "amountDue"]),
        ({"amountPaid": cedis("-1")}, "INVALID_AMOUNT", ["input", "amountPaid"]),
        ({"amountPaid": money("10", "KES")}, "CURRENCY_MISMATCH", ["input", "amountPaid", "currency"]),
        ({"amountPaid": cedis("10"), "paidOn": tomorrow}, "FEE_DAY_INVALID", ["input", "paidOn"]),
        ({"amountPaid": cedis("10"), "method": "MPESA"}, "FEE_CHANNEL_NOT_POSSIBLE", ["input", "method"]),
        ({"title": " "}, "INVALID_INPUT", ["input", "title"]),
        ({"category": "NOTHING"}, "FEE_CATEGORY_NOT_FOUND", ["input", "lines"]),
        ({"lines": [line]}, "BAD_FEE", ["input", "lines"]),
        ({"studentId": encode_id("Student", new_id())}, "STUDENT_NOT_FOUND", ["input", "studentId"]),
        ({"studentId": encode_id("SchoolFee", student.id)}, "NOT_FOUND", ["input", "studentId"]),
        ({"enrolmentId": encode_id("Enrolment", new_id())}, "ENROLMENT_NOT_FOUND", ["input", "enrolmentId"]),
    ]
    for changes, code, where in refusals:
        assert await do_refused(school.bursar, ADD, input=said(student, **changes)) == (code, where), changes
    for wrong in ({"amountDue": cedis("NaN")}, {"arrears": cedis("1")}, {"amountDue": None}, {"studentId": None}):
        assert await ask_refused(school.bursar, ADD, input=said(student, **wrong)), "malformed input does nothing"


async def test_changing_and_deleting() -> None:
    school, student, guardian = await ready()
    bursar = school.bursar
    fee = await charged(bursar, student, ghs(1500), ghs(500))
    target = {"feeId": encode_id("SchoolFee", fee.id)}
    await refused_to_strangers(UPDATE, input=target)
    await refused_to_strangers(DELETE, input=target)
    done = await do(bursar, UPDATE, input=target | {"expectedVersion": 1, "amountPaid": cedis("600")})
    assert done["message"] == "Payment and financial records updated"
    assert (done["fee"]["amountPaid"], done["financialTransaction"]["amount"]) == (shown("600.00", "GHS"),) * 2
    refused = await do_refused(bursar, UPDATE, input=target | {"expectedVersion": 1, "amountPaid": cedis("700")})
    assert refused == ("FEE_CHANGED_MEANWHILE", ["input", "expectedVersion"])
    due = await do(bursar, UPDATE, input=target | {"amountDue": cedis("400"), "reason": "A scholarship"})
    assert (due["fee"]["status"], due["fee"]["credit"]) == ("OVERPAID", shown("200.00", "GHS"))
    none = await do(bursar, UPDATE, input=target | {"amountPaid": cedis("0")})
    assert (none["financialTransaction"], none["fee"]["amountPaid"]) == (None, shown("0.00", "GHS"))
    await do(bursar, UPDATE, input=target | {"amountPaid": cedis("250")})
    cashier = await known(Role.CASHIER, branch=school.branch)
    assert await ask_refused(cashier, DELETE, input=target) == "FORBIDDEN"
    assert (await do_refused(cashier, UPDATE, input=target | {"amountDue": cedis("1")}))[0] == "FORBIDDEN"
    assert await ask_refused(guardian, UPDATE, input=target | {"amountPaid": cedis("1")}) == "FORBIDDEN"
    gone = await do(bursar, DELETE, input=target | {"reason": "Charged twice"})
    assert (gone["message"], gone["deletedReference"]) == ("Payment and financial records deleted", fee.number)
    assert (gone["fee"]["status"], [each["amount"] for each in gone["payments"]]) == ("VOID", [shown("-250.00", "GHS")])
    for document in (UPDATE, DELETE):
        changes = {} if document == DELETE else {"amountPaid": cedis("1")}
        assert (await do_refused(bursar, document, input=target | changes))[0] == "FEE_DELETED"
        unknown = {"feeId": encode_id("SchoolFee", new_id())}
        assert (await do_refused(bursar, document, input=unknown | changes))[0] == "FEE_NOT_FOUND"
    assert (await ask(bursar, ALL))["nodes"] == []
    assert [each["number"] for each in (await ask(bursar, ALL, filter={"statuses": ["VOID"]}))["nodes"]] == [fee.number]
    await assert_integrity()


async def test_a_family_sees_and_pays_what_is_its_own() -> None:
    school, student, guardian = await ready()
    fee, other = [await charged(school.bursar, each, kes(900)) for each in (student, await a_pupil(school, "Kofi Adu"))]
    target = {"feeId": encode_id("SchoolFee", fee.id), "method": "WALLET"}
    await refused_to_strangers(PAY, input=target)
    await refused_to_strangers(WARDS)
    assert await ask(await known(Role.GUARDIAN), WARDS) == []
    [ward] = await ask(guardian, WARDS)
    assert (ward["studentName"], ward["relation"], ward["isPrimary"]) == ("Ama Mensah", "MOTHER", True)
    assert [each["number"] for each in ward["fees"]] == [fee.number]
    assert [each["outstanding"] for each in ward["balances"]] == [shown("900.00", "KES") | {"currency": "KES"}]

    assert (await do_refused(guardian, PAY, input=target))[0] == "INSUFFICIENT_FUNDS"
    await put_into_purse(guardian, kes(1000))
    done = await do(guardian, PAY, input=target | {"amount": money("400", "KES"), "idempotencyKey": "wallet"})
    assert (done["fee"]["amountPaid"], done["financialTransaction"]) == (shown("400.00", "KES"), None)
    number = done["receipt"]["number"]
    assert (await do(guardian, PAY, input=target | {"amount": money("400", "KES"), "idempotencyKey": "wallet"}))["replayed"]
    assert (await do_refused(guardian, PAY, input=target | {"method": "CASH"}))[0] == "FORBIDDEN"
    foreign = {"feeId": encode_id("SchoolFee", other.id), "method": "WALLET"}
    stranger = await known(Role.GUARDIAN)
    await wallet_of(stranger.id, "KES")
    unknown = foreign | {"feeId": encode_id("SchoolFee", new_id())}
    for actor, which in ((guardian, foreign), (stranger, target), (guardian, unknown)):
        assert await do_refused(actor, PAY, input=which) == ("FEE_NOT_FOUND", ["input", "feeId"])
    assert (await do_refused(school.bursar, PAY, input=target | {"amount": money("1", "KES")}))[0] in (
        "FORBIDDEN", "FEE_NOT_FOUND",
    )  # fmt: skip

    seen = await ask(guardian, ONE, number=fee.number.lower())
    assert (seen["financialTransaction"], [each["note"] for each in seen["payments"]]) == (None, [None])
    assert seen["payments"][0]["receipt"]["number"] == number
    assert (await ask(guardian, RECEIPT, number=number))["paidInAll"] == shown("400.00", "KES")
    for nobody in (stranger, somebody(Role.TEACHER)):
        assert await ask(nobody, ONE, number=fee.number) is None
        assert await ask(nobody, RECEIPT, number=number) is None
        assert await ask_refused(nobody, ALL) == "FORBIDDEN"
        assert await ask_refused(nobody, STATEMENT, studentId=encode_id("Student", student.id)) == "STUDENT_NOT_FOUND"
    assert await ask(guardian, ONE, id=encode_id("SchoolFee", other.id)) is None
    assert await ask_refused(guardian, ONE) == "INVALID_INPUT"
    for document in (ONE, RECEIPT):
        await refused_to_strangers(document, number=number)
    await assert_integrity()


async def test_a_statement() -> None:
    school, student, guardian = await ready()
    today = clock.today()
    await refused_to_strangers(STATEMENT, studentId=encode_id("Student", student.id))
    empty = await ask(guardian, STATEMENT, studentId=encode_id("Student", student.id), currency="GHS")
    assert (empty["lines"], empty["closing"]) == ([], shown("0.00", "GHS"))
    fee = await charged(school.bursar, student, ghs(1000), ghs(200))
    await paid(school.bursar, fee, ghs(50), paid_on=today - timedelta(days=400))
    await charged(school.bursar, student, kes(77))
    whole = await ask(guardian, STATEMENT, studentId=encode_id("Student", student.id), currency="GHS")
    assert [whole[name]["amount"] for name in ("broughtForward", "charged", "paid", "closing")] == [
        "-50.00", "1000.00", "200.00", "750.00",
    ]  # fmt: skip
    told = [(line["kind"], line["reference"], line["balance"]["amount"]) for line in whole["lines"]]
    assert told == [("CHARGE", fee.number, "950.00"), ("PAYMENT", fee.number, "750.00")]
    # Money in advance counts when it comes, and not again when it is used.
    advance = await record_advance(school.bursar, student_id=student.id, amount=ghs(100), way=IN_CASH)
    await use_advance(school.bursar, fee_id=fee.id, amount=ghs(60))
    whole = await ask(guardian, STATEMENT, studentId=encode_id("Student", student.id), currency="GHS")
    assert [line["kind"] for line in whole["lines"]] == ["CHARGE", "PAYMENT", "ADVANCE"]
    assert whole["closing"] == shown("650.00", "GHS")
    given = await ask(guardian, RECEIPT, number=advance.receipt_number)
    assert (given["feeId"], given["amount"], given["beyond"], given["lines"]) == (
        None, shown("100.00", "GHS"), shown("100.00", "GHS"), [],
    )  # fmt: skip
    balances = {each["currency"]: each for each in (await ask(guardian, WARDS))[0]["balances"]}
    assert [balances["GHS"][name]["amount"] for name in ("outstanding", "credit", "advances")] == ["690.00", "0.00", "40.00"]
    assert await ask_refused(guardian, STATEMENT, studentId=encode_id("Student", new_id())) == "STUDENT_NOT_FOUND"
    period = {"from": today.isoformat(), "to": (today - timedelta(days=1)).isoformat()}
    assert await ask_refused(guardian, STATEMENT, studentId=encode_id("Student", student.id), **period) == "INVALID_INPUT"
    assert await ask_refused(somebody(Role.TEACHER), STATEMENT, studentId=encode_id("Student", student.id)) == (
        "STUDENT_NOT_FOUND"
    )


async def test_many_fees_are_asked_for_at_once() -> None:
    school = await a_school()
    for student in await enrolled_students(3, school.school_class, school.year):
        await charged(school.bursar, student, ghs(900), ghs(100))
    document = """query { schoolFees { nodes { number studentName student { fullName } schoolClass { title }
        lines { categoryTitle unpaid { amount } } payments { note createdBy { name } receipt { number } }
        financialTransaction { shares { accountTitle } history { id } createdBy { name } } } } }"""
    with statements() as asked:
        nodes = (await ask(school.bursar, document))["nodes"]
    assert [len(node["payments"]) for node in nodes] == [1, 1, 1]
    assert len(asked) <= 14, asked


async def test_following_fees_live() -> None:
    school, student, guardian = await ready()
    other = await a_guardian(await a_pupil(school, "Kofi Adu"))
    fee = await charged(school.bursar, student, ghs(1500))
    await paid(school.bursar, fee, ghs(100))
    target = encode_id("SchoolFee", fee.id)
    for actor, document, arguments in (
        (school.bursar, LIVE, {}),
        (guardian, LIVE, {"feeId": target}),
        (guardian, LIVE_WARDS, {}),
        (guardian, LIVE_WARDS, {"studentId": encode_id("Student", student.id)}),
    ):
        items = await heard(actor, document, **arguments)
        assert [each["__typename"] for each in items] == ["SchoolFeeChanged", "SchoolFeeChanged", "FeeReceiptGiven"]
        assert [each.get("change") for each in items] == ["CHARGED", "COLLECTED", None]
        assert items[1]["fee"]["outstanding"] == shown("1,400.00", "GHS")
        assert (items[0]["previousStatus"], items[1]["previousStatus"]) == (None, "UNPAID")
    assert await heard(other, LIVE_WARDS) == []
    assert await feed_refused(other, LIVE, feeId=target) == "FEE_NOT_FOUND"
    assert await feed_refused(guardian, LIVE) == "FORBIDDEN"
    assert await feed_refused(other, LIVE_WARDS, studentId=encode_id("Student", student.id)) == "STUDENT_NOT_FOUND"
    assert await feed_refused(school.bursar, LIVE_WARDS) == "FORBIDDEN"
