"""Limits: how large a document may be, before and after it is understood. One place for all transports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from graphql import DocumentNode, FieldNode, Node, OperationDefinitionNode
from graphql.language import DirectiveNode
from graphql.validation.rules import overlapping_fields_can_be_merged

from schema.pipeline.request import RequestRefused

# Comparing fields that may answer under the same name grows with the square of a hostile document. graphql-core stops
# after a budget, which is a second by default; a tenth of it is more than any document of ours needs.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 50_000

_NUL: Final = re.compile(r"\x00|(?<!\\)(?:\\\\)*\\u(?:0000|\{0+\})")
"""The character that PostgreSQL's text has no room for, raw or as an escape."""


@dataclass(frozen=True, slots=True)
class Limits:
    """``cost`` is in points (see cost.py), ``timeout_s`` what one operation may take. The last two bound what is
    remembered of documents, of which a character costs about 150 bytes of memory."""

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
    prepared_characters: int = 500_000


def check_text(text: str, limits: Limits) -> None:
    if len(text) > limits.document_bytes or len(text.encode()) > limits.document_bytes:
        raise RequestRefused.because(
            "DOCUMENT_TOO_LARGE", f"a document has at most {limits.document_bytes} bytes", status=413
        )
    if _NUL.search(text):
        raise RequestRefused.because("GRAPHQL_PARSE_FAILED", "a document must not hold the character U+0000")


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
