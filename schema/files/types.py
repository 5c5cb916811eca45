"""What is known of a file."""

from __future__ import annotations

from datetime import datetime

from domain.files.models import StoredFile
from domain.files.queries import files_by_id
from schema.kit import Node, attribute, node_type


@node_type(
    StoredFile, files_by_id, "A file. Its bytes are at `downloadPath`, for whoever may see what it belongs to.", name="File"
)
class File(Node):
    file_name: str = attribute("Its name, with the ending of what it is.", name="name")
    content_type: str = attribute("What it is, as its bytes show, such as `application/pdf`.")
    size_bytes: int = attribute("How many bytes it has.")
    sha256: str = attribute("The SHA-256 digest of its bytes, in hexadecimal.")
    purpose: str = attribute("What it was handed in or made for, such as `document`.")
    created_at: datetime = attribute("When it was stored.")
    attached_at: datetime | None = attribute("When it became part of something; null while it belongs to nothing.")
    download_path: str = attribute("The path on this server to GET it from, with the same bearer token as here.")
