"""`python -m tests.schema.differential --cases 1000000 --processes 2 --seed 1`: the proof, for as long as one likes.

It may be stopped at any time; started again with the same seed on the same commit it goes on. What fails is shrunk and
printed as an entry for `test_found.py`. How many cases ran is written to `record.json`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import signal
import time
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.schema.differential.batches import DOCUMENTS, deaf, run_batch
from tests.schema.differential.recording import Entry, Record

WRITTEN_EVERY_S = 10.0


def main() -> int:
    asked = _arguments()
    record = Record()
    entry = record.entry(asked.seed)
    console = Console()
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    try:
        _run(asked, record, entry, console)
    except KeyboardInterrupt:
        console.print("stopped; the same command goes on from here")
    record.write()
    tally = entry.tally
    console.print(
        f"{tally.cases:,} cases of {tally.documents:,} documents: {tally.failures} failures, "
        f"{tally.fallbacks:,} left to graphql-core, {tally.refused:,} refused before anything ran"
    )
    return 1 if tally.failures else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.schema.differential", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _run(asked: argparse.Namespace, record: Record, entry: Entry, console: Console) -> None:
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.fields[failures]} failures"))
    with (
        multiprocessing.get_context("spawn").Pool(asked.processes, deaf) as pool,
        Progress(*columns, console=console) as bar,
    ):
        shown = bar.add_task("cases", total=asked.cases, completed=entry.tally.cases, failures=entry.tally.failures)
        written = time.monotonic()
        for tally in _in_order(pool, asked, entry):
            entry.tally.add(tally)
            entry.next_batch += 1
            for found in tally.found:
                console.print(found, markup=False, highlight=False)
            bar.update(shown, completed=entry.tally.cases, failures=entry.tally.failures)
            if time.monotonic() - written > WRITTEN_EVERY_S:
                record.write()
                written = time.monotonic()


def _in_order(pool: Any, asked: argparse.Namespace, entry: Entry) -> Iterator[Any]:
    """The batches that are missing, so that what has run is always all up to some number."""
    left = max(0, asked.cases - entry.tally.cases)
    first = entry.next_batch
    batches = ((asked.seed, number) for number in range(first, first - (-left // DOCUMENTS)))
    for tally in pool.imap(run_batch, batches):
        yield tally
        if entry.tally.cases >= asked.cases:
            return


if __name__ == "__main__":
    raise SystemExit(main())
