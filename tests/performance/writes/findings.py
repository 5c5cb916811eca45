"""What the rounds of the transfers come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tests.performance.contest import HEAD, Rounds
from tests.performance.load import CONNECTIONS
from tests.performance.report import Chapter, Figure, Table
from tests.performance.rounds import ROUNDS, SECONDS
from tests.performance.writes.pgbench import CLIENTS, LIMIT
from tests.performance.writes.servers import OURS, POOL_SIZE, TORTOISE
from tests.performance.writes.transfers import WALLETS

MISSING: Final = [""] * (len(HEAD) - 2)


def chapter_of(rounds: Mapping[str, Rounds], profile: Sequence[tuple[str, str]]) -> Chapter:
    ours = rounds[OURS].rate
    figures = [
        Figure.at_least(f"transfers a second, against {LIMIT}", ours, rounds[LIMIT].rate, 0.5, goal=0.8),
        Figure.at_least(f"transfers a second, against {TORTOISE}", ours, rounds[TORTOISE].rate, 4, goal=8),
    ]
    rows = [(name, *(each.row if name != LIMIT else [round(each.rate, 1), *MISSING])) for name, each in rounds.items()]
    tables = [
        Table("Transfers of money", HEAD, rows),
        Table("Where Daftari's time goes", ("function", "of its own time"), profile),
    ]
    return Chapter("Writes", ABOUT, figures, tables, remarks=REMARKS)


REMARKS: Final = (
    "pgbench waits for each statement of a transfer as the API does. Its extra look-up by numbers stands for the statement "
    "that reads the two wallets.",
    "The database of each contestant grows in its rounds, of whoever is faster more.",
    "Why it was not four times as fast as statement by statement, measured on a busy machine before the guards over "
    "lines were made to ask less: both contestants work on the same tables under the same guards, which are much of "
    "what PostgreSQL does. For one client it computes 1.0 ms a transfer and writes 6.3 kB of WAL; posting takes 0.7 "
    "ms of that, 0.29 of them in the guards over lines. With 16 connections on one core it computes 2.2 to 2.7 ms for "
    "the same, and with a pool of 2, 4, 6 or 8 no less, so it is not waiting for locks that costs.",
    "Of Daftari's own time in that profile 37% went into the event loop and the driver's sending and receiving, about "
    "0.1 ms a round trip, and 6% into ringing for the sequencer. Freezing the result, the fingerprint of the request "
    "and three rows for the outbox cost 0.05 ms together: there is little left to cut beside round trips. To be four "
    "times as fast as the 148 a second of that day, server and database could compute 1.6 ms each at most.",
)


ABOUT: Final = f"""
A transfer moves 0.05 between two of {WALLETS} wallets, drawn anew for each: two guarded balances, one journal entry with two
lines, three events in the outbox and the idempotency key, in one transaction. Daftari is sent the mutation over
{CONNECTIONS} connections, each with the sender's token and a key of its own. Strawberry over Tortoise is sent the same
document and does the same on the same tables, an ORM call for each step, without signing anybody in. pgbench runs the
statements that Daftari's transfer is made of with {CLIENTS} clients, at the core that servers have; who transfers to whom is
looked up by a number. Servers have {POOL_SIZE} connections to the database. Each has a copy of the same database to itself.

{ROUNDS} rounds of {SECONDS:g} s each, in turn. Afterwards every promise of the ledger is recomputed over what Daftari has
written, as `daftari verify-ledger` does.
"""
