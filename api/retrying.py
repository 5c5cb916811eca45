"""When a server that was asked too early or too often wants to be asked again."""

from __future__ import annotations


def retry_after_s(header: str | None) -> float | None:
    """The seconds in a ``Retry-After``; None where there is none, or a date."""
    return float(header) if header is not None and header.isascii() and header.isdigit() and len(header) < 7 else None
