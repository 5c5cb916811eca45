"""The contract of the whole schema, made once: it takes a second or two."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from api.contract import edge
from domain import rooms
from schema.contract.operations import Operation
from schema.contract.writing import Contract
from schema.pipeline import Request
from tests.support.graphql import pipeline

TODAY = date(2026, 12, 1)


@pytest.fixture(scope="package")
def contract(repository: Path) -> Contract:
    rooms.open_all()

    def prepare(text: str) -> object:
        return pipeline().prepare(Request(query=text))

    folder = repository / "frontend-contract"
    return Contract(pipeline()._strawberry, prepare, edge(), pipeline().limits, folder)  # type: ignore[arg-type]


@pytest.fixture(scope="package")
def of_wallets(contract: Contract) -> list[Operation]:
    return [each for each in contract.reading.operations if each.path.parent.name == "wallets"]
