"""The proof can fail: every mistake that is built into an executor on purpose is found out within a few documents."""

from __future__ import annotations

import pytest

from tests.schema.differential.choices import Dice
from tests.schema.differential.choosing import Types
from tests.schema.differential.damage import DAMAGES
from tests.schema.differential.documents import Case, DocumentMaker
from tests.schema.differential.fakes import FabricatedLoad
from tests.schema.differential.proving import Execute, Proof, Scene
from tests.schema.differential.shrinking import as_test, shrunk
from tests.schema.differential.world import MOODS

pytestmark = [
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),
    # A loop without the servers of other tests: the proof waits for everything that its world has left running.
    pytest.mark.asyncio(loop_scope="module"),
]

SO_MANY_DOCUMENTS = 120
DIRECTED = (
    'query { node(id: "a") { id } nodes(ids: ["a", "b", "c"]) { __typename id ... on Loan { number } } }',
    "query { loans(first: 3) { nodes { number borrower { name createdAt } officer { name active } } } }",
    "query { loans { nodes { number instalmentCount annualRate overdue bucket createdAt currency revision } } }",
)
"""What hardly any document has enough of, and where there are mistakes that can be made nowhere else."""


def some_case(types: Types, number: int) -> tuple[Case, Scene]:
    dice = Dice(number)
    if number % 4 == 0:
        return Case(DIRECTED[number // 4 % len(DIRECTED)]), Scene(number, MOODS[3 if number % 8 else 5])
    return DocumentMaker(types, dice).case(dice.one_of(["query", "query", "mutation"])), Scene(
        number, dice.one_of(MOODS[2:])
    )


@pytest.mark.parametrize("name", DAMAGES)
async def test_a_damaged_executor_is_found_out(proof: Proof, types: Types, name: str) -> None:
    execute = DAMAGES[name](proof)
    for number in range(SO_MANY_DOCUMENTS):
        case, scene = some_case(types, number)
        if (await proof.verdict(case, scene, execute)).fault is not None:
            return
    pytest.fail(f"{name} went unnoticed")


async def test_a_row_that_is_read_beyond_what_is_wanted_is_found_out(
    proof: Proof, types: Types, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = FabricatedLoad.read

    async def with_less(self: FabricatedLoad, actor: object, keys: object, wanted: frozenset[str] | None) -> object:
        return await read(self, actor, keys, wanted and frozenset(sorted(wanted)[1:]))  # type: ignore[arg-type]

    monkeypatch.setattr(FabricatedLoad, "read", with_less)
    for number in range(SO_MANY_DOCUMENTS):
        case, scene = some_case(types, number)
        fault = (await proof.verdict(case, scene)).fault
        if fault is not None:
            return
    pytest.fail("nobody noticed")


async def test_what_fails_is_shrunk_to_little(proof: Proof, types: Types) -> None:
    execute = DAMAGES["ForgetsAliases"](proof)
    case, scene = await _failing(proof, types, execute)

    async def fails(smaller: Case, place: Scene) -> bool:
        fault = (await proof.verdict(smaller, place, execute)).fault
        return fault is not None and "not valid" not in fault

    smallest, place = await shrunk(case, scene, fails)
    assert await fails(smallest, place)
    assert len(smallest.text) < len(case.text)
    assert "Found(" in as_test(smallest, place, "it differs")


async def _failing(proof: Proof, types: Types, execute: Execute) -> tuple[Case, Scene]:
    for number in range(SO_MANY_DOCUMENTS):
        case, scene = some_case(types, number)
        if len(case.text) < 400 and (await proof.verdict(case, scene, execute)).fault is not None:
            return case, scene
    raise AssertionError("nothing failed")
