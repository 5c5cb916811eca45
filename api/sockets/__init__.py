"""GraphQL over WebSocket: the graphql-transport-ws protocol, for queries, mutations and live feeds on one socket."""

from api.sockets.endpoint import SUBPROTOCOL, Sockets
from api.sockets.quota import SocketQuota

__all__ = ["SUBPROTOCOL", "SocketQuota", "Sockets"]
