"""Input that no column could hold, where it was once an accident: a typed refusal, or nothing is found."""

from __future__ import annotations

from typing import Any

import pytest

from domain.kit import clock
from tests.support.graphql import ask, ask_refused, do_refused, encode_id
from tests.support.operations import money, operation
from tests.support.school import a_pupil, a_school
from tests.support.school_fees import charged, ghs
from tests.support.school_structures import a_structure

pytestmark = pytest.mark.usefixtures("database")

NO_TEXT, BEYOND_A_COLUMN = "a\x00b", 40_000


def op(name: str) -> str:
    return operation(f"school/{name}").replace("  asOf\n", "")


async def test_words_and_numbers_beyond_their_columns() -> None:
    school = await a_school()
    bursar, student = school.bursar, await a_pupil(school)
    fee, structure = await charged(bursar, student, ghs(5)), await a_structure(school)
    cedis, student_id = money("5", "GHS"), encode_id("Student", student.id)
    line = {"category": "TUITION", "amount": cedis, "dueOn": clock.today().isoformat()}
    for wrong, code in (({"category": NO_TEXT}, "INVALID_INPUT"), ({"instalmentNo": BEYOND_A_COLUMN}, "BAD_FEE")):
        lines: list[dict[str, Any]] = [line | wrong]
        new = {"studentId": student_id, "title": "Tuition", "amountDue": cedis, "lines": lines}
        assert await do_refused(bursar, op("AddFee"), input=new) == (code, ["input", "lines"])
        anew = {"feeId": encode_id("SchoolFee", fee.id), "lines": lines}
        assert await do_refused(bursar, op("UpdateFee"), input=anew) == (code, ["input", "lines"])
    for word in (NO_TEXT, "X" * 31):
        given = {"studentId": student_id, "title": "Bursary", "percent": "5", "category": word}
        assert await do_refused(bursar, op("GiveStudentDiscount"), input=given) == ("INVALID_INPUT", ["input", "category"])
        told = await ask(bursar, op("SystemNotifications"), filter={"type": word * 21})
        assert told["nodes"] == []
    everybody = {"structureId": encode_id("FeeStructure", structure.id), "discounts": [{"title": NO_TEXT, "percent": "5"}]}
    assert (await do_refused(bursar, op("UpsertFeeStructure"), input=everybody))[0] == "BAD_FEE_STRUCTURE"
    class_id, today = encode_id("SchoolClass", school.school_class.id), clock.today().isoformat()
    day = {"classId": class_id, "date": today, "lesson": BEYOND_A_COLUMN}
    assert await ask_refused(school.registrar, op("AttendanceStats"), **day) == "INVALID_INPUT"
    marks = {"filter": {"classId": class_id, "lesson": BEYOND_A_COLUMN}}
    assert await ask_refused(school.registrar, op("Attendance"), **marks) == "INVALID_INPUT"
