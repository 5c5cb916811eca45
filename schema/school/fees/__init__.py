"""Fees of students as clients see them: what is due, what was paid, receipts, and the families who pay."""
