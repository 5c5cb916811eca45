"""What the edge adds to the contract: its limits as they are when nobody chooses others, and the close codes of sockets."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from api.configuration import names_of
from api.http import BODY_WITHIN_S
from api.processes.shortcut import HEAD_BYTES, HEAD_WITHIN_S
from api.settings import Settings
from api.sockets.closing import Closing
from domain.files.settings import FileSettings
from domain.identity.rules import MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH
from domain.kit.idempotency import KEPT_FOR, MAX_KEY_LENGTH
from domain.kit.money import MAX_AMOUNT_MINOR
from domain.kit.paging import DEFAULT_PAGE, MAX_PAGE
from schema.build import build
from schema.contract.edge import CloseCode, Edge, Limit
from schema.contract.writing import FOLDER, Contract
from schema.kit.feeds import MAX_EVERY_SECONDS, MIN_EVERY_SECONDS
from schema.pipeline import Limits
from schema.pipeline.prepared import Preparer
from subscriptions.limits import ConnectionLimits, HubLimits, SocketLimits

COMES_BACK: Final = frozenset({1006, 1012, 1013, 4403, 4408})
"""The codes after which npm ``graphql-ws`` connects again by itself."""

_REQUESTS: Final = "Requests"
_OPERATIONS: Final = "Operations"
_LISTS: Final = "Lists and values"
_SESSIONS: Final = "Sessions"
_FEEDS: Final = "Feeds and sockets"
_FILES: Final = "Files"


def whole_contract(folder: Path = FOLDER) -> Contract:
    """The contract of the schema as it is built now, checked as a server with nothing but defaults checks documents."""
    built, limits = build(), Limits()
    preparer = Preparer(built._schema, limits, introspection=True, suggestions=True)
    return Contract(built, lambda text: preparer.prepare(text, None), edge(), limits, folder)


def edge() -> Edge:
    limits = (*_of_requests(), *_of_operations(), *_of_values(), *_of_sessions(), *_of_feeds(), *_of_sockets(), *_of_files())
    return Edge(limits, tuple(_close_code(each) for each in Closing))


def _close_code(closing: Closing) -> CloseCode:
    return CloseCode(closing.code, closing.name, closing.reason, closing.code in COMES_BACK)


def _setting(name: str, group: str, unit: str, meaning: str, refusal: str | None = None) -> Limit:
    """A limit that a setting chooses: its default and its variables are read from there."""
    return Limit(name, group, Settings.model_fields[name].default, unit, meaning, names_of(name), refusal)


def _of_requests() -> tuple[Limit, ...]:
    return (
        _setting("max_body_bytes", _REQUESTS, "bytes", "The body of a request to `/graphql`.", "BAD_REQUEST"),
        Limit("head_bytes", _REQUESTS, HEAD_BYTES, "bytes", "The head of a request, its address included; else status 431."),
        Limit("head_within_s", _REQUESTS, HEAD_WITHIN_S, "seconds", "Until the head of a request is here; else status 408."),
        Limit("body_within_s", _REQUESTS, BODY_WITHIN_S, "seconds", "Until the body behind it is here.", (), "TIMEOUT"),
        _setting("max_document_bytes", _REQUESTS, "bytes", "A document, in UTF-8.", "DOCUMENT_TOO_LARGE"),
        _setting("max_tokens", _REQUESTS, "tokens", "Names, brackets and values in a document.", "DOCUMENT_TOO_LARGE"),
    )


def _of_operations() -> tuple[Limit, ...]:
    directives = "Directives in a document."
    return (
        _setting("max_depth", _OPERATIONS, "levels", "How deep a document nests.", "DEPTH_LIMIT_EXCEEDED"),
        _setting("max_aliases", _OPERATIONS, "aliases", "Aliases in a document.", "ALIAS_LIMIT_EXCEEDED"),
        Limit("directives", _OPERATIONS, Limits().directives, "directives", directives, (), "DIRECTIVE_LIMIT_EXCEEDED"),
        _setting("max_root_fields", _OPERATIONS, "fields", "Root fields of an operation.", "ROOT_FIELD_LIMIT_EXCEEDED"),
        _setting(
            "max_cost",
            _OPERATIONS,
            "points",
            "What one operation may cost: an object is a point, a list as many as it may have rows, a mutation or feed ten.",
            "COST_LIMIT_EXCEEDED",
        ),
        _setting("points_per_minute", _OPERATIONS, "points", "What one caller may spend in a minute.", "RATE_LIMITED"),
        _setting("operation_timeout_s", _OPERATIONS, "seconds", "How long an operation may take.", "TIMEOUT"),
    )


def _of_values() -> tuple[Limit, ...]:
    hours = KEPT_FOR.total_seconds() / 3600
    key = "The length of an `idempotencyKey`."
    kept = "How long the result under an `idempotencyKey` is kept at least."
    return (
        Limit("page", _LISTS, MAX_PAGE, "rows", "`first` or `last` of a connection.", (), "INVALID_INPUT"),
        Limit("default_page", _LISTS, DEFAULT_PAGE, "rows", "A page when neither `first` nor `last` is given."),
        Limit("amount_minor", _LISTS, MAX_AMOUNT_MINOR, "minor units", "A single amount of money.", (), "INVALID_AMOUNT"),
        Limit("idempotency_key", _LISTS, MAX_KEY_LENGTH, "characters", key, (), "INVALID_INPUT"),
        Limit("idempotency_kept", _LISTS, int(hours), "hours", kept),
    )


def _of_sessions() -> tuple[Limit, ...]:
    account = "Failed sign-ins of one account in a quarter of an hour."
    ended = "INVALID_REFRESH_TOKEN"
    address = "Failed sign-ins from one address in a quarter of an hour."
    return (
        _setting("access_token_minutes", _SESSIONS, "minutes", "How long an access token is good for.", "UNAUTHENTICATED"),
        _setting("refresh_token_days", _SESSIONS, "days", "How long a refresh token waits to be used.", ended),
        _setting("session_days", _SESSIONS, "days", "How long a session lasts in all.", ended),
        _setting("sign_in_failures_per_account", _SESSIONS, "failures", account, "TOO_MANY_ATTEMPTS"),
        _setting("sign_in_failures_per_address", _SESSIONS, "failures", address, "TOO_MANY_ATTEMPTS"),
        Limit("password_min", _SESSIONS, MIN_PASSWORD_LENGTH, "characters", "The shortest password.", (), "WEAK_PASSWORD"),
        Limit("password_max", _SESSIONS, MAX_PASSWORD_LENGTH, "characters", "The longest password.", (), "WEAK_PASSWORD"),
    )


def _of_feeds() -> tuple[Limit, ...]:
    hub, slow = HubLimits(), ConnectionLimits()
    stalled = "A connection that takes nothing for so long ends."
    parting = "A socket that ends reads the close frame, and what was sent before it; else it is cut (1006)."
    every = "`everySeconds` of a state feed, at {}."
    return (
        _setting("event_retention_days", _FEEDS, "days", "How far back `after` resumes; older is `ResyncRequired`."),
        Limit("coalesce_s", _FEEDS, hub.coalesce_s, "seconds", "A state feed shows one state in this time at most."),
        Limit("every_min", _FEEDS, MIN_EVERY_SECONDS, "seconds", every.format("least"), (), "INVALID_VARIABLES"),
        Limit("every_max", _FEEDS, MAX_EVERY_SECONDS, "seconds", every.format("most"), (), "INVALID_VARIABLES"),
        _setting("ws_reconnect_delay_ms", _FEEDS, "ms", "How long a client waits before it connects again."),
        Limit("stalled_s", _FEEDS, slow.stalled_s, "seconds", stalled, (), "1013"),
        Limit("parting_s", _FEEDS, slow.parting_s, "seconds", parting),
    )


def _of_sockets() -> tuple[Limit, ...]:
    socket = SocketLimits()
    expired = "After its token has expired a socket is closed, unless the token is renewed on it."
    own = "Sockets of one user on all servers."
    strangers = "Sockets from one address on which nobody has signed in."
    every_minute = "Messages from a client in a minute."
    return (
        Limit("operations", _FEEDS, socket.operations, "operations", "Open on one socket.", (), "TOO_MANY_FEEDS"),
        Limit("message_bytes", _FEEDS, socket.message_bytes, "bytes", "One message from a client.", (), "1009"),
        Limit("messages_per_minute", _FEEDS, socket.messages_per_minute, "messages", every_minute, (), "4429"),
        Limit("sockets_per_user", _FEEDS, socket.sockets_per_user, "sockets", own, (), "1013"),
        Limit("strangers_per_address", _FEEDS, socket.strangers_per_address, "sockets", strangers, (), "1013"),
        Limit("initialisation_s", _FEEDS, socket.initialisation_s, "seconds", "Until `connection_init`.", (), "4408"),
        _setting("ws_heartbeat_interval_s", _FEEDS, "seconds", "Between two signs of life of the server."),
        Limit("answer_s", _FEEDS, socket.answer_s, "seconds", "A client answers a heartbeat.", (), "4408"),
        Limit("expiry_grace_s", _FEEDS, socket.expiry_grace_s, "seconds", expired, (), "4403"),
    )


def _of_files() -> tuple[Limit, ...]:
    files = FileSettings()
    lying = "Files of one person that belong to nothing yet."
    return (
        _setting("max_file_bytes", _FILES, "bytes", "One file.", "FILE_TOO_LARGE"),
        Limit("unattached_files", _FILES, files.unattached_files, "files", lying, (), "FILE_QUOTA_EXCEEDED"),
        _setting("unattached_file_hours", _FILES, "hours", "How long a file is kept that belongs to nothing."),
    )
