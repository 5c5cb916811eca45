"""The close codes that we use, and what the usual client makes of them when nobody tells it otherwise."""

from __future__ import annotations

import asyncio
import json
from collections import Counter

from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Subprotocol

from api.contract import COMES_BACK
from api.sockets import SUBPROTOCOL
from api.sockets.closing import Closing
from tests.subscriptions.listening import PATIENCE_S
from tests.support.servers import run_node

CUT = 1006
OF_OTHERS = {1011}
"""Not ours, but what many servers and proxies say when they fail."""


async def test_the_usual_client_comes_back_after_the_codes_that_we_say_it_does() -> None:
    """As the page and the catalogue tell of ours (see the tests of the contract)."""
    used = {closing.code for closing in Closing} | OF_OTHERS | {CUT}
    came: Counter[int] = Counter()

    async def close(connection: ServerConnection) -> None:
        """Something is asked, and the socket is closed with the code that its path names; who comes back is answered."""
        assert connection.request is not None
        code = int(connection.request.path.strip("/"))
        came[code] += 1
        await connection.recv()
        await connection.send('{"type": "connection_ack"}')
        asked = json.loads(await connection.recv())
        if came[code] > 1:
            await connection.send(json.dumps({"id": asked["id"], "type": "complete"}))
        elif code == CUT:
            connection.transport.abort()
        else:
            await connection.close(code, "because")

    async with serve(close, "127.0.0.1", 0, subprotocols=[Subprotocol(SUBPROTOCOL)]) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        urls = {f"ws://127.0.0.1:{port}/{code}": code for code in used}
        async with asyncio.timeout(PATIENCE_S):
            status, out, err = await run_node("closed.mjs", *urls)
    assert (status, err) == (0, "")
    ended = {urls[url]: how for url, how in json.loads(out).items()}
    assert ended == {code: "complete" if code in COMES_BACK else code for code in used}
    assert came == {code: 2 if code in COMES_BACK else 1 for code in used}
