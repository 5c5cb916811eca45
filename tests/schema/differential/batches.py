"""Batches: some documents, each in several worlds. What a batch holds follows from the seed and its number alone."""

from __future__ import annotations

import asyncio
import signal
import sys
import warnings
from typing import Final

from schema.compiled.plan import counter
from tests.schema.differential.choices import Dice
from tests.schema.differential.choosing import Types
from tests.schema.differential.documents import Case, DocumentMaker
from tests.schema.differential.proving import Proof, Scene, silence
from tests.schema.differential.recording import Tally
from tests.schema.differential.shrinking import as_test, shrunk
from tests.schema.differential.world import MOODS

DOCUMENTS: Final = 10
WORLDS: Final = 25
KINDS: Final = ("query",) * 6 + ("mutation",) * 3 + ("subscription",) * 2


class Batches:
    """Runs batches in this process. The schema is built once."""

    def __init__(self, proof: Proof | None = None) -> None:
        self._proof = proof or Proof()
        self._types = Types(self._proof.schema)

    async def run(self, seed: int, number: int) -> Tally:
        tally = Tally()
        before = counter("fallback")._value.get()
        with silence():
            for index in range(DOCUMENTS):
                dice = Dice(f"{seed} {number} {index}")
                case = DocumentMaker(self._types, dice).case(dice.one_of(KINDS))
                tally.documents += 1
                for _ in range(WORLDS):
                    if not await self._may_run(case, Scene(dice.whole(0, 2**48), dice.one_of(MOODS)), tally):
                        break
        tally.fallbacks = int(counter("fallback")._value.get() - before)
        return tally

    async def _may_run(self, case: Case, scene: Scene, tally: Tally) -> bool:
        """Run one case; whether it may be worth while to run it in other worlds."""
        verdict = await self._proof.verdict(case, scene)
        tally.cases += 1
        tally.refused += verdict.refused
        if verdict.fault is not None:
            tally.failures += 1
            if tally.failures <= 2:
                smallest, place = await shrunk(case, scene, self._fails)
                fault = (await self._proof.verdict(smallest, place)).fault or verdict.fault
                tally.found.append(as_test(smallest, place, fault))
        return not verdict.never

    async def _fails(self, case: Case, scene: Scene) -> bool:
        fault = (await self._proof.verdict(case, scene)).fault
        return fault is not None and "not valid" not in fault


_batches: list[Batches] = []


def deaf() -> None:
    """How a process begins that runs batches: Ctrl-C is for the one that keeps the record."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def run_batch(which: tuple[int, int]) -> Tally:
    """One batch by seed and number, in a process that does nothing else."""
    if not _batches:
        # What graphql-core gives up midway, coroutines and futures, is part of the worlds.
        warnings.simplefilter("ignore")
        sys.unraisablehook = lambda _: None
        _batches.append(Batches())
    return asyncio.run(_quietly(_batches[0], *which))


async def _quietly(batches: Batches, seed: int, number: int) -> Tally:
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    return await batches.run(seed, number)
