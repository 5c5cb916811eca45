"""What an installation may choose about identity: lifetimes, limits and the secret that signs.

The edge reads the environment and hands one :class:`IdentitySettings` to :func:`configure` before anything else happens.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

MIN_SECRET_LENGTH: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentitySettings:
    """``secret`` signs tokens; processes of one installation share it, and a new one signs everybody out."""

    secret: str = field(repr=False)
    issuer: str = "daftari"
    audience: str = "daftari"
    access_ttl: timedelta = timedelta(minutes=15)
    # A session ends when its refresh token was not used for this long, and in any case after session_ttl.
    refresh_ttl: timedelta = timedelta(days=30)
    session_ttl: timedelta = timedelta(days=90)
    # For this long a refresh token that was just used gives the same successor again (see service/sessions.py).
    refresh_grace: timedelta = timedelta(seconds=10)
    # How far the clocks of two servers may differ.
    leeway: timedelta = timedelta(seconds=5)
    # For how long a process trusts its memory of somebody's rights when no news arrives from the log.
    rights_kept_for: timedelta = timedelta(seconds=30)
    # Failed sign-ins that are allowed in the window before sign-in stops, for one account and from one address.
    failures_window: timedelta = timedelta(minutes=15)
    failures_per_account: int = 5
    failures_per_address: int = 50
    registrations_window: timedelta = timedelta(hours=1)
    registrations_per_address: int = 100
    # What all API keys of a user that have budgets of their own may spend together a minute; None: no bound.
    points_of_keys: int | None = 60_000
    # Argon2id as OWASP advises: 19 MiB, two passes, one lane.
    argon2_memory_kib: int = 19_456
    argon2_passes: int = 2

    def __post_init__(self) -> None:
        if len(self.secret) < MIN_SECRET_LENGTH:
            raise ValueError(f"the secret that signs tokens needs at least {MIN_SECRET_LENGTH} characters")


_settings: IdentitySettings | None = None


def configure(settings: IdentitySettings) -> None:
    """Set what holds for this process from now on."""
    global _settings
    _settings = settings


def current() -> IdentitySettings:
    assert _settings is not None, "domain.identity.settings.configure() first"
    return _settings
