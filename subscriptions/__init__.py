"""Delivery: from a committed event to every socket that may see it."""
