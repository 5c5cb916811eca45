"""Approvals: what somebody asked for waits here until somebody else decides; maker is never checker."""
