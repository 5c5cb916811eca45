"""Reading the income and the expenses of the school, as they stand in the books and as they once did."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.database import fetch
from domain.kit.money import Money
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import read, rows_by_id
from domain.school.access import seen_money, visible_transactions
from domain.school.accounts import account_named
from domain.school.accounts import shares_of as shares_of_row
from domain.school.models import SchoolTransaction
from domain.school.states import TransactionKind
from domain.school.words import require_forward

MAX_SAID: Final = 80
MAX_HISTORY: Final = 100

# Of each of some references ($1) the latest ($4) of one campus ($3), or of all ($2). The school says itself what its income
# and its expenses are found by, so there may be very many under one.
LATEST_UNDER: Final = """
select t.id from unnest($1::text[]) as asked (reference)
cross join lateral (
    select id from school_transaction
    where reference = asked.reference and ($2 or branch_id = $3) order by serial desc limit $4) t
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionFilter:
    """Which transactions; what is not said does not narrow. ``since`` and ``until`` are days in the books, both included.

    ``reference`` is a whole one, as it was written or in capitals; ``category`` a whole word, whatever its capitals.
    """

    kind: TransactionKind | None = None
    category: str | None = None
    reference: str | None = None
    currency: str | None = None
    fee_id: UUID | None = None
    branch_id: UUID | None = None
    of_fees: bool | None = None
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        require_forward(self.since, self.until, "filter", "to")

    @property
    def condition(self) -> Q:
        said: dict[str, Any] = {
            "kind": self.kind,
            "currency": self.currency,
            "fee_id": self.fee_id,
            "branch_id": self.branch_id,
            "category__iexact": _word(self.category),
            "reference__in": None if self.reference is None else _as_written(self.reference),
            "on_date__gte": self.since,
            "on_date__lte": self.until,
            "fee_id__isnull": None if self.of_fees is None else not self.of_fees,
        }
        return Q(**{name: value for name, value in said.items() if value is not None})


def _word(text: str | None) -> str | None:
    """What cannot be kept finds nothing: an empty text, which no row has."""
    if text is None:
        return None
    found = " ".join(text.split())
    return found if len(found) <= MAX_SAID and found.isprintable() else ""


def _as_written(text: str) -> list[str]:
    """As it was written, and in capitals; both are looked up by index."""
    word = _word(text) or ""
    return sorted({word, word.upper()})


async def transactions(actor: Actor, page: PageRequest, wanted: TransactionFilter | None = None) -> Page[SchoolTransaction]:
    """What stands in the books, the latest first: of a fee one row of all that is paid, and none when nothing is."""
    actor.require(Permission.FEES_READ)
    live = visible_transactions(actor).filter((wanted or TransactionFilter()).condition, reversed_at__isnull=True)
    return await page_of(live, page, "-created_at", "-id")


transactions_by_id = rows_by_id(SchoolTransaction, seen_money)
"""Those that stand and those that were reversed, as far as the actor may see them."""


def _seen_and_standing(actor: Actor) -> Q:
    return Q(reversed_at__isnull=True) & seen_money(actor)


transactions_of_fees = rows_by_id(SchoolTransaction, _seen_and_standing, column="fee_id")
"""The one that stands of each fee; none of a fee of which nothing is paid."""


async def histories(actor: Actor, references: Collection[str]) -> dict[str, list[SchoolTransaction]]:
    """What stood under several references, in the order in which it was written: of each the latest, ``MAX_HISTORY`` at
    most."""
    scope = actor.branch_scope
    rows = await fetch(LATEST_UNDER, list(references), scope is None, scope, MAX_HISTORY)
    found: dict[str, list[SchoolTransaction]] = {}
    latest = visible_transactions(actor).filter(id__in=[each["id"] for each in rows])
    for row in await read(latest.order_by("serial")):
        found.setdefault(row.reference, []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class AccountShare:
    """How much of a transaction one account has."""

    account_code: str
    account_title: str
    amount: Money


async def shares_of(actor: Actor, transaction_ids: Collection[UUID]) -> dict[UUID, list[AccountShare]]:
    """By account, in the order of their codes."""
    rows = await transactions_by_id.read(actor, transaction_ids, frozenset({"shares", "currency"}))
    return {
        row.id: [
            AccountShare(share.account, account_named(share.account).name, share.amount)
            for share in shares_of_row(row.shares, row.currency)
        ]
        for row in rows.values()
    }
