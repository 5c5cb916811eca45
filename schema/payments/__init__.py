"""Payments by M-Pesa in the API: paying, reconciling, and what does not agree."""
