"""Statements of the M-Pesa account: importing and matching them, money that nobody knows, and the reports of days."""
