"""How large files may be, and how much somebody may leave lying about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class FileSettings:
    """``unattached`` limits are each person's, for files that belong to nothing yet; after ``keep_unattached`` such a file
    is deleted."""

    max_bytes: int = 10 * 1024 * 1024
    unattached_bytes: int = 50 * 1024 * 1024
    unattached_files: int = 50
    keep_unattached: timedelta = timedelta(hours=24)


_settings = FileSettings()


def configure(settings: FileSettings) -> None:
    global _settings
    _settings = settings


def current() -> FileSettings:
    return _settings
