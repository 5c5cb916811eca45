"""The kinds of approval, each registered by the business that asks for it.

A business says who may decide, and gives the two service functions that do: the same ones that its own mutations call.
So there is one path to each decision, whether it was taken in the approvals centre or beside the thing itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.approvals.errors import UnknownApprovalKind
from domain.identity.actor import Actor
from domain.identity.permissions import Permission

Decide = Callable[[Actor, UUID, str | None], Awaitable[Any]]
"""Carries out a decision on ``subject_id`` with a comment, and closes the request in the same unit of work."""


@dataclass(frozen=True, slots=True)
class ApprovalKind:
    """``subject`` names what it is about, such as ``loan``, so that clients can fetch it; the kind's own name in lower
    case when not said."""

    name: str
    requires: Permission
    approve: Decide
    reject: Decide
    subject: str = ""

    @property
    def subject_kind(self) -> str:
        return self.subject or self.name.lower()


_kinds: dict[str, ApprovalKind] = {}


def register_kind(kind: ApprovalKind) -> ApprovalKind:
    """Declare a kind; in the module ``approvals`` of a room, at import."""
    assert kind.name not in _kinds or _kinds[kind.name].approve.__qualname__ == kind.approve.__qualname__, (
        f"two kinds of approval named {kind.name}"
    )
    _kinds[kind.name] = kind
    return kind


def kind_named(name: str) -> ApprovalKind:
    found = _kinds.get(name)
    if found is None:
        raise UnknownApprovalKind(f"there is no kind of approval named {name[:40]!r}")
    return found


def every_kind() -> list[ApprovalKind]:
    return sorted(_kinds.values(), key=lambda kind: kind.name)


def kinds_decided_by(actor: Actor) -> list[ApprovalKind]:
    """The kinds on which the actor may decide, in the branches that they see."""
    return [kind for kind in every_kind() if kind.requires in actor.staff_permissions]
