"""Paying: payments, the telephones that are asked for them, and what is asked of the provider."""
