"""What does not agree about payments in the API: seen, given to somebody, dealt with."""
