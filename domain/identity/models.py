"""Branches, users and what they are signed in with."""

from __future__ import annotations

from enum import Enum
from typing import Any, TypeVar

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from domain.identity.permissions import Permission, Role
from domain.kit import clock

M = TypeVar("M", bound=Enum)


class EnumArrayField(ArrayField):
    """A ``text[]`` column whose values are members of one enum, in the enum's order and each once."""

    def __init__(self, kind: type[Enum], **kwargs: Any) -> None:
        super().__init__("text", **kwargs)
        self.kind = kind

    def to_python_value(self, value: Any) -> Any:
        return None if value is None else in_order(self.kind, map(self.kind, value))

    def to_db_value(self, value: Any, instance: Any) -> Any:
        return None if value is None else [member.value for member in in_order(self.kind, value)]


def in_order(kind: type[M], members: Any) -> list[M]:
    """Members of an enum in the order in which the enum declares them, each once."""
    present = set(members)
    return [member for member in kind if member in present]


class Branch(Model):
    """An office of the institution, to which loans, expenses and people belong."""

    id = fields.UUIDField(primary_key=True)
    code = fields.CharField(max_length=20)
    name = fields.CharField(max_length=120)
    active = fields.BooleanField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "branch"


class User(Model):
    """Somebody who can sign in, or whom others deal with."""

    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(max_length=120)
    email = fields.CharField(max_length=254)
    roles: fields.Field[list[Role]] = EnumArrayField(Role)
    active = fields.BooleanField()
    rights_version = fields.BigIntField()
    created_at = fields.DatetimeField()
    registered_from = fields.CharField(max_length=64, null=True)
    branch_id = fields.UUIDField(null=True)
    phone = fields.CharField(max_length=16, null=True)

    class Meta:
        table = "app_user"

    @property
    def is_admin(self) -> bool:
        return self.active and Role.ADMIN in self.roles


class Password(Model):
    """A user's password as an Argon2id hash."""

    user_id = fields.UUIDField(primary_key=True)
    hash = fields.CharField(max_length=255)
    changed_at = fields.DatetimeField()

    class Meta:
        table = "user_password"


class SessionEnd(str, Enum):
    """Why a session ended before it expired."""

    SIGNED_OUT = "SIGNED_OUT"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"
    DEACTIVATED = "DEACTIVATED"
    REFRESH_TOKEN_REUSED = "REFRESH_TOKEN_REUSED"
    TOO_MANY_SESSIONS = "TOO_MANY_SESSIONS"


class Session(Model):
    """One sign-in on one device."""

    id = fields.UUIDField(primary_key=True)
    user_id = fields.UUIDField()
    device = fields.CharField(max_length=200, null=True)
    address = fields.CharField(max_length=64, null=True)
    created_at = fields.DatetimeField()
    last_used_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    ended_because = fields.CharEnumField(SessionEnd, max_length=40, null=True)

    class Meta:
        table = "user_session"

    @property
    def live(self) -> bool:
        return self.ended_at is None and self.expires_at > clock.now()


class RefreshToken(Model):
    """A link in a session's chain of refresh tokens; only its hash is known here."""

    token_hash = fields.CharField(max_length=64, primary_key=True)
    session_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    replaced_at = fields.DatetimeField(null=True)

    class Meta:
        table = "refresh_token"


class ApiKey(Model):
    """A key with which a program acts for a user, within scopes; only the hashes of its secrets are known here.

    The secret of the ``generation`` before is good beside the newest one until ``previous_until``. Limits that are None are
    its owner's, which it shares.
    """

    id = fields.UUIDField(primary_key=True)
    user_id = fields.UUIDField()
    name = fields.CharField(max_length=120)
    prefix = fields.CharField(max_length=12)
    key_hash = fields.CharField(max_length=64)
    scopes: fields.Field[list[Permission]] = EnumArrayField(Permission)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    last_used_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)
    generation = fields.IntField(default=1)
    rotated_at = fields.DatetimeField(null=True)
    previous_prefix = fields.CharField(max_length=12, null=True)
    previous_hash = fields.CharField(max_length=64, null=True)
    previous_until = fields.DatetimeField(null=True)
    previous_last_used_at = fields.DatetimeField(null=True)
    expiry_noticed_at = fields.DatetimeField(null=True)
    points_per_minute = fields.IntField(null=True)
    max_sockets = fields.IntField(null=True)
    allowed_networks: fields.Field[list[str]] = ArrayField("text", default=list)

    class Meta:
        table = "api_key"

    @property
    def live(self) -> bool:
        return self.revoked_at is None and self.expires_at > clock.now()


class SignInAttempt(Model):
    """A sign-in that failed, or whose password is being checked right now."""

    id = fields.UUIDField(primary_key=True)
    account_hash = fields.CharField(max_length=64)
    address = fields.CharField(max_length=64, null=True)
    attempted_at = fields.DatetimeField()
    pending = fields.BooleanField()

    class Meta:
        table = "sign_in_attempt"
