"""A story to look at: demo people, what they did so far, and simulated users who go on acting."""
