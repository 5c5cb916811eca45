"""The people of the demo, who all share one password. They exist in development only."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from api.settings import DEMO_CURRENCY
from domain.identity import directory, service
from domain.identity.actor import SYSTEM, Actor
from domain.identity.models import Branch, User
from domain.identity.permissions import Role
from domain.kit.context import CallContext, call_context
from domain.kit.ids import new_id
from domain.wallets import settings as wallet_settings
from domain.wallets.service import wallet_of

PASSWORD: Final = "try-daftari-now"
NAIROBI: Final = "NBO-C"
KISUMU: Final = "KSM-L"
BRANCHES: Final = {NAIROBI: "Nairobi Central", KISUMU: "Kisumu Lakeside"}
ACCRA: Final = "ACC-E"
CAMPUSES: Final = {ACCRA: "Accra East"}
"""Where there is a school and no bank."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    name: str
    local_part: str
    roles: frozenset[Role]
    note: str
    branch: str | None = None
    currency: str | None = None

    @property
    def email(self) -> str:
        return f"{self.local_part}@daftari.example"


def _person(name: str, local_part: str, role: Role, note: str) -> DemoPerson:
    return DemoPerson(name, local_part, frozenset({role}), note)


def _at(branch: str, name: str, local_part: str, role: Role, note: str) -> DemoPerson:
    """Somebody of a branch, whose wallet is in its currency."""
    return DemoPerson(name, local_part, frozenset({role}), note, branch, DEMO_CURRENCY)


def _paying(name: str, local_part: str, role: Role, note: str) -> DemoPerson:
    """Somebody of no branch, whose wallet is in its currency."""
    return DemoPerson(name, local_part, frozenset({role}), note, None, DEMO_CURRENCY)


SELLER: Final = _person("Asha Textiles", "seller", Role.SELLER, "sells invoices")
SECOND_SELLER: Final = _person("Baraka Mills", "seller2", Role.SELLER, "another seller, who must not see Asha's")
INVESTOR: Final = _person("Ishaan Capital", "investor", Role.INVESTOR, "funds invoices")
SECOND_INVESTOR: Final = _person("Leela Partners", "investor2", Role.INVESTOR, "competes for the same invoices")
THIRD_INVESTOR: Final = _person("Omondi Savings", "investor3", Role.INVESTOR, "bids in auctions")
DEBTOR: Final = _person("Metro Retail", "debtor", Role.DEBTOR, "owes what the invoices say, and buys flour")
ACCOUNTANT: Final = _person("Wanjiru Accounts", "accountant", Role.ACCOUNTANT, "keeps the books")
ADMIN: Final = _person(
    "Zawadi Admin", "admin", Role.ADMIN, "sees everything, reconciles payments, asks for the integrity report"
)

BORROWER: Final = _at(NAIROBI, "Njeri Kariuki", "borrower", Role.BORROWER, "borrows in Nairobi and pays on time")
SECOND_BORROWER: Final = _at(NAIROBI, "Halima Yusuf", "borrower2", Role.BORROWER, "borrows in Nairobi, on a new plan")
THIRD_BORROWER: Final = _at(KISUMU, "Otieno Okello", "borrower3", Role.BORROWER, "borrows in Kisumu and is late")
FOURTH_BORROWER: Final = _at(KISUMU, "Mutua Traders", "borrower4", Role.BORROWER, "whose loan in Kisumu was given up")
OFFICER: Final = _at(NAIROBI, "Kamau Mwangi", "officer", Role.LOAN_OFFICER, "reviews and collects in Nairobi")
MANAGER: Final = _at(NAIROBI, "Wairimu Gitau", "manager", Role.BRANCH_MANAGER, "approves in Nairobi")
SECOND_OFFICER: Final = _at(KISUMU, "Akinyi Odhiambo", "officer2", Role.LOAN_OFFICER, "reviews and collects in Kisumu")
SECOND_MANAGER: Final = _at(KISUMU, "Ouma Onyango", "manager2", Role.BRANCH_MANAGER, "approves in Kisumu")

MILLER: Final = _at(NAIROBI, "Naliaka Wafula", "miller", Role.MILL_MANAGER, "runs the mill and all of its warehouses")
STOREKEEPER: Final = _at(NAIROBI, "Kiprono Bett", "storekeeper", Role.STOREKEEPER, "receives, mills and counts in Nairobi")
SECOND_STOREKEEPER: Final = _at(
    KISUMU, "Achieng Ouko", "storekeeper2", Role.STOREKEEPER, "keeps the depot in Kisumu, and sees no other"
)
CLERK: Final = _at(NAIROBI, "Mwende Musyoka", "clerk", Role.SALES_CLERK, "sells flour and bran in Nairobi")
CASHIER: Final = _at(NAIROBI, "Juma Bakari", "cashier", Role.CASHIER, "takes and pays money, enters bills in Nairobi")

COUNSELLOR: Final = _paying("Dr Amina Hassan", "counsellor", Role.TEACHER, "gives sessions that are paid by M-Pesa")
CLIENT: Final = _paying("Wambui Kimani", "client", Role.GUARDIAN, "has sessions, and one to pay today")
SECOND_CLIENT: Final = DemoPerson(
    "Peter Odongo",
    "client2",
    frozenset({Role.GUARDIAN, Role.BORROWER}),
    "does not always pay what is asked, and borrowed his son's school fee",
    None,
    DEMO_CURRENCY,
)


def _of_accra(name: str, local_part: str, role: Role, note: str) -> DemoPerson:
    """Somebody of the campus in Accra, whose wallet is in its currency."""
    return DemoPerson(name, local_part, frozenset({role}), note, ACCRA, "GHS")


REGISTRAR: Final = _of_accra("Abena Boateng", "registrar", Role.REGISTRAR, "enrols and promotes in Accra")
BURSAR: Final = _of_accra("Yaw Asante", "bursar", Role.BURSAR, "charges and collects fees in Accra")
TEACHER: Final = _of_accra("Kofi Owusu", "teacher", Role.TEACHER, "calls the roll of Primary 4, and sees no other class")
GUARDIAN: Final = DemoPerson(
    "Efua Asare", "guardian", frozenset({Role.GUARDIAN}), "has two children in Accra, and much to pay", None, "GHS"
)
SECOND_GUARDIAN: Final = DemoPerson(
    "Kwame Ofori", "guardian2", frozenset({Role.GUARDIAN}), "pays in time, and must not see Efua's children", None, "GHS"
)
SECOND_REGISTRAR: Final = _at(NAIROBI, "Beatrice Njoroge", "registrar2", Role.REGISTRAR, "enrols in Nairobi")
SECOND_BURSAR: Final = _at(NAIROBI, "Samuel Kiptoo", "bursar2", Role.BURSAR, "collects fees in Nairobi, also by M-Pesa")

OF_INVOICES: Final = (SELLER, SECOND_SELLER, INVESTOR, SECOND_INVESTOR, THIRD_INVESTOR, DEBTOR)
OF_LENDING: Final = (
    BORROWER, SECOND_BORROWER, THIRD_BORROWER, FOURTH_BORROWER, OFFICER, MANAGER, SECOND_OFFICER, SECOND_MANAGER,
)  # fmt: skip
OF_THE_MILL: Final = (MILLER, STOREKEEPER, SECOND_STOREKEEPER, CLERK, CASHIER)
OF_PAYMENTS: Final = (COUNSELLOR, CLIENT, SECOND_CLIENT)
OF_THE_SCHOOL: Final = (
    REGISTRAR, BURSAR, TEACHER, GUARDIAN, SECOND_GUARDIAN, SECOND_REGISTRAR, SECOND_BURSAR,
)  # fmt: skip
OF_THE_HOUSE: Final = (ACCOUNTANT, ADMIN)
BY_BUSINESS: Final = {
    "The house": OF_THE_HOUSE,
    "Invoice finance": OF_INVOICES,
    "Lending": OF_LENDING,
    "Milling": OF_THE_MILL,
    "Payments": OF_PAYMENTS,
    "School": OF_THE_SCHOOL,
}
EVERYBODY: Final = (*OF_INVOICES, *OF_LENDING, *OF_THE_MILL, *OF_PAYMENTS, *OF_THE_SCHOOL, *OF_THE_HOUSE)


async def demo_users() -> list[dict[str, Any]]:
    """Who can be signed in as in one click, by business; those who were seeded."""
    seeded = {user.email for user in await User.filter(email__in=[person.email for person in EVERYBODY])}
    return [
        {
            "name": person.name,
            "email": person.email,
            "password": PASSWORD,
            "roles": sorted(role.value for role in person.roles),
            "note": person.note,
            "business": business,
        }
        for business, people in BY_BUSINESS.items()
        for person in people
        if person.email in seeded
    ]


async def open_branches() -> None:
    """The branches that are not open yet."""
    wanted = BRANCHES | CAMPUSES
    known = {branch.code for branch in await Branch.filter(code__in=list(wanted))}
    for code, name in wanted.items():
        if code not in known:
            await service.open_branch(SYSTEM, code=code, name=name)


async def bring_in(person: DemoPerson) -> Actor:
    """The actor of a demo person, who is registered with a wallet on first need. Branches are open before."""
    user = await User.get_or_none(email=person.email)
    if user is None:
        branch = await Branch.get(code=person.branch) if person.branch else None
        user = await service.create_user(
            SYSTEM,
            name=person.name,
            email=person.email,
            password=PASSWORD,
            roles=person.roles,
            branch_id=branch.id if branch else None,
        )
    await wallet_of(user.id, person.currency or wallet_settings.current().default_currency)
    return await directory.actor_of_user(user.id)


def acting(actor: Actor, story: UUID | None = None) -> AbstractContextManager[CallContext]:
    """Whatever is done inside is the actor's doing, and the log says so; and of which story it is a part."""
    return call_context(CallContext(story or new_id(), actor.id, "127.0.0.1"))
