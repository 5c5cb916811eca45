"""Trusted documents: the operations that were written down beforehand, known by the sha256 of their text.

Where only these run, nobody can send a query that no developer has seen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from schema.pipeline.request import Request, RequestRefused

APOLLO_FORMAT: Final = "apollo-persisted-query-manifest"
"""What Apollo's tools write into the manifests of the clients that they generate."""


def document_id(text: str) -> str:
    """The id of a document: ``sha256:`` and the digest in hexadecimal digits are both accepted, the bare digest kept."""
    return hashlib.sha256(text.encode()).hexdigest()


class TrustedDocuments:
    """A manifest: the sha256 of each document, and the document. ``only`` refuses all others."""

    def __init__(self, documents: Mapping[str, str] | None = None, *, only: bool = False) -> None:
        self._documents = dict(documents or {})
        self._only = only
        wrong = [digest for digest, text in self._documents.items() if document_id(text) != digest]
        if wrong:
            raise ValueError(f"the manifest's digests do not fit its documents: {', '.join(wrong[:3])}")

    @classmethod
    def read(cls, manifest: Path, *, only: bool) -> TrustedDocuments:
        """A manifest is a JSON object from sha256 to document, or what Apollo's tools make for a client."""
        return cls(_documents_of(json.loads(manifest.read_text(encoding="utf-8"))), only=only)

    def text_of(self, request: Request) -> str:
        """The document that a request means."""
        if request.document_id is not None:
            found = self._documents.get(request.document_id.removeprefix("sha256:").lower())
            if found is None:
                raise RequestRefused.because("DOCUMENT_NOT_FOUND", "there is no document with this id", status=400)
            return found
        if request.query is None:
            raise RequestRefused.because("BAD_REQUEST", "the request has no query")
        if self._only and document_id(request.query) not in self._documents:
            raise RequestRefused.because(
                "DOCUMENT_NOT_TRUSTED", "this server runs known documents only; send a documentId", status=403
            )
        return request.query


def _documents_of(manifest: dict[str, Any]) -> dict[str, str]:
    if manifest.get("format") != APOLLO_FORMAT:
        return manifest
    return {operation["id"]: operation["body"] for operation in manifest["operations"]}
