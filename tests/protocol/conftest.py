"""What tests of live clients need: a relay at work."""

from tests.api.conftest import relay

__all__ = ["relay"]
