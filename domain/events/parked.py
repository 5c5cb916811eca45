"""Parked events: those that a listener could not bear, and a second hearing once the reason is gone.

The listener has moved on meanwhile, so a parked event is heard out of order. Events carry absolute state and listeners
bear repeats; one that must not hear the past refuses again, and the event stays parked.
"""

from __future__ import annotations

from domain.events import log
from domain.events.errors import ParkedEventFailedAgain, ParkedEventNotFound, ParkedEventResolved
from domain.events.event import LoggedEvent
from domain.events.listeners import Listener, every_listener, react_to
from domain.events.models import ParkedEvent
from domain.kit import clock
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.unit_of_work import Work, retried, unit_of_work


async def parked_events(page: PageRequest, *, resolved: bool = False) -> Page[ParkedEvent]:
    """Those that wait, or those that were heard in the end; the newest first."""
    return await page_of(ParkedEvent.filter(resolved_at__isnull=not resolved), page, "-id")


@retried
async def hear_again(parked_id: int) -> ParkedEvent:
    """Let the listener hear a parked event again. Its effects and the end of the parking commit together."""
    async with unit_of_work() as work:
        parked = await ParkedEvent.select_for_update().get_or_none(id=parked_id)
        if parked is None:
            raise ParkedEventNotFound("there is no such parked event")
        if parked.resolved_at is not None:
            raise ParkedEventResolved("the event has been heard already")
        listener, logged = _listener_of(parked), await _event_of(work, parked)
        try:
            await react_to(work, listener, logged)
        except Exception as error:
            raise ParkedEventFailedAgain(f"{parked.listener} failed again: {type(error).__name__}: {error}") from error
        parked.resolved_at = clock.now()
        await parked.save(update_fields=["resolved_at"])
    return parked


def _listener_of(parked: ParkedEvent) -> Listener:
    for listener in every_listener():
        if listener.name == parked.listener:
            return listener
    raise ParkedEventNotFound(f"there is no listener {parked.listener} any more")


async def _event_of(work: Work, parked: ParkedEvent) -> LoggedEvent:
    try:
        [logged] = await log.read_after(parked.position - 1, limit=1, reader=work)
    except (log.GapInLog, ValueError):
        raise ParkedEventNotFound("the event has left the log; it is in the archive") from None
    return logged
