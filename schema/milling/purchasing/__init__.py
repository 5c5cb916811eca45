"""Purchases in the API: ordering, receiving, billing, paying, sending back."""
