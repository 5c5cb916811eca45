"""The figures of soaks that were kept, the longest first: one for each length."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

FIGURES: Final = Path(__file__).with_name("figures.json")


def kept(file: Path = FIGURES) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(file.read_text()) if file.exists() else []
    return found


def keep(run: dict[str, Any], file: Path = FIGURES) -> None:
    runs = [run, *(each for each in kept(file) if each["minutes"] != run["minutes"])]
    runs.sort(key=lambda each: -each["minutes"])
    file.write_text(json.dumps(runs, indent=2) + "\n")
