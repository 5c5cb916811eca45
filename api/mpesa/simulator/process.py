"""The simulator as a process of its own."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import Callable, Sequence
from dataclasses import fields

from api.mpesa.simulator.app import simulator_of
from api.mpesa.simulator.config import Rates, SimulatorConfig
from api.processes.answering import answering
from api.processes.stopping import stop_signals


class PlaceTaken(Exception):
    """There is no listening where the simulator was told to."""


async def simulate(
    config: SimulatorConfig, *, host: str, port: int, listening: Callable[[str], None] = lambda address: None
) -> None:
    """Simulate until SIGINT or SIGTERM; ``listening`` is told the address once it answers."""
    stop = stop_signals()
    async with simulator_of(config) as app:
        with bound_to(host, port) as bound:
            server, running = await answering(app, bound)
            shown = f"[{host}]" if ":" in host else host
            listening(f"http://{shown}:{bound.getsockname()[1]}")
            waiting = asyncio.create_task(stop.wait())
            await asyncio.wait([running, waiting], return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            server.should_exit = True
            await running


def bound_to(host: str, port: int) -> socket.socket:
    """A place to listen at; :class:`PlaceTaken` when there is none."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise PlaceTaken(f"the simulator cannot listen on {host} port {port}: {error.strerror or error}") from error


def config_of(
    *,
    seed: str | None,
    delay_s: float,
    late_s: float,
    confirms_prompts: bool,
    rates: Sequence[str],
    reversal_s: float = 30.0,
) -> SimulatorConfig:
    """What an operator asked for. Without a seed each run is another one, and gives receipts that no other run gave."""
    return SimulatorConfig(
        seed=seed or secrets.token_hex(4),
        rates=_rates(rates),
        delay_s=delay_s,
        late_s=late_s,
        reversal_s=reversal_s,
        confirms_prompts=confirms_prompts,
    )


def _rates(written: Sequence[str]) -> Rates:
    known = {field.name for field in fields(Rates)}
    chosen = {}
    for each in written:
        name, _, percent = each.partition("=")
        if name not in known:
            raise ValueError(f"a rate is one of {', '.join(sorted(known))}, as in duplicate=5")
        try:
            chosen[name] = float(percent)
        except ValueError:
            raise ValueError(f"the rate of {name} is a percentage, from 0 to 100") from None
    return Rates(**chosen)
