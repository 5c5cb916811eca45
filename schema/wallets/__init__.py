"""Wallets in the API: what one has, how it came to be, and sending it."""
