"""The manifests of trusted documents: the canonical operations, each under the sha256 of its text.

A document is written as GraphQL's printer writes it, so that its id does not hang on comments and spaces, and so that the
text that a client's code generator prints has the same one. Apollo's clients also ask for ``__typename`` of everything,
by which their caches know objects; that text is another document with an id of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    NameNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Visitor,
    print_ast,
    visit,
)

from schema.contract.operations import Operation
from schema.pipeline.trusted import APOLLO_FORMAT, document_id

_TYPENAME: Final = FieldNode(name=NameNode(value="__typename"), arguments=(), directives=(), alias=None, selection_set=None)


class _WithTypenames(Visitor):
    """Asks every object for its type, as Apollo does: where it is not asked yet, and not at the root."""

    def leave_selection_set(
        self, node: SelectionSetNode, _key: object, parent: object, *_: object
    ) -> SelectionSetNode | None:
        asked = any(isinstance(field, FieldNode) and field.name.value.startswith("__") for field in node.selections)
        if asked or isinstance(parent, OperationDefinitionNode):
            return None
        return SelectionSetNode(selections=(*node.selections, _TYPENAME))


def with_typenames(document: DocumentNode) -> str:
    changed: DocumentNode = visit(document, _WithTypenames())
    return print_ast(changed)


@dataclass(frozen=True)
class Manifests:
    """``trusted`` is what servers read: each document as it is, and as Apollo's clients send it. ``apollo`` has the latter
    in the form that Apollo's clients and tools know, for iOS and Kotlin too."""

    trusted: dict[str, str]
    apollo: dict[str, Any]


def manifests(operations: Sequence[Operation]) -> Manifests:
    apollo = [_entry(each) for each in operations]
    texts = {each["body"] for each in apollo} | {each.printed for each in operations}
    trusted = sorted((document_id(text), text) for text in texts)
    return Manifests(dict(trusted), {"format": APOLLO_FORMAT, "version": 1, "operations": apollo})


def _entry(operation: Operation) -> dict[str, str]:
    body = with_typenames(operation.document)
    return {"id": document_id(body), "name": operation.name, "type": operation.kind, "body": body}
