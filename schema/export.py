"""The schema as text. ``python -m schema.export`` writes it alone, ``python -m schema.contract`` all that goes with it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from strawberry import Schema

from schema.build import build

CONTRACT: Final = Path("frontend-contract/schema.graphql")


def sdl() -> str:
    """The schema definition, the same text for the same schema."""
    return as_text(build())


def as_text(built: Schema) -> str:
    return built.as_str().strip() + "\n"


if __name__ == "__main__":
    CONTRACT.write_text(sdl())
