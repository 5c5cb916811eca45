"""Writes: how many transfers of money a second go through the whole API, and how many the database could do at most.

A transfer is two guarded balances, a journal entry with its lines, three events in the outbox and the idempotency key, all
of it in one transaction.
"""

from __future__ import annotations

from tests.performance.contest import Meter, Rounds
from tests.performance.load import bombard
from tests.performance.profiling import profile_under
from tests.performance.report import Chapter
from tests.performance.rounds import ROUNDS, SECONDS
from tests.performance.writes.findings import chapter_of
from tests.performance.writes.pgbench import LIMIT, Limit
from tests.performance.writes.servers import Contest, Contestant, contest, prove
from tests.performance.writes.transfers import SIGN

WARM_S = 1.5
AGAIN_S = 0.2


async def measure() -> Chapter:
    async with contest() as at_work:
        for each in at_work.servers:
            _send(each, WARM_S)
        rounds = {name: Rounds() for name in (*(each.name for each in at_work.servers), LIMIT)}
        for number in range(ROUNDS):
            for each in at_work.servers:
                _run_round(each, at_work, rounds[each.name])
            _run_limit(at_work.limit, rounds[LIMIT])
            told = ", ".join(f"{name} {each.rates[-1]:,.0f}/s" for name, each in rounds.items())
            print(f"round {number + 1}: {told}", flush=True)
        ours = at_work.servers[0]
        profile = await profile_under(lambda: _send(ours, SECONDS), ours.server)
        await prove(at_work)
        return chapter_of(rounds, profile)


def _run_round(each: Contestant, at_work: Contest, rounds: Rounds) -> None:
    _send(each, AGAIN_S)
    meter = Meter(each.server, at_work.database_pid)
    load = bombard(each.server.port, each.transfers.requests(), SECONDS, sign=SIGN)
    rounds.add(load, *meter.read())


def _send(each: Contestant, seconds: float) -> None:
    bombard(each.server.port, each.transfers.requests(), seconds, sign=SIGN)


def _run_limit(limit: Limit, rounds: Rounds) -> None:
    rounds.rates.append(limit.run(SECONDS))
