"""What a fee asks for: its lines, and whose income each of them is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.identity.actor import Actor
from domain.kit import clock
from domain.kit.errors import InvalidAmount
from domain.kit.ids import new_id
from domain.kit.money import MAX_AMOUNT_MINOR, Money
from domain.kit.unit_of_work import Work
from domain.school.accounts import FEE_INCOME
from domain.school.errors import BadFee, FeeCategoryNotFound
from domain.school.rules.figures import total
from domain.school.rules.plans import Line

GENERAL: Final = "SCHOOL_FEE"
"""The category of a fee of which nobody says what it is for; it is there as soon as it is needed."""

MAX_LINES: Final = 500

# Whose income some categories are.
ACCOUNTS: Final = "select code, income_code from fee_category where code = any($1)"

# The general category, if it is not there yet.
MAKE_GENERAL: Final = """
insert into fee_category (id, code, title, income_code, created_by_id, created_at, updated_at)
values ($1, $2, 'School fee', $3, $4, $5, $5) on conflict (code) do nothing
"""


@dataclass(frozen=True, slots=True)
class ChargedLine:
    """A line, and the income account that its category had when it was charged."""

    line: Line
    income_code: str


def single_line(amount: Money, due_on: date, category: str = GENERAL) -> tuple[Line, ...]:
    """A fee in one piece; one of nothing asks for nothing."""
    return (Line(1, due_on, category, amount),) if amount else ()


def require_lines(lines: Sequence[Line], currency: str) -> None:
    """Refuse what cannot be charged (BAD_FEE, INVALID_AMOUNT)."""
    if len(lines) > MAX_LINES:
        raise BadFee(f"a fee has at most {MAX_LINES} lines", field=("input", "lines"))
    if any(line.amount.currency != currency for line in lines):
        raise BadFee(f"all lines of the fee are in {currency}", field=("input", "lines"))
    if any(line.amount.amount_minor <= 0 or line.number < 1 for line in lines):
        raise BadFee("each line asks for more than nothing, with an instalment from 1", field=("input", "lines"))
    if total((line.amount for line in lines), currency).amount_minor > MAX_AMOUNT_MINOR:
        raise InvalidAmount("the fee is too large", field=("input", "amountDue"))


async def charged_lines(
    work: Work, actor: Actor, lines: Sequence[Line], known: Mapping[str, str]
) -> tuple[ChargedLine, ...]:
    """Lines with their income accounts. What the fee asks for already stays income of the account that is ``known``.

    Refuses with FEE_CATEGORY_NOT_FOUND.
    """
    asked = {line.category for line in lines} - known.keys()
    found = {**known, **await _accounts(work, asked)}
    if GENERAL in asked and GENERAL not in found:
        await work.execute(MAKE_GENERAL, new_id(), GENERAL, FEE_INCOME.code, actor.id, clock.now())
        found |= await _accounts(work, [GENERAL])
    missing = next((line.category for line in lines if line.category not in found), None)
    if missing is not None:
        raise FeeCategoryNotFound(missing, field=("input", "lines"))
    return tuple(ChargedLine(line, found[line.category]) for line in lines)


async def _accounts(work: Work, categories: Iterable[str]) -> dict[str, str]:
    codes = list(categories)
    return {row["code"]: row["income_code"] for row in await work.fetch(ACCOUNTS, codes)} if codes else {}
