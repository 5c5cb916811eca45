"""Tables of the event log, and of what remembers its readers."""
