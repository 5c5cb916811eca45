"""Signing in and out; making users and keys, and taking their access; branches and who belongs to them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from domain.identity import service
from domain.identity.permissions import Permission
from domain.identity.service import SignedIn
from domain.kit.idempotency import once
from domain.wallets.service import register_user
from schema.identity.inputs import (
    AssignBranchInput,
    ChangePasswordInput,
    ChangeRolesInput,
    CloseBranchInput,
    CreateApiKeyInput,
    CreateUserInput,
    DeactivateUserInput,
    EndSessionInput,
    LoginInput,
    LogoutEverywhereInput,
    OpenBranchInput,
    ReactivateUserInput,
    RefreshTokenInput,
    RegisterUserInput,
    RenameBranchInput,
    ReopenBranchInput,
    RevokeApiKeyInput,
    RotateApiKeyInput,
    SetPhoneInput,
    UpdateApiKeyInput,
)
from schema.identity.types import ApiKey, Branch, User
from schema.kit import (
    ID,
    Answer,
    Info,
    Payload,
    ReplayablePayload,
    argument,
    attribute,
    mutation,
    payload_type,
    read_id,
)


@payload_type("The tokens of a session. Keep the refresh token where no other program can read it.")
class TokensPayload(Payload):
    access_token: str | None = attribute("Goes into the header `Authorization: Bearer …`, or into `connection_init`.")
    refresh_token: str | None = attribute("Gives the next pair of tokens by `refreshToken`, once.")
    expires_at: datetime | None = attribute("When the access token ends; fetch the next pair a little before.")
    user: User | None = attribute("Who is signed in.")


@payload_type("What came of signing out.")
class LogoutPayload(Payload):
    ended_sessions: int | None = attribute("How many sessions ended.")


@payload_type("A user after the change.")
class UserPayload(Payload):
    user: User | None = attribute("The user as they are now.")


@payload_type("A branch after the change.")
class BranchPayload(Payload):
    branch: Branch | None = attribute("The branch as it is now.")


@payload_type("A new API key.")
class CreateApiKeyPayload(Payload):
    key: str | None = attribute("The whole key. It is shown now and never again.")
    api_key: ApiKey | None = attribute("What is known of it from now on.")


@payload_type("What came of changing an API key.")
class UpdateApiKeyPayload(Payload):
    api_key: ApiKey | None = attribute("The key as it is now.")


@payload_type("An API key with another secret.")
class RotateApiKeyPayload(ReplayablePayload):
    key: str | None = attribute(
        "The whole new key. It is shown now, and again to whoever sends the same idempotency key while it is the newest."
    )
    api_key: ApiKey | None = attribute("The key as it is now.")


@payload_type("What came of revoking an API key.")
class RevokeApiKeyPayload(Payload):
    api_key: ApiKey | None = attribute("The key as it is now.")


def _tokens(signed_in: SignedIn) -> Answer:
    return Answer(
        access_token=signed_in.access_token,
        refresh_token=signed_in.refresh_token,
        expires_at=signed_in.expires_at,
        user=signed_in.user,
    )


def _branch_id(given: ID) -> UUID:
    return read_id("Branch", given, "input", "branchId")


@strawberry.type
class Mutation:
    @mutation(
        TokensPayload,
        "Sign in. Failed attempts are limited by account and address; the error says for how long in `retryAfterSeconds`.",
        requires=Permission.PUBLIC,
    )
    async def login(self, info: Info, input: Annotated[LoginInput, argument("Who.")]) -> Answer:
        return _tokens(await service.sign_in(email=input.email, password=input.password, device=input.device))

    @mutation(
        TokensPayload,
        "Go on with a session: a fresh pair of tokens for a refresh token. One that comes a second time, later than some "
        "seconds after the first, ends the session, because somebody else must have a copy.",
        requires=Permission.PUBLIC,
    )
    async def refresh_token(self, info: Info, input: Annotated[RefreshTokenInput, argument("Which.")]) -> Answer:
        return _tokens(await service.refresh_session(refresh_token=input.refresh_token))

    @mutation(LogoutPayload, "End the session that asks, and its open sockets.", requires=Permission.SIGNED_IN)
    async def logout(self, info: Info) -> Answer:
        await service.sign_out(info.context.actor)
        return Answer(ended_sessions=1)

    @mutation(LogoutPayload, "End all sessions of a user, this one too.", requires=Permission.SIGNED_IN)
    async def logout_everywhere(
        self, info: Info, input: Annotated[LogoutEverywhereInput | None, argument("Whose; one's own when left out.")] = None
    ) -> Answer:
        whose = input.user_id if input else None
        user_id = None if whose is None else read_id("User", whose, "input", "userId")
        return Answer(ended_sessions=await service.sign_out_everywhere(info.context.actor, user_id))

    @mutation(
        LogoutPayload,
        "End one of one's own sessions, such as that of a lost phone, and its open sockets. One that has ended stays ended.",
        requires=Permission.SIGNED_IN,
    )
    async def end_session(self, info: Info, input: Annotated[EndSessionInput, argument("Which.")]) -> Answer:
        session_id = read_id("Session", input.session_id, "input", "sessionId")
        return Answer(ended_sessions=await service.end_session(info.context.actor, session_id=session_id))

    @mutation(
        UserPayload, "Set a new password. All other sessions of the user end; API keys stay.", requires=Permission.SIGNED_IN
    )
    async def change_password(self, info: Info, input: Annotated[ChangePasswordInput, argument("Old and new.")]) -> Answer:
        return Answer(
            user=await service.change_password(info.context.actor, current=input.current_password, new=input.new_password)
        )

    @mutation(
        UserPayload,
        "Register oneself. A wallet opens with it; sign in with `login` then.",
        requires=Permission.PUBLIC,
        without_key="an address is registered once, and its wallet has one opening credit.",
    )
    async def register_user(self, info: Info, input: Annotated[RegisterUserInput, argument("Who.")]) -> Answer:
        return Answer(
            user=await register_user(name=input.name, email=input.email, password=input.password, roles=input.roles)
        )

    @mutation(UserPayload, "Make a user, in any roles.", requires=Permission.USERS_MANAGE)
    async def create_user(self, info: Info, input: Annotated[CreateUserInput, argument("Who.")]) -> Answer:
        return Answer(
            user=await service.create_user(
                info.context.actor,
                name=input.name,
                email=input.email,
                password=input.password,
                roles=input.roles,
                branch_id=_branch_id(input.branch_id) if input.branch_id is not None else None,
            )
        )

    @mutation(
        UserPayload,
        "Give a user exactly these roles; they hold at once, on open sockets too.",
        requires=Permission.USERS_MANAGE,
    )
    async def change_roles(self, info: Info, input: Annotated[ChangeRolesInput, argument("Whose, and which.")]) -> Answer:
        user_id = read_id("User", input.user_id, "input", "userId")
        return Answer(user=await service.change_roles(info.context.actor, user_id=user_id, roles=input.roles))

    @mutation(
        UserPayload,
        "Take a user's access: all their sessions end, and neither password nor API keys open the door.",
        requires=Permission.USERS_MANAGE,
    )
    async def deactivate_user(self, info: Info, input: Annotated[DeactivateUserInput, argument("Whom.")]) -> Answer:
        user_id = read_id("User", input.user_id, "input", "userId")
        return Answer(user=await service.deactivate_user(info.context.actor, user_id=user_id))

    @mutation(UserPayload, "Let a user in again, with the roles as before.", requires=Permission.USERS_MANAGE)
    async def reactivate_user(self, info: Info, input: Annotated[ReactivateUserInput, argument("Whom.")]) -> Answer:
        user_id = read_id("User", input.user_id, "input", "userId")
        return Answer(user=await service.reactivate_user(info.context.actor, user_id=user_id))

    @mutation(
        UserPayload,
        "Set the telephone number that text messages go to, or take it away. An API key cannot set its owner's.",
        requires=Permission.SIGNED_IN,
    )
    async def set_phone(self, info: Info, input: Annotated[SetPhoneInput, argument("Which, and whose.")]) -> Answer:
        user_id = None if input.user_id is None else read_id("User", input.user_id, "input", "userId")
        return Answer(user=await service.set_phone(info.context.actor, phone=input.phone, user_id=user_id))

    @mutation(BranchPayload, "Open a branch.", requires=Permission.BRANCHES_MANAGE)
    async def open_branch(self, info: Info, input: Annotated[OpenBranchInput, argument("Which.")]) -> Answer:
        return Answer(branch=await service.open_branch(info.context.actor, code=input.code, name=input.name))

    @mutation(BranchPayload, "Give a branch another name; its code stays.", requires=Permission.BRANCHES_MANAGE)
    async def rename_branch(self, info: Info, input: Annotated[RenameBranchInput, argument("Which, and how.")]) -> Answer:
        branch_id = _branch_id(input.branch_id)
        return Answer(branch=await service.rename_branch(info.context.actor, branch_id=branch_id, name=input.name))

    @mutation(
        BranchPayload,
        "Close a branch: it takes nobody and nothing in any more. Who and what is there stays until moved.",
        requires=Permission.BRANCHES_MANAGE,
    )
    async def close_branch(self, info: Info, input: Annotated[CloseBranchInput, argument("Which.")]) -> Answer:
        branch_id = _branch_id(input.branch_id)
        return Answer(branch=await service.close_branch(info.context.actor, branch_id=branch_id))

    @mutation(BranchPayload, "Open a closed branch again.", requires=Permission.BRANCHES_MANAGE)
    async def reopen_branch(self, info: Info, input: Annotated[ReopenBranchInput, argument("Which.")]) -> Answer:
        branch_id = _branch_id(input.branch_id)
        return Answer(branch=await service.reopen_branch(info.context.actor, branch_id=branch_id))

    @mutation(
        UserPayload,
        "Move a user to a branch, or out of all. What they see follows at once, on open sockets too.",
        requires=Permission.BRANCHES_MANAGE,
    )
    async def assign_branch(self, info: Info, input: Annotated[AssignBranchInput, argument("Whom, and where.")]) -> Answer:
        user_id = read_id("User", input.user_id, "input", "userId")
        branch_id = None if input.branch_id is None else _branch_id(input.branch_id)
        return Answer(user=await service.assign_branch(info.context.actor, user_id=user_id, branch_id=branch_id))

    @mutation(
        CreateApiKeyPayload,
        "Make a key for a program that acts for oneself. Only somebody who is signed in may; a key makes no keys.",
        requires=Permission.SIGNED_IN,
    )
    async def create_api_key(self, info: Info, input: Annotated[CreateApiKeyInput, argument("Which.")]) -> Answer:
        # Not behind an idempotency key: that would keep the secret in the database.
        created = await service.create_api_key(
            info.context.actor,
            name=input.name,
            scopes=input.scopes,
            expires_at=input.expires_at,
            points_per_minute=input.points_per_minute,
            max_sockets=input.max_sockets,
            allowed_networks=input.allowed_networks or (),
        )
        return Answer(key=created.key, api_key=created.api_key)

    @mutation(
        UpdateApiKeyPayload,
        "Change what one's key is called, may do, may use up, from where it may be used and when it ends, within the bounds "
        "of `createApiKey`. It holds at once, for its open sockets too. Only somebody who is signed in may.",
        requires=Permission.SIGNED_IN,
    )
    async def update_api_key(self, info: Info, input: Annotated[UpdateApiKeyInput, argument("Which, and what.")]) -> Answer:
        api_key_id = read_id("ApiKey", input.api_key_id, "input", "apiKeyId")
        changed = await service.update_api_key(info.context.actor, api_key_id=api_key_id, changes=input.changes())
        return Answer(api_key=changed)

    @mutation(
        RotateApiKeyPayload,
        "Give one's key another secret. The one before stays good beside it for a while, so that programs can change over; "
        "a third one is never good. Only somebody who is signed in may.",
        requires=Permission.SIGNED_IN,
    )
    async def rotate_api_key(self, info: Info, input: Annotated[RotateApiKeyInput, argument("Which, and how.")]) -> Answer:
        actor, named = info.context.actor, input.idempotency_key
        api_key_id = read_id("ApiKey", input.api_key_id, "input", "apiKeyId")
        outcome = await once(
            named,
            service.rotate_api_key,
            actor,
            api_key_id=api_key_id,
            overlap_hours=input.overlap_hours,
            expires_at=input.expires_at,
            nonce=named,
        )
        rotated = outcome.result
        if outcome.replayed:
            # The secret is not among what is kept of the first answer.
            assert named is not None, "only what has a name is answered again"
            rotated = await service.rotated_again(actor, api_key_id=api_key_id, nonce=named)
        return Answer(key=rotated.key, api_key=rotated.api_key, replayed=outcome.replayed)

    @mutation(
        RevokeApiKeyPayload,
        "End a key for good: one's own, or anybody's for those who manage keys. A second time changes nothing.",
        requires=Permission.SIGNED_IN,
    )
    async def revoke_api_key(self, info: Info, input: Annotated[RevokeApiKeyInput, argument("Which.")]) -> Answer:
        api_key_id = read_id("ApiKey", input.api_key_id, "input", "apiKeyId")
        return Answer(api_key=await service.revoke_api_key(info.context.actor, api_key_id=api_key_id))
