"""Payments: money asked for and paid by M-Pesa, for any purpose, and reconciled as it happens."""
