"""Notifications as clients see them: the list, the live feed, the outbox, and what people choose."""
