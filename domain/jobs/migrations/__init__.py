"""Tables of the queue."""
