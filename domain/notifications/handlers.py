"""The listener that tells people what happened, as the policy says."""

from __future__ import annotations

from typing import Any

from domain.events.event import LoggedEvent
from domain.events.listeners import listener
from domain.notifications.policy import POLICY
from domain.notifications.service.telling import tell

notifier = listener("notifications")


async def _tell(fact: Any, logged: LoggedEvent) -> None:
    await tell(fact, logged)


for kind in dict.fromkeys(rule.on for rule in POLICY):
    notifier.on(kind)(_tell)
