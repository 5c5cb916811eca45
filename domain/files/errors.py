"""Refusals of files."""

from __future__ import annotations

from domain.kit.errors import Conflict, DomainError, InvalidInput, NotFound


class FileNotFound(NotFound):
    """There is no such file, or the caller may not read it."""

    code = "FILE_NOT_FOUND"


class FileEmpty(InvalidInput):
    """The file has no bytes."""

    code = "FILE_EMPTY"


class FileTooLarge(InvalidInput):
    """The file has more bytes than one may have."""

    code = "FILE_TOO_LARGE"


class FileTypeNotAllowed(InvalidInput):
    """The bytes are not of a type that is taken here, whatever the name says."""

    code = "FILE_TYPE_NOT_ALLOWED"


class FileTypeContradicted(InvalidInput):
    """The bytes are of another type than the name or the declared content type says."""

    code = "FILE_TYPE_CONTRADICTED"


class FilePurposeUnknown(InvalidInput):
    """There is no such purpose, or not for files that are handed in."""

    code = "FILE_PURPOSE_UNKNOWN"


class FileQuotaExceeded(DomainError):
    """Too many files of the caller belong to nothing yet: use them, or wait until they are deleted."""

    code = "FILE_QUOTA_EXCEEDED"


class FileAlreadyAttached(Conflict):
    """The file belongs to something already."""

    code = "FILE_ALREADY_ATTACHED"
