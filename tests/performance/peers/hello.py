"""An application that only says hello: what uvicorn can do at most here, and whether the load is enough to see it."""

from __future__ import annotations

from typing import Any

from tests.performance.peers.serving import serve

HELLO = b'{"data":{"hello":"world"}}'
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(HELLO)).encode())]


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": HELLO})


if __name__ == "__main__":
    serve(app)
