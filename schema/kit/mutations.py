"""Mutations: parse, call one service, shape the answer; refusals become data."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar

import strawberry
from strawberry.types.field import StrawberryField

from domain.identity.permissions import Permission
from domain.kit.errors import DomainError, Unauthenticated, Unavailable
from schema.kit.annotations import read_annotations
from schema.kit.errors import Refusal, UserError
from schema.kit.fields import FieldRule, attribute, make_field

T = TypeVar("T")

MUTATION_COST = 10


@strawberry.interface(description="What every mutation answers: its own fields, and what was refused.")
class Payload:
    errors: list[UserError] = attribute("Why nothing was done; empty when it was done.")


@strawberry.interface(description="What a mutation answers that takes an idempotency key.")
class ReplayablePayload(Payload):
    replayed: bool = attribute("This is the first result again, because the same key and request came before.")


def payload_type(description: str, *, name: str | None = None) -> Callable[[type[T]], type[T]]:
    """Declare a subclass of :class:`Payload`. Its own fields are nullable: they are null when something was refused."""

    def declare(cls: type[T]) -> type[T]:
        assert issubclass(cls, Payload), f"{cls.__name__} must be a subclass of Payload"
        read_annotations(cls)
        return strawberry.type(cls, name=name, description=description)

    return declare


def idempotency_key() -> Any:
    """The input field of mutations that move money or stock."""
    return attribute(
        "A text of your choice that names this act. Sent again with the same input it changes nothing and answers the "
        "first result with `replayed: true`. Kept for 48 hours; 1 to 200 characters.",
        default=None,
    )


class Answer:
    """What a mutation resolver returns: the payload's fields by their Python names. Those not named are null."""

    replayed = False
    errors: Sequence[Refusal] = ()

    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)

    def __getattr__(self, name: str) -> None:
        if name.startswith("__"):
            raise AttributeError(name)


WITHOUT_KEY: Final = "It takes no idempotency key: "
"""How the description goes on of a mutation that reaches the books and that one may send again without a key."""


def mutation(
    payload: type,
    description: str,
    *,
    requires: Permission,
    name: str | None = None,
    cost: int = MUTATION_COST,
    without_key: str | None = None,
) -> Callable[[Callable[..., Awaitable[Any]]], Any]:
    """A field of the root mutation. A DomainError that its resolver raises is answered in the payload's ``errors``.

    ``without_key`` says why one that may move money or stock moves it once although it takes no idempotency key.
    """
    rule = FieldRule(requires=requires, cost=cost)
    if without_key is not None:
        description = f"{description} {WITHOUT_KEY}{without_key}"

    def declare(act: Callable[..., Awaitable[Any]]) -> StrawberryField:
        @functools.wraps(act)
        async def answer(*args: Any, **kwargs: Any) -> Any:
            try:
                return await act(*args, **kwargs)
            except DomainError as refusal:
                # Whose session ended meanwhile is told as everywhere else: at the top, so that clients renew it. So is what
                # may have been done for all that anybody knows.
                if type(refusal) in (Unauthenticated, Unavailable):
                    raise
                return Answer(errors=[Refusal.of(refusal)])

        return make_field(answer, payload, description, rule, name=name)

    return declare
