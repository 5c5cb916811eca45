"""The simulator as one application: Daraja as merchants see it, the control pages, and the page for people."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route, Router

from api.mpesa import daraja
from api.mpesa.simulator.commands import Commands
from api.mpesa.simulator.config import SimulatorConfig
from api.mpesa.simulator.control import Control
from api.mpesa.simulator.door import DarajaError, Door, refusal
from api.mpesa.simulator.express import Express
from api.mpesa.simulator.faults import Faults
from api.mpesa.simulator.life import Life
from api.mpesa.simulator.page import Page
from api.mpesa.simulator.paybill import PayBill


@asynccontextmanager
async def simulator_of(config: SimulatorConfig) -> AsyncIterator[Starlette]:
    """A simulator that lives as long as the block."""
    async with Life(config) as life:
        yield _application(life)


def _application(life: Life) -> Starlette:
    door = Door(life.config)
    faults = Faults(Router(_daraja(life, door)))
    routes = [
        Route("/", Page(life).show),
        Route("/health/live", _live),
        Mount("/simulator", routes=Control(life, door, faults).routes()),
        Mount("/", faults),
    ]
    return Starlette(routes=routes, exception_handlers={DarajaError: refusal})


def _daraja(life: Life, door: Door) -> list[Route]:
    express, paybill, commands = Express(life, door), PayBill(life, door), Commands(life, door)
    post = ["POST"]
    return [
        Route(daraja.OAUTH, door.give_token),
        Route(daraja.STK_PUSH, express.push, methods=post),
        Route(daraja.STK_QUERY, express.query, methods=post),
        Route(daraja.C2B_REGISTER, paybill.register, methods=post),
        Route("/mpesa/c2b/v1/simulate", paybill.simulate, methods=post),
        Route("/mpesa/c2b/v2/simulate", paybill.simulate, methods=post),
        Route(daraja.TRANSACTION_STATUS, commands.status, methods=post),
        Route(daraja.REVERSAL, commands.reverse, methods=post),
    ]


async def _live(request: Request) -> Response:
    return PlainTextResponse("ok")
