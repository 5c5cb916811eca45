"""Processes of ours that begin at once, because they are forked from one that has imported everything.

They are processes like any other: they have a pid, an environment and memory of their own, hear signals and may be killed.
Only the seconds in which Python reads our modules are spent once for all. Some stories begin cold all the same.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol

_NURSERY = multiprocessing.get_context("forkserver")
_NURSERY.set_forkserver_preload(["api.cli", "api.processes.serve", "schema.build"])


class Process(Protocol):
    """What the two kinds have in common."""

    pid: int

    def poll(self) -> int | None: ...

    def kill(self) -> None: ...

    def send_signal(self, number: int) -> None: ...


class _Forked:
    def __init__(self, module: str, arguments: Sequence[str], environment: dict[str, str], said: Path) -> None:
        self._process = _NURSERY.Process(target=_become, args=(module, arguments, environment, said), daemon=True)
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


def start(module: str, arguments: Sequence[str], environment: dict[str, str], said: Path, *, cold: bool) -> Process:
    """Begin ``python -m module arguments``, whose output goes into the file ``said``."""
    if not cold:
        return _Forked(module, arguments, environment, said)
    with said.open("wb") as out:
        return subprocess.Popen([sys.executable, "-m", module, *arguments], stdout=out, stderr=out, env=environment)


async def end_of(process: Process) -> int:
    """Its exit code, when it has one."""
    while (code := process.poll()) is None:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    return code


def _become(module: str, arguments: Sequence[str], environment: dict[str, str], said: Path) -> None:
    os.environ.clear()
    os.environ.update(environment)
    with said.open("wb") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    sys.argv = [module, *arguments]
    import_module(module).main()
