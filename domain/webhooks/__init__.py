"""Outgoing webhooks: events of the log sent on to the servers of third parties, in their order and signed."""
