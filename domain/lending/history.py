"""The facts of a loan with what only the books want to know of them: by which way their money came or went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter

from domain.kit.database import Record
from domain.kit.ids import new_id
from domain.lending import stored
from domain.lending.rules.facts import AnyFact
from domain.lending.states import FactKind, PaymentChannel


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyWay:
    """How the money of a fact came or went: its channel, the account of the books, and what the papers say of it.

    ``account`` is the code of a house account or the id of a wallet's account. ``fees_kept`` says that the charges at
    disbursement were kept back of what was paid out.
    """

    channel: PaymentChannel
    account: str
    reference: str = ""
    payer_id: UUID | None = None
    fees_kept: bool = True


_WAYS: Final = TypeAdapter(MoneyWay)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A fact of a loan, with who recorded it, what was noted, and the way of its money if it moved any."""

    fact: AnyFact
    recorded_by_id: UUID
    way: MoneyWay | None = None
    note: str = ""

    @property
    def kind(self) -> FactKind:
        return stored.kind_of(self.fact)

    @property
    def money(self) -> dict[str, Any] | None:
        return None if self.way is None else _WAYS.dump_python(self.way, mode="json")


def new_fact(cls: type[Any], on: date, **figures: Any) -> AnyFact:
    """A fact of today's making, which gets its place in the order of booking when it is written."""
    fact: AnyFact = cls(id=new_id(), on=on, sequence=0, **figures)
    return fact


def placed(dated: Dated, sequence: int) -> Dated:
    return replace(dated, fact=replace(dated.fact, sequence=sequence))


def dated_of(row: Record) -> Dated:
    """The fact that a row of ``loan_fact`` tells of."""
    fact = stored.fact_from(FactKind(row["kind"]), row["id"], row["happened_on"], row["sequence"], row["payload"])
    way = None if row["money"] is None else _WAYS.validate_python(row["money"])
    return Dated(fact=fact, recorded_by_id=row["recorded_by_id"], way=way, note=row["note"])


def facts_of(history: Iterable[Dated]) -> list[AnyFact]:
    return [dated.fact for dated in history]
