"""Who is who and who may what: users, roles, permissions, sessions, tokens and API keys."""
