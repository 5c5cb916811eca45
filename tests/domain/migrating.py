"""Migrating as a process of its own does it: `migrating URL TARGET...`, to one target after another, or to the last one."""

from __future__ import annotations

import asyncio
import sys

from domain.kit.migrations import migrate


def main() -> None:
    url, *targets = sys.argv[1:]
    for target in targets or [None]:
        asyncio.run(migrate(url, target))
