"""What a change of the schema breaks: the canonical operations, and the promise that nothing goes without notice.

Each finding names the change, the operations and the files of clients that use them, and how to go on.
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from graphql import BreakingChangeType, GraphQLError, GraphQLSchema, Node, validate

from schema.contract.changes import NEEDS_MORE, Change, Release, Weight, changes_between, deprecations_of, goes_on
from schema.contract.findings import REWRITE, Finding, listed
from schema.contract.operations import Operation, Prepare, parts_used
from schema.pipeline import RequestRefused

ACCEPTED: Final = "accepted-breaks.json"
"""Breaking changes that were decided on, each with the reason that the change log then gives."""

_DEPRECATED: Final = 'deprecated="Use `other`. Goes on 2027-01-31."'
_RETYPED: Final = frozenset({BreakingChangeType.FIELD_CHANGED_KIND, BreakingChangeType.ARG_CHANGED_KIND})

CLIENTS: Final = ("app", "client", "mocks", "e2e", "consumers")
_SOURCES: Final = frozenset({".ts", ".tsx"})
_NOT_OURS: Final = frozenset({"node_modules", "dist", "graphql", "generated", "__generated__"})
_WORDS: Final = re.compile(r"\b\w+Document\b|\w+/\w+\.graphql\b")
"""How a client names an operation: the document that is generated of it, or its file."""

FindUsers = Callable[[Operation], list[str]]


@dataclass(frozen=True)
class Broken:
    """An operation and a reason why it cannot stay as it is."""

    operation: Operation
    place: str
    error: GraphQLError | None


def read_accepted(folder: Path) -> dict[str, str]:
    path = folder / ACCEPTED
    accepted: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return accepted


def find_breaks(
    release: Release,
    schema: GraphQLSchema,
    operations: Sequence[Operation],
    *,
    prepare: Prepare,
    accepted: Mapping[str, str],
    users: FindUsers,
    today: date,
) -> list[Finding]:
    """Every breaking change since the release that nobody decided on, and every operation that does not fit any more."""
    breaking = [each for each in changes_between(release.schema, schema) if each.weight is Weight.BREAKING]
    unexplained = {each.path: errors for each in operations if (errors := _errors_of(each, schema, prepare))}
    # Operations are looked into only when something broke: it takes a second over all of them.
    parts = {each.path: parts_used(release.schema, each.document) for each in operations} if breaking else {}
    findings: list[Finding] = []
    for change in breaking:
        broken = []
        for operation in operations:
            place = _place_in(parts[operation.path], change, fails=operation.path in unexplained)
            if place is not None:
                errors = unexplained.pop(operation.path, [])
                broken.append(Broken(operation, operation.at(place), errors[0] if errors else None))
        finding = _about_change(change, broken, release, accepted, users, today)
        if finding is not None:
            findings.append(finding)
    for operation in operations:
        for error in unexplained.get(operation.path, ()):
            findings.append(_about_operation(operation, error, users))
    findings.extend(_stale(accepted, breaking, release))
    return findings


def _place_in(parts: Mapping[str, Node], change: Change, *, fails: bool) -> Node | None:
    """Where a document uses what changed. One that fails for an argument may do so because it leaves that out."""
    near = [*change.touches, *(part.partition("(")[0] for part in change.touches if fails)]
    return next((parts[part] for part in near if part in parts), None)


def _errors_of(operation: Operation, schema: GraphQLSchema, prepare: Prepare) -> Sequence[GraphQLError]:
    """Why it does not fit. The pipeline, which remembers, is asked first; its answer does not have the places."""
    try:
        prepare(operation.text)
    except RequestRefused:
        return validate(schema, operation.document)
    return ()


def _about_change(
    change: Change,
    broken: Sequence[Broken],
    release: Release,
    accepted: Mapping[str, str],
    users: FindUsers,
    today: date,
) -> Finding | None:
    decided = change.description in accepted or _was_announced(change, release, today)
    if decided and not any(each.error for each in broken):
        return None
    what = f"{_sentence(change)} since {release.version}"
    where = change.touches[0] if change.touches else "schema"
    if not broken:
        return Finding(where, f"{what}, and clients that we do not know may use it.", _keep_or_decide(change, None))
    named = listed([f"{each.place} ({each.operation.kind} {each.operation.name})" for each in broken])
    wrong = sorted({user for each in broken for user in users(each.operation)})
    if any(each.error for each in broken):
        what += f", which breaks {named}."
        wrong.insert(0, "it" if len(broken) == 1 else "them")
    else:
        what += f". The documents stay valid, but code that was generated from {named} counts on what was."
    adapt = f"correct {listed(wrong)}" if wrong else None
    return Finding(where, what, f"{adapt}, then {REWRITE}." if decided else _keep_or_decide(change, adapt))


def _sentence(change: Change) -> str:
    return change.description.removesuffix(".")


def _keep_or_decide(change: Change, adapt: str | None) -> str:
    """The two ways on: nothing goes without notice, or somebody decides that it does."""
    decide = f'write {json.dumps(change.description)}: "the reason" into the object in frontend-contract/{ACCEPTED}'
    second = f"{adapt}, and {decide}" if adapt else decide
    return f"{_keep(change)}; or, when no client of anybody's can be using it, {second}. Then {REWRITE}."


def _keep(change: Change) -> str:
    """How clients that are in use stay whole."""
    if change.kind in NEEDS_MORE:
        return "let it be left out, by a default or by null"
    if change.kind in _RETYPED:
        return f"give it its type back, offer the new one beside it under another name, and deprecate it ({_DEPRECATED})"
    return f"put it back, deprecated with what takes its place and the day on which it goes ({_DEPRECATED})"


def _was_announced(change: Change, release: Release, today: date) -> bool:
    """Whether the part was deprecated in the release, and its day has come."""
    for part in change.touches:
        kind = release.schema.type_map.get(part.partition(".")[0])
        reason = deprecations_of(kind).get(part)
        last = goes_on(reason) if reason is not None else None
        if last is not None and last <= today:
            return True
    return False


def _about_operation(operation: Operation, error: GraphQLError, users: FindUsers) -> Finding:
    callers = users(operation)
    also = f" (and {listed(callers)}, which {'uses' if len(callers) == 1 else 'use'} it)" if callers else ""
    return Finding(
        operation.at(error.nodes[0] if error.nodes else None),
        f"{operation.kind} {operation.name} does not fit the schema. {error.message}",
        f"correct the operation{also}, or give the schema what it asks for; then {REWRITE}.",
    )


def _stale(accepted: Mapping[str, str], breaking: Sequence[Change], release: Release) -> list[Finding]:
    known = {change.description for change in breaking}
    return [
        Finding(ACCEPTED, f"{said!r} is no change since {release.version}.", "take the line out.")
        for said in accepted
        if said not in known
    ]


def users_in(folder: Path) -> FindUsers:
    """Which source files of clients in the contract's folder name an operation; they are read when first asked for."""
    words: dict[str, set[str]] = {}

    def users(operation: Operation) -> list[str]:
        if not words:
            words.update(_words_of_sources(folder))
        named = (f"{operation.name}Document", f"{operation.path.parent.name}/{operation.path.name}")
        return sorted({path for name in named for path in words.get(name, ())})

    return users


def _words_of_sources(folder: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for client in CLIENTS:
        for parent, folders, files in os.walk(folder / client):
            folders[:] = [each for each in folders if each not in _NOT_OURS]
            for name in files:
                path = Path(parent, name)
                if path.suffix in _SOURCES:
                    for word in _WORDS.findall(path.read_text(encoding="utf-8")):
                        found[word].add(path.relative_to(folder).as_posix())
    return found
