"""Webhooks as their owners see them: endpoints, what was tried, signing secrets."""
