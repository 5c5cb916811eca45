"""Mail by SMTP, to the server that an installation names as ``smtp://user:password@host:587?starttls`` or ``smtps://host``.

Each letter has a ``Message-ID`` made of its id in the outbox, so it is the same letter however often it is given in.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE_FORMAT
from email.utils import format_datetime
from typing import Final, Self
from urllib.parse import unquote, urlsplit

import aiosmtplib
from email_validator import EmailNotValidError, validate_email

from domain.kit import clock
from domain.notifications.transports import CarrierAway, Mail, MessageRefused

PORTS: Final = {"smtp": 587, "smtps": 465}
ANSWER_WITHIN_S: Final = 20.0
SERVICE_NOT_AVAILABLE: Final = 421
PERMANENT: Final = 500
SENDER_NAME: Final = "Daftari"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """An SMTP server and who writes. With ``starttls`` the connection is encrypted before anything is said, or given up."""

    host: str
    port: int
    sender: str
    tls: bool = False
    starttls: bool = False
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    name = "SMTP"

    @classmethod
    def at(cls, url: str, *, sender: str) -> Self:
        """The server at a URL; raises ValueError with a sentence when it is not one."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname or parts.path not in ("", "/"):
            raise ValueError("the mail server has the form smtp://user:password@host:587?starttls or smtps://host")
        if parts.query not in ("", "starttls"):
            raise ValueError("the only option of a mail server is ?starttls")
        try:
            written = validate_email(sender, check_deliverability=False).normalized
        except EmailNotValidError as error:
            raise ValueError(f"the sender of mail is no address: {error}") from None
        return cls(
            host=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            sender=written,
            tls=parts.scheme == "smtps",
            starttls=parts.query == "starttls",
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )

    @property
    def tells_password_openly(self) -> bool:
        return self.password is not None and not (self.tls or self.starttls)

    async def send(self, message: Mail) -> str | None:
        """Returns what the server answered, which usually names the letter in its queue."""
        server = aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            use_tls=self.tls,
            start_tls=self.starttls,
            username=self.user,
            password=self.password,
            timeout=ANSWER_WITHIN_S,
        )
        try:
            await server.connect()
            _, answer = await server.send_message(self._letter(message), sender=self.sender, recipients=[message.to])
        except aiosmtplib.SMTPException as error:
            raise _meaning(error) from error
        except OSError as error:
            raise CarrierAway(f"the mail server cannot be reached: {error}") from error
        else:
            # It has the letter. What goes wrong with the farewell does not matter any more.
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await server.quit()
        finally:
            server.close()
        return answer or None

    def _letter(self, message: Mail) -> EmailMessage:
        letter = EmailMessage(policy=WIRE_FORMAT)
        letter["From"] = Address(SENDER_NAME, addr_spec=self.sender)
        letter["To"] = Address(addr_spec=message.to)
        letter["Subject"] = message.subject
        letter["Date"] = format_datetime(clock.now())
        letter["Message-ID"] = f"<{message.id}@{self.sender.rpartition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(message.text)
        letter.add_alternative(message.html, subtype="html")
        return letter


def _meaning(error: aiosmtplib.SMTPException) -> CarrierAway | MessageRefused:
    """Whether the server has something against this letter, or takes none from us now."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        first = error.recipients[0]
        return MessageRefused(f"{first.code} {first.message}", for_good=first.code >= PERMANENT)
    if isinstance(error, aiosmtplib.SMTPDataError) and error.code != SERVICE_NOT_AVAILABLE:
        return MessageRefused(f"{error.code} {error.message}", for_good=error.code >= PERMANENT)
    # Whoever does not let us in, or does not like our own address, takes nothing from us, whatever the letter.
    return CarrierAway(f"the mail server takes nothing: {error}")
