"""The demo's traffic in a process of its own, at a steady pace: something happens in every business."""

from __future__ import annotations

import sys

from api.cli import run
from api.demo.traffic import Traffic
from api.processes.foundation import database_of
from api.settings import Settings

PAUSE_S = 1.0


def main() -> None:
    async def act(settings: Settings) -> None:
        async with database_of(settings):
            sys.stdout.write("Acting\n")
            sys.stdout.flush()
            await Traffic(1, PAUSE_S).run()

    run(act)


if __name__ == "__main__":
    main()
