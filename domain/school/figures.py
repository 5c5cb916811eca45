"""What the school counts, as it stands now: of a branch or of all, of one class or of all.

The database keeps the sums as rows change (see ``migrations/0003_figures.sql``), so that these figures cost months and
classes and not students and fees. They are read by the same keys by which :mod:`domain.school.rules.statistics` tells them,
and each read is one statement, so that its figures are of one moment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from domain.kit.database import Record, fetch
from domain.kit.money import Money
from domain.school.rules.statistics import MONEY, Difference, Key, Metric
from domain.school.rules.titles import Title

BOOKS: Final = (Metric.INCOME, Metric.EXPENSES)
FEES: Final = (Metric.FEES_CHARGED, Metric.FEES_COLLECTED, Metric.FEES_OUTSTANDING, Metric.FEES_CREDIT)


# $2 is a branch with the classes that are there, or null for the whole school.
_SEEN: Final = """
($2::uuid is null or f.branch_id = $2 or f.class_id in (select id from school_class where branch_id = $2))
"""

# Sums of the metrics $1 in a currency ($3, or null where none is asked for), of days from $4 to $5, of a class ($6).
_SUMS: Final = f"""
select f.metric, f.class_id, f.on_date, f.currency, sum(f.amount) as amount
from school_figures_now f
where f.metric = any($1::text[]) and {_SEEN}
  and ($3::text is null or f.currency is null or f.currency = $3)
  and ($4::date is null or f.on_date >= $4) and ($5::date is null or f.on_date <= $5)
  and ($6::uuid is null or f.class_id = $6)
group by 1, 2, 3, 4 having sum(f.amount) <> 0
"""

# Over all classes and months.
_TOTALS: Final = f"""
select f.metric, null::uuid as class_id, null::date as on_date, f.currency, sum(f.amount) as amount
from school_figures_now f
where f.metric = any($1::text[]) and {_SEEN}
group by 1, 4
"""

# What titles that say the same kinds of things add up to; what they do not say is summed over. Each kind has a part of the
# statement, so that what is said is a range of an index.
_BY_TITLE: Final = f"""
select w.place, coalesce(sum(f.amount), 0) as amount
from unnest($1::text[], $3::uuid[], $4::date[], $5::text[]) with ordinality
     as w (metric, class_id, on_date, currency, place)
left join school_figures_now f on f.metric = w.metric and {_SEEN} {{said}}
where {{kind}}
group by 1
"""

_SAID: Final = ("class_id", "on_date", "currency")

ASTRAY: Final = "select metric, class_id, on_date, currency, kept, counted from school_figures_astray"


async def sums_of(
    metrics: Iterable[Metric],
    *,
    branch_id: UUID | None = None,
    currency: str | None = None,
    since: date | None = None,
    until: date | None = None,
    class_id: UUID | None = None,
) -> dict[Key, int]:
    """Sums of these metrics; of money in one currency, or in all. Months count when their first day does."""
    rows = await fetch(_SUMS, _words(metrics), branch_id, currency, since, until, class_id)
    return sums_in(rows)


async def totals_of(metrics: Iterable[Metric], *, branch_id: UUID | None = None) -> dict[Key, int]:
    """Over all classes, days and months; money in each currency that there is."""
    return sums_in(await fetch(_TOTALS, _words(metrics), branch_id))


async def titled(titles: Sequence[Title], *, branch_id: UUID | None = None) -> list[int]:
    """What each of the titles adds up to, in their order."""
    if not titles:
        return []
    rows = await fetch(
        " union all ".join(sorted({_part_for(title) for title in titles})),
        _words(title.metric for title in titles),
        branch_id,
        [title.class_id for title in titles],
        [title.on for title in titles],
        [title.currency for title in titles],
    )
    return [int(row["amount"]) for row in sorted(rows, key=lambda row: row["place"])]


def _part_for(title: Title) -> str:
    """The part of the statement for titles that say as much as this one."""
    says = dict(zip(_SAID, (title.class_id, title.on, title.currency), strict=True))
    return _BY_TITLE.format(
        said="".join(f" and f.{column} = w.{column}" for column, said in says.items() if said is not None),
        kind=" and ".join(f"w.{column} is {'' if said is None else 'not '}null" for column, said in says.items()),
    )


async def astray() -> list[Difference]:
    """Figures that are kept otherwise than a recount of all rows says, both of one moment."""
    return differences_in(await fetch(ASTRAY))


def differences_in(rows: Iterable[Record]) -> list[Difference]:
    return [Difference(_key(row), int(row["kept"]), int(row["counted"])) for row in rows]


def sums_in(rows: Iterable[Record | Mapping[str, Any]]) -> dict[Key, int]:
    """Rows of figures by their keys; those of several branches are added up."""
    sums: dict[Key, int] = {}
    for row in rows:
        key = _key(row)
        sums[key] = sums.get(key, 0) + int(row["amount"])
    return {key: amount for key, amount in sums.items() if amount}


def value_of(key: Key, amount: int) -> Decimal:
    """A sum as people read it: money in major units."""
    return Money(amount, key.currency).amount if key.metric in MONEY else Decimal(amount)


def _key(row: Record | Mapping[str, Any]) -> Key:
    return Key(Metric(row["metric"]), row["class_id"], row["on_date"], row["currency"] or "")


def _words(metrics: Iterable[Metric] | Collection[Metric]) -> list[str]:
    return [metric.value for metric in metrics]
