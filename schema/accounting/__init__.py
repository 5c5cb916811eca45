"""Accounting in the API: vouchers, entries by hand, fiscal periods, statements, the accountants' dashboard."""
