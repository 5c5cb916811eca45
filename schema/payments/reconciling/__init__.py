"""Reconciling payments in the API: now, many at once, later; and how it came out."""
