"""Branches, users, sessions and API keys as clients see them."""
