"""Invoice finance: sellers list invoices, investors fund them, debtors repay, and everybody gets exactly their share."""
