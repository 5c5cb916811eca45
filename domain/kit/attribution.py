"""Telling PostgreSQL who acts, so that what it writes down by itself (the activity log's images of rows) says whose it is.

A transaction or savepoint that begins during a call begins with ``set local daftari.call``. The statement rides on BEGIN
itself, in the same message, so it costs no round trip; and unlike a record written at the end it holds for every row of
the transaction, also for those of a listener that reacts to the acts of many people in one transaction.

A unit of work may have a first question ride along, too: see :attr:`AttributedConnection.first_question`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Coroutine
from functools import lru_cache, wraps
from typing import Any, Final, TypeVar

import asyncpg

from domain.kit import tracing
from domain.kit.context import CallContext, call_in_progress
from domain.kit.last_words import Overheard

MAX_ADDRESS_LENGTH: Final = 64
ROLL_BACK_WITHIN_S: Final = 3.0
"""A server that does not answer for so long is not waited for: once its client has gone, it rolls back by itself."""
MAX_SUMMARISED: Final = 4_000

_FIRST_WORD: Final = re.compile(r"\s*(?:--[^\n]*\n\s*)*([A-Za-z]+)")
_FIRST_TABLE: Final = re.compile(r"\b(?:from|into|update|delete\s+from)\s+\"?([a-z_][a-z0-9_]*)", re.IGNORECASE)
_BEGINNINGS: Final = ("BEGIN", "SAVEPOINT")


R = TypeVar("R")
Asking = Callable[..., Coroutine[Any, Any, R]]


def _in_doubt_when_it_fails(ask: Asking[R]) -> Asking[R]:
    """A statement after whose failure nobody knows what the server thinks of the connection."""

    @wraps(ask)
    async def asked(self: AttributedConnection, *args: Any, **kwargs: Any) -> R:
        try:
            if tracing.is_on():
                with traced_statement(args[0] if args else str(kwargs.get("query", ""))):
                    return await ask(self, *args, **kwargs)
            return await ask(self, *args, **kwargs)
        except BaseException:
            self.in_doubt = True
            raise

    return asked


def traced_statement(sql: str) -> tracing.Block:
    """The span of a statement, named by what it does to which table. Its text is not told: what rides on BEGIN holds an
    address."""
    verb, table = _summary_of(sql)
    notes = {"db.system.name": "postgresql", "db.operation.name": verb}
    if table:
        notes["db.collection.name"] = table
    return tracing.part(f"{verb} {table}".rstrip(), tracing.Kind.CLIENT, notes)


@lru_cache(maxsize=2_000)
def _summary_of(sql: str) -> tuple[str, str]:
    """The first word of a statement, and the first table that it names."""
    words = _FIRST_WORD.match(sql)
    verb = words[1].upper() if words else "SQL"
    named = None if verb in _BEGINNINGS else _FIRST_TABLE.search(sql, 0, MAX_SUMMARISED)
    return verb, named[1].lower() if named else ""


class AttributedConnection(asyncpg.Connection):
    """A connection of the pool. asyncpg begins transactions and savepoints with :meth:`execute`.

    Nothing that is set here outlives its transaction, and asyncpg rolls back what was left open. So a connection is as
    new when it comes back to the pool, and is not told to forget, which would cost more than most of our statements. Only
    after a failure is the server asked: a connection that it is ending does not answer, and the pool lets go of it.
    """

    in_doubt = False
    prepared: Any = None
    """See :mod:`domain.kit.prepared`."""
    idle_since = 0.0
    """By the clock of the event loop; the pool's note."""
    first_question: str | None = None
    """A statement that the next BEGIN takes along, in the same message: it costs no round trip. Nothing is told of its rows
    but their number, in :attr:`first_answer`."""
    first_answer = ""
    """The server's word for what it did, such as ``SELECT 0``."""

    def __init__(self, protocol: Any, transport: Any, *settings: Any) -> None:
        super().__init__(protocol, transport, *settings)
        transport.set_protocol(Overheard(protocol, self))

    fetch = _in_doubt_when_it_fails(asyncpg.Connection.fetch)  # type: ignore[assignment]
    fetchrow = _in_doubt_when_it_fails(asyncpg.Connection.fetchrow)  # type: ignore[assignment]
    fetchval = _in_doubt_when_it_fails(asyncpg.Connection.fetchval)
    executemany = _in_doubt_when_it_fails(asyncpg.Connection.executemany)

    def get_reset_query(self) -> str:
        if not self.in_doubt:
            return ""
        self.in_doubt = False
        forget: str = super().get_reset_query()
        return forget

    @_in_doubt_when_it_fails
    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ASYNC109  as asyncpg has it
        call = call_in_progress()
        if call is not None and not args and query.startswith(_BEGINNINGS):
            query = f"{query} {statement_of(call)};"
        question, self.first_question = self.first_question, None
        if self.in_doubt and query.startswith("ROLLBACK"):
            timeout = ROLL_BACK_WITHIN_S
        if question is None:
            status: str = await super().execute(query, *args, timeout=timeout)
            return status
        assert query.startswith(_BEGINNINGS[0]), "the first question rides on BEGIN"
        self.first_answer = await super().execute(f"{query} {question}", timeout=timeout)
        return self.first_answer


def statement_of(call: CallContext) -> str:
    """Sets ``daftari.call`` to a JSON object until the end of the transaction. SET takes no parameters, so it is quoted."""
    address = "".join(filter(str.isprintable, call.address or ""))[:MAX_ADDRESS_LENGTH]
    told = {
        "actor": call.actor_id and str(call.actor_id),
        "correlation": str(call.correlation_id),
        "address": address or None,
    }
    return f"set local daftari.call = {literal(json.dumps(told))}"


def literal(text: str) -> str:
    """A text as SQL writes it, whatever it contains and however the server takes backslashes."""
    quoted = text.replace("'", "''")
    if "\\" in quoted:
        return "E'" + quoted.replace("\\", "\\\\") + "'"
    return f"'{quoted}'"
