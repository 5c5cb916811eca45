"""The event log: every committed fact, numbered without a gap, to be delivered, replayed and listened to."""
