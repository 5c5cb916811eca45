"""What the school announces: facts in the past tense, each with the state that it led to."""
