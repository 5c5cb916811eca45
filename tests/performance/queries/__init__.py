"""Queries: how many a second a server answers, how long each takes, and what it computes for it.

The same three documents go to Daftari and to what people would put in its place, over the same database.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

from tests.performance.contest import Meter, Rounds
from tests.performance.load import Load, WrongAnswer, bombard
from tests.performance.profiling import profile_under
from tests.performance.queries.documents import DOCUMENTS, SIZES, Asked
from tests.performance.queries.findings import DRAWN, chapter_of
from tests.performance.queries.servers import Contestant, contestants
from tests.performance.report import Chapter
from tests.performance.rounds import ROUNDS, SECONDS

WARM_S = 1.0
AGAIN_S = 0.2
"""Before each round: a server that had nothing to do meanwhile finds its feet."""


async def measure() -> Chapter:
    async with contestants() as (everybody, database_pid):
        for each in everybody:
            for asked in DOCUMENTS:
                _ask(each, asked, WARM_S)
        for number in range(ROUNDS):
            for asked in DOCUMENTS:
                for each in everybody:
                    _run_round(each, asked, database_pid)
            _tell(number, everybody)
        for each in everybody:
            if each.name in DRAWN:
                for asked in SIZES.values():
                    _run_round(each, asked, database_pid)
        profiles = {asked: await _profile(everybody[0], asked) for asked in DOCUMENTS}
        return chapter_of(everybody, profiles)


async def _profile(ours: Contestant, asked: Asked) -> Sequence[tuple[str, str]]:
    return await profile_under(lambda: _ask(ours, asked, SECONDS), ours.server)


def _run_round(each: Contestant, asked: Asked, database_pid: int) -> None:
    _ask(each, asked, AGAIN_S)
    meter = Meter(each.server, database_pid)
    load = _ask(each, asked, SECONDS)
    each.rounds.setdefault(asked.name, Rounds()).add(load, *meter.read())


def _ask(each: Contestant, asked: Asked, seconds: float) -> Load:
    try:
        return bombard(each.server.port, cycle(each.requests[asked.name]), seconds, sign=each.sign(asked))
    except WrongAnswer as wrong:
        raise WrongAnswer(f"{each.name}, {asked.name}: {wrong}") from wrong


def _tell(number: int, everybody: list[Contestant]) -> None:
    for each in everybody:
        rates = ", ".join(f"{name} {rounds.rates[-1]:,.0f}/s" for name, rounds in each.rounds.items())
        print(f"round {number + 1}: {each.name} {rates}", flush=True)
