"""What the school refuses."""
