"""Running a coroutine in place: what does not have to wait is finished at once and costs no task."""

from __future__ import annotations

import asyncio
import contextvars
import types
from collections.abc import Coroutine, Generator
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

_PATIENCE_S: Final = 0.5


@dataclass(slots=True)
class Finished(Generic[T]):
    """The coroutine has run to its end without waiting."""

    value: T


def step(coroutine: Coroutine[Any, Any, T]) -> Finished[T] | Coroutine[Any, Any, T]:
    """Run ``coroutine`` to its first wait. Gives its result, or the rest of it to be awaited, once, by a task.

    Its exception, if it raises before it waits, is raised here.
    """
    try:
        waits_for = coroutine.send(None)
    except StopIteration as stop:
        return Finished(stop.value)
    return _rest(coroutine, waits_for)


async def _rest(coroutine: Coroutine[Any, Any, T], waits_for: Any) -> T:
    result: T = await _resume(coroutine, waits_for)
    return result


@types.coroutine
def _resume(coroutine: Coroutine[Any, Any, T], waits_for: Any) -> Generator[Any, Any, T]:
    """Yield to the task what the coroutine has already yielded, and then whatever it yields next."""
    try:
        while True:
            try:
                sent = yield waits_for
            except GeneratorExit:
                raise
            except BaseException as error:
                waits_for = coroutine.throw(error)
            else:
                waits_for = coroutine.send(sent)
    except StopIteration as stop:
        value: T = stop.value
        return value
    finally:
        coroutine.close()


def start_task(coroutine: Coroutine[Any, Any, T], *, name: str) -> asyncio.Task[T]:
    """A task that inherits nothing from whoever happens to start it: no transaction, no call context."""
    return asyncio.create_task(coroutine, name=name, context=contextvars.Context())


async def end_task(task: asyncio.Task[Any]) -> None:
    """Cancel a task and wait until it has ended. Insists, because libraries may lose a cancellation that comes together
    with what they waited for."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=_PATIENCE_S)
