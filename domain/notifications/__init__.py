"""Notifications: what people are told of what happened, kept until they have read it or it has grown old."""
