"""Everything in the contract's folder that is made from the server, as the files that it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final

from graphql import GraphQLSchema
from strawberry import Schema

from domain import rooms
from schema.contract import documents, errors, events, permissions
from schema.contract.breaks import ACCEPTED, FindUsers, find_breaks, read_accepted, users_in
from schema.contract.changelog import CHANGELOG, changelog, read_changelog, release
from schema.contract.changes import RELEASED, Release, as_released, changes_between, read_release
from schema.contract.chapters import Chapter, as_json
from schema.contract.edge import Edge, closings_data, limits_chapter
from schema.contract.findings import Finding
from schema.contract.operation_lint import lint_operations
from schema.contract.operations import Prepare, Reading, read_operations
from schema.contract.page import page
from schema.contract.schema_lint import lint_schema
from schema.contract.trusted import manifests
from schema.export import as_text
from schema.pipeline import Limits

FOLDER: Final = Path(__file__).resolve().parents[2] / "frontend-contract"
SDL: Final = "schema.graphql"
BY_HAND: Final = ("close-codes", "files", "reconciliation")
"""The pages of the catalogue that people write."""


@dataclass(frozen=True)
class Contract:
    """The contract of a schema. ``prepare`` is the pipeline's, ``edge`` what the edge says of itself."""

    built: Schema
    prepare: Prepare
    edge: Edge
    limits: Limits
    folder: Path = FOLDER

    @property
    def schema(self) -> GraphQLSchema:
        return self.built._schema

    @cached_property
    def sdl(self) -> str:
        """The schema definition, the same text for the same schema."""
        return as_text(self.built)

    @cached_property
    def reading(self) -> Reading:
        return read_operations(self.folder)

    @cached_property
    def released(self) -> Release:
        return read_release(self.folder)

    def findings(self, today: date, users: FindUsers | None = None) -> list[Finding]:
        """All that does not hold. What breaks clients comes first."""
        operations = self.reading.operations
        return [
            *find_breaks(
                self.released,
                self.schema,
                operations,
                prepare=self.prepare,
                accepted=read_accepted(self.folder),
                users=users or users_in(self.folder),
                today=today,
            ),
            *self.reading.findings,
            *lint_operations(self.schema, operations, prepare=self.prepare, limits=self.limits),
            *lint_schema(self.schema),
            *events.lint_examples(),
        ]

    def chapters(self) -> list[Chapter]:
        """The catalogue's chapters; those without data are written by hand."""
        rooms.open_all()
        return [
            documents.chapter(self.reading.operations, self.prepare),
            errors.chapter(),
            events.chapter(self.schema),
            permissions.chapter(self.schema),
            limits_chapter(self.edge),
            *(self._by_hand(name) for name in BY_HAND),
        ]

    def _by_hand(self, name: str) -> Chapter:
        text = (self.folder / "catalogue" / f"{name}.md").read_text(encoding="utf-8")
        return Chapter(name, text.partition("\n")[0].lstrip("# "), text, ())

    @cached_property
    def files(self) -> dict[str, str]:
        """The path in the folder, and the text, of each file that is generated."""
        return dict(self._files())

    def _files(self) -> Iterator[tuple[str, str]]:
        chapters = self.chapters()
        for chapter in chapters:
            if chapter.data is not None:
                yield f"catalogue/{chapter.name}.md", chapter.as_markdown()
                yield f"catalogue/{chapter.name}.json", chapter.as_json()
        yield "catalogue/close-codes.json", as_json(closings_data(self.edge))
        yield "catalogue/index.html", page(chapters, version=f"since version {self.released.version}")
        yield SDL, self.sdl
        made = manifests(self.reading.operations)
        yield "trusted-documents.json", as_json(made.trusted)
        yield "apollo-manifest.json", as_json(made.apollo)
        changes = changes_between(self.released.schema, self.schema)
        accepted = read_accepted(self.folder)
        yield CHANGELOG, changelog(changes, accepted, self.released.version, read_changelog(self.folder))

    def differing(self) -> list[str]:
        """The files that are not what they would be if they were written now."""
        return [name for name, text in self.files.items() if _text_of(self.folder / name) != text]

    def write(self) -> list[str]:
        """Write what differs, and say which files that was."""
        differing = self.differing()
        for name in differing:
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.files[name], encoding="utf-8")
        return differing

    def release(self, version: str, day: date) -> None:
        """Let the schema as it is be what changes are counted from, and clear what was decided about breaks."""
        changes = changes_between(self.released.schema, self.schema)
        text = release(changes, read_accepted(self.folder), version, day, read_changelog(self.folder))
        (self.folder / CHANGELOG).write_text(text, encoding="utf-8")
        (self.folder / RELEASED).write_text(as_released(self.sdl, version, day), encoding="utf-8")
        (self.folder / ACCEPTED).unlink(missing_ok=True)


def _text_of(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
