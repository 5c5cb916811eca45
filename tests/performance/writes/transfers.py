"""The transfers that are asked for: each from somebody's wallet to somebody else's, with a key of its own."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final
from uuid import UUID

import orjson

from schema.kit.ids import encode_id
from tests.performance.load import http_request

WALLETS: Final = 200
CURRENCY: Final = "INR"
DOCUMENT: Final = """mutation Transfer($input: TransferFundsInput!) {
  transferFunds(input: $input) {
    replayed
    amount { amount }
    transaction { id amount { amount } balanceAfter { amount } }
    errors { code message }
  }
}"""
SIGN: Final = b'"errors":[]'
"""In every answer to a transfer that was done."""

_ANOTHER: Final = b"RRRRRRRRRR"
_KEY: Final = b"KKKKKKKKKKKK"


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody with a wallet. Without a token for those whom nobody asks to sign in."""

    wallet_id: UUID
    token: str


class Transfers:
    """Requests without end. Where they go is drawn anew for each, always in the same order."""

    def __init__(self, owners: Sequence[Owner]) -> None:
        self._wallets = [encode_id("Wallet", owner.wallet_id).encode() for owner in owners]
        self._templates = [self._template(owner) for owner in owners]
        self._draw = random.Random(7)
        self._numbers = count(1)

    def _template(self, owner: Owner) -> tuple[bytes, bytes, bytes]:
        """A request with its holes: before the recipient, before the key, and the rest."""
        recipient = _ANOTHER * (len(self._wallets[0]) // len(_ANOTHER) + 1)
        recipient = recipient[: len(self._wallets[0])]
        asked = {
            "fromWalletId": encode_id("Wallet", owner.wallet_id),
            "toWalletId": recipient.decode(),
            "amount": {"amount": "0.05", "currency": CURRENCY},
            "description": "Rent",
            "idempotencyKey": _KEY.decode(),
        }
        body = orjson.dumps({"query": DOCUMENT, "operationName": "Transfer", "variables": {"input": asked}})
        before, _, rest = http_request(body, owner.token).partition(recipient)
        between, _, end = rest.partition(_KEY)
        return before, between, end

    def requests(self) -> Iterator[bytes]:
        wallets, templates, draw = self._wallets, self._templates, self._draw.randrange
        for number in self._numbers:
            sender = draw(len(wallets))
            recipient = wallets[(sender + 1 + draw(len(wallets) - 1)) % len(wallets)]
            before, between, end = templates[sender]
            yield b"".join((before, recipient, between, b"%012d" % number, end))
