"""Wallets: accounts of the ledger with a face, one for each person and currency."""
