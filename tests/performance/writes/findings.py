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
