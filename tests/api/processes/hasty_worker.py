"""The worker as ``daftari worker`` runs it, but for a letter that somebody else died with, it waits seconds."""

from __future__ import annotations

from datetime import timedelta

from api.cli import main as worker
from domain.notifications.service import claiming

LEASE = timedelta(seconds=8)


def main() -> None:
    claiming.LEASE = LEASE  # type: ignore[misc]
    worker()


if __name__ == "__main__":
    main()
