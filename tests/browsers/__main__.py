"""The browser tests by themselves, shown as they run: ``python -m tests.browsers [arguments of playwright test]``."""

from __future__ import annotations

import asyncio
import sys

from tests.api.processes.installation import tell_demo_story
from tests.browsers.stage import a_stage
from tests.support.homes import open_home


async def main() -> int:
    with open_home() as home:
        await tell_demo_story(home)
        async with a_stage(home) as stage:
            code, said = await stage.play(*sys.argv[1:])
            sys.stdout.write(said)
            return code


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
