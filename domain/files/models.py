"""What is known of a file. Its bytes are read as bytes (see queries.py), never as a model."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class StoredFile(Model):
    """A file. ``subject_kind`` and ``subject_id`` say what it belongs to; until then only its owner knows of it."""

    id = fields.UUIDField(primary_key=True)
    owner_id = fields.UUIDField()
    purpose = fields.CharField(max_length=40)
    file_name = fields.CharField(max_length=150)
    content_type = fields.CharField(max_length=100)
    size_bytes = fields.BigIntField()
    sha256 = fields.CharField(max_length=64)
    created_at = fields.DatetimeField()
    subject_kind = fields.CharField(max_length=40, null=True)
    subject_id = fields.UUIDField(null=True)
    attached_at = fields.DatetimeField(null=True)
    kept = fields.BooleanField(default=False)

    class Meta:
        table = "stored_file"

    @property
    def download_path(self) -> str:
        """Where the server gives the bytes to whoever may read them, with a bearer token."""
        return f"/files/{self.id}"
