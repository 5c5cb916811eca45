"""Which tests prove which defence: ``python -m tests.security.table`` writes ``deploy/security.md`` from the marks."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from tests.security.classes import ATTACKS, TRANSPORTS

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = ROOT / "deploy" / "security.md"
MARK: Final = "attack"

HEAD: Final = """# Security

What Daftari is defended against, where the defence lives, on which ways in, and the tests that prove it. This page is
written by `python -m tests.security.table` from the marks of the tests; a test fails when a defence has none for a way in
that it names.

- `POST`, `GET`, `SSE` and `WebSocket` are the ways in for operations; `Pipeline` is what all four hand every request to
  (`schema/pipeline`).
- `Files` are `/files`, `M-Pesa` is where the provider calls back, `Webhooks` are our own calls to others.

Which role may do what is in `frontend-contract/catalogue/permissions.md`; `tests/security/test_matrix.py` tries each role
with each operation. What depends on the installation, TLS first of all, is in `README.md` of this folder.

| attack | defence | on | tests |
|---|---|---|---|
"""


class Proof(NamedTuple):
    """A test that carries a mark. ``test`` is its node id without parameters."""

    attack: str
    transport: str
    test: str


def marked_files() -> list[Path]:
    """The files of tests in which there are marks."""
    return [path for path in sorted((ROOT / "tests").rglob("test_*.py")) if f"mark.{MARK}(" in path.read_text()]


def proofs() -> list[Proof]:
    """All marks, by a collection of pytest's own."""
    collected = _Collected()
    said = io.StringIO()
    files = [str(path) for path in marked_files()]
    with contextlib.redirect_stdout(said):
        outcome = pytest.main(["--collect-only", "-qq", "-n", "0", f"--rootdir={ROOT}", *files], plugins=[collected])
    if outcome != pytest.ExitCode.OK:
        raise RuntimeError(said.getvalue())
    return proofs_among(collected.items)


def proofs_among(items: Sequence[pytest.Item]) -> list[Proof]:
    found = dict.fromkeys(
        Proof(mark.args[0], transport.strip(), item.nodeid.partition("[")[0])
        for item in items
        for mark in item.iter_markers(MARK)
        for transport in mark.kwargs["on"].split(",")
    )
    return list(found)


class _Collected:
    """A plugin that keeps what was collected."""

    def __init__(self) -> None:
        self.items: list[pytest.Item] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.items = session.items


def page(found: Sequence[Proof]) -> str:
    return HEAD + "".join(
        f"| {attack.name} | {attack.defence} | {', '.join(attack.transports)} | {_tests_of(attack.name, found)} |\n"
        for attack in ATTACKS
    )


def _tests_of(attack: str, found: Sequence[Proof]) -> str:
    """The tests by their files."""
    files: dict[str, list[str]] = {}
    for test in sorted({each.test for each in found if each.attack == attack}):
        file, _, name = test.partition("::")
        files.setdefault(file.removeprefix("tests/"), []).append(name.removeprefix("test_"))
    return "<br>".join(f"`{file}`: {', '.join(names)}" for file, names in files.items())


def gaps(found: Sequence[Proof]) -> list[str]:
    """What a defence names and no test proves, and what tests name and nobody has declared."""
    declared = {(attack.name, transport) for attack in ATTACKS for transport in attack.transports}
    proved = {(each.attack, each.transport) for each in found}
    return [
        *(f"no test proves {name!r} on {transport}" for name, transport in sorted(declared - proved)),
        *(f"{each.test} proves {each[:2]}, which is not declared" for each in found if each[:2] not in declared),
        *(f"{name!r} names {transport}, which is none" for name, transport in declared if transport not in TRANSPORTS),
    ]


if __name__ == "__main__":
    PAGE.write_text(page(proofs()), encoding="utf-8")
