"""What clients send about branches, users, sessions and keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import strawberry

from domain.identity.permissions import Permission, Role
from domain.identity.service.api_keys import DEFAULT_OVERLAP_HOURS
from schema.kit import ID, attribute, idempotency_key, input_type


@input_type("Who signs in.")
class LoginInput:
    email: str = attribute("The e-mail address, in any case.")
    password: str = attribute("The password.")
    device: str | None = attribute(
        "What this client runs on, for the list of sessions; cut to 200 characters.", default=None
    )


@input_type("The session to go on with.")
class RefreshTokenInput:
    refresh_token: str = attribute("The newest refresh token of the session. It is good for one use.")


@input_type("Whose sessions end.")
class LogoutEverywhereInput:
    user_id: ID | None = attribute("Another user, for those who manage users; oneself when left out.", default=None)


@input_type("The old and the new password.")
class ChangePasswordInput:
    current_password: str = attribute("The password of now. A wrong one counts like a failed sign-in.")
    new_password: str = attribute("10 to 200 characters, and not the e-mail address.")


@input_type("Somebody new.")
class RegisterUserInput:
    name: str = attribute("1 to 120 characters on one line.")
    email: str = attribute("The e-mail address to sign in with; nobody else may have it.")
    password: str = attribute("10 to 200 characters, and not the e-mail address.")
    roles: list[Role] = attribute("One of SELLER, INVESTOR, DEBTOR, BORROWER and GUARDIAN, or several.")


@input_type("Somebody new, made by an administrator.")
class CreateUserInput:
    name: str = attribute("1 to 120 characters on one line.")
    email: str = attribute("The e-mail address to sign in with; nobody else may have it.")
    password: str = attribute("10 to 200 characters, and not the e-mail address. Ask the user to change it.")
    roles: list[Role] = attribute("One or more, which together grant no more than the caller has.")
    branch_id: ID | None = attribute(
        "The open branch that they belong to, for those who manage branches; none when left out.", default=None
    )


@input_type("Where text messages reach somebody.")
class SetPhoneInput:
    phone: str | None = attribute(
        "The number with its country, such as `+254 712 345678`; null takes it away.", default=None
    )
    user_id: ID | None = attribute("Another user, for those who manage users; oneself when left out.", default=None)


@input_type("Exactly the roles that a user shall have.")
class ChangeRolesInput:
    user_id: ID = attribute("The user.")
    roles: list[Role] = attribute("All roles from now on, one or more.")


@input_type("Whose access ends.")
class DeactivateUserInput:
    user_id: ID = attribute("The user.")


@input_type("Who may sign in again.")
class ReactivateUserInput:
    user_id: ID = attribute("The user.")


@input_type("A branch to open.")
class OpenBranchInput:
    code: str = attribute("Its code for good: 1 to 20 letters, digits and hyphens, such as NBO-01.")
    name: str = attribute("What it is called, 1 to 120 characters; no other open branch may be called so.")


@input_type("Another name for a branch.")
class RenameBranchInput:
    branch_id: ID = attribute("The branch.")
    name: str = attribute("What it is called from now on, 1 to 120 characters.")


@input_type("The branch to close.")
class CloseBranchInput:
    branch_id: ID = attribute("The branch.")


@input_type("The branch to open again.")
class ReopenBranchInput:
    branch_id: ID = attribute("The branch.")


@input_type("Where a user belongs.")
class AssignBranchInput:
    user_id: ID = attribute("The user.")
    branch_id: ID | None = attribute("An open branch; none when left out.", default=None)


@input_type("The session to end.")
class EndSessionInput:
    session_id: ID = attribute("One of one's own.")


@input_type("The key to make.")
class CreateApiKeyInput:
    name: str = attribute("What you call it, 1 to 120 characters.")
    scopes: list[Permission] = attribute("What it may do, out of your own permissions; at least one.")
    expires_at: datetime | None = attribute("When it ends, within 366 days; in 90 days when left out.", default=None)
    points_per_minute: int | None = attribute(
        "A budget of its own, in points a minute at one server; when left out it shares yours. The budgets of all your keys "
        "together are not larger than yours.",
        default=None,
    )
    max_sockets: int | None = attribute(
        "How many sockets and streams it may have open, from 1 to 50; as many as you may when left out.", default=None
    )
    allowed_networks: list[str] | None = attribute(
        "The IP networks that it may be used from, such as `203.0.113.0/24`, at most 20; any when left out or empty.",
        default=None,
    )


def _change(description: str) -> Any:
    return attribute(description, default=strawberry.UNSET)


@input_type("What to change of a key. What is left out stays.")
class UpdateApiKeyInput:
    api_key_id: ID = attribute("One of your own that has not ended.")
    name: str | None = _change("What you call it, 1 to 120 characters; null leaves it.")
    scopes: list[Permission] | None = _change(
        "All that it may do from now on, out of your own permissions; at least one; null leaves them."
    )
    expires_at: datetime | None = _change("When it ends, within 366 days; null leaves it.")
    points_per_minute: int | None = _change(
        "A budget of its own, in points a minute at one server; null for a share in yours. The budgets of all your keys "
        "together are not larger than yours."
    )
    max_sockets: int | None = _change(
        "How many sockets and streams it may have open, from 1 to 50; null for as many as you may. Those that are open stay."
    )
    allowed_networks: list[str] | None = _change(
        "The IP networks that it may be used from, such as `203.0.113.0/24`, at most 20; any when empty; null leaves "
        "them. With others its open sockets end, and may come back from these."
    )

    def changes(self) -> dict[str, Any]:
        """What is to change, by the names of the service."""
        said = {name: value for name, value in vars(self).items() if value is not strawberry.UNSET and name != "api_key_id"}
        return {name: value for name, value in said.items() if value is not None or name in _MAY_BE_NULL}


_MAY_BE_NULL: Final = {"points_per_minute", "max_sockets"}


@input_type("The key to give another secret.")
class RotateApiKeyInput:
    api_key_id: ID = attribute("One of your own that has not ended.")
    overlap_hours: int = attribute(
        "For how many hours the secret before is good beside the new one, from 0 to 168. With 0 it ends at once, and so do "
        "its sockets.",
        default=DEFAULT_OVERLAP_HOURS,
    )
    expires_at: datetime | None = attribute(
        "Another end for the key, within 366 days; as before when left out.", default=None
    )
    idempotency_key: str | None = idempotency_key()


@input_type("The key to end.")
class RevokeApiKeyInput:
    api_key_id: ID = attribute("The key.")


@input_type("Which users to list; those that fit all that is said.")
class UserFilter:
    search: str | None = attribute("A part of the name or e-mail address, in any case; up to 100 characters.", default=None)
    role: Role | None = attribute("Only users with this role.", default=None)
    active: bool | None = attribute("Only those who may sign in, or only those who may not.", default=None)
    branch_id: ID | None = attribute("Only those who belong to this branch.", default=None)
