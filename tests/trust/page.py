"""The page of trust, made of what was kept: no date, no machine, and what could not be tried is said."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tests.performance.report import REPORT
from tests.schema.differential.recording import RECORD
from tests.security.classes import ATTACKS
from tests.soak.figures import kept as kept_soaks
from tests.trust.recording import FIGURES

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = ROOT / "deploy" / "trust.md"

HEAD: Final = """# Trust

What may be said of Daftari because it was tried: the load that it held, the faults that it survived, the bad inputs that it
refused, and how it is after it has run for long. `python -m tests.trust` writes this page from figures that the tests, the
benchmarks and the soak have kept; nothing on it is written by hand but the sentences. The defences against attacks are in
`security.md`.
"""

LOAD: Final = """## Load

From `tests/performance/report.md`, which has the figures, the method and the machine. Here are ratios to what it was
compared with in the same minutes: {held} of {all} targets hold.
"""

MISSED: Final = "What does not hold, as it stands there:"

FAULTS: Final = """## Faults

While a fault lasts, people go on acting and others listen. A test passes when afterwards every act was done exactly once,
every follower has each event once and in order, and every invariant of every room holds. The houses of `tests/faults` did
{acts} acts meanwhile, in the run that was kept.

| fault | tried by |
|---|---|
"""

INPUTS: Final = """## Bad inputs

| what was tried | how much | what came of it |
|---|---:|---|
"""

SOAK_HEAD: Final = """## Soak

A server and a worker, PostgreSQL and Valkey run under a small, constant load (`make soak`), while subscribers are cut off
at random. A figure is flat when the line through the second half of its samples rises by no more than is allowed. A server
keeps the recent past in memory, bounded in number and bytes (`subscriptions/limits.py`); at this load that takes most of
half an hour to fill, and until then its memory grows. The run of 30 minutes began when it was half full, the other one when
it was full, as `make soak` begins since. What PostgreSQL keeps prepared grows in the first minutes of either.
"""

SOAKED: Final = """### {minutes:g} minutes

{transfers} transfers, of which {repeats} were sent twice, {reads} reads, what the demo's people do in all five businesses,
and {subscribers} subscribers that heard {deliveries} items and were cut off {cuts} times. {verdict}

| figure | half-way | at the end | allowed growth |  |
|---|---:|---:|---:|---|
"""

NOT_TRIED: Final = """## What was not tried

- The power of a machine that goes, or a disk that loses what it said it had written: PostgreSQL is killed with all its
  processes, the machine goes on. Settings such as `fsync` are left as PostgreSQL has them.
- A volume that is full for the write-ahead log: PostgreSQL stops itself then, and starts again when there is room. Tried is
  a table that cannot grow: the kernel says so (`/dev/full`), as on a full disk.
- Networks of several machines: wires of this suite cut, hold up, slow down and forget connections between processes of one.
- Standbys: a failover is tried as the restore of a backup with a new epoch, and for Redis as another, empty one.
- Clocks that jump: the clock that the program goes by does; PostgreSQL's own stays right.
- Safaricom's M-Pesa, carriers of mail and SMS: they are simulated, with their outages and their mistakes.
- More than the load of the benchmarks, and longer than the soak.
"""


def page() -> str:
    figures = json.loads(FIGURES.read_text())
    parts = [HEAD, *_load(json.loads(REPORT.read_text())), *_faults(figures), *_inputs(figures), *_soaks(), NOT_TRIED]
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _load(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    judged = [row for row in rows if row["holds"] is not None]
    yield LOAD.format(held=sum(row["holds"] for row in judged), all=len(judged))
    rivals = [row for row in judged if ", against " in row["name"] and row["holds"]]
    yield _table(["compared", "ratio", "target"], [_of_target(row) for row in rivals])
    missed = [row for row in judged if not row["holds"]]
    if missed:
        yield MISSED
        yield _table(["compared", "ratio", "target"], [_of_target(row) for row in missed])


def _of_target(row: Mapping[str, Any]) -> list[str]:
    return [row["name"], f"{row['ratio']:.2f}", row["target"]]


def _faults(figures: Mapping[str, Any]) -> Iterator[str]:
    tried: dict[str, list[str]] = defaultdict(list)
    for name, told in figures.items():
        assert not told["failed"], f"{name} did not pass; nothing can be said of it"
        for fault in told["faults"]:
            tried[fault].append(name)
    acts = sum(told["figures"].get("acts", 0) for told in figures.values())
    rows = [
        f"| {fault} | {', '.join(f'`{name}`' for name in names)} |" for fault, names in sorted(tried.items(), key=_folded)
    ]
    yield FAULTS.format(acts=_many(acts)) + "\n".join(rows)


def _folded(row: tuple[str, list[str]]) -> str:
    return row[0].casefold()


def _inputs(figures: Mapping[str, Any]) -> Iterator[str]:
    examples: dict[str, int] = defaultdict(int)
    for name, told in figures.items():
        if told["examples"]:
            examples["/".join(name.split("/")[1:3]).removesuffix(".py")] += told["examples"]
    rows = [_differential(json.loads(RECORD.read_text()))]
    rows += [
        [f"inputs imagined by hypothesis for `tests/{room}`, in one run", _many(count), "every property holds"]
        for room, count in sorted(examples.items())
    ]
    rows.append(["classes of attacks, each on every way in that it has", str(len(ATTACKS)), "refused: see `security.md`"])
    yield INPUTS + "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _differential(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """All runs together; what they found was mended, and the last one says how it stands."""
    cases = sum(entry["tally"]["cases"] for entry in entries)
    found = sum(entry["tally"]["failures"] for entry in entries)
    last = entries[-1]["tally"]
    return [
        "operations, many of them broken, run by graphql-core and by our own executor and compared byte for byte",
        _many(cases),
        f"{found} differed in all runs, each a test now; {last['failures']} of {_many(last['cases'])} in the last run",
    ]


def _soaks() -> Iterator[str]:
    yield SOAK_HEAD
    for run in kept_soaks():
        yield _soak(run)


def _soak(found: Mapping[str, Any]) -> str:
    held = found["heard"] and found["integrity"] and found["stoppedCleanly"]
    verdict = (
        "Every subscriber had heard everything once and in order, every invariant held, and all processes stopped when "
        "they were asked to."
        if held
        else "It did not end well: see `tests/soak/figures.json`."
    )
    counts = {name: _many(found[name]) for name in ("transfers", "repeats", "reads", "subscribers", "deliveries", "cuts")}
    rows = [
        f"| {each['name']} | {each['from']:g} {each['unit']} | {each['to']:g} | {each['allowedGrowth']:g} "
        f"| {'flat' if each['flat'] else '**grows**'} |"
        for each in found["series"]
    ]
    return SOAKED.format(minutes=found["minutes"], verdict=verdict, **counts) + "\n".join(rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 2), "---"], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _many(count: int) -> str:
    return f"{count:,}"
