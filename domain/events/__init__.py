"""The event log: every committed fact, numbered without a gap, to be delivered, replayed and listened to."""

import domain.events.outbox  # noqa: F401  From here on a unit of work can record events.
