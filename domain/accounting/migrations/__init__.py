"""The tables of accounting, step by step."""
