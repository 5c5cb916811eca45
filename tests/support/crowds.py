"""Thousands of people who pay at once: their payments and prompts put in as rows, and M-Pesa told of all of them in bulk.

The rows are those that asking one by one leaves behind, and go the same ways through the guards of the tables.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import asyncpg

from domain.payments.rules.phones import mask
from domain.payments.rules.references import fresh
from tests.support.mpesa import Mpesa

AT_ONCE: Final = 500
"""Prompts in one request to the simulator."""

WALLETS: Final = """
select wallet.id, wallet.account_id, person.id as owner_id, person.email from wallet
join app_user person on person.id = wallet.user_id
where wallet.currency = 'KES' and person.active order by person.email
"""

OPEN_PAYMENTS: Final = """
insert into payment (id, reference, purpose, target_id, title, client_id, client_name, payee_id, payee_name, amount_minor,
                     currency, phone_masked, status, status_at, expires_at, created_by, created_at, updated_at,
                     correlation_id)
select asked.id, reference, 'WALLET_TOP_UP', wallet.id, 'Wallet top-up', person.id, person.name, person.id, person.name,
       shillings * 100, 'KES', masked, 'CREATED', now(), now() + interval '1 day', person.id, now(), now(), gen_random_uuid()
from unnest($1::uuid[], $2::text[], $3::uuid[], $4::bigint[], $5::text[])
     as asked (id, reference, wallet_id, shillings, masked)
join wallet on wallet.id = wallet_id join app_user person on person.id = wallet.user_id
"""

OPEN_PROMPTS: Final = """
insert into payment_prompt (id, payment_id, attempt_no, phone, amount_minor, currency, state, requested_by, created_at)
select gen_random_uuid(), payment.id, 1, phone, amount_minor, currency, 'WAITING', created_by, now()
from unnest($1::uuid[], $2::text[]) as asked (payment_id, phone) join payment on payment.id = asked.payment_id
"""

ASK: Final = "update payment_prompt set state = 'ASKED', asked_at = now() where payment_id = any($1::uuid[])"

ACCEPT: Final = """
update payment_prompt
set state = 'ACCEPTED', accepted_at = now(), callback_due_at = now() + interval '1 hour',
    expires_at = now() + interval '1 day', checkout_request_id = accepted.checkout, merchant_request_id = accepted.merchant
from unnest($1::uuid[], $2::text[], $3::text[]) as accepted (payment_id, checkout, merchant)
where payment_prompt.payment_id = accepted.payment_id
"""

SEND: Final = "update payment set status = 'STK_SENT', version = version + 1 where id = any($1::uuid[])"


@dataclass(frozen=True, slots=True)
class Purse:
    """A wallet that is topped up, and whose it is."""

    id: UUID
    account_id: UUID
    owner_id: UUID
    email: str

    @property
    def number(self) -> str:
        """What is typed to pay into it by Paybill."""
        return f"W{self.id.hex[-11:].upper()}"


@dataclass(frozen=True, slots=True)
class Payer:
    """Somebody who is to pay so many shillings into a wallet, and is known by the reference of the payment."""

    id: UUID
    reference: str
    purse: Purse
    phone: str
    shillings: int


async def purses_of(database: asyncpg.Connection) -> list[Purse]:
    return [Purse(*row) for row in await database.fetch(WALLETS)]


def numbers_by_chance(rng: random.Random, count: int) -> list[str]:
    """Telephone numbers, each once, and none of those at which the simulator does what the number says."""
    return [f"2547{number}" for number in rng.sample(range(10_000_000, 90_000_000), count)]


def payers_by_chance(rng: random.Random, purses: Sequence[Purse], phones: Sequence[str]) -> list[Payer]:
    references: set[str] = set()
    while len(references) < len(phones):
        references.add(fresh(rng.choice))
    return [
        Payer(UUID(int=uuid4().int), reference, rng.choice(purses), phone, rng.randint(10, 5_000))
        for reference, phone in zip(sorted(references), phones, strict=True)
    ]


async def put_in(database: asyncpg.Connection, payers: Sequence[Payer]) -> None:
    """Their payments, each with a prompt that is being asked for."""
    ids = [payer.id for payer in payers]
    async with database.transaction():
        await database.execute(
            OPEN_PAYMENTS,
            ids,
            [payer.reference for payer in payers],
            [payer.purse.id for payer in payers],
            [payer.shillings for payer in payers],
            [mask(payer.phone) for payer in payers],
        )
        await database.execute(OPEN_PROMPTS, ids, [payer.phone for payer in payers])
        await database.execute(ASK, ids)


async def prompt_them(database: asyncpg.Connection, mpesa: Mpesa, payers: Sequence[Payer], callback_url: str) -> None:
    """Have their telephones prompted; the callbacks go to one address."""
    accepted: list[tuple[UUID, str, str]] = []
    for start in range(0, len(payers), AT_ONCE):
        some = payers[start : start + AT_ONCE]
        prompts = [{"reference": each.reference, "phone": each.phone, "amount": each.shillings} for each in some]
        answer = await mpesa.http.post("/simulator/prompts", json={"callbackUrl": callback_url, "prompts": prompts})
        ids = answer.raise_for_status().json()["prompts"]
        accepted += [
            (payer.id, told["checkoutRequestId"], told["merchantRequestId"]) for payer, told in zip(some, ids, strict=True)
        ]
    async with database.transaction():
        await database.execute(ACCEPT, *map(list, zip(*accepted, strict=True)))
        await database.execute(SEND, [payer.id for payer in payers])
