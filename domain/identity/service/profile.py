"""What somebody says of themselves: where text messages reach them."""

from __future__ import annotations

from uuid import UUID

from domain.identity import rules
from domain.identity.actor import Actor
from domain.identity.events import PhoneChanged
from domain.identity.models import User
from domain.identity.permissions import Permission
from domain.identity.service.access import locked_user
from domain.kit.unit_of_work import retried, unit_of_work


@retried
async def set_phone(actor: Actor, *, phone: str | None, user_id: UUID | None = None) -> User:
    """Set one's number, or take it away with None; those who manage users set anybody's. The same again changes nothing."""
    whose = actor.id if user_id is None else user_id
    if whose == actor.id:
        actor.require_session()
    else:
        actor.require(Permission.USERS_MANAGE)
    number = None if phone is None else rules.clean_phone(phone)
    async with unit_of_work() as work:
        user = await locked_user(whose)
        if user.phone != number:
            user.phone = number
            await user.save(update_fields=["phone"])
            masked = None if number is None else rules.masked_phone(number)
            work.record(PhoneChanged(user_id=user.id, masked_phone=masked))
    return user
