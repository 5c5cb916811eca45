"""The classes of attacks that Daftari defends itself against, and how: what ``deploy/security.md`` is written from."""

from __future__ import annotations

from typing import Final, NamedTuple

GRAPHQL: Final = ("POST", "GET", "SSE", "WebSocket")
"""The ways in for operations."""

TRANSPORTS: Final = (*GRAPHQL, "Pipeline", "Files", "M-Pesa", "Webhooks", "Exports", "Mail", "Logs")
"""Where an attack may come in or go on to. ``Pipeline`` is what the four ways of operations hand every request to: what is
proved there in detail is proved by one request more for each of them."""


class Attack(NamedTuple):
    """A class of attacks: the sentence says the defence and the module in which it lives."""

    name: str
    defence: str
    transports: tuple[str, ...]


ATTACKS: Final = (
    Attack(
        "SQL injection",
        "Texts reach PostgreSQL as parameters alone, ids are read as UUIDs, and no list is ordered by what a client says "
        "(`domain/kit/reading`, `schema/kit/ids.py`).",
        (*GRAPHQL, "Pipeline", "Files", "M-Pesa"),
    ),
    Attack(
        "markup in messages",
        "Templates run in a sandbox, HTML is escaped, and no header of a letter holds a line break "
        "(`domain/notifications/writing.py`, `api/carriers/mail.py`).",
        ("Mail",),
    ),
    Attack(
        "log injection",
        "Correlation ids are UUIDs or made anew, and characters that end or rewrite a line are escaped (`api/logs.py`).",
        ("POST", "Logs"),
    ),
    Attack("depth", "A document nests so deep and no deeper (`schema/pipeline/limits.py`).", (*GRAPHQL, "Pipeline")),
    Attack("breadth", "An operation has so many root fields (`schema/pipeline/limits.py`).", (*GRAPHQL, "Pipeline")),
    Attack("aliases", "A document has so many aliases (`schema/pipeline/limits.py`).", (*GRAPHQL, "Pipeline")),
    Attack(
        "field duplication",
        "Comparing fields of one name ends after a bounded effort (`schema/pipeline/limits.py`).",
        (*GRAPHQL, "Pipeline"),
    ),
    Attack("directive overload", "A document has so many directives (`schema/pipeline/limits.py`).", (*GRAPHQL, "Pipeline")),
    Attack(
        "circular fragments",
        "Validation refuses circles, and fragments that multiply are looked at once (`schema/pipeline/selection.py`).",
        (*GRAPHQL, "Pipeline"),
    ),
    Attack("token flood", "The parser stops after so many tokens (`schema/pipeline/prepared.py`).", (*GRAPHQL, "Pipeline")),
    Attack("document size", "A document has so many bytes (`schema/pipeline/limits.py`).", (*GRAPHQL, "Pipeline")),
    Attack(
        "expensive pages",
        "An operation is priced with the lengths that its variables really ask for, and pages have at most 100 rows "
        "(`schema/pipeline/cost.py`, `domain/kit/paging.py`).",
        (*GRAPHQL, "Pipeline"),
    ),
    Attack(
        "input recursion",
        "Literals nest as deep as the parser allows, variables as deep as their types do (`schema/pipeline/prepared.py`).",
        (*GRAPHQL, "Pipeline"),
    ),
    Attack(
        "long operations", "An operation is stopped after its time (`schema/pipeline/deadlines.py`).", (*GRAPHQL, "Pipeline")
    ),
    Attack(
        "exhaustion",
        "Everybody has a budget of points a minute, over all transports; strangers share that of their address "
        "(`schema/pipeline/rate.py`).",
        (*GRAPHQL, "Pipeline", "Files"),
    ),
    Attack("batching", "A list of requests is refused whole (`schema/pipeline/request.py`).", ("POST", "SSE", "WebSocket")),
    Attack(
        "introspection",
        "Production answers no question about the schema (`schema/pipeline/prepared.py`).",
        (*GRAPHQL, "Pipeline"),
    ),
    Attack("suggestions", "Where nobody may look at the schema, no error suggests a name.", (*GRAPHQL, "Pipeline")),
    Attack(
        "untrusted documents",
        "Where only known documents run, all others are refused before they are read (`schema/pipeline/trusted.py`).",
        GRAPHQL,
    ),
    Attack(
        "verbose errors",
        "What was not foreseen is logged under the correlation id and masked (`schema/pipeline/errors.py`, "
        "`api/middleware.py`).",
        (*GRAPHQL, "M-Pesa"),
    ),
    Attack(
        "cross-site requests",
        "Mutations need POST with a JSON body, which no form sends, and tokens count in the header alone, never in a cookie "
        "(`api/http.py`, `api/visitors.py`).",
        (*GRAPHQL, "Files"),
    ),
    Attack(
        "foreign origins",
        "Answers are readable, and sockets openable, for pages of the allowed origins alone (`api/app.py`, "
        "`api/sockets/origins.py`).",
        ("POST", "WebSocket", "Files"),
    ),
    Attack(
        "framing and sniffing",
        "Every answer forbids frames and guessing of types, and pages load nothing from elsewhere (`api/middleware.py`).",
        ("POST", "GET", "Files"),
    ),
    Attack(
        "function-level authorisation",
        "Every field declares its permission, and all that an operation selects is asked before anything runs "
        "(`schema/pipeline/permission.py`).",
        (*GRAPHQL, "Pipeline", "Files"),
    ),
    Attack(
        "object-level authorisation",
        "Rows are looked for among those that the actor may see, so that somebody else's is not there "
        "(`schema/kit/nodes.py`, the `queries.py` of each business).",
        ("Pipeline", "SSE", "WebSocket", "Files", "Webhooks"),
    ),
    Attack(
        "mass assignment",
        "Inputs have the fields that they declare and no other, and who acts is the token's owner (`schema/*/inputs.py`).",
        (*GRAPHQL, "Pipeline"),
    ),
    Attack("acts before init", "Nothing is run before `connection_ack` (`api/sockets/socket.py`).", ("WebSocket",)),
    Attack(
        "other subprotocols",
        "`graphql-transport-ws` is spoken and nothing else (`api/sockets/endpoint.py`).",
        ("WebSocket",),
    ),
    Attack(
        "connection floods",
        "Whoever says nothing is sent away in seconds; users, addresses and processes have so many sockets "
        "(`api/sockets/pulse.py`, `api/sockets/quota.py`).",
        ("SSE", "WebSocket"),
    ),
    Attack(
        "unlimited subscriptions",
        "A socket has so many operations open, and a stream counts as a socket (`api/sockets/socket.py`, `api/sse.py`).",
        ("SSE", "WebSocket"),
    ),
    Attack(
        "message floods",
        "A socket says so many messages a minute, and somebody hands in so many files at once (`api/sockets/socket.py`, "
        "`api/files.py`).",
        ("WebSocket", "Files"),
    ),
    Attack(
        "ping floods",
        "Answers to pings are left out while the client takes none (`api/sockets/lean.py`).",
        ("WebSocket",),
    ),
    Attack(
        "oversized messages",
        "Heads, bodies, frames and files have bounds, and what exceeds one is refused before it is all here "
        "(`api/processes/shortcut.py`, `api/http.py`, `api/processes/answering.py`, `api/files.py`, `api/webhooks.py`).",
        (*GRAPHQL, "Files", "M-Pesa"),
    ),
    Attack(
        "malformed messages",
        "What is no request, no frame or no message is refused with a code of its own (`schema/pipeline/request.py`, "
        "`api/sockets/messages.py`).",
        (*GRAPHQL, "Pipeline", "M-Pesa"),
    ),
    Attack(
        "compression bombs",
        "Nothing that comes in is unpacked (`api/http.py`, `api/processes/answering.py`).",
        ("POST", "SSE", "WebSocket", "Files", "M-Pesa"),
    ),
    Attack(
        "slow senders",
        "Heads, bodies and files come within a time (`api/processes/shortcut.py`, `api/http.py`, `api/files.py`, "
        "`api/webhooks.py`).",
        (*GRAPHQL, "Files", "M-Pesa"),
    ),
    Attack(
        "slow readers",
        "What waits for a feed is bounded and read again from the log, and whoever takes nothing is cut off in the end "
        "(`subscriptions/connection.py`, `api/processes/shortcut.py`).",
        ("POST", "SSE", "WebSocket"),
    ),
    Attack("duplicate operation ids", "The socket is closed with 4409 (`api/sockets/socket.py`).", ("WebSocket",)),
    Attack(
        "expired tokens",
        "A token is worth nothing after its time, and what it had opened ends (`api/sockets/pulse.py`, `api/sse.py`).",
        ("POST", "SSE", "WebSocket"),
    ),
    Attack(
        "revoked tokens",
        "Signing out and deactivation travel in the log and cut what is open (`subscriptions/access.py`).",
        ("SSE", "WebSocket", "Pipeline"),
    ),
    Attack(
        "role changes",
        "A change of rights takes effect between the events around it (`subscriptions/access.py`).",
        ("SSE", "WebSocket"),
    ),
    Attack(
        "replay beyond rights", "History is told by the rights of now (`subscriptions/access.py`).", ("SSE", "WebSocket")
    ),
    Attack(
        "forged cursors",
        "Cursors of feeds are signed, those of lists are read as the types of their columns (`subscriptions/cursor.py`, "
        "`domain/kit/paging.py`).",
        ("SSE", "WebSocket", "Pipeline"),
    ),
    Attack(
        "borrowed cursors",
        "A cursor is a place in the log and no right: what lies behind it is filtered for whoever brings it.",
        ("SSE", "WebSocket"),
    ),
    Attack(
        "secrets in addresses",
        "No address holds a token, and one that does opens nothing (`api/visitors.py`).",
        (*GRAPHQL, "Files"),
    ),
    Attack(
        "secrets in logs",
        "Lines show paths without queries and without secrets, and are masked (`api/middleware.py`, `api/logs.py`).",
        (*GRAPHQL, "M-Pesa", "Logs"),
    ),
    Attack(
        "password guessing", "Attempts are limited by account and by address (`domain/identity/service`).", ("Pipeline",)
    ),
    Attack(
        "stolen refresh tokens",
        "A refresh token works once; used again, it ends the session for both holders (`domain/identity/service`).",
        ("Pipeline",),
    ),
    Attack("others' idempotency keys", "Keys belong to their caller (`domain/kit/idempotency.py`).", ("Pipeline",)),
    Attack(
        "forged payments",
        "M-Pesa's door has a secret or known addresses, and what is said there is compared before it counts "
        "(`api/webhooks.py`, `domain/payments`).",
        ("M-Pesa",),
    ),
    Attack(
        "requests to inner networks",
        "Webhooks go to public addresses alone, as they are when the connection is made (`api/carriers/webhooks.py`).",
        ("Webhooks",),
    ),
    Attack(
        "formula injection",
        "Text of a CSV that a spreadsheet would run gets an apostrophe, and a workbook's text is text "
        "(`domain/reports/writers`).",
        ("Exports",),
    ),
    Attack(
        "path tricks in uploads",
        "Names are cleaned, files live in the database by id, and headers are made of cleaned names (`domain/files`).",
        ("Files",),
    ),
    Attack(
        "disguised files",
        "A file is what its bytes show; what contradicts its name or type is refused, and it is served as an attachment "
        "(`domain/files/contents.py`, `api/files.py`).",
        ("Files",),
    ),
)
