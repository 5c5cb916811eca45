"""Tables of users, their sessions and their keys."""
