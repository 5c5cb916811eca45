"""Servers that others would write for the same feed, each in the best plain arrangement of its library."""
