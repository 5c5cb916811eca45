"""The change log of the contract: what changed since the last release, reckoned; below it, what earlier releases said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from schema.contract.changes import Change, Weight

CHANGELOG: Final = "CHANGELOG.md"
_RELEASED: Final = re.compile(r"^## \d", re.MULTILINE)
_HEAD: Final = """\
# Changes of the contract

What changed in the schema, for those who use it. The part above the first version is reckoned from `released.graphql` by
`python -m schema.contract`; `python -m schema.contract --release 0.2.0` makes a version of it.

- **Breaking**: a document that was valid may not be, or generated code may not fit. It was announced by a deprecation
  with a day that has passed, or decided on for the reason that is given.
- **Dangerous**: every document stays valid, and a client that does not expect it may be surprised: another word in an
  enum, another permission, another default.
- **Safe**: nothing that was there is different.
"""
_MEANT: Final = {
    Weight.BREAKING: "Nothing breaks.",
    Weight.DANGEROUS: "Nothing surprises.",
    Weight.SAFE: "Nothing is new.",
}


def changelog(changes: Sequence[Change], accepted: Mapping[str, str], version: str, before: str) -> str:
    """The whole file: what changed since ``version``, and the releases as they stand in the file ``before``."""
    return f"{_HEAD}\n## Since {version}\n\n{_section(changes, accepted)}\n{_releases(before)}"


def release(changes: Sequence[Change], accepted: Mapping[str, str], version: str, day: date, before: str) -> str:
    """The file with the changes as a release, and nothing since."""
    done = f"## {version} ({day.isoformat()})\n\n{_section(changes, accepted)}\n{_releases(before)}"
    return f"{_HEAD}\n## Since {version}\n\n{_section((), {})}\n{done}"


def read_changelog(folder: Path) -> str:
    path = folder / CHANGELOG
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _releases(before: str) -> str:
    first = _RELEASED.search(before)
    return before[first.start() :] if first else ""


def _section(changes: Sequence[Change], accepted: Mapping[str, str]) -> str:
    parts = []
    for weight in Weight:
        said = [_line(change, accepted) for change in changes if change.weight is weight]
        parts.append(f"### {weight.value}\n\n" + ("".join(said) or f"{_MEANT[weight]}\n"))
    return "\n".join(parts)


def _line(change: Change, accepted: Mapping[str, str]) -> str:
    reason = accepted.get(change.description)
    return f"- {change.description}{f' {reason}' if reason else ''}\n"
