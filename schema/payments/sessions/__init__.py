"""Booked sessions in the API."""
