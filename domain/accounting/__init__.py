"""Accounting: expenses, revenues, transfers between house accounts, entries by hand, fiscal periods, statements."""
