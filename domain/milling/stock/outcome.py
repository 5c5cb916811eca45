"""What a document comes to before anything derived is written: postings that are new or different, and bins as they end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from domain.kit.unit_of_work import Work
from domain.milling.rules import BinKey, BinState, Movement, Posting, Walk
from domain.milling.rules.movements import Position
from domain.milling.stock import replaying
from domain.milling.stock.facts import Kin
from domain.milling.stock.locking import Bin
from domain.milling.stock.replaying import Changed, Replay, Snapshot, step


@dataclass(slots=True)
class After:
    """A bin as it ends: its state, the last movement in it, and how many movements were walked to get there."""

    state: BinState
    last: Position | None
    steps: int


@dataclass(slots=True)
class Outcome:
    """``since`` says from where bins were walked anew; it is empty when movements were only added at the end."""

    changed: list[Changed] = field(default_factory=list)
    after: dict[BinKey, After] = field(default_factory=dict)
    snapshots: list[Snapshot] = field(default_factory=list)
    since: dict[BinKey, Position] = field(default_factory=dict)

    @property
    def postings(self) -> dict[UUID, Posting]:
        return {each.movement.id: each.after for each in self.changed}


def at_the_end(bins: Mapping[BinKey, Bin], movements: Sequence[Movement], kin: Kin) -> Outcome:
    """Movements that are later than all others of their bins: the states that the bins keep are moved on.

    Raises Short and CannotBeValued.
    """
    walk = Walk(
        {key[0]: each.rule for key, each in bins.items()},
        bins={key: each.state for key, each in bins.items()},
        postings=kin.postings,
        kin=kin.movements.values(),
        overheads=kin.overheads,
    )
    outcome = Outcome()
    for movement in movements:
        key = movement.key
        outcome.changed.append(Changed(movement, None, step(walk, movement)))
        after = outcome.after.setdefault(key, After(walk.bins[key], None, 0))
        after.last, after.steps = movement.position, after.steps + 1
        if (bins[key].version + after.steps) % replaying.SNAPSHOT_EVERY == 0:
            outcome.snapshots.append(Snapshot(key, movement.position, walk.bins[key].to_json()))
    return outcome


async def from_the_middle(work: Work, starts: Mapping[BinKey, Position], replay: Replay) -> Outcome:
    """Walk everything again that follows from what happened at ``starts``. Raises Short and CannotBeValued."""
    await replay.run(starts)
    return Outcome(
        changed=replay.changed,
        after={
            key: After(replay.walk.bins[key], stream.last, len(stream.movements)) for key, stream in replay.streams.items()
        },
        snapshots=replay.snapshots,
        since={key: stream.joined for key, stream in replay.streams.items()},
    )
