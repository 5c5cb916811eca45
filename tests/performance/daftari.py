"""Daftari's server as a program of its own: the whole application, exactly as ``daftari serve`` builds it.

On SIGUSR1 it writes a line of JSON that says what its hub has done so far: events, deliveries, executions; with
``counting`` also how many statements it has sent to the database.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Any, Final

import asyncpg
import uvloop
from asyncpg.prepared_stmt import PreparedStatement

from api.logs import configure_logs
from api.processes.answering import answering
from api.processes.foundation import database_of, transport_of
from api.processes.memory import settle
from api.processes.serve import Site, site_of
from tests.performance.listening import listening_socket
from tests.performance.profiling import Profiler
from tests.support.servers import settings_for_tests

COUNTING: Final = "counting"

_statements = 0


def _count_statements() -> None:
    """Those that are kept prepared are asked without the connection."""
    for kind, name in ((asyncpg.Connection, "_execute"), (PreparedStatement, "fetch")):
        setattr(kind, name, _counted(getattr(kind, name)))


def _counted(ask: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def counted(*args: Any, **kwargs: Any) -> Any:
        global _statements
        _statements += 1
        return await ask(*args, **kwargs)

    return counted


def _say_counts(site: Site) -> None:
    statistics = site.hub.statistics
    status = site.hub.status()
    counts = {
        "executions": status.executions,
        "deliveries": statistics.deliveries,
        "events": statistics.events,
        "statements": _statements,
    }
    print(json.dumps(counts), flush=True)


async def main() -> None:
    settings = settings_for_tests()
    if COUNTING in sys.argv:
        _count_statements()
    configure_logs(as_json=settings.logs_as_json, level=settings.log_level)
    async with database_of(settings), transport_of(settings) as broadcast, site_of(settings, broadcast) as site:
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, _say_counts, site)
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR2, Profiler().toggle)
        with listening_socket() as bound:
            settle()
            server, running = await answering(site.app, bound)
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, server.handle_exit, number, None)
            print(bound.getsockname()[1], flush=True)
            await running


if __name__ == "__main__":
    uvloop.run(main())
