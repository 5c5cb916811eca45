"""Every test of the schema begins with cheap hashes and a process that remembers nobody."""

from __future__ import annotations

import pytest

from tests.support.people import configure_identity


@pytest.fixture(autouse=True)
def identity() -> None:
    configure_identity()
