"""A server of a crew in miniature: says its process id to whoever connects. With an argument it fails to start."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys

from api.processes.stopping import stop_signals, stop_without_parent


async def main() -> None:
    stop = stop_signals()
    stop_without_parent(stop)
    with socket.socket(proto=socket.IPPROTO_TCP) as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        bound.bind(("127.0.0.1", int(os.environ["DAFTARI_PORT"])))
        server = await asyncio.start_server(answer, sock=bound)
        print(f"Listening as {os.getpid()}", flush=True)
        await stop.wait()
        server.close()


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(str(os.getpid()).encode())
    writer.close()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        signal.raise_signal(signal.SIGTERM)
    asyncio.run(main())
