"""One operation of a socket: a query or mutation that is answered, or a feed that is opened."""

from __future__ import annotations

import asyncio
from typing import Any

from api.refusals import errors_of
from api.sockets import messages
from api.sockets.caller import Caller
from domain.identity.actor import ANONYMOUS, Anonymous
from domain.kit import clock
from domain.kit.context import CallContext
from domain.kit.errors import Unauthenticated
from schema.kit.context import Context
from schema.pipeline import Pipeline, Request
from schema.pipeline.prepared import Prepared
from subscriptions.errors import ShuttingDown
from subscriptions.stepping import start_task


class Operation:
    """``known`` to its socket from ``subscribe`` until it is answered; an open feed is the hub's from then on."""

    __slots__ = ("_caller", "_id", "_is_mutation", "_known", "_parameters", "_task")

    def __init__(self, caller: Caller, known: dict[str, Operation], operation_id: str, parameters: dict[str, Any]) -> None:
        self._caller = caller
        self._known = known
        self._id = operation_id
        self._parameters = parameters
        self._is_mutation = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._known[self._id] = self
        self._task = self._caller.shared.keep(start_task(self._run(), name="operation"))

    def stop(self) -> None:
        """Nobody waits for the answer any more. A mutation that has begun is finished all the same."""
        if self._task is not None and not self._is_mutation:
            self._task.cancel()

    @property
    def _is_wanted(self) -> bool:
        return self._known.get(self._id) is self

    async def _run(self) -> None:
        call = self._call()
        try:
            await self._answer(self._caller.shared.pipeline, call)
        except ShuttingDown:
            # The close that follows in a moment says it too, and makes clients come back and ask again. An error would end
            # the operation for good.
            pass
        except Exception as problem:
            errors = errors_of(problem, call.correlation_id)
            if self._is_wanted:
                self._caller.say(messages.error_of(self._id, errors))
        finally:
            if self._is_wanted:
                del self._known[self._id]

    async def _answer(self, pipeline: Pipeline, call: CallContext) -> None:
        request = Request.from_parameters(self._parameters)
        prepared = pipeline.prepare(request)
        context = self._context(call)
        if prepared.is_subscription:
            await self._open_feed(prepared, request, context)
            return
        self._is_mutation = prepared.is_mutation
        result = await pipeline.execute(prepared, request, context)
        if self._is_wanted:
            # Answered: the same id may be used for the next operation as soon as the client reads this.
            del self._known[self._id]
            self._caller.say(messages.next_of(self._id, result.to_bytes()))
            self._caller.say(messages.complete_of(self._id))

    async def _open_feed(self, prepared: Prepared, request: Request, context: Context) -> None:
        subscription = await self._caller.shared.pipeline.subscribe(prepared, request, context)
        if self._is_wanted:
            await self._caller.hub.open(self._caller, self._id, subscription, messages.prefix_of_next(self._id))

    def _call(self) -> CallContext:
        actor = self._caller.viewer.actor
        return CallContext(actor_id=None if isinstance(actor, Anonymous) else actor.id, address=self._caller.address)

    def _context(self, call: CallContext) -> Context:
        """Whose token has expired and is not renewed yet may do what strangers may, and hears on what is open."""
        actor, services = self._caller.viewer.actor, self._caller.shared.pipeline.services
        if actor.expires_at is not None and actor.expires_at <= clock.now():
            return Context(ANONYMOUS, call, services, Unauthenticated("the token has expired; renew it on this socket"))
        return Context(actor, call, services)
