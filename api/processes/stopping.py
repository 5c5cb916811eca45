"""How a process learns that it is to stop: by an operator's signals, or because the one it belongs to is gone."""

from __future__ import annotations

import asyncio
import os
import signal
import sys


def stop_signals() -> asyncio.Event:
    """Set by the first SIGINT or SIGTERM; a second SIGINT ends the process as usual."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def take(number: signal.Signals) -> None:
        stop.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, take, number)
    return stop


def stop_without_parent(stop: asyncio.Event) -> None:
    """Set ``stop`` when the standard input ends, which whoever started this process holds for as long as it lives."""
    loop, leash = asyncio.get_running_loop(), sys.stdin.fileno()

    def look() -> None:
        if not os.read(leash, 1):
            loop.remove_reader(leash)
            stop.set()

    loop.add_reader(leash, look)
