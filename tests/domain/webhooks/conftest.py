"""A receiver in place of the network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from domain.webhooks import settings
from domain.webhooks.settings import WebhookSettings
from tests.support.receivers import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    before, receiver = settings.current(), Receiver()
    settings.configure(WebhookSettings(secret="a secret for tests", carrier=receiver))
    yield receiver
    settings.configure(before)
