"""The tables of invoice finance, step by step."""
