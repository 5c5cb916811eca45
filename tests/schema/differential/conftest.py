"""The proof is made once in a process: building the schema takes longer than hundreds of cases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.schema.differential.choosing import Types
from tests.schema.differential.proving import Proof, silence


@pytest.fixture(scope="session")
def proof() -> Proof:
    return Proof()


@pytest.fixture(scope="session")
def types(proof: Proof) -> Types:
    return Types(proof.schema)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Accidents of fabricated worlds are not logged."""
    with silence():
        yield
