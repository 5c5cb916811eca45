"""Erasing in archives of the log: files that were written before somebody was erased still name them.

An erasure goes through the archives that it can reach. Others, and those out of a backup, are gone through afterwards by
the ids that erasures have kept, key by key as the log itself; words in other texts are not known any more by then.
"""

from __future__ import annotations

import asyncio
import dataclasses
import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import orjson

from domain.events.event import LoggedEvent
from domain.privacy.models import ErasureState, PersonalDataErasure
from domain.privacy.payloads import Redaction, text_keys
from domain.privacy.people import Person, Words
from domain.privacy.rows import redacted_text

_NO_WORDS: Final = Words(frozenset(), frozenset(), frozenset(), frozenset())


async def redact_archives(folder: Path) -> int:
    """Take everybody who was erased out of the archives in a folder. Returns how many events were changed."""
    erasures = await PersonalDataErasure.filter(state=ErasureState.ERASED)
    return await asyncio.to_thread(redact, folder, [_redaction_of(erasure) for erasure in erasures])


def redact(folder: Path, redactions: Sequence[Redaction]) -> int:
    """Killed halfway, it leaves each file as it was or redacted, and may simply run again."""
    return sum(_redact(path, redactions) for path in sorted(folder.glob("events-*.jsonl.gz"))) if redactions else 0


def _redaction_of(erasure: PersonalDataErasure) -> Redaction:
    pseudonym = erasure.pseudonym or ""
    person = Person(erasure.person_kind, erasure.person_id, erasure.erased_ids, [])
    mark = pseudonym.rpartition(" ")[2].lower()
    return Redaction(person, _NO_WORDS, pseudonym, f"erased-{mark}@erased.invalid")


def _redact(path: Path, redactions: Sequence[Redaction]) -> int:
    changed = 0
    unfinished = path.with_suffix(".unfinished")
    with gzip.open(path, "rb") as lines, gzip.open(unfinished, "wb") as out:
        for line in lines:
            after = _redacted(line, redactions)
            changed += after is not line
            out.write(after)
    if changed:
        unfinished.replace(path)
    else:
        unfinished.unlink()
    return changed


def _redacted(line: bytes, redactions: Sequence[Redaction]) -> bytes:
    """The same line where nothing of it is theirs."""
    logged = LoggedEvent.from_wire(orjson.loads(line))
    payload = logged.payload
    for redaction in redactions:
        payload = redacted_text(payload, redaction, erasable=text_keys(logged.name))
    if payload == logged.payload:
        return line
    return orjson.dumps(dataclasses.replace(logged, payload=payload).to_wire()) + b"\n"
