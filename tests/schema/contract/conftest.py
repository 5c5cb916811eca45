"""The contract of the whole schema, made once: it takes a second or two."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from api.contract import edge
from domain import rooms
from schema.contract.operations import Operation, read_operations
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
def of_wallets(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Operation]:
    """The operations of one room: to read those of all takes a second."""
    folder, room = tmp_path_factory.mktemp("contract"), Path("operations", "wallets")
    copytree(repository / "frontend-contract" / room, folder / room)
    return read_operations(folder).operations
