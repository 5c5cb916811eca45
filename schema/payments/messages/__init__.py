"""What M-Pesa sent us in the API, and giving it to us by hand."""
