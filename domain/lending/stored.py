"""Terms and facts as the tables keep them: JSON that reads back as exactly the same value."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from functools import cache, lru_cache
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter

from domain.lending.rules import facts
from domain.lending.rules.facts import AnyFact, Fact
from domain.lending.rules.terms import LoanTerms
from domain.lending.states import FactKind

KINDS: Final[dict[FactKind, type[AnyFact]]] = {
    FactKind.DISBURSED: facts.Disbursed,
    FactKind.REPAID: facts.Repaid,
    FactKind.RATE_CHANGED: facts.RateChanged,
    FactKind.CHARGE_ADDED: facts.ChargeAdded,
    FactKind.CHARGE_WAIVED: facts.ChargeWaived,
    FactKind.INTEREST_WAIVED: facts.InterestWaived,
    FactKind.CHARGED_BACK: facts.ChargedBack,
    FactKind.CREDIT_REFUNDED: facts.CreditRefunded,
    FactKind.RESCHEDULED: facts.Rescheduled,
    FactKind.REAGED: facts.Reaged,
    FactKind.REAMORTISED: facts.Reamortised,
    FactKind.DELINQUENCY_PAUSED: facts.DelinquencyPaused,
    FactKind.CHARGED_OFF: facts.ChargedOff,
    FactKind.WRITTEN_OFF: facts.WrittenOff,
    FactKind.RECOVERED: facts.Recovered,
}
_KIND_OF: Final = {of: kind for kind, of in KINDS.items()}
_OWN_COLUMNS: Final = {column.name for column in fields(Fact)}


# Adapters are made on first need, because making one takes milliseconds and most processes need few.


@cache
def _terms() -> TypeAdapter[LoanTerms]:
    return TypeAdapter(LoanTerms)


@cache
def _adapter(kind: FactKind) -> TypeAdapter[Any]:
    return TypeAdapter(KINDS[kind])


def terms_to_json(terms: LoanTerms) -> dict[str, Any]:
    image: dict[str, Any] = _terms().dump_python(terms, mode="json")
    return image


def terms_from(image: dict[str, Any]) -> LoanTerms:
    """The terms again. Terms never change, so the same text is read once."""
    return _terms_from_text(json.dumps(image, sort_keys=True))


@lru_cache(maxsize=2_000)
def _terms_from_text(text: str) -> LoanTerms:
    return _terms().validate_json(text)


def kind_of(fact: AnyFact) -> FactKind:
    return _KIND_OF[type(fact)]


def payload_of(fact: AnyFact) -> dict[str, Any]:
    """What a fact says beside its id, day and place, which are columns of their own."""
    image: dict[str, Any] = _adapter(kind_of(fact)).dump_python(fact, mode="json", exclude=_OWN_COLUMNS)
    return image


def fact_from(kind: FactKind, fact_id: UUID, on: date, sequence: int, payload: dict[str, Any]) -> AnyFact:
    fact: AnyFact = _adapter(kind).validate_python({"id": fact_id, "on": on, "sequence": sequence, **payload})
    return fact
