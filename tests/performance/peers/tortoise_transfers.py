"""A transfer of money as most people would write it with Strawberry and Tortoise: a call of the ORM for each step.

It works on Daftari's own tables, whose triggers keep the balances when lines arrive, and leaves the same rows there.
"""

from __future__ import annotations

import hashlib
import json
import os
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import strawberry
from starlette.applications import Starlette
from starlette.routing import Route
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache
from tortoise import Tortoise, fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model
from tortoise.transactions import in_transaction

from tests.performance.peers.book import POOL_SIZE, major
from tests.performance.peers.serving import serve

# The triggers want both lines in one statement, and bulk_create() would write them in two.
BOTH_LINES: Final = """
insert into journal_line (entry_id, currency, effective_on, recorded_at, line_no, account_id, amount_minor,
                          balance_after_minor)
values ($1, $2, $3, $4, 1, $5, $6, $7), ($1, $2, $3, $4, 2, $8, $9, $10)
"""


class WalletRow(Model):
    id = fields.UUIDField(primary_key=True)
    user_id = fields.UUIDField()
    currency = fields.CharField(max_length=3)
    account_id = fields.UUIDField()

    class Meta:
        table = "wallet"


class AccountRow(Model):
    id = fields.UUIDField(primary_key=True)
    balance_minor = fields.BigIntField()
    held_minor = fields.BigIntField()

    class Meta:
        table = "ledger_account"


class EntryRow(Model):
    id = fields.UUIDField(primary_key=True)
    kind = fields.CharField(max_length=60)
    description = fields.CharField(max_length=300)
    effective_on = fields.DateField()
    recorded_at = fields.DatetimeField()
    actor_id = fields.UUIDField(null=True)
    correlation_id = fields.UUIDField()

    class Meta:
        table = "journal_entry"


class LineRow(Model):
    id = fields.BigIntField(primary_key=True)
    entry_id = fields.UUIDField()
    line_no = fields.SmallIntField()
    account_id = fields.UUIDField()
    amount_minor = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    effective_on = fields.DateField()
    recorded_at = fields.DatetimeField()
    balance_after_minor = fields.BigIntField(null=True)

    class Meta:
        table = "journal_line"


class OutboxRow(Model):
    id = fields.BigIntField(primary_key=True)
    name = fields.TextField()
    version = fields.IntField()
    topics = ArrayField(element_type="text")
    audience = ArrayField(element_type="text")
    actor_id = fields.UUIDField(null=True)
    correlation_id = fields.UUIDField()
    occurred_at = fields.DatetimeField()
    payload = fields.TextField()

    class Meta:
        table = "outbox"


class KeyRow(Model):
    key = fields.CharField(max_length=200, primary_key=True)
    actor_id = fields.UUIDField()
    request = fields.BinaryField()
    result: Any = fields.JSONField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "idempotency_key"


@strawberry.input
class MoneyInput:
    amount: str
    currency: str


@strawberry.input
class TransferFundsInput:
    from_wallet_id: strawberry.ID
    to_wallet_id: strawberry.ID
    amount: MoneyInput
    description: str = "Transfer"
    idempotency_key: str | None = None


@strawberry.type
class Money:
    amount: str


@strawberry.type
class WalletTransaction:
    id: strawberry.ID
    amount: Money
    balance_after: Money


@strawberry.type
class UserError:
    code: str
    message: str


@strawberry.type
class TransferFundsPayload:
    replayed: bool
    amount: Money | None
    transaction: WalletTransaction | None
    errors: list[UserError]


class Refused(Exception):
    pass


async def transfer(asked: TransferFundsInput) -> TransferFundsPayload:
    minor = int(asked.amount.amount.replace(".", ""))
    request = hashlib.blake2b(repr(asked).encode(), digest_size=16).digest()
    async with in_transaction() as connection:
        sender = await WalletRow.get(id=_row_id(asked.from_wallet_id))
        if await KeyRow.get_or_none(key=asked.idempotency_key, actor_id=sender.user_id) is not None:
            raise Refused("this key was sent before")
        recipient = await WalletRow.get(id=_row_id(asked.to_wallet_id))
        ids = sorted([sender.account_id, recipient.account_id])
        locked = {each.id: each for each in await AccountRow.filter(id__in=ids).order_by("id").select_for_update()}
        debited, credited = locked[sender.account_id], locked[recipient.account_id]
        if debited.balance_minor - debited.held_minor < minor:
            raise Refused("insufficient funds")
        debited.balance_minor -= minor
        credited.balance_minor += minor
        entry = await _entry(connection, asked, sender, [(debited, minor), (credited, -minor)])
        await _announce(entry, [(sender, debited), (recipient, credited)], minor)
        line = await LineRow.get(entry_id=entry.id, account_id=debited.id)
        await KeyRow.create(
            key=asked.idempotency_key,
            actor_id=sender.user_id,
            request=request,
            result={"entry_id": str(entry.id), "amount_minor": minor},
            created_at=entry.recorded_at,
        )
    amount = Money(amount=major(minor))
    after = Money(amount=major(line.balance_after_minor or 0))
    movement = WalletTransaction(id=strawberry.ID(str(line.id)), amount=amount, balance_after=after)
    return TransferFundsPayload(replayed=False, amount=amount, transaction=movement, errors=[])


async def _entry(
    connection: Any, asked: TransferFundsInput, sender: WalletRow, moved: Sequence[tuple[AccountRow, int]]
) -> EntryRow:
    now = datetime.now(UTC)
    entry = await EntryRow.create(
        id=uuid4(),
        kind="wallets.transfer",
        description=asked.description,
        effective_on=now.date(),
        recorded_at=now,
        actor_id=sender.user_id,
        correlation_id=uuid4(),
    )
    await connection.execute_query(
        BOTH_LINES,
        [entry.id, sender.currency, now.date(), now, *(value for each in moved for value in _line_of(*each))],
    )
    return entry


def _line_of(account: AccountRow, minor: int) -> tuple[UUID, int, int]:
    return account.id, minor, account.balance_minor


async def _announce(entry: EntryRow, changed: Sequence[tuple[WalletRow, AccountRow]], minor: int) -> None:
    lines = [{"account_id": str(account.id), "amount_minor": minor} for _, account in changed]
    facts: list[tuple[str, list[str], dict[str, Any]]] = [
        ("ledger.entry_posted", ["ledger"], {"entry_id": str(entry.id), "kind": entry.kind, "lines": lines})
    ]
    for wallet, account in changed:
        told = {"wallet_id": str(wallet.id), "balance_minor": account.balance_minor, "held_minor": account.held_minor}
        facts.append(("wallets.balance_changed", [f"wallet:{wallet.id}", f"user:{wallet.user_id}"], told))
    for name, topics, payload in facts:
        await OutboxRow.create(
            name=name,
            version=1,
            topics=topics,
            audience=["permission:LEDGER_READ"],
            actor_id=entry.actor_id,
            correlation_id=entry.correlation_id,
            occurred_at=entry.recorded_at,
            payload=json.dumps(payload),
        )


def _row_id(given: str) -> UUID:
    return UUID(urlsafe_b64decode(given + "=" * (-len(given) % 4)).decode().partition(":")[2])


@strawberry.type
class Query:
    ok: bool = True


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def transfer_funds(self, input: TransferFundsInput) -> TransferFundsPayload:
        return await transfer(input)


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    url = f"{os.environ['DATABASE_URL'].replace('postgres', 'asyncpg', 1)}?minsize={POOL_SIZE}&maxsize={POOL_SIZE}"
    await Tortoise.init(db_url=url, modules={"models": [__name__]}, use_tz=True, _enable_global_fallback=True)
    yield
    await Tortoise.close_connections()


def main() -> None:
    schema = strawberry.Schema(Query, Mutation, extensions=[ParserCache, ValidationCache])
    serve(Starlette(routes=[Route("/graphql", GraphQL(schema, graphql_ide=None))], lifespan=_lifespan))


if __name__ == "__main__":
    main()
