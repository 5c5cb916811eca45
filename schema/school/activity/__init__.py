"""What people did at the school, as clients see it."""
