"""Categories, structures, quotes and discounts in the API."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit.ids import new_id
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, heard, refused_to_strangers
from tests.support.operations import money, operation, shown
from tests.support.school import School, a_branch_row, a_guardian, a_pupil, a_school, known

pytestmark = pytest.mark.usefixtures("database")


def op(name: str) -> str:
    return operation(f"school/{name}")


def the_structure(school: School, **changes: Any) -> dict[str, Any]:
    """Everything that a structure can say."""
    return {
        "title": "Fees of Primary 1",
        "currency": "GHS",
        "yearId": encode_id("AcademicYear", school.year.id),
        "classId": encode_id("SchoolClass", school.school_class.id),
        "lines": [
            {"category": "tuition", "amount": "1200"},
            {"category": "REGISTRATION", "amount": "300.00", "prorated": False, "refundable": False},
        ],
        "planKinds": ["MONTHLY"],
        "terms": {
            "plan": {"kind": "TERM", "dueAfterDays": 7},
            "discountBase": "LISTED_PRICE",
            "lateFees": [{"kind": "PERCENTAGE", "percent": "5", "graceDays": 5, "cap": "100.00", "minimum": "1"}],
            "proration": {"joiningFullUntil": "10", "steps": [{"until": 21, "percent": "100"}], "percentAfterSteps": "50"},
            "refunds": {
                "unit": "TAUGHT_DAYS",
                "steps": [{"until": 14, "percent": "80"}],
                "then": {"leavingFullAfter": "60", "percentDecimals": 0},
                "handlingFee": "15.00",
            },
        },
        "discounts": [{"title": "Founders", "percent": "10", "category": "tuition"}],
        "schedules": [{"title": "First half", "dueOn": f"{school.year.starts_on.year}-01-15",
                       "lines": [{"category": "TUITION", "amount": "600"}]}],
    } | changes  # fmt: skip


CATEGORIES = (
    {"code": "tuition", "title": "Tuition", "incomeAccount": "4511"},
    {"code": "REGISTRATION", "title": "Registration", "incomeAccount": "4516"},
)


async def test_a_category_is_mapped_to_an_income_account() -> None:
    school = await a_school()
    bursar, cashier = school.bursar, await known(Role.CASHIER, branch=school.branch)
    tuition = CATEGORIES[0]
    await refused_to_strangers(op("UpsertFeeCategory"), input=tuition)
    await refused_to_strangers(op("FeeCategories"))
    assert (await ask(bursar, op("FeeCategories")))["nodes"] == []
    made = await do(bursar, op("UpsertFeeCategory"), input=tuition)
    assert made["created"] and made["category"]["code"] == "TUITION"
    assert (made["category"]["incomeAccount"], made["category"]["incomeAccountTitle"]) == ("4511", "Tuition Fees")
    changed = {"code": "TUITION", "incomeAccount": "4510", "expectedVersion": 1}
    assert (await do(bursar, op("UpsertFeeCategory"), input=changed))["category"]["version"] == 2
    assert await do_refused(bursar, op("UpsertFeeCategory"), input=changed) == (
        "RECORD_CHANGED", ["input", "expectedVersion"],
    )  # fmt: skip
    for wrong in ("1110", "5221", "no account"):
        refusal = await do_refused(bursar, op("UpsertFeeCategory"), input=tuition | {"incomeAccount": wrong})
        assert refusal == ("NOT_AN_INCOME_ACCOUNT", ["input", "incomeAccount"])
    assert len((await ask(cashier, op("FeeCategories")))["nodes"]) == 1
    for actor in (cashier, school.registrar, await known(Role.GUARDIAN)):
        assert await ask_refused(actor, op("UpsertFeeCategory"), input=tuition) == "FORBIDDEN"


async def test_a_structure_says_all_of_its_terms_and_quotes_by_them() -> None:
    school, other = await a_school(), await a_branch_row()
    bursar, theirs = school.bursar, await known(Role.BURSAR, branch=other)
    said = the_structure(school)
    await refused_to_strangers(op("UpsertFeeStructure"), input=said)
    await refused_to_strangers(op("FeeStructures"))
    assert (await ask(bursar, op("FeeStructures")))["nodes"] == []
    for category in CATEGORIES:
        await do(bursar, op("UpsertFeeCategory"), input=category)
    made = (await do(bursar, op("UpsertFeeStructure"), input=said))["structure"]
    assert (made["total"], made["version"]) == (shown("1,500.00", "GHS"), 1)

    found = await ask(bursar, op("FeeStructure"), id=made["id"])
    assert (found["schoolClass"]["title"], found["program"], found["planKinds"]) == ("Primary 1", None, ["MONTHLY"])
    terms = found["terms"]
    assert terms["plan"] == {"kind": "TERM", "dueAfterDays": 7, "parts": []}
    assert terms["lateFees"][0] | {"fromBalance": None} == terms["lateFees"][0]
    assert (terms["lateFees"][0]["percent"], terms["lateFees"][0]["cap"]) == ("5", {"amount": "100.00"})
    assert terms["proration"]["steps"] == [{"until": 21, "percent": "100"}]
    assert terms["refunds"]["then"]["leavingFullAfter"] == "60"
    assert terms["refunds"]["handlingFee"] == shown("15.00", "GHS")
    assert found["discounts"] == [
        {"title": "Founders", "kind": "PERCENTAGE", "amount": None, "percent": "10", "category": "TUITION"}
    ]
    assert found["schedules"][0]["lines"] == [{"category": "TUITION", "amount": shown("600.00", "GHS")}]

    quote = await ask(bursar, op("FeeQuote"), structureId=made["id"])
    assert (quote["due"], len(quote["instalments"]), quote["planKind"]) == (shown("1,380.00", "GHS"), 3, "TERM")
    late = f"{school.year.starts_on.year}-06-30"
    quote = await ask(bursar, op("FeeQuote"), structureId=made["id"], joinedOn=late, planKind="MONTHLY")
    assert (quote["due"]["amount"], len(quote["instalments"])) == ("840.00", 7)
    assert await ask_refused(bursar, op("FeeQuote"), structureId=made["id"], planKind="QUARTERLY") == "BAD_FEE_STRUCTURE"

    about = {"structureId": made["id"], "expectedVersion": 1}
    changed = (await do(bursar, op("UpsertFeeStructure"), input=about | {"title": "Fees of P1", "active": False}))[
        "structure"
    ]
    assert (changed["title"], changed["active"], changed["version"]) == ("Fees of P1", False, 2)
    assert (await ask(bursar, op("FeeStructures")))["nodes"] == []
    seen = await ask(bursar, op("FeeStructures"), filter={"active": None, "classId": said["classId"]})
    assert [node["id"] for node in seen["nodes"]] == [made["id"]]

    assert await ask(theirs, op("FeeStructure"), id=made["id"]) is None
    assert (await ask(theirs, op("FeeStructures"), filter={"active": None}))["nodes"] == []
    assert (await do_refused(theirs, op("UpsertFeeStructure"), input=about | {"title": "Mine"}))[
        0
    ] == "FEE_STRUCTURE_NOT_FOUND"
    assert await ask_refused(theirs, op("FeeQuote"), structureId=made["id"]) == "FEE_STRUCTURE_NOT_FOUND"
    for actor in (school.registrar, await known(Role.CASHIER, branch=school.branch)):
        assert await ask_refused(actor, op("UpsertFeeStructure"), input=said) == "FORBIDDEN"


async def test_bad_structures_are_refused_where_they_are() -> None:
    school = await a_school()
    for category in CATEGORIES:
        await do(school.bursar, op("UpsertFeeCategory"), input=category)
    right = the_structure(school)
    wrong: tuple[tuple[dict[str, Any], str, str | None], ...] = (
        ({"lines": [{"category": "TUITION", "amount": "0"}]}, "BAD_FEE_STRUCTURE", "lines"),
        ({"lines": [{"category": "TUITION", "amount": "-1"}]}, "BAD_FEE_STRUCTURE", "lines"),
        ({"lines": [{"category": "TUITION", "amount": "1.005"}]}, "INVALID_AMOUNT", "lines.0.amount"),
        ({"lines": [{"category": "TUITION", "amount": "9" * 19}]}, "INVALID_AMOUNT", "lines.0.amount"),
        ({"lines": []}, "BAD_FEE_STRUCTURE", "lines"),
        ({"lines": None}, "INVALID_INPUT", "lines"),
        ({"lines": [{"category": "BUS", "amount": "1"}]}, "BAD_FEE_STRUCTURE", None),
        ({"terms": {"plan": {"kind": "CUSTOM"}}}, "BAD_FEE_STRUCTURE", "terms.plan"),
        ({"terms": {"plan": {"kind": "TERM", "dueAfterDays": -1}}}, "BAD_FEE_STRUCTURE", "terms.plan"),
        ({"discounts": [{"title": "Both", "amount": "1", "percent": "1"}]}, "BAD_FEE_STRUCTURE", "discounts.0"),
        ({"yearId": encode_id("AcademicYear", new_id())}, "ACADEMIC_YEAR_NOT_FOUND", "yearId"),
        ({"classId": encode_id("SchoolClass", new_id())}, "SCHOOL_CLASS_NOT_FOUND", "classId"),
        ({"title": ""}, "INVALID_INPUT", "title"),
    )  # fmt: skip
    for changes, code, field in wrong:
        found = await do_refused(school.bursar, op("UpsertFeeStructure"), input=right | changes)
        assert found[0] == code, changes
        assert field is None or found[1] == ["input", *field.split(".")], changes
    nan = right | {"terms": {"plan": {"kind": "TERM"}, "refunds": {"steps": [{"until": 1, "percent": "NaN"}]}}}
    assert await ask_refused(school.bursar, op("UpsertFeeStructure"), input=nan) == "INVALID_AMOUNT"


async def test_a_student_pays_less_until_it_is_withdrawn() -> None:
    school = await a_school()
    pupil = await a_pupil(school)
    bursar, theirs = school.bursar, await known(Role.BURSAR, branch=await a_branch_row())
    mother = await a_guardian(pupil)
    student = encode_id("Student", pupil.id)
    said = {"studentId": student, "title": "Sibling", "amount": money("50", "GHS"), "idempotencyKey": "once"}
    await refused_to_strangers(op("GiveStudentDiscount"), input=said)
    await refused_to_strangers(op("StudentDiscounts"), studentId=student)
    assert (await ask(bursar, op("StudentDiscounts"), studentId=student))["nodes"] == []
    given = await do(bursar, op("GiveStudentDiscount"), input=said)
    again = await do(bursar, op("GiveStudentDiscount"), input=said)
    assert again == given | {"replayed": True} and given["discount"]["amount"] == shown("50.00", "GHS")
    found = (await ask(bursar, op("StudentDiscounts"), studentId=student))["nodes"]
    assert [each["id"] for each in found] == [given["discount"]["id"]]
    about = {"discountId": given["discount"]["id"], "expectedVersion": 1}
    assert (await do_refused(theirs, op("WithdrawStudentDiscount"), input=about))[0] == "STUDENT_DISCOUNT_NOT_FOUND"
    assert (await do_refused(theirs, op("GiveStudentDiscount"), input=said | {"title": "x"}))[0] == "STUDENT_NOT_FOUND"
    assert (await ask(theirs, op("StudentDiscounts"), studentId=student))["nodes"] == []
    assert await ask_refused(mother, op("GiveStudentDiscount"), input=said) == "FORBIDDEN"
    gone = (await do(bursar, op("WithdrawStudentDiscount"), input=about))["discount"]
    assert (gone["active"], gone["version"]) == (False, 2)
    assert (await do_refused(bursar, op("WithdrawStudentDiscount"), input=about))[0] == "RECORD_CHANGED"
    for viewer, feed in ((bursar, "FeeUpdated"), (mother, "WardUpdated")):
        told = [item["discount"] for item in await heard(viewer, op(feed))]
        assert [(each["id"], each["active"], each["version"]) for each in told] == [
            (gone["id"], True, 1), (gone["id"], False, 2),
        ]  # fmt: skip
        assert told[0]["amount"] == shown("50.00", "GHS")
    assert await heard(theirs, op("FeeUpdated")) == []
    nothing = {"studentId": student, "title": "Nothing"}
    assert (await do_refused(bursar, op("GiveStudentDiscount"), input=nothing))[0] == "BAD_FEE_STRUCTURE"
