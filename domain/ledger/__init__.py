"""The double-entry ledger: the only place where a balance changes."""
