"""Categories of fees: what they are called, and whose income each is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.ledger.chart import AccountKind, every_house_account
from domain.school import accounts
from domain.school.activities import note_activity
from domain.school.errors import FeeCategoryNotFound, NotAnIncomeAccount
from domain.school.events import FeeCategoryChanged
from domain.school.models import FeeCategory
from domain.school.models.kept import TOUCHED
from domain.school.service.desk import change_of
from domain.school.states import SchoolChange
from domain.school.words import code_of, line, require_version

MAX_CODE: Final = 30
MAX_TITLE: Final = 80

LATE_FEE: Final = "LATE_FEE"
HANDLING: Final = "HANDLING"

_OF_THE_HOUSE: Final = {
    LATE_FEE: ("Late fee", accounts.LATE_FEES.code),
    HANDLING: ("Handling of a refund", accounts.FEE_INCOME.code),
}
"""Categories that the school charges by itself; they are there as soon as they are needed, and can be changed."""

_OF_THE_SCHOOL: Final = frozenset(
    account.code
    for account in (
        accounts.FEE_INCOME,
        accounts.TUITION,
        accounts.BOARDING,
        accounts.TRANSPORT,
        accounts.FEEDING,
        accounts.EXAMINATIONS,
        accounts.ADMISSION,
        accounts.LATE_FEES,
    )
)


@dataclass(frozen=True, slots=True)
class Upserted:
    """A category as it is now, and whether it was made by this."""

    category: FeeCategory
    created: bool


@retried
async def upsert_fee_category(
    actor: Actor,
    *,
    code: str,
    title: str | None = None,
    income_account: str | None = None,
    active: bool | None = None,
    expected_version: int | None = None,
) -> Upserted:
    """A category with this code, made or changed; what is None stays, and a new one is income of school fees in general.

    Another income account is that of fees which are charged from now on: what was charged stays income of the one that it
    was charged for. Refuses with NOT_AN_INCOME_ACCOUNT.
    """
    actor.require(Permission.FEES_MANAGE)
    code = code_of(code, MAX_CODE, "code")
    said: dict[str, Any] = {}
    if title is not None:
        said["title"] = line(title, MAX_TITLE, "title")
    if income_account is not None:
        said["income_code"] = _income_code(income_account)
    if active is not None:
        said["active"] = active
    async with unit_of_work() as work:
        category, created = await _locked_or_made(actor, code, said)
        if created:
            await _tell(work, actor, category, SchoolChange.CREATED)
            return Upserted(category, created=True)
        require_version(category, expected_version)
        wanted = {name: value for name, value in said.items() if getattr(category, name) != value}
        if wanted:
            category.update_from_dict(wanted)
            category.touch()
            await category.save(update_fields=[*wanted, *TOUCHED])
            await _tell(work, actor, category, change_of(wanted))
    return Upserted(category, created=False)


async def category_of_the_house(actor: Actor, code: str) -> FeeCategory:
    """The category of what the school charges by itself, made when there is none yet."""
    title, income_code = _OF_THE_HOUSE[code]
    found, _ = await _locked_or_made(actor, code, {"title": title, "income_code": income_code})
    return found


async def _locked_or_made(actor: Actor, code: str, said: dict[str, Any]) -> tuple[FeeCategory, bool]:
    """The category with a code, locked: two may write the same one down at the same moment."""
    found = await FeeCategory.filter(code=code).select_for_update(no_key=True).get_or_none()
    if found is not None:
        return found, False
    if "title" not in said:
        raise InvalidInput("a new category has a title", field=("input", "title"))
    moment = clock.now()
    made = FeeCategory(
        id=new_id(),
        code=code,
        **{"income_code": accounts.FEE_INCOME.code, **said},
        created_by_id=actor.id,
        created_at=moment,
        updated_at=moment,
    )
    await FeeCategory.bulk_create([made], ignore_conflicts=True)
    found = await FeeCategory.filter(code=code).select_for_update(no_key=True).get()
    return found, found.id == made.id


async def require_categories(codes: list[str], *path: str) -> None:
    """Refuse codes that are no categories, or of ones that are not used any more, with FEE_CATEGORY_NOT_FOUND."""
    known = {row.code for row in await FeeCategory.filter(code__in=codes, active=True)}
    for code in codes:
        if code not in known:
            raise FeeCategoryNotFound(code, field=path or None)


def _income_code(code: str) -> str:
    """An income account that the school may post to: its own, and those that no other business keeps by itself."""
    code = code.strip()
    found = next((account for account in every_house_account() if account.code == code), None)
    if found is None or found.kind is not AccountKind.INCOME:
        raise NotAnIncomeAccount(f"{code[:20]!r} is no income account of the chart", field=("input", "incomeAccount"))
    if found.by_process and code not in _OF_THE_SCHOOL:
        raise NotAnIncomeAccount(f"{found.name} is kept by another process", field=("input", "incomeAccount"))
    return code


async def _tell(work: Work, actor: Actor, category: FeeCategory, change: SchoolChange) -> None:
    work.record(
        FeeCategoryChanged(
            id=category.id,
            code=category.code,
            title=category.title,
            income_code=category.income_code,
            active=category.active,
            revision=category.version,
            change=change,
        )
    )
    await note_activity(
        work,
        actor,
        f"fee_category_{change.value.lower()}",
        subject_kind="fee_category",
        subject_id=category.id,
        title=f"Fee category {category.title}",
        data={"code": category.code, "income_account": category.income_code, "active": category.active},
    )
