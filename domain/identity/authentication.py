"""From a bearer token to an actor: the one door for requests, sockets and programs."""

from __future__ import annotations

from domain.identity import directory, tokens
from domain.identity.actor import Actor
from domain.kit.errors import Unauthenticated


async def authenticate(bearer: str) -> Actor:
    """The actor that an access token or an API key speaks for; refuses with UNAUTHENTICATED.

    Rights are those of now, not those of when the token was issued. Costs no SQL when the actor was seen lately.
    """
    if len(bearer) > tokens.MAX_TOKEN_LENGTH:
        raise Unauthenticated("this is not a token of this server")
    if tokens.is_api_key(bearer):
        return await directory.actor_for_api_key(tokens.hash_of(bearer))
    claims = tokens.read_access_token(bearer)
    return await directory.actor_for(
        claims.user_id, claims.session_id, at_least_version=claims.version, expires_at=claims.expires_at
    )


async def with_rights_of_now(actor: Actor) -> Actor:
    """Somebody who signed in a while ago, as they are now; refuses with UNAUTHENTICATED when the session or the API key has
    ended."""
    if actor.session_id is None:
        return await directory.actor_now(actor)
    return await directory.actor_for(actor.id, actor.session_id, expires_at=actor.expires_at)
