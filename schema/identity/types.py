"""Branches, the people who sign in, the sessions they have, the keys that programs use in their name."""

from __future__ import annotations

from datetime import datetime

from domain.identity import models, queries
from domain.identity.permissions import Permission, Role, permissions_of
from domain.identity.rules import masked_phone
from schema.kit import ID, Info, Node, Parent, attribute, enum_type, field, global_id, node_type, relation
from schema.kit.faces import show_as
from schema.kit.fields import FieldRule

enum_type(
    Role,
    "What somebody is in the organisation or towards it. A user has one role or more, and the permissions of all.",
    {
        "ADMIN": "Runs the installation: may do everything.",
        "ACCOUNTANT": "Keeps the books: the ledger, the trial balance, the audit trail.",
        "LOAN_OFFICER": "Takes loan applications and looks after loans of a branch.",
        "BRANCH_MANAGER": "Approves what the officers of a branch prepare.",
        "BORROWER": "Takes loans.",
        "SELLER": "Offers invoices for finance.",
        "INVESTOR": "Funds invoices.",
        "DEBTOR": "Owes what an invoice says, and repays it.",
        "MILL_MANAGER": "Plans and answers for the production of a mill.",
        "STOREKEEPER": "Receives and issues stock of a warehouse.",
        "SALES_CLERK": "Sells what the mill makes.",
        "CASHIER": "Takes and gives cash.",
        "REGISTRAR": "Keeps a school's calendar, classes and people, and enrols students.",
        "BURSAR": "Keeps the fees of a school.",
        "TEACHER": "Records the attendance and marks of a class.",
        "GUARDIAN": "Answers and pays for a pupil.",
    },
)

PRIVATE = FieldRule(shared=False)
"""Of values that depend on who looks, although they are read like any other: they are null to those they are not for."""


@node_type(
    models.Branch, queries.branches_by_id, "An office of the institution, to which loans, expenses and people belong."
)
class Branch(Node):
    code: str = attribute("Its code, which never changes.")
    name: str = attribute("What it is called.")
    active: bool = attribute("Whether it is open: a closed one takes nobody and nothing in.")
    created_at: datetime = attribute("When it was opened.")


@node_type(
    models.User,
    queries.users_by_id,
    "Somebody who can sign in, or whom others deal with. Strangers see id and name; the rest is null to them.",
)
class User(Node):
    name: str = attribute("What they are called.")
    email: str | None = attribute(
        "Where mail reaches them, in lower case. Null to others than themselves and those who manage users.", rule=PRIVATE
    )
    roles: list[Role] | None = attribute(
        "What they are. Null to others than themselves and those who manage users.", rule=PRIVATE
    )
    active: bool | None = attribute(
        "Whether they may sign in. Null to others than themselves and those who manage users.", rule=PRIVATE
    )
    created_at: datetime | None = attribute(
        "When they were registered. Null to others than themselves and those who manage users.", rule=PRIVATE
    )

    @field(
        str | None,
        "Where text messages reach them, such as `+254712345678`. Those who manage users see it with its middle masked; "
        "null to all others, and when there is none.",
    )
    def phone(self, user: Parent[models.User | queries.PublicUser], info: Info) -> str | None:
        if user.phone is None or user.id == info.context.actor.id:
            return user.phone
        return masked_phone(user.phone)

    branch: Branch | None = relation(
        queries.branches_by_id,
        "branch_id",
        "The branch that they belong to; staff see what belongs to it. Null to others than themselves and those who manage "
        "users.",
    )

    @field(
        list[Permission] | None,
        "What they may do. Of oneself: what this session or API key may. Null to others than themselves and those who "
        "manage users.",
    )
    def permissions(self, user: Parent[models.User | queries.PublicUser], info: Info) -> list[Permission] | None:
        if user.id == info.context.actor.id:
            return models.in_order(Permission, info.context.actor.permissions)
        return None if user.roles is None else models.in_order(Permission, permissions_of(frozenset(user.roles)))


show_as(queries.PublicUser, "User")


@node_type(models.Session, queries.sessions_by_id, "One sign-in on one device, kept alive by its refresh tokens.")
class Session(Node):
    device: str | None = attribute("What the client said of the device at sign-in; not verified.")
    address: str | None = attribute("The network address that the sign-in came from.")
    created_at: datetime = attribute("When it began.")
    last_used_at: datetime = attribute("When its refresh token was last used.")
    expires_at: datetime = attribute("When it ends, unless it is used before.")

    @field(bool, "Whether this is the session that asks.")
    def current(self, session: Parent[models.Session], info: Info) -> bool:
        return session.id == info.context.actor.session_id


@node_type(models.ApiKey, queries.api_keys_by_id, "A key with which a program acts for a user, within scopes.")
class ApiKey(Node):
    user_id: ID = global_id("User", "For whom it acts.")
    name: str = attribute("What the owner calls it.")
    prefix: str = attribute("How its newest secret begins, to tell it from others: `daf_<prefix>_…`.")
    scopes: list[Permission] = attribute("What it may do at most; never more than its owner may.")
    live: bool = attribute("Whether it works now: neither revoked nor expired.")
    created_at: datetime = attribute("When it was made.")
    expires_at: datetime = attribute("When it ends by itself.")
    last_used_at: datetime | None = attribute("When its newest secret was last used, to the minute; null when it never was.")
    rotated_at: datetime | None = attribute("When it was given its newest secret; null when that is its first.")
    previous_prefix: str | None = attribute("How the secret before the newest begins; null when there was none.")
    previous_until: datetime | None = attribute("When the secret before the newest ends or ended.")
    previous_last_used_at: datetime | None = attribute(
        "When the secret before the newest was last used, to the minute: whether all programs have changed over."
    )
    points_per_minute: int | None = attribute(
        "Its own budget, in points a minute at one server; null when it is its owner's."
    )
    max_sockets: int | None = attribute("How many sockets and streams it may have open; null when as many as its owner.")
    allowed_networks: list[str] = attribute("The IP networks that it may be used from; any when empty.")
    revoked_at: datetime | None = attribute("When it was revoked; null when it was not.")
