"""Tables of notifications, and of how many each person has not read."""
