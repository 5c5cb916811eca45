"""The people of the demo, who all share one password. They exist in development only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from domain.identity import directory, service
from domain.identity.actor import SYSTEM, Actor
from domain.identity.models import User
from domain.identity.permissions import Role
from domain.wallets import settings as wallet_settings
from domain.wallets.service import wallet_of

PASSWORD: Final = "try-daftari-now"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    name: str
    local_part: str
    roles: frozenset[Role]
    note: str

    @property
    def email(self) -> str:
        return f"{self.local_part}@daftari.example"


def _person(name: str, local_part: str, role: Role, note: str) -> DemoPerson:
    return DemoPerson(name, local_part, frozenset({role}), note)


SELLER: Final = _person("Asha Textiles", "seller", Role.SELLER, "sells invoices")
SECOND_SELLER: Final = _person("Baraka Mills", "seller2", Role.SELLER, "another seller, who must not see Asha's")
INVESTOR: Final = _person("Ishaan Capital", "investor", Role.INVESTOR, "funds invoices")
SECOND_INVESTOR: Final = _person("Leela Partners", "investor2", Role.INVESTOR, "competes for the same invoices")
THIRD_INVESTOR: Final = _person("Omondi Savings", "investor3", Role.INVESTOR, "bids in auctions")
DEBTOR: Final = _person("Metro Retail", "debtor", Role.DEBTOR, "owes what the invoices say")
ACCOUNTANT: Final = _person("Wanjiru Accounts", "accountant", Role.ACCOUNTANT, "keeps the books")
ADMIN: Final = _person("Zawadi Admin", "admin", Role.ADMIN, "sees everything, asks for the integrity report")

EVERYBODY: Final = (
    SELLER, SECOND_SELLER, INVESTOR, SECOND_INVESTOR, THIRD_INVESTOR, DEBTOR, ACCOUNTANT, ADMIN,
)  # fmt: skip


async def demo_users() -> list[dict[str, Any]]:
    """Who can be signed in as in one click; those who were seeded."""
    seeded = {user.email for user in await User.filter(email__in=[person.email for person in EVERYBODY])}
    return [
        {
            "name": person.name,
            "email": person.email,
            "password": PASSWORD,
            "roles": sorted(role.value for role in person.roles),
            "note": person.note,
        }
        for person in EVERYBODY
        if person.email in seeded
    ]


async def bring_in(person: DemoPerson) -> Actor:
    """The actor of a demo person, who is registered with a wallet on first need."""
    user = await User.get_or_none(email=person.email)
    if user is None:
        user = await service.create_user(SYSTEM, name=person.name, email=person.email, password=PASSWORD, roles=person.roles)
    await wallet_of(user.id, wallet_settings.current().default_currency)
    return await directory.actor_of_user(user.id)
