"""Opening all rooms: what each declares on import (events, listeners, jobs, checks) is known from here on."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Final

from domain.kit.database import APPS

DECLARATIONS: Final = (
    "models",
    "errors",
    "events",
    "audit",
    "approvals",
    "payments",
    "handlers",
    "jobs",
    "reports",
    "checks",
    "gauges",
    "replay",
)


def open_all() -> None:
    """Import the modules in which rooms declare things; safe to call again."""
    for app in APPS:
        for part in DECLARATIONS:
            name = f"domain.{app}.{part}"
            if find_spec(name) is not None:
                import_module(name)
