"""Money of the school: what came in for fees, what is owed and since when, income and expenses, the account of a student.

Each is for the staff who read fees, of the campus that they see.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.database import Record, fetch
from domain.kit.money import Money
from domain.reports.registry import Expecting, report
from domain.reports.sheets import Column, Row, Sheet
from domain.school.queries.board import seen_branch
from domain.school.queries.families import StatementLine
from domain.school.queries.families import student_statement as statement_of
from domain.school.reports.rows import (
    DATE,
    MONEY,
    NUMBER,
    Moved,
    MovedOfClasses,
    OfAStudent,
    Owed,
    in_currency,
    rows_of,
    stretch,
)

AGES: Final = (0, 30, 60, 90)
"""Arrears are up to so many days late, or later than all of these."""

# Money that came for fees, or went back, in a currency ($1), of a branch ($2, or all) and a class ($3, or all), $4 to $5.
COLLECTED: Final = """
select p.paid_on, coalesce(p.receipt_number, '') as receipt, f.number, s.full_name, s.admission_number,
       coalesce(c.title, '') as class, f.title, p.method, p.kind, p.amount_minor
from fee_payment p join school_fee f on f.id = p.fee_id join student s on s.id = f.student_id
left join school_class c on c.id = f.class_id
where p.currency = $1 and ($2::uuid is null or f.branch_id = $2) and ($3::uuid is null or f.class_id = $3)
  and p.paid_on between $4 and $5
order by p.paid_on, p.serial
"""
BY_METHOD: Final = f"""
select method, count(*) filter (where kind = 'PAYMENT') as payments, sum(amount_minor)::bigint as amount
from ({COLLECTED}) collected group by method order by method
"""

# What is owed in a currency ($1), of a branch ($2, or all) and a class ($3, or all): instalments are paid in the order of
# their days, so that a fee is late ($4 is today) since the first that its money does not reach.
ARREARS: Final = """
select s.full_name, s.admission_number, coalesce(c.title, '') as class, coalesce(g.name, '') as guardian, f.number, f.title,
       f.due_minor, f.paid_minor, f.arrears_minor, unpaid.since, greatest(unpaid.due_by_now - f.paid_minor, 0) as overdue
from school_fee f join student s on s.id = f.student_id left join school_class c on c.id = f.class_id
left join student_guardian answers on answers.student_id = s.id and answers.is_primary
left join app_user g on g.id = answers.user_id
cross join lateral (
    select min(due_on) filter (where running > f.paid_minor) as since,
           coalesce(sum(amount_minor) filter (where due_on < $4), 0)::bigint as due_by_now
    from (select l.due_on, l.amount_minor, sum(l.amount_minor) over (order by l.due_on, l.position) as running
          from fee_line l where l.fee_id = f.id and l.edition = f.edition) line) unpaid
where f.currency = $1 and f.voided_at is null and f.arrears_minor > 0 and ($2::uuid is null or f.branch_id = $2)
  and ($3::uuid is null or f.class_id = $3)
order by c.level, c.code, s.full_name, f.serial
"""

# Income and expenses as the books have them, in a currency ($1), of a branch ($2, or all), $3 to $4: what was reversed comes
# off on the day of its reversal.
BOOKED: Final = """
select moved.on_date, t.reference, t.kind, t.category, t.description, moved.sign * t.amount_minor as amount_minor
from school_transaction t
cross join lateral (values (t.on_date, 1), (t.reversed_on, -1)) moved (on_date, sign)
where t.currency = $1 and ($2::uuid is null or t.branch_id = $2) and moved.on_date between $3 and $4
order by moved.on_date, t.serial, moved.sign desc
"""
BY_MONTH: Final = f"""
select date_trunc('month', on_date::timestamp)::date as month, category, kind, sum(amount_minor)::bigint as amount
from ({BOOKED}) booked group by 1, 2, 3 having sum(amount_minor) <> 0 order by 1, 3 desc, 2
"""


@report(
    "school_fee_collection",
    title="Fee collection",
    purpose="Everything that came for fees in a period, and by which ways.",
    requires=Permission.FEES_READ,
    parameters=MovedOfClasses,
)
async def fee_collection(actor: Actor, parameters: MovedOfClasses, progress: Expecting) -> list[Sheet]:
    branch, currency = await _scope(actor, parameters.branch_id, parameters.currency)
    about = (currency, branch, parameters.class_id, parameters.from_date, parameters.to_date)
    subtitle = stretch(parameters, currency)

    def row(each: Record) -> Row:
        return (
            each["paid_on"],
            each["receipt"],
            each["number"],
            each["full_name"],
            each["admission_number"],
            each["class"],
            each["title"],
            each["method"],
            each["kind"],
            Money(each["amount_minor"], currency),
        )

    payments = Sheet(
        title="Payments",
        subtitle=subtitle,
        columns=[
            Column("Date", DATE),
            Column("Receipt"),
            Column("Fee"),
            Column("Student"),
            Column("Admission"),
            Column("Class"),
            Column("For"),
            Column("Method"),
            Column("Kind"),
            Column("Amount", MONEY, summed=True),
        ],
        rows=rows_of(progress, COLLECTED, row, *about),
    )
    ways = [(each["method"], each["payments"], Money(each["amount"], currency)) for each in await fetch(BY_METHOD, *about)]
    return [
        payments,
        Sheet(
            title="Ways",
            subtitle=subtitle,
            columns=[Column("Method"), Column("Payments", NUMBER, summed=True), Column("Amount", MONEY, summed=True)],
            rows=ways,
        ),
    ]


@report(
    "school_arrears",
    title="Fee arrears",
    purpose="Every fee of which something is owed, how late it is, and who answers for the student.",
    requires=Permission.FEES_READ,
    parameters=Owed,
)
async def arrears(actor: Actor, parameters: Owed, progress: Expecting) -> list[Sheet]:
    branch, currency = await _scope(actor, parameters.branch_id, parameters.currency)
    today = clock.today()
    about = (currency, branch, parameters.class_id, today)
    subtitle = f"As of {today.isoformat()}, {currency}"
    owed = Sheet(
        title="Fees",
        subtitle=subtitle,
        columns=[
            Column("Student"),
            Column("Admission"),
            Column("Class"),
            Column("Guardian"),
            Column("Fee"),
            Column("For"),
            Column("Unpaid since", DATE),
            Column("Days late", NUMBER),
            Column("Due", MONEY, summed=True),
            Column("Paid", MONEY, summed=True),
            Column("Owed", MONEY, summed=True),
            Column("Overdue", MONEY, summed=True),
        ],
        rows=rows_of(progress, ARREARS, _owed(currency, today), *about),
    )
    return [owed, _aged(await fetch(ARREARS, *about), currency, today, subtitle)]


def _owed(currency: str, today: date) -> Callable[[Record], Row]:
    def row(each: Record) -> Row:
        return (
            each["full_name"],
            each["admission_number"],
            each["class"],
            each["guardian"],
            each["number"],
            each["title"],
            each["since"],
            _days_late(each, today),
            *(Money(each[name], currency) for name in ("due_minor", "paid_minor", "arrears_minor", "overdue")),
        )

    return row


def _days_late(each: Record, today: date) -> int:
    return 0 if each["since"] is None else max(0, (today - each["since"]).days)


def _aged(rows: list[Record], currency: str, today: date, subtitle: str) -> Sheet:
    """How many fees are how late, and what is owed of them."""
    between = (f"{low + 1} to {high} days" for low, high in pairwise(AGES))
    names = ["not late", *between, f"over {AGES[-1]} days"]
    counts, amounts = [0] * len(names), [0] * len(names)
    for each in rows:
        age = sum(_days_late(each, today) > limit for limit in AGES)
        counts[age] += 1
        amounts[age] += each["arrears_minor"]
    return Sheet(
        title="Ages",
        subtitle=subtitle,
        columns=[Column("Late"), Column("Fees", NUMBER, summed=True), Column("Owed", MONEY, summed=True)],
        rows=[(name, count, Money(amount, currency)) for name, count, amount in zip(names, counts, amounts, strict=True)],
    )


@report(
    "school_income_and_expenses",
    title="Income and expenses",
    purpose="Every transaction of the school in a period, and what each month and category comes to.",
    requires=Permission.FEES_READ,
    parameters=Moved,
)
async def income_and_expenses(actor: Actor, parameters: Moved, progress: Expecting) -> list[Sheet]:
    branch, currency = await _scope(actor, parameters.branch_id, parameters.currency)
    about = (currency, branch, parameters.from_date, parameters.to_date)
    subtitle = stretch(parameters, currency)
    sides = [Column("Income", MONEY, summed=True), Column("Expenses", MONEY, summed=True)]

    def booked(each: Record) -> Row:
        words = (each["on_date"], each["reference"], each["category"], each["description"])
        return (*words, *_sides(each["kind"], each["amount_minor"], currency))

    months = await fetch(BY_MONTH, *about)
    return [
        Sheet(
            title="Transactions",
            subtitle=subtitle,
            columns=[Column("Date", DATE), Column("Reference"), Column("Category"), Column("Description"), *sides],
            rows=rows_of(progress, BOOKED, booked, *about),
        ),
        Sheet(
            title="Months",
            subtitle=subtitle,
            columns=[Column("Month", DATE), Column("Category"), *sides],
            rows=[(each["month"], each["category"], *_sides(each["kind"], each["amount"], currency)) for each in months],
        ),
    ]


def _sides(kind: str, amount_minor: int, currency: str) -> tuple[Money | None, Money | None]:
    amount = Money(amount_minor, currency)
    return (amount, None) if kind == "INCOME" else (None, amount)


@report(
    "school_student_statement",
    title="Student statement",
    purpose="What a student owed before a period, was charged and paid in it, and owes at its end.",
    requires=Permission.FEES_READ,
    parameters=OfAStudent,
)
async def student_statement(actor: Actor, parameters: OfAStudent, progress: Expecting) -> Sheet:
    found = await statement_of(
        actor,
        student_id=parameters.student_id,
        since=parameters.from_date,
        until=parameters.to_date,
        currency=in_currency(parameters.currency),
        field=("input", "parameters", "studentId"),
    )
    await progress.expect(len(found.lines) + 2)
    nothing = (None, None)
    return Sheet(
        title=f"Statement of {found.student_name}",
        subtitle=stretch(parameters, found.student.admission_number, found.currency),
        columns=[
            Column("Date", DATE),
            Column("What"),
            Column("Fee"),
            Column("For"),
            Column("Receipt"),
            Column("Charged", MONEY, summed=True),
            Column("Paid", MONEY, summed=True),
            Column("Owed", MONEY),
        ],
        rows=[
            (found.since, "Brought forward", "", "", "", *nothing, found.brought_forward),
            *(_told(line) for line in found.lines),
            (found.until, "Closing", "", "", "", *nothing, found.closing),
        ],
    )


def _told(line: StatementLine) -> Row:
    words = (line.on, line.kind.value.capitalize(), line.reference, line.text, line.receipt_number or "")
    return (*words, line.charged or None, line.paid or None, line.balance)


async def _scope(actor: Actor, branch_id: UUID | None, currency: str | None) -> tuple[UUID | None, str]:
    """The branch, or all, and the currency that a report is of."""
    return await seen_branch(actor, Permission.FEES_READ, branch_id), in_currency(currency)
