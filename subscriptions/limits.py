"""How much of everything: bounds that keep memory flat whatever clients do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HubLimits:
    """Bounds of one process's hub."""

    ring_events: int = 20_000
    ring_bytes: int = 48_000_000
    renderings_bytes: int = 32_000_000
    group_backlog_events: int = 1_000
    database_connections: int = 3
    page_events: int = 500
    window_positions: int = 20_000
    """How far one read of a client's history may look ahead in the log."""
    poll_s: float = 1.0
    """How often the head of the log is looked at when the doorbell is silent."""
    poll_without_doorbell_s: float = 0.25
    coalesce_s: float = 0.25
    """State feeds send at most one state in this time."""
    state_fresh_s: float = 5.0
    """A newcomer is shown a state of this age at most."""
    fan_out_slice: int = 500
    """After so many sends the loop lets others run."""
    fan_out_bytes: int = 1_000_000
    """Or after so many bytes: the server's transports keep what is sent until then."""
    together_events: int = 64
    """So many events, at most, are told in one piece."""
    together_bytes: int = 32_000
    """So many bytes of events, at most, are told in one piece: less than a transport takes at once."""


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Bounds of what waits for one slow connection."""

    waiting_messages: int = 256
    waiting_bytes: int = 512_000
    replies_bytes: int = 4_000_000
    """Answers cannot be read again from the log, so they are kept up to here, and then the connection ends."""
    stalled_s: float = 30.0
    """A connection that takes nothing for so long ends."""
    parting_s: float = 10.0
    """So long a connection that ends may take to hear why, behind what it has not taken yet. Then it is cut."""


@dataclass(frozen=True, slots=True)
class SocketLimits:
    """Bounds of one socket, and of all sockets of one user and one process. Times are in seconds."""

    operations: int = 64
    operation_id_length: int = 128
    message_bytes: int = 64 * 1024
    messages_per_minute: int = 600
    sockets_per_user: int = 50
    strangers_per_address: int = 200
    """Sockets from one address that nobody has signed in on."""
    sockets_per_process: int = 20_000
    """And as many event streams beside them."""
    initialisation_s: float = 10.0
    """A client says ``connection_init`` within this time."""
    heartbeat_s: float = 25.0
    answer_s: float = 8.0
    """A client answers a heartbeat, or says anything else, within this time."""
    expiry_warning_s: float = 60.0
    expiry_grace_s: float = 25.0
    """So long after its token has expired a socket is ended, unless the token is renewed on it."""
