"""Limits: how large a document may be, before and after it is understood. One place for all transports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import DocumentNode, FieldNode, Node, OperationDefinitionNode
from graphql.language import DirectiveNode

from schema.pipeline.request import RequestRefused


@dataclass(frozen=True, slots=True)
class Limits:
    """``cost`` is in points (see cost.py), ``timeout_s`` what one operation may take."""

    document_bytes: int = 32 * 1024
    tokens: int = 3_000
    depth: int = 12
    aliases: int = 30
    root_fields: int = 20
    directives: int = 40
    cost: int = 5_000
    timeout_s: float = 15.0
    validation_errors: int = 20
    prepared_documents: int = 1_000


def check_bytes(text: str, limits: Limits) -> None:
    if len(text) > limits.document_bytes or len(text.encode()) > limits.document_bytes:
        raise RequestRefused.because(
            "DOCUMENT_TOO_LARGE", f"a document has at most {limits.document_bytes} bytes", status=413
        )


def check_counts(document: DocumentNode, limits: Limits) -> None:
    """Aliases and directives, counted before validation, whose effort grows with them."""
    aliases = directives = 0
    for node in _every_node(document):
        aliases += isinstance(node, FieldNode) and node.alias is not None
        directives += isinstance(node, DirectiveNode)
    if aliases > limits.aliases:
        raise RequestRefused.because("ALIAS_LIMIT_EXCEEDED", f"a document has at most {limits.aliases} aliases")
    if directives > limits.directives:
        raise RequestRefused.because("DIRECTIVE_LIMIT_EXCEEDED", f"a document has at most {limits.directives} directives")


def check_shape(*, depth: int, root_fields: int, limits: Limits) -> None:
    if depth > limits.depth:
        raise RequestRefused.because(
            "DEPTH_LIMIT_EXCEEDED", f"a document nests at most {limits.depth} deep; this one {depth}"
        )
    if root_fields > limits.root_fields:
        raise RequestRefused.because(
            "ROOT_FIELD_LIMIT_EXCEEDED", f"an operation selects at most {limits.root_fields} root fields"
        )


def _every_node(document: DocumentNode) -> Iterator[Node]:
    stack: list[Node] = list(document.definitions)
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, OperationDefinitionNode):
            stack.extend(node.variable_definitions or ())
        stack.extend(getattr(node, "directives", None) or ())
        selection_set = getattr(node, "selection_set", None)
        if selection_set is not None:
            stack.extend(selection_set.selections)
