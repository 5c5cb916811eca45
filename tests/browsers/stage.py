"""What the browsers of frontend-contract/e2e look at: an installation with the demo story, and a hand in its misfortunes.

The browser tests are written for Playwright and run by Node. They are told three addresses: of the server, of a strict
one whose access tokens live for seconds and which runs trusted documents alone, and of the hand, to which they say what
shall break.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.api.processes.installation import Installation
from tests.api.processes.till import a_till
from tests.support.servers import NODE, served

E2E: Final = Path(__file__).resolve().parents[2] / "frontend-contract" / "e2e"
PLAYWRIGHT: Final = E2E.parent / "node_modules" / "@playwright" / "test" / "cli.js"

HEARTBEAT_S: Final = 2
STRICT: Final = {
    "DAFTARI_ACCESS_TOKEN_MINUTES": "0.2",
    "DAFTARI_TRUSTED_DOCUMENTS": str(E2E.parent / "trusted-documents.json"),
    "DAFTARI_TRUSTED_DOCUMENTS_ONLY": "true",
}


@dataclass(frozen=True)
class Stage:
    """Where the browsers go."""

    address: str
    strict_address: str
    hand_address: str

    async def play(self, *arguments: str) -> tuple[int, str]:
        """Run Playwright; its exit code and what it said."""
        process = await asyncio.create_subprocess_exec(
            NODE, PLAYWRIGHT, "test", *arguments, cwd=E2E, env=self._environment(), stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        try:
            said, _ = await process.communicate()
        except BaseException:
            # Asked to stop, it closes its browsers; killed, it leaves them.
            process.terminate()
            await process.wait()
            raise
        assert process.returncode is not None
        return process.returncode, said.decode()

    def _environment(self) -> dict[str, str]:
        handed_on = ("PATH", "HOME", "CHROMIUM", "CI", "TMPDIR", "EVERY_LOOK")
        known = {name: os.environ[name] for name in handed_on if name in os.environ}
        return known | {
            "DAFTARI_URL": self.address,
            "DAFTARI_STRICT_URL": self.strict_address,
            "DAFTARI_HAND": self.hand_address,
        }


@asynccontextmanager
async def a_stage(told_home: Path) -> AsyncIterator[Stage]:
    """Two servers and a worker over one copy of the demo."""
    simulated: Sequence[str] = ("--seed", "browsers", "--delay", "0.3")
    async with a_till(told_home, *simulated, WS_HEARTBEAT_INTERVAL=str(HEARTBEAT_S)) as till:
        place = till.place
        address, strict_address, _ = await asyncio.gather(
            place.start_server("one"),
            place.start_server("strict", **STRICT),
            place.start_worker(),
        )
        async with served(_hand_in(place)) as hand_address:
            yield Stage(address, strict_address, hand_address)


def _hand_in(place: Installation) -> Starlette:
    """What a test may break, and mend."""

    async def kill_valkey(request: Request) -> Response:
        place.kill_redis()
        return Response(status_code=204)

    async def wake_valkey(request: Request) -> Response:
        await place.wake_redis()
        return Response(status_code=204)

    return Starlette(
        routes=[
            Route("/valkey/kill", kill_valkey, methods=["POST"]),
            Route("/valkey/wake", wake_valkey, methods=["POST"]),
        ]
    )
