"""Carriers that remember what they took, where a test asks for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.notices import Remembering, carried_by


@pytest.fixture
def mail() -> Remembering:
    return Remembering()


@pytest.fixture
def sms() -> Remembering:
    return Remembering()


@pytest.fixture
def carriers(mail: Remembering, sms: Remembering) -> Iterator[None]:
    with carried_by(mailer=mail, texter=sms):
        yield
