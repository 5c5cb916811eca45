"""The schema as text, for clients and for the architecture test that compares it with the one in the repository."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from schema.build import build

CONTRACT: Final = Path("frontend-contract/schema.graphql")


def sdl() -> str:
    """The schema definition, the same text for the same schema."""
    return build().as_str().strip() + "\n"


if __name__ == "__main__":
    CONTRACT.write_text(sdl())
