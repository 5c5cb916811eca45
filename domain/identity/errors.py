"""Refusals of identity."""

from __future__ import annotations

from domain.kit.errors import Conflict, DomainError, InvalidInput, NotFound


class InvalidEmail(InvalidInput):
    """This is not an e-mail address that mail can be sent to."""

    code = "INVALID_EMAIL"
    field = ("input", "email")


class InvalidName(InvalidInput):
    """A name has 1 to 120 characters and no control characters."""

    code = "INVALID_NAME"
    field = ("input", "name")


class InvalidPhone(InvalidInput):
    """This is not a telephone number with its country that a network gives out."""

    code = "INVALID_PHONE"
    field = ("input", "phone")


class WeakPassword(InvalidInput):
    """A password has 10 to 200 characters and is not the e-mail address."""

    code = "WEAK_PASSWORD"
    field = ("input", "password")


class InvalidRoles(InvalidInput):
    """The roles are empty, or cannot be given in this way."""

    code = "INVALID_ROLES"
    field = ("input", "roles")


class InvalidScopes(InvalidInput):
    """An API key needs at least one scope, and none beyond the permissions of its owner."""

    code = "INVALID_SCOPES"
    field = ("input", "scopes")


class InvalidExpiry(InvalidInput):
    """An API key ends in the future, within a year."""

    code = "INVALID_EXPIRY"
    field = ("input", "expiresAt")


class InvalidNetworks(InvalidInput):
    """These are not IP networks in CIDR notation, or too many of them."""

    code = "INVALID_NETWORKS"
    field = ("input", "allowedNetworks")


class InvalidKeyLimits(InvalidInput):
    """The limits of an API key are out of bounds, or those of all one's keys together are."""

    code = "INVALID_KEY_LIMITS"


class InvalidOverlap(InvalidInput):
    """The secret before stays good for 0 to 168 hours beside a new one."""

    code = "INVALID_OVERLAP"
    field = ("input", "overlapHours")


class ApiKeyEnded(DomainError):
    """The API key was revoked or has expired; make another one."""

    code = "API_KEY_ENDED"
    field = ("input", "apiKeyId")


class InvalidBranchCode(InvalidInput):
    """A branch code has 1 to 20 capital letters, digits and hyphens, and no hyphen at either end."""

    code = "INVALID_BRANCH_CODE"
    field = ("input", "code")


class BranchTaken(Conflict):
    """Another branch has this code, or is open under this name."""

    code = "BRANCH_TAKEN"
    field = ("input", "code")


class BranchNotFound(NotFound):
    """There is no such branch."""

    code = "BRANCH_NOT_FOUND"
    field = ("input", "branchId")


class BranchClosed(DomainError):
    """The branch is closed and takes nobody and nothing in."""

    code = "BRANCH_CLOSED"
    field = ("input", "branchId")


class EmailTaken(Conflict):
    """Somebody is registered with this e-mail address already."""

    code = "EMAIL_TAKEN"
    field = ("input", "email")


class UserNotFound(NotFound):
    """There is no such user, or the caller may not know of them."""

    code = "USER_NOT_FOUND"
    field = ("input", "userId")


class ApiKeyNotFound(NotFound):
    """There is no such API key, or it is not the caller's."""

    code = "API_KEY_NOT_FOUND"
    field = ("input", "apiKeyId")


class SessionNotFound(NotFound):
    """There is no such session, or it is not the caller's."""

    code = "SESSION_NOT_FOUND"
    field = ("input", "sessionId")


class InvalidCredentials(DomainError):
    """The e-mail address or the password is wrong."""

    code = "INVALID_CREDENTIALS"


class AccountDeactivated(DomainError):
    """The account exists and the password is right, but it was deactivated; an administrator can say why."""

    code = "ACCOUNT_DEACTIVATED"


class InvalidRefreshToken(DomainError):
    """The refresh token is unknown, used up, expired or revoked; sign in again."""

    code = "INVALID_REFRESH_TOKEN"
    field = ("input", "refreshToken")


class SessionRequired(DomainError):
    """Only a person who signed in may do this; an API key may not."""

    code = "SESSION_REQUIRED"


class LastAdmin(DomainError):
    """The last active administrator can be neither demoted nor deactivated."""

    code = "LAST_ADMIN"


class TooManyApiKeys(DomainError):
    """The caller has as many API keys as one may; revoke one first."""

    code = "TOO_MANY_API_KEYS"


class TooManyAttempts(DomainError):
    """Too many attempts for this account or from this address; try again after the time told."""

    code = "TOO_MANY_ATTEMPTS"

    def __init__(self, retry_after_s: int) -> None:
        self.retry_after_s = max(1, retry_after_s)
        super().__init__(f"too many attempts; try again in {self.retry_after_s} seconds")
