"""The relay as a program of its own, as a worker runs it: ``python -m tests.performance.relaying``. It listens nowhere."""

from __future__ import annotations

import asyncio
import signal

import uvloop

from api.processes.foundation import database_url_of, transport_of
from subscriptions.relay import Relay
from subscriptions.stepping import end_task
from tests.support.servers import settings_for_tests


async def main() -> None:
    settings = settings_for_tests()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with transport_of(settings) as broadcast:
        relay = asyncio.create_task(Relay(database_url_of(settings), broadcast).run())
        print(0, flush=True)
        await stop.wait()
        await end_task(relay)


if __name__ == "__main__":
    uvloop.run(main())
