"""Cases in which a compiled operation once answered something else than graphql-core. New ones are pasted here as the
runner prints them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.schema.differential.documents import Case
from tests.schema.differential.proving import Proof, Scene
from tests.schema.differential.world import MOODS

pytestmark = [
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),
    # A loop without the servers of other tests: the proof waits for everything that its world has left running.
    pytest.mark.asyncio(loop_scope="module"),
]


@dataclass(frozen=True)
class Found:
    text: str
    variables: dict[str, Any]
    seed: int
    mood: str
    name: str | None = None


FOUND = [
    # Of an amount only the currency is shown, and the rows were not read as texts.
    Found(
        "query Case { collections { edges { node { loan { its: principalOutstanding { currency } } } } } }",
        {},
        seed=86018249878125,
        mood="calm",
    ),
    # Behind an error that clears all, a neighbour that comes later is not heard.
    Found(
        "mutation Case($v1: AssignTeacherInput!) { assignTeacher(input: $v1) { errors { figures { value } field } } }",
        {
            "v1": {
                "teacherId": "TG9hbjox",
                "classId": "TG9hbjox",
                "fromOn": None,
                "untilOn": "2024-02-29",
                "idempotencyKey": "tea",
            }
        },
        seed=40753600583013,
        mood="careless",
    ),
    # An entity is shown twice in an answer, and the fabricated one held something that could be awaited but once.
    Found(
        "mutation Case($v1: ID!) { reopenFiscalPeriod(input: { periodId: $v1 }) "
        "{ fiscalPeriod2: fiscalPeriod { closedById3: closedById } fiscalPeriod { year4: year { startsOn } } } }",
        {"v1": 7},
        seed=17211511477859,
        mood="slow",
    ),
    # What graphql-core gave up went on after its run, and was taken for a mutation of the run that followed.
    Found(
        "mutation Case($v1: ReturnAdvanceInput!) { returnAdvance(input: $v1) { fee { student { "
        "guardians2: guardians { user { permissions } } } arrearsAlerted4: arrearsAlerted } } "
        'importMpesaStatement6: importMpesaStatement(input: { fileId: "VXNlcjox" }) { errors { message } } }',
        {"v1": {"feePaymentId": "TG9hbjox"}},
        seed=38091455809599,
        mood="careless",
        name="Case",
    ),
    # What is no JSON was an error of its field, but graphql-core let it pass, and a later error cleared it.
    Found(
        "mutation Case($v1: RetryJobTaskInput!, $v8: String!, $v9: ID = 7, $v10: Int = -3, $v11: ID) { "
        "retryJobTask2: retryJobTask(input: $v1) { task { payload } } openSchoolClass(input: "
        '{ code: $v8, title: "na\u00efve \u2615", programId: $v9, level: $v10, branchId: $v11 }) { errors { code } } }',
        {"v1": {"taskId": "VXNlcjox"}, "v8": 'a "quoted" \\ word', "v9": "TG9hbjox", "v10": -3, "v11": 7},
        seed=154807435560429,
        mood="broken",
    ),
]


@pytest.mark.parametrize("found", FOUND, ids=range(len(FOUND)))
async def test_it_is_answered_as_graphql_core_does(proof: Proof, found: Found) -> None:
    mood = next(each for each in MOODS if each.name == found.mood)
    verdict = await proof.verdict(Case(found.text, found.variables, found.name), Scene(found.seed, mood))
    assert verdict.fault is None
    assert not verdict.refused, "the document fits the schema"
