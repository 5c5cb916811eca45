"""What the tests of attacks share: a relay at work."""

from __future__ import annotations

from tests.api.conftest import relay

__all__ = ["relay"]
