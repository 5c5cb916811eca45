"""Answers that somebody who tests wants instead of the right ones: another status, silence, a line that breaks."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_FAULTS: Final = 1_000


class FaultKind(str, Enum):
    """ANSWER says something else, SILENCE says nothing at all, HANG_UP breaks off in the midst of the answer."""

    ANSWER = "ANSWER"
    SILENCE = "SILENCE"
    HANG_UP = "HANG_UP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What happens to the next request whose path contains ``path``. With ``done`` it takes effect nevertheless."""

    kind: FaultKind
    path: str = ""
    done: bool = False
    status: int = 500
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class Faults:
    """Stands before the simulated Daraja. Without a fault in the list it is not noticed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.coming: deque[Fault] = deque(maxlen=MAX_FAULTS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = next((each for each in self.coming if each.path in scope["path"]), None)
        if fault is None:
            await self._app(scope, receive, send)
            return
        self.coming.remove(fault)
        if fault.done:
            await self._app(scope, receive, _to_nobody)
        match fault.kind:
            case FaultKind.ANSWER:
                await _answer(fault, send, length=len(fault.body))
            case FaultKind.HANG_UP:
                # More is promised than comes, so the server closes the connection.
                await _answer(fault, send, length=len(fault.body) + 1)
            case FaultKind.SILENCE:
                while (await receive())["type"] != "http.disconnect":
                    pass


async def _answer(fault: Fault, send: Send, *, length: int) -> None:
    headers = {"content-type": "application/json", **fault.headers, "content-length": str(length)}
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": fault.status, "headers": encoded})
    await send({"type": "http.response.body", "body": fault.body, "more_body": length > len(fault.body)})


async def _to_nobody(message: Message) -> None:
    """What would have been answered."""


def fault_from(body: dict[str, Any]) -> Fault:
    """A fault as it is written on the control page; raises ValueError when it is none."""
    known = {"kind", "path", "done", "status", "body", "headers"}
    if unknown := set(body) - known:
        raise ValueError(f"a fault has no {', '.join(sorted(unknown))}")
    status, headers = body.get("status", 500), body.get("headers", {})
    if not isinstance(status, int) or not 200 <= status <= 599 or not isinstance(headers, dict):
        raise ValueError("a fault has a status from 200 to 599 and an object of headers")
    return Fault(
        kind=FaultKind(body.get("kind", FaultKind.ANSWER)),
        path=str(body.get("path", "")),
        done=bool(body.get("done", False)),
        status=status,
        body=str(body.get("body", "")).encode(),
        headers={str(name): str(value) for name, value in headers.items()},
    )
