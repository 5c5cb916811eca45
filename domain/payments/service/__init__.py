"""What people and the clock do about payments: a module for each process."""
