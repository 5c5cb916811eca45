"""How long the law wants what, as far as an installation may choose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PrivacySettings:
    """For ``retention_years`` after the last entry or contract of a person nothing is erased that the law wants kept: the
    laws of Kenya against money laundering and on taxes ask for seven and five. 0 where nothing is to be kept. ``archive``
    is the folder of archived events, where this machine has it."""

    retention_years: int = 7
    exports_kept_for: timedelta = timedelta(days=7)
    archive: Path | None = None


_settings = PrivacySettings()


def configure(settings: PrivacySettings) -> None:
    global _settings
    _settings = settings


def current() -> PrivacySettings:
    return _settings
