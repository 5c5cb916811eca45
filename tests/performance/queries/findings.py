"""What the rounds of the queries come to: ratios with their targets, and a table for each document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final

from tests.performance.contest import HEAD
from tests.performance.load import CONNECTIONS
from tests.performance.pictures import Chart
from tests.performance.queries.documents import DOCUMENTS, SIZES, Asked
from tests.performance.queries.servers import (
    BARE,
    BOOK,
    HELLO,
    MERCURIUS,
    OURS,
    POOL_SIZE,
    STOCK,
    TORTOISE,
    YOGA,
    Contestant,
)
from tests.performance.report import Chapter, Figure, Table
from tests.performance.rounds import ROUNDS, SECONDS

# Against whom, how many times as many requests a second must hold, and where we aim.
TARGETS: Final[dict[str, dict[str, tuple[float, float] | None]]] = {
    "Q1": {STOCK: (4, 8), MERCURIUS: (0.5, 1.0), BARE: None, TORTOISE: None, YOGA: None},
    "Q2": {STOCK: (10, 14), MERCURIUS: (1.4, 1.7), BARE: (0.8, 1.0), TORTOISE: None, YOGA: None},
    "Q3": {STOCK: (7, 10), MERCURIUS: (1.3, 1.7), BARE: (0.8, 1.0), TORTOISE: None, YOGA: None},
}


PROFILE: Final = ("function", "of its own time")
DRAWN: Final = (OURS, STOCK, MERCURIUS, BARE)
"""Whose cost by size is drawn."""


def chapter_of(everybody: Sequence[Contestant], profiles: Mapping[Asked, Sequence[tuple[str, str]]]) -> Chapter:
    """``profiles`` say where Daftari's own time goes."""
    ours = everybody[0]
    rivals = {each.name: each for each in everybody[1:]}
    figures: list[Figure] = []
    for document, targets in TARGETS.items():
        for rival, target in targets.items():
            times, goal = target or (None, None)
            name = f"{document} a second, against {rival}"
            theirs = rivals[rival].rounds[document]
            figures.append(Figure.at_least(name, ours.rounds[document].rate, theirs.rate, times, goal=goal))
    for document in TARGETS:
        theirs = rivals[MERCURIUS].rounds[document]
        figures.append(Figure.no_more_than(f"{document} p99 ms, against {MERCURIUS}", ours.rounds[document].p99, theirs.p99))
    tables = [
        Table(f"{asked.name}: {asked.title}", HEAD, [(each.name, *each.rounds[asked.name].row) for each in everybody])
        for asked in DOCUMENTS
    ]
    tables += [Table(f"Where Daftari's time goes: {asked.name}", PROFILE, rows) for asked, rows in profiles.items()]
    return Chapter("Queries", ABOUT, figures, tables, [_by_size(everybody)], REMARKS)


def _by_size(everybody: Sequence[Contestant]) -> Chart:
    lines = {
        each.name: [(float(first), median(each.rounds[asked.name].cpu_us)) for first, asked in SIZES.items()]
        for each in everybody
        if each.name in DRAWN
    }
    title = "What the server computes for a flat list"
    return Chart("queries_by_size", title, "loans in the list", "us of CPU for each request", lines, log_y=True)


REMARKS: Final = (
    "Beside requests a second stands what server and database compute for each: where PostgreSQL, which shares a core with "
    "the load, is the limit, servers that differ in cost can be equally fast.",
    "Profiles are of Python's own profiler, which makes calls dearer than what is done between them: they are pointers and "
    "no measurements. System calls, such as the two writes of each request, count to the function that makes them.",
    "PostGraphile is left out: it derives types and names from tables, and so cannot answer the same documents.",
)

ABOUT: Final = f"""
Three documents (`queries/documents.py`) go to every server over {CONNECTIONS} connections that stay open, each of which asks
again when it is answered. The data are {BOOK.loans:,} loans with {10 * BOOK.loans:,} instalments; who asks is a branch
manager, who sees a fifth of them and more. Before anything is measured, all servers must give the same answers, byte for
byte after sorting keys. They read them with the same statements (`sql/`) under the same condition on rows, over {POOL_SIZE}
connections each. What differs: Daftari authenticates a bearer token, checks the permission of the field, prices the document
against the limits, takes the price from the caller's budget, masks, counts and measures; the others know nobody and refuse
nothing.

{ROUNDS} rounds of {SECONDS:g} s for each server and document, in turn. "{HELLO}" answers a constant: what the load can show
at most.
"""
