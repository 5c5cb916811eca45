"""The record of the differential proof: how many cases ran, on which commit, and what came of them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

RECORD: Final = Path(__file__).with_name("record.json")


@dataclass
class Tally:
    """What came of some cases. ``refused`` are those that nothing ran of; ``fallbacks`` those left to graphql-core."""

    documents: int = 0
    cases: int = 0
    refused: int = 0
    fallbacks: int = 0
    failures: int = 0
    found: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.documents += other.documents
        self.cases += other.cases
        self.refused += other.refused
        self.fallbacks += other.fallbacks
        self.failures += other.failures
        self.found.extend(other.found)


@dataclass
class Entry:
    """One run, or several that went on from where the one before was stopped, on one commit."""

    date: str
    commit: str
    seed: int
    first_batch: int
    next_batch: int
    tally: Tally


class Record:
    """The entries of the file, and the one that is being written."""

    def __init__(self, path: Path = RECORD) -> None:
        self._path = path
        self.entries = list(_read(path))

    def entry(self, seed: int) -> Entry:
        """The entry of this seed and commit; a new one goes on behind all batches of the seed that have run."""
        commit = _commit()
        for each in self.entries:
            if (each.seed, each.commit) == (seed, commit):
                return each
        start = max((each.next_batch for each in self.entries if each.seed == seed), default=0)
        made = Entry(_today(), commit, seed, start, start, Tally())
        self.entries.append(made)
        return made

    def write(self) -> None:
        self._path.write_text(json.dumps([_shown(each) for each in self.entries if each.tally.cases], indent=2) + "\n")


def _shown(entry: Entry) -> dict[str, Any]:
    shown = asdict(entry)
    del shown["tally"]["found"]  # It becomes a test.
    return shown


def _read(path: Path) -> Iterator[Entry]:
    if path.exists():
        for each in json.loads(path.read_text()):
            yield Entry(**{**each, "tally": Tally(**each["tally"])})


def _commit() -> str:
    return subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
