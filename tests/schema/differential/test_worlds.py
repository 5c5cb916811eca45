"""Whatever is asked of whatever world, the pipeline answers as graphql-core does. What equal means: see `equality.py`."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schema.compiled.plan import counter
from tests.schema.differential.batches import KINDS, Batches
from tests.schema.differential.choices import Drawn
from tests.schema.differential.choosing import Types
from tests.schema.differential.documents import DocumentMaker
from tests.schema.differential.proving import Proof, Scene
from tests.schema.differential.world import MOODS

# What graphql-core gives up midway is never awaited.
pytestmark = [
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),
    # A loop without the servers of other tests: the proof waits for everything that its world has left running.
    pytest.mark.asyncio(loop_scope="module"),
]

SEED = 20_261_122
SO_MANY_BATCHES = 1


@given(data=st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
async def test_any_operation_in_any_world(proof: Proof, types: Types, data: st.DataObject) -> None:
    choices = Drawn(data)
    case = DocumentMaker(types, choices).case(choices.one_of(KINDS))
    scene = Scene(choices.whole(0, 2**32), choices.one_of(MOODS))
    assert (await proof.verdict(case, scene)).fault is None, f"{case} {scene}"


@pytest.mark.parametrize("number", range(SO_MANY_BATCHES))
async def test_the_batches_that_the_runner_runs(proof: Proof, number: int) -> None:
    before = counter("compiled")._value.get()
    tally = await Batches(proof).run(SEED, number)
    assert not tally.failures, "\n".join(tally.found)
    compiled = counter("compiled")._value.get() - before
    assert compiled > 10 * tally.fallbacks, "most operations are compiled"
    assert tally.refused < tally.cases / 4, "most operations may run"
