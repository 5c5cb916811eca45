"""Refusals of the approvals centre."""

from __future__ import annotations

from domain.kit.errors import Conflict, DomainError, InvalidInput, NotFound


class ApprovalNotFound(NotFound):
    """There is no such request for approval, or it is not of a branch and kind that the caller sees."""

    code = "APPROVAL_NOT_FOUND"
    field = ("input", "approvalId")


class ApprovalPending(Conflict):
    """The same thing waits for approval already."""

    code = "APPROVAL_PENDING"


class AlreadyDecided(Conflict):
    """Somebody has decided on this request, or its maker withdrew it."""

    code = "ALREADY_DECIDED"
    field = ("input", "approvalId")


class MakerIsChecker(DomainError):
    """Nobody decides on what they asked for, wrote or reviewed themselves."""

    code = "MAKER_IS_CHECKER"


class CommentRequired(InvalidInput):
    """A rejection says why."""

    code = "COMMENT_REQUIRED"
    field = ("input", "comment")


class InvalidComment(InvalidInput):
    """A comment has 1 to 1,000 characters and no control characters but line breaks."""

    code = "INVALID_COMMENT"
    field = ("input", "comment")


class UnknownApprovalKind(InvalidInput):
    """There is no such kind of approval."""

    code = "UNKNOWN_APPROVAL_KIND"
    field = ("kind",)
