"""Late fees: each day, and whenever somebody asks, every fee that is late is charged what its structure says.

What an instalment was charged is remembered by day, so that nothing is charged twice, and what was let go stays so. A fee
that is paid is charged nothing, whenever it was paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from domain.identity.actor import SYSTEM, Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.school.errors import FeeStructureNotFound, SchoolClassNotFound
from domain.school.fees import locked_fee, settle
from domain.school.models import FeeLateCharge, FeeStructure, SchoolClass, SchoolRun
from domain.school.queries.terms import terms_in
from domain.school.rules.late_fees import Paid, further_late_fees
from domain.school.rules.plans import Line
from domain.school.service.categories import LATE_FEE, category_of_the_house
from domain.school.service.runs import Done, Part, run_type, start_run
from domain.school.states import FeeChange, SchoolRunKind
from domain.school.tariffs import INPUT, visible_structures

CHARGED: Final = "CHARGED"
LEFT_OUT: Final = "LEFT_OUT"
NOT_LATE: Final = "NOT_LATE"

# Fees that can be late by the end of a day ($1): something is unpaid, the first of their lines was due before, and their
# structure ($3, or any) charges for it. Of one campus ($2) or of all ($5), of one class ($4) or of all.
CAN_BE_LATE: Final = """
select f.id from school_fee f join fee_structure s on s.id = f.structure_id
where f.status in ('UNPAID', 'PARTIALLY_PAID') and f.due_on < $1 and jsonb_array_length(s.terms -> 'late_fees') > 0
  and ($5 or f.branch_id = $2) and ($3::uuid is null or s.id = $3) and ($4::uuid is null or f.class_id = $4)
order by f.due_on, f.id
"""

# What is known of fees that are not paid: what they ask for apart from late fees ($2 is their category), when money came and
# went, and what each instalment was charged for being late before.
KNOWN: Final = """
select f.id, f.currency, f.structure_id,
       (select jsonb_agg(jsonb_build_array(l.instalment_no, l.due_on, l.category_code, l.amount_minor) order by l.position)
        from fee_line l where l.fee_id = f.id and l.edition = f.edition and l.category_code <> $2) as lines,
       (select jsonb_agg(jsonb_build_array(p.paid_on, p.amount_minor) order by p.serial)
        from fee_payment p where p.fee_id = f.id) as payments,
       (select jsonb_agg(jsonb_build_array(c.instalment_no, c.amount_minor)) from fee_late_charge c
        where c.fee_id = f.id) as charged
from school_fee f
where f.id = any($1) and f.status in ('UNPAID', 'PARTIALLY_PAID') and f.structure_id is not null
"""


@retried
async def add_late_fees(
    actor: Actor,
    *,
    structure_id: UUID | None = None,
    class_id: UUID | None = None,
    as_of: date | None = None,
) -> SchoolRun:
    """Charge all fees that are late by the end of a day, which is today unless said, and were not charged for it yet: of a
    class, by a structure, or all that the actor sees. Each has a result: CHARGED, or LEFT_OUT who has paid meanwhile.

    Refuses with FEE_STRUCTURE_NOT_FOUND, SCHOOL_CLASS_NOT_FOUND and INVALID_INPUT a day to come.
    """
    actor.require(Permission.FEES_MANAGE)
    day = as_of or clock.today()
    if day > clock.today():
        raise InvalidInput("nobody is late for a day to come", field=(*INPUT, "asOf"))
    async with unit_of_work() as work:
        if structure_id is not None and not await visible_structures(actor).filter(id=structure_id).exists():
            raise FeeStructureNotFound
        if class_id is not None:
            found = await SchoolClass.get_or_none(id=class_id)
            if found is None or not actor.sees_branch(found.branch_id):
                raise SchoolClassNotFound
        scope = actor.branch_scope
        rows = await work.fetch(CAN_BE_LATE, day, scope, structure_id, class_id, scope is None)
        late = await _further(work, [row["id"] for row in rows], day)
        return await start_run(
            work,
            actor,
            SchoolRunKind.LATE_FEES,
            subjects=[row["id"] for row in rows if row["id"] in late],
            parameters={"as_of": day.isoformat()},
            branch_id=scope,
        )


async def charge_the_late() -> int:
    """What the clock brings each day, where there is anything to do; returns for how many fees."""
    async with unit_of_work() as work:
        today = clock.today()
        rows = await work.fetch(CAN_BE_LATE, today, None, None, None, True)
        if not await _further(work, [row["id"] for row in rows], today):
            return 0
    return (await add_late_fees(SYSTEM)).total


async def _charge_one(part: Part) -> Done:
    """Charge one fee of a run."""
    desk = await locked_fee(part.work, part.actor, part.subject_id, Permission.FEES_MANAGE)
    as_of = date.fromisoformat(part.run.parameters["as_of"])
    further = (await _further(part.work, [desk.fee.id], as_of)).get(desk.fee.id)
    if not further:
        return Done(LEFT_OUT, NOT_LATE)
    amount = sum(further.values(), Money.zero(desk.fee.currency))
    await category_of_the_house(part.actor, LATE_FEE)
    lines = _with_late_fee(desk.rule_lines, amount, as_of)
    await settle(
        part.work, desk, FeeChange.LATE_FEE_ADDED, lines=lines, on=clock.today(), why=f"late fee until {as_of.isoformat()}"
    )
    await FeeLateCharge.bulk_create(
        FeeLateCharge(
            id=new_id(),
            fee_id=desk.fee.id,
            instalment_no=number,
            until_on=as_of,
            amount_minor=each.amount_minor,
            run_id=part.run.id,
        )
        for number, each in further.items()
    )
    return Done(CHARGED, record_id=desk.fee.id, message=str(amount))


run_type(SchoolRunKind.LATE_FEES, act=_charge_one)


async def _further(work: Work, fee_ids: Sequence[UUID], as_of: date) -> dict[UUID, dict[int, Money]]:
    """What each instalment of fees is to be charged beyond what it was charged before; fees without any are left out."""
    rows = await work.fetch(KNOWN, list(fee_ids), LATE_FEE)
    structures = await FeeStructure.filter(id__in={row["structure_id"] for row in rows})
    rules = {structure.id: terms_in(structure).late_fees for structure in structures}
    found = {}
    for row in rows:
        currency, charged = row["currency"], dict[int, Money]()
        for number, minor in row["charged"] or ():
            charged[number] = charged.get(number, Money.zero(currency)) + Money(minor, currency)
        lines = [
            Line(number, date.fromisoformat(due_on), category, Money(minor, currency))
            for number, due_on, category, minor in row["lines"] or ()
        ]
        payments = [Paid(date.fromisoformat(day), Money(minor, currency)) for day, minor in row["payments"] or ()]
        further = further_late_fees(lines, payments, rules[row["structure_id"]], charged, as_of=as_of)
        if further:
            found[row["id"]] = further
    return found


def _with_late_fee(lines: tuple[Line, ...], amount: Money, as_of: date) -> tuple[Line, ...]:
    """The lines with one more, which all late fees of the fee are in: it is due on the day of the last of them."""
    before = [line for line in lines if line.category == LATE_FEE]
    others = [line for line in lines if line.category != LATE_FEE]
    number = before[0].number if before else max((line.number for line in lines), default=0) + 1
    whole = sum((line.amount for line in before), amount)
    return (*others, Line(number, as_of, LATE_FEE, whole))
