"""Real servers on loopback that take mail, short messages and webhooks; they can go away and come back in the same place."""

from __future__ import annotations

import asyncio
import contextlib
import json
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as READABLE
from typing import Any, TypeVar

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class _OnLoopback:
    """Something that listens on one port, which it keeps when it goes away."""

    def __init__(self) -> None:
        self.port = 0
        self._server: asyncio.Server | None = None

    async def come(self) -> None:
        self._server = await self._listen()
        self.port = self._server.sockets[0].getsockname()[1]

    async def go_away(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def _listen(self) -> asyncio.Server:
        raise NotImplementedError


C = TypeVar("C", bound=_OnLoopback)


class MailCatcher(_OnLoopback):
    """An SMTP server that keeps what it is given. ``answers`` are said to the next letters instead of taking them."""

    def __init__(self, *, password: str | None = None) -> None:
        super().__init__()
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: list[str] = []
        self.unknown: set[str] = set()
        self._password = password

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def letters_to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in self.letters if letter["To"] == address]

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if address in self.unknown:
            return f"550 5.1.1 <{address}> is not here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=READABLE)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.recipients += envelope.rcpt_tos
        return f"250 queued as {len(self.letters)}"

    def _let_in(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, said: Any) -> AuthResult:
        right = isinstance(said, LoginPassword) and said.password.decode() == self._password
        return AuthResult(success=right, handled=False)

    async def _listen(self) -> asyncio.Server:
        options: dict[str, Any] = {"hostname": "mail.daftari.example", "enable_SMTPUTF8": True}
        if self._password is not None:
            options |= {"authenticator": self._let_in, "auth_required": True, "auth_require_tls": False}
        loop = asyncio.get_running_loop()

        def talk() -> SMTP:
            with warnings.catch_warnings():
                # It says that a password without encryption is unwise, which it is, but not on loopback.
                warnings.simplefilter("ignore", UserWarning)
                return SMTP(self, loop=loop, **options)

        return await loop.create_server(talk, "127.0.0.1", self.port)


@dataclass(frozen=True)
class Posted:
    """What somebody posted, and where to."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class Answer:
    status: str
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


class PostCatcher(_OnLoopback):
    """An HTTP server that keeps the JSON it is posted. ``answers`` are said to the next posts instead of taking them."""

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[Posted] = []
        self.answers: list[Answer] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/messages"

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
            body = json.loads(await reader.readexactly(int(headers["content-length"])))
            posted = Posted(head[0].split(" ")[1], headers, body)
            self.posts.append(posted)
            answer = self.answers.pop(0) if self.answers else self._taken(posted)
            lines = [f"HTTP/1.1 {answer.status}", "Connection: close", f"Content-Length: {len(answer.body.encode())}"]
            lines += [f"{name}: {value}" for name, value in answer.headers.items()]
            writer.write("\r\n".join([*lines, "", answer.body]).encode())
            await writer.drain()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    def _taken(self, posted: Posted) -> Answer:
        return Answer("204 No Content")


class SmsCatcher(PostCatcher):
    """An SMS provider, which knows repeats."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, dict[str, Any]] = {}

    def _taken(self, posted: Posted) -> Answer:
        key = posted.headers["idempotency-key"]
        self.sent.setdefault(key, posted.body)
        return Answer("202 Accepted", body=json.dumps({"id": f"sms-{list(self.sent).index(key) + 1}"}))


@asynccontextmanager
async def mail_catcher(**options: Any) -> AsyncIterator[MailCatcher]:
    async with listening(MailCatcher(**options)) as catcher:
        yield catcher


@asynccontextmanager
async def sms_catcher() -> AsyncIterator[SmsCatcher]:
    async with listening(SmsCatcher()) as catcher:
        yield catcher


@asynccontextmanager
async def listening(catcher: C) -> AsyncIterator[C]:
    await catcher.come()
    try:
        yield catcher
    finally:
        await catcher.go_away()
