"""Many simulated users at once, in a process that may be killed: whatever the demo's own traffic does, without its pauses.

What the rules refuse a simulated user takes as an answer; anything else ends the process, and its traceback is what it says.
"""

from __future__ import annotations

import asyncio
import sys

from api.cli import run
from api.demo.traffic import Traffic
from api.processes.foundation import database_of
from api.settings import Settings

AT_ONCE = 3
PAUSE_S = 0.1


def main() -> None:
    seed = int(sys.argv[1])

    async def act(settings: Settings) -> None:
        async with database_of(settings):
            sys.stdout.write("Acting\n")
            sys.stdout.flush()
            await asyncio.gather(*(Traffic(seed + number, PAUSE_S, pays=True).run() for number in range(AT_ONCE)))

    run(act)


if __name__ == "__main__":
    main()
