"""What is done at the school, a module for each process."""
