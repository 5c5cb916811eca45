"""Files as clients see them; their bytes go over HTTP, beside GraphQL (see api/files.py)."""
