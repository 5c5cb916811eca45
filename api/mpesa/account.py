"""Who we are at M-Pesa: where the provider is, what lets us in there, and where it finds us."""

from __future__ import annotations

import base64
import ipaddress
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import Enum
from typing import Final
from urllib.parse import urlsplit

EAST_AFRICA: Final = timezone(timedelta(hours=3), "EAT")
TIMESTAMP: Final = "%Y%m%d%H%M%S"

DEFAULT_PATH: Final = "/webhooks/mpesa"
UNNAMED_PATH: Final = "/webhooks/mobile-money"
"""The same place under a name that Safaricom registers: it takes no address in which its own names are."""

# Where the provider finds us, below the address of our callbacks.
STK_CALLBACK: Final = "/stk"
C2B_VALIDATION: Final = "/c2b/validation"
C2B_CONFIRMATION: Final = "/c2b/confirmation"
STATUS_RESULT: Final = "/results/status"
STATUS_TIMEOUT: Final = "/timeouts/status"
REVERSAL_RESULT: Final = "/results/reversal"
REVERSAL_TIMEOUT: Final = "/timeouts/reversal"

_ITS_OWN_NAMES: Final = re.compile(r"m-?pesa|safaricom", re.IGNORECASE)
_SHORT_CODE: Final = re.compile(r"\d{5,7}", re.ASCII)


class TransactionType(str, Enum):
    """What a short code is: a Paybill, where customers name an account, or a till, where they do not."""

    PAY_BILL = "CustomerPayBillOnline"
    BUY_GOODS = "CustomerBuyGoodsOnline"


@dataclass(frozen=True, kw_only=True)
class DarajaAccount:
    """``short_code`` signs prompts and ``till`` receives the money where that is another number, as with Buy Goods.

    ``callbacks`` may end in a secret, by which we know that it is M-Pesa that calls. ``security_credential`` is the
    initiator's password, encrypted for M-Pesa as its portal does it. Without an initiator nothing can be reversed nor
    looked up by receipt.
    """

    url: str
    consumer_key: str
    consumer_secret: str = field(repr=False)
    short_code: str
    passkey: str = field(repr=False)
    callbacks: str = field(repr=False)
    transaction_type: TransactionType = TransactionType.PAY_BILL
    till: str | None = None
    initiator: str | None = None
    security_credential: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for name, url in (("MPESA_URL", self.url), ("MPESA_CALLBACK_URL", self.callbacks)):
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
                raise ValueError(f"{name} has the form https://host/path")
            if url.endswith("/"):
                raise ValueError(f"{name} ends without a slash")
        if (urlsplit(self.url).hostname or "").endswith("safaricom.co.ke") and _ITS_OWN_NAMES.search(self.callbacks):
            raise ValueError("MPESA_CALLBACK_URL names M-Pesa or Safaricom, and Safaricom registers no such address")
        for name, code in (("MPESA_SHORT_CODE", self.short_code), ("MPESA_TILL", self.till)):
            if code is not None and not _SHORT_CODE.fullmatch(code):
                raise ValueError(f"{name} has five to seven digits")
        if (self.initiator is None) != (self.security_credential is None):
            raise ValueError("MPESA_INITIATOR and MPESA_SECURITY_CREDENTIAL go together")
        if not (self.consumer_key and self.consumer_secret and self.passkey):
            raise ValueError("an M-Pesa account has a consumer key, a consumer secret and a passkey")

    @property
    def talks_openly(self) -> bool:
        """Whether secrets or payments would cross a network unencrypted, one way or the other."""
        return any(url.startswith("http:") and not _is_loopback(url) for url in (self.url, self.callbacks))

    @property
    def is_here(self) -> bool:
        """Whether the provider is on this machine, and so a simulator."""
        return _is_loopback(self.url)

    @property
    def receiver(self) -> str:
        return self.till or self.short_code


def password(short_code: str, passkey: str, timestamp: str) -> str:
    """What signs a prompt or a query."""
    return base64.b64encode(f"{short_code}{passkey}{timestamp}".encode()).decode()


def timestamp_of(moment: datetime) -> str:
    """The provider's clocks stand at East Africa Time, three hours before Greenwich, all the year."""
    return moment.astimezone(EAST_AFRICA).strftime(TIMESTAMP)


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long one exchange may take, how often what may be repeated is, and when we leave the provider alone.

    A request ends within ``attempts * answer_within_s`` and the pauses, twice that when the token was no good any more.
    """

    connect_within_s: float = 5.0
    answer_within_s: float = 15.0
    attempts: int = 3
    first_pause_s: float = 0.5
    longest_pause_s: float = 4.0
    failures_to_open: int = 5
    open_for_s: float = 30.0
