"""What every business shares: nodes, the books, the audit trail, notifications, and how live it all is."""
